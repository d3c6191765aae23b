"""The form behind the tab Identification: identification data and sales data (XD3, XD4, XD21, S18)."""

from crispy_forms.layout import HTML, Div, Field, Fieldset, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.consequences import Consequence
from clientdesk.fields import TidyField
from clientdesk.forms import DeskForm
from clientdesk.inputs import DayField, NumberField
from clientdesk.models import User
from clientdesk.rows import RowsField
from clientdesk.trees import TreeField
from clientdesk.words import tidy
from clients import consequences
from clients.custom import CustomFieldsMixin
from clients.forms.people import PersonField, SeveralField, staff, tie
from clients.forms.rules import EditRules, offer
from clients.forms.shared import HINTS, MISSING
from clients.models import Client, CustomField, Industry

_ADD_ALL = (
    '{% load i18n %}<button class="btn sm add-all" type="submit" name="add_all" value="1">{% translate "Add everybody of the branch" %}'
    "</button>"
)
_HEAD = ("number", "name", "legal_name", "kind", "status", "branch", "category", "company_type", "tax_number")
_MONEY = ("lead_source", "first_contact_on", "potential_annual_revenue", "potential_annual_revenue_on")


class IdentificationForm(CustomFieldsMixin, EditRules):
    """Who the client is and how we work with it."""

    industries = SeveralField(label=gettext_lazy("Industries"))
    more_tax_numbers = RowsField(
        {
            "kind": TidyField(label=gettext_lazy("Kind"), max_length=40, required=False),
            "number": TidyField(label=gettext_lazy("Number"), max_length=30),
        },
        label=gettext_lazy("More tax numbers"),
        add_label=gettext_lazy("Add tax number"),
        help_text=gettext_lazy("Such as a national number beside the VAT number."),
    )
    first_contact_on = DayField(label=gettext_lazy("First contact"), required=False)
    potential_annual_revenue = NumberField(
        label=gettext_lazy("Potential annual revenue"), required=False, min_value=0, max_digits=12, decimal_places=2
    )
    potential_annual_revenue_on = DayField(
        label=gettext_lazy("Revenue updated"), required=False, help_text=gettext_lazy("Left as it is, a new amount sets it to today.")
    )
    sales_person = PersonField(label=gettext_lazy("Sales person"))
    project_manager = PersonField(label=gettext_lazy("Project manager"))
    responsible = SeveralField(label=gettext_lazy("Additional people responsible"))

    class Meta(DeskForm.Meta):
        model = Client
        fields = (
            *_HEAD,
            *("more_tax_numbers", "contract_number", "external_id", "notes"),
            *_MONEY,
            *("sales_person", "project_manager", "restricted_to_responsible", "sales_notes", "budget_codes", "budget_code_required"),
        )
        help_texts = HINTS | {"external_id": gettext_lazy("The client's number in another system; each only once.")}
        error_messages = MISSING
        field_classes = {"category": TreeField, "company_type": TreeField}
        widgets = {
            "notes": forms.Textarea(attrs={"rows": 4}),
            "sales_notes": forms.Textarea(attrs={"rows": 4}),
            "budget_codes": forms.Textarea(attrs={"rows": 3}),
        }

    def extend(self) -> None:
        """Add what is no column of the client: industries, people responsible, custom fields."""
        self.initial["industries"] = [link.industry_id for link in self.instance.client_industries.all()]
        self.initial["responsible"] = [link.user_id for link in self.instance.responsibles.all()]
        super().extend()

    def prepare(self) -> None:
        super().prepare()
        client, fields = self.instance, self.fields
        self._lock_number()
        fields["industries"].queryset = Industry.objects.filter(Q(active=True) | Q(pk__in=self.initial["industries"]))
        fields["responsible"].queryset = staff(Q(pk__in=self.initial["responsible"]))
        fields["sales_person"].keep(client.sales_person_id)
        fields["project_manager"].keep(client.project_manager_id)
        offer(fields["lead_source"], client.lead_source_id)
        if not fields["industries"].queryset:
            fields["industries"].help_text = _("There are none yet. An administrator can add them in the settings.")
        self.form_layout = self._layout()

    def _lock_number(self) -> None:
        """S12, SD5: a number is typed only where the company type lets a made one be changed."""
        field, kind = self.fields["number"], self.instance.company_type
        field.required = True
        field.error_messages["required"] = _("Enter a client number.")
        if kind is None or not kind.allow_id_change:
            field.disabled, field.required = True, False
            field.mark_optional = False
            field.help_text = (
                _("Made by the numbering and never changed.")
                if kind is None
                else _("Made by the numbering; clients of the company type “%(type)s” keep it.") % {"type": kind}
            )

    def _layout(self) -> tuple:
        by_place = {
            place: [name for name in self.custom_names if self.fields[name].custom_field.place == place]
            for place in CustomField.Place.values
        }
        first, second = by_place[CustomField.Place.IDENTIFICATION], by_place[CustomField.Place.SALES]
        return (
            Fieldset(
                _("Identification data"),
                Row(*_HEAD),
                "more_tax_numbers",
                Row("contract_number", "external_id"),
                Field("industries", wrapper_class="picks"),
                Row(*first),
                Field("notes"),
                css_class="part",
            ),
            Fieldset(
                _("Sales data"),
                Row(*_MONEY, "sales_person", "project_manager"),
                Div(Field("responsible", wrapper_class="picks"), HTML(_ADD_ALL), css_class="stack"),
                "restricted_to_responsible",
                Row(*second),
                "sales_notes",
                "budget_codes",
                "budget_code_required",
                css_class="part",
            ),
        )

    def clean_budget_codes(self) -> str:
        """One code a line; blank and repeated lines go."""
        lines = (tidy(line) for line in self.cleaned_data["budget_codes"].splitlines())
        return "\n".join(dict.fromkeys(line for line in lines if line))

    def clean_number(self) -> str:
        """A number is one line without blanks at its ends."""
        number = tidy(self.cleaned_data["number"])
        if not number:
            raise ValidationError(self.fields["number"].error_messages["required"])
        return number

    def clean(self) -> None:
        super().clean()
        found = self.cleaned_data
        if "potential_annual_revenue" in self.changed_data and "potential_annual_revenue_on" not in self.changed_data:
            # XD4: the amount is as old as its last change.
            found["potential_annual_revenue_on"] = timezone.localdate() if found.get("potential_annual_revenue") is not None else None

    def find_consequences(self) -> list[Consequence]:
        """Add what it means for the person at the form that the client is restricted (XD33)."""
        found, touched = self.cleaned_data, set(self.changed_data)
        lost = []
        if self.user and touched & {"restricted_to_responsible", "responsible", "sales_person", "project_manager"}:
            persons = dict.fromkeys([found["sales_person"], found["project_manager"], *found["responsible"]])
            lost = consequences.of_restriction(found["restricted_to_responsible"], persons, self.user)
        return [*super().find_consequences(), *lost]

    def save(self, commit: bool = True, *, by: User | None = None) -> Model:
        """Save the client, its industries and its people responsible."""
        client = super().save(commit, by=by)
        if "industries" in self.changed_data:
            tie(client, "client_industries", "industry", self.cleaned_data["industries"])
        if "responsible" in self.changed_data:
            tie(client, "responsibles", "user", self.cleaned_data["responsible"])
        return client
