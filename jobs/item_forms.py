"""What the forms of quotes, projects and jobs share: people and places of the client only (invariant 6)."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.fields import LinesField, RecordsField, speak
from clientdesk.forms import DeskForm
from contacts.models import Contact
from jobs.models import Item

NOT_THE_CLIENTS = gettext_lazy("This is not one of the client's own any more. Choose another.")


class ItemForm(DeskForm):
    """A quote, a project or a job: it names people and places of its client only (invariant 6)."""

    nobody: str | Promise | None = None
    others = RecordsField(
        Contact.objects.none(),
        label=gettext_lazy("Additional contacts"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("They are named beside the contact person."),
        error_messages={"invalid_choice": NOT_THE_CLIENTS, "invalid_pk_value": NOT_THE_CLIENTS},
    )

    def extend(self) -> None:
        if self.instance.pk:
            self.initial["others"] = list(self.instance.links.order_by("contact").values_list("contact_id", flat=True))

    def offer_people(self) -> None:
        """Offer the client's people: those in use, and those that are named already."""
        item: Item = self.instance
        people = Contact.objects.filter(client=item.client_id).order_by("-is_primary", "sort_key", "pk")
        self.fields["contact"].queryset = people.filter(Q(active=True) | Q(pk=item.contact_id))
        self.fields["contact"].empty_label = self.nobody
        self.fields["others"].queryset = people.filter(Q(active=True) | Q(pk__in=self.initial.get("others", [])))
        if item.client.is_individual:
            # One person: there is nobody else to name (C3).
            del self.fields["others"]

    def offer_places(self) -> None:
        """Offer the client's offices and departments in the same way; an individual has none to choose."""
        item: Item = self.instance
        if item.client.is_individual:
            del self.fields["office"], self.fields["department"]
            return
        self.fields["office"].queryset = item.client.offices.filter(Q(active=True) | Q(pk=item.office_id))
        self.fields["office"].empty_label = None
        self.fields["department"].queryset = item.client.departments.filter(Q(active=True) | Q(pk=item.department_id))
        self.fields["department"].empty_label = _("None")

    def there(self, *names: str) -> list[str]:
        """Return those of `names` that the form has."""
        return [name for name in names if name in self.fields]


class SmallForm(forms.Form):
    """A form beside a record: our sentences, no label suffix, one column."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.prepare()
        for field in self.fields.values():
            speak(field)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.fields)

    def prepare(self) -> None:
        """Fit the fields to the record; forms override it."""


class ReasonForm(SmallForm):
    """Why something is not done."""

    note = LinesField(
        label=gettext_lazy("Reason"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3, "autofocus": True})
    )


class SureForm(SmallForm):
    """Nothing to fill in: only whether it shall happen."""
