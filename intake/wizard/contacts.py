"""The contacts step: none or several people of the client, one of them primary, each a portal user where wished (S13, S14)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crispy_forms.layout import Field, Row
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.forms import DeskForm
from clientdesk.words import email_key
from clients import custom
from contacts.models import Contact, Position, sort_key
from intake.wizard.portal_users import why_no_portal_user

if TYPE_CHECKING:
    from intake.wizard.steps import Step

MOST = 20
COUNT, PRIMARY = "contacts", "primary"


class ContactRow(DeskForm):
    """One person; a row in which nothing is typed counts for nobody."""

    portal = forms.BooleanField(
        label=gettext_lazy("Portal user"), required=False, help_text=gettext_lazy("Gets an invitation to the client portal after Finish.")
    )

    class Meta(DeskForm.Meta):
        model = Contact
        fields = ("first_name", "last_name", "email", "phone", "position")
        error_messages = {"last_name": {"required": gettext_lazy("Enter the last name of the person.")}}

    def __init__(self, posted: QueryDict | None = None, *, step: "Step", place: int, **kwargs) -> None:
        self.step, self.place = step, place
        super().__init__(posted, prefix=f"contact{place}", empty_permitted=True, use_required_attribute=False, **kwargs)

    def extend(self) -> None:
        """Add what must be known of every contact of such a client."""
        self.custom_fields = custom.fields_for(self.step.plan.contact_fields)
        self.fields |= self.custom_fields

    def prepare(self) -> None:
        plan = self.step.plan
        self.fields["position"].queryset = Position.objects.filter(active=True)
        self.fields["position"].choices = plan.positions
        box = [Field("portal", wrapper_class="full")] if plan.may_invite else []
        if not plan.may_invite:
            del self.fields["portal"]
        self.form_layout = (Row("first_name", "last_name", "email", "phone", "position", *self.custom_fields, *box),)
        self.accept_local_phones(plan.country)

    @property
    def says_something(self) -> bool:
        """Whether anything is typed in this row."""
        return self.has_changed()

    def clean(self) -> None:
        """A portal user needs an address that nobody signs in with."""
        super().clean()
        found = self.cleaned_data
        if not found.get("portal") or "email" not in found:
            return
        if not found["email"]:
            self.add_error("email", _("Enter the e-mail address to which the invitation goes."))
        elif reason := why_no_portal_user(found["email"], self.step.plan.user):
            self.add_error("email", reason)


class ContactRows:
    """The rows of the step as one form: bound to what was posted, else filled with what is kept."""

    def __init__(self, posted: QueryDict | None = None, *, step: "Step", kept: QueryDict | None = None) -> None:
        self.step, self.is_bound = step, posted is not None
        source = kept if posted is None else posted
        self.rows = [self._row(place, posted, source) for place in range(_count(source))]
        self.primary = source.get(PRIMARY, "0") if source is not None else "0"
        self.fields = [COUNT, PRIMARY, *(row.add_prefix(name) for row in self.rows for name in row.fields)]

    def _row(self, place: int, posted: QueryDict | None, source: QueryDict | None) -> ContactRow:
        if posted is not None or source is None:
            return ContactRow(posted, step=self.step, place=place)
        empty = ContactRow(None, step=self.step, place=place)
        return ContactRow(None, step=self.step, place=place, initial=initial_of(empty, source))

    def __iter__(self) -> Iterator[ContactRow]:
        return iter(self.rows)

    @property
    def may_grow(self) -> bool:
        """Whether there is room for one more row."""
        return len(self.rows) < MOST

    def non_form_errors(self) -> list[str]:
        """What is wrong with none of the rows alone: nothing, every fault has its place."""
        return []

    @property
    def errors(self) -> list[object]:
        """The errors of all rows."""
        return [row.errors for row in self.rows if self.is_bound and row.errors]

    def is_valid(self) -> bool:
        """Check each row, then the rows against each other; what is not bound is not valid."""
        if not self.is_bound:
            return False
        checked = [row.is_valid() for row in self.rows]
        valid = all(checked)
        seen: dict[tuple, int] = {}
        for row in self.rows:
            if not row.says_something or row.errors:
                continue
            found = row.cleaned_data
            address = email_key(found["email"])
            keys = [("person", f"{sort_key(found['first_name'], found['last_name'])} {address}")]
            if found.get("portal"):
                keys.append(("portal", address))
            for key in keys:
                if key in seen:
                    row.add_error(*_twice(key[0], seen[key]))
                    valid = False
                    break
                seen[key] = row.place
        return valid

    @property
    def people(self) -> list[ContactRow]:
        """The rows that name a person, the primary contact first; the form must be valid."""
        found = [row for row in self.rows if row.says_something]
        return sorted(found, key=lambda row: str(row.place) != self.primary)


def _twice(what: str, place: int) -> tuple[str, ValidationError]:
    row = {"row": place + 1}
    if what == "portal":
        return "email", ValidationError(_("Contact %(row)d is to sign in with this address. Use another for this person."), params=row)
    return "last_name", ValidationError(_("Contact %(row)d is the same person. Empty one of the two."), params=row)


def _count(source: QueryDict | None) -> int:
    text = source.get(COUNT, "") if source is not None else ""
    return min(max(int(text), 1), MOST) if text.isascii() and text.isdecimal() and len(text) < 4 else 1


def initial_of(form: forms.BaseForm, kept: QueryDict) -> dict[str, object]:
    """Return what is kept as the initial values of `form`, as its inputs read it."""
    return {name: field.widget.value_from_datadict(kept, {}, form.add_prefix(name)) for name, field in form.fields.items()}


def row_added(kept: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the kept answers with one more blank row."""
    return kept | {COUNT: [str(min(count_of(kept) + 1, MOST))]}


def row_removed(kept: dict[str, list[str]], place: int) -> dict[str, list[str]]:
    """Return the kept answers without the row `place`; those after it move up."""
    found: dict[str, list[str]] = {}
    for name, values in kept.items():
        head, dash, field = name.partition("-")
        number = head.removeprefix("contact")
        if not dash or not number.isdecimal():
            found[name] = values
        elif int(number) != place:
            found[f"contact{int(number) - (int(number) > place)}-{field}"] = values
    primary = int(kept.get(PRIMARY, ["0"])[0]) if kept.get(PRIMARY, ["0"])[0].isdecimal() else 0
    primary = 0 if primary == place else primary - (primary > place)
    return found | {COUNT: [str(max(count_of(kept) - 1, 1))], PRIMARY: [str(primary)]}


def count_of(kept: dict[str, list[str]]) -> int:
    """Return how many rows the kept answers have."""
    found = QueryDict(mutable=True)
    found.setlist(COUNT, kept.get(COUNT, []))
    return _count(found)
