"""The form behind the tab Account data: whether a contact may come in, what it sees, what it may do (X49, X52 to X64)."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.forms import DeskForm
from clientdesk.models import User
from contacts.models import Office
from portal import rights, rights_table
from portal.choices import Level
from portal.models import ContactAccess
from portal.presets import Preset
from portal.rights import Right
from portal.rights_table import OF_CONTACTS, Line, RightsField

_YES_NO = [("True", gettext_lazy("Allowed")), ("False", gettext_lazy("Not allowed, may only read them"))]
# What there is only while access is allowed (X52).
MANAGED = ("level", "default_office", "may_decide_quotes", "rights")


def _is_yes(value: object) -> bool:
    return str(value) == "True"


class AccountForm(DeskForm):
    """The portal access of one contact. While it is not allowed there is the switch and nothing else."""

    level = forms.ChoiceField(label=gettext_lazy("Access to quotes, projects and jobs"), choices=Level)
    default_office = forms.ModelChoiceField(label=gettext_lazy("Default office"), queryset=Office.objects.none(), empty_label=None)
    may_decide_quotes = forms.TypedChoiceField(
        label=gettext_lazy("Accept and reject quotes"), choices=_YES_NO, coerce=_is_yes, widget=forms.RadioSelect
    )
    rights = RightsField(actions=OF_CONTACTS)

    class Meta(DeskForm.Meta):
        model = ContactAccess
        fields = ("allowed", "level", "may_decide_quotes", "rights")
        widgets = {"allowed": forms.CheckboxInput(attrs={"class": "switch", "role": "switch"})}

    def extend(self) -> None:
        """Leave out what is not allowed: all of it without access, the office where there is one, the switch the client lacks."""
        access, contact = self.instance, self.instance.contact
        self.was_allowed = access.allowed
        self.possible = Right(access.client_access.rights)
        self.stored = Right(access.rights or 0)
        self.client_decides = Right.QUOTES_DECIDE in self.possible
        if not access.allowed:
            for name in MANAGED:
                del self.fields[name]
            return
        offices = contact.offices.active()
        if len(offices) > 1:
            self.fields["default_office"].queryset = offices
            self.initial["default_office"] = contact.default_office_id
        else:
            del self.fields["default_office"]
        if not self.client_decides:
            del self.fields["may_decide_quotes"]
        self.initial["may_decide_quotes"] = str(access.may_decide_quotes)
        self.initial["rights"] = rights.names(self.stored & self.possible & ~Right.QUOTES_DECIDE)
        self.fields["rights"].possible = self.possible
        self.fields["rights"].whose = contact.client.legal_name

    @property
    def lines(self) -> list[Line]:
        """The table of rights with what is ticked now, and behind a lock what was granted before."""
        ticked = self["rights"].value() or []
        held = rights.named(name for name in ticked if name in Right.__members__) | (self.stored & ~self.possible)
        return rights_table.lines(held, self.possible, OF_CONTACTS)

    def filled_in(self, preset: Preset) -> dict[str, list[str]]:
        """Return what this form would send once `preset` is filled in; nothing is saved."""
        sent = {name: [str(self.initial[name])] for name in ("version", "seen", "level", "may_decide_quotes", "default_office") if
                name in self.fields and self.initial.get(name) is not None}  # fmt: skip
        sent |= {"allowed": ["on"], "rights": rights.names(preset.rights(self.possible) & ~Right.QUOTES_DECIDE)}
        if preset.level:
            sent |= {"level": [str(preset.level)], "may_decide_quotes": [str(preset.decides)]}
        return sent

    def clean(self) -> None:
        super().clean()
        if "level" in self.fields and not self.cleaned_data.get("allowed"):
            # What belongs to an allowed access is not touched when the access is taken (X52).
            for name in MANAGED:
                self.cleaned_data.pop(name, None)
                self._errors.pop(name, None)
        if self.was_allowed and not self.client_decides and _is_yes(self.data.get("may_decide_quotes")):
            sentence = _("%(client)s may not accept or reject quotes. Change the portal rights of the client first.")
            raise ValidationError(sentence % {"client": self.instance.contact.client.legal_name})

    def clean_rights(self) -> int:
        """What the client lacks now was granted before and comes back with the client's right (X64)."""
        shown = self.possible & rights.named(name for name, _label in self.fields["rights"].choices)
        return self.cleaned_data["rights"] | int(self.stored & ~shown)

    def save(self, commit: bool = True, *, by: User | None = None) -> models.Model:
        access = self.instance
        with transaction.atomic():
            if self.was_allowed and not access.allowed:
                access.withdraw()
                return access
            if access.allowed and not self.was_allowed:
                access.allow()
            if "default_office" in self.changed_data:
                contact = access.contact
                contact.assign_offices(list(contact.offices.all()), self.cleaned_data["default_office"])
            return super().save(commit, by=by)
