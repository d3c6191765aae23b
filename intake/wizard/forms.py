"""The forms of the steps. Each is made over `plan.blank_client()`, so that the laws of a client are those of every other form."""

from typing import TYPE_CHECKING

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.fields import AddressField, TidyField, speak
from clientdesk.forms import DeskForm
from clientdesk.inputs import DayField, NumberField
from clientdesk.words import tidy
from clients import custom, tax_numbers
from clients.forms.people import PersonField, SeveralField
from clients.forms.rules import not_given_first
from clients.forms.shared import HINTS, LABELS, MISSING, ClientForm
from clients.models import Branch, Category, Client, Company, CompanyType, Industry, LeadSource
from clients.names import proposed_name
from intake.wizard import choosing, numbering
from intake.wizard.portal_users import why_no_portal_user

if TYPE_CHECKING:
    from intake.wizard.steps import Step

FULL = "full"


class PlainForm(forms.Form):
    """A step that asks what is no column of a client."""

    form_layout: tuple = ()

    def __init__(self, posted: QueryDict | None = None, *, step: "Step", **kwargs) -> None:
        self.step = step
        super().__init__(posted, **({"label_suffix": ""} | kwargs))
        self.prepare()
        for field in self.fields.values():
            speak(field)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*(self.form_layout or self.fields))

    def prepare(self) -> None:
        """Fit the fields to the draft; forms override it."""


class ClientPart(ClientForm):
    """A step that asks columns of a client, and the custom fields that belong to it."""

    def __init__(self, posted: QueryDict | None = None, *, step: "Step", **kwargs) -> None:
        self.step, self.user = step, step.plan.user
        super().__init__(posted, instance=step.plan.blank_client(), **kwargs)

    def extend(self) -> None:
        """Add the custom fields of this step."""
        self.custom_fields = custom.fields_for(self.step.custom)
        self.fields |= self.custom_fields

    def custom_row(self) -> tuple[Row, ...]:
        """Return the custom fields as part of the layout."""
        return (Row(*self.custom_fields),) if self.custom_fields else ()


class TypeForm(PlainForm):
    """Step 1: company type, from which the kind of client follows, and category (S10, S11)."""

    company_type = forms.ChoiceField(
        label=gettext_lazy("Company type"), error_messages={"required": gettext_lazy("Choose a company type.")}
    )
    category = forms.ChoiceField(label=gettext_lazy("Category"), error_messages={"required": gettext_lazy("Choose a category.")})

    def prepare(self) -> None:
        user = self.step.plan.user
        self.fields["company_type"].choices = [("", _("Choose a company type")), *choosing.type_choices()]
        self.fields["company_type"].help_text = _("Decides which steps follow. Fixed after Finish.")
        self.fields["category"].choices = [("", _("Choose a category")), *choosing.category_choices(user)]
        self.fields["category"].help_text = _("May ask for documents or for more data.")
        if self.step.kept is None:
            self._choose_beforehand()

    def _choose_beforehand(self) -> None:
        """Begin with the defaults of both settings lists, where they are offered (XD18)."""
        for name, default in (("company_type", CompanyType.default_key()), ("category", Category.default_key())):
            offered = [value for value, _label in choosing.flat(self.fields[name].choices)]
            self.initial[name] = next((value for value in offered if value.partition(":")[0] == str(default)), "")


class CompanyForm(PlainForm):
    """The first step from an existing company: which, its category, and the one thing that the registry does not know (SD1)."""

    q = forms.CharField(label=gettext_lazy("Registered name, registration or tax number"), required=False, max_length=200)
    company = forms.CharField(label=gettext_lazy("Company"), error_messages={"required": gettext_lazy("Choose a company.")})
    category = forms.ChoiceField(label=gettext_lazy("Category"), error_messages={"required": gettext_lazy("Choose a category.")})
    email = AddressField(
        label=gettext_lazy("Main contact e-mail"),
        max_length=254,
        error_messages=MISSING["email"],
    )

    def prepare(self) -> None:
        self.fields["category"].choices = [("", _("Choose a category")), *choosing.category_choices(self.step.plan.user)]
        self.fields["q"].mark_optional = False
        if self.step.kept is None:
            self.initial["category"] = str(Category.default_key() or "")

    def clean_company(self) -> Company:
        """Refuse a company that is not in the registry, or that has a client by now."""
        text = self.cleaned_data["company"]
        known = Company.objects.filter(pk=int(text)).first() if text.isascii() and text.isdecimal() and len(text) < 19 else None
        if known is None:
            raise ValidationError(_("This company is not in the registry any more. Choose another."))
        if known.client_id is not None:
            raise ValidationError(_("%(company)s has become a client meanwhile. Choose another company.") % {"company": known})
        return known


class IdentificationForm(ClientPart):
    """Number and name, how the client is reached, who is responsible for it, and the custom fields of its type (S12)."""

    first_name = TidyField(label=gettext_lazy("First name"), max_length=100, required=False)
    last_name = TidyField(
        label=gettext_lazy("Last name"),
        max_length=100,
        error_messages={"required": gettext_lazy("Enter the last name of the person.")},
    )
    industries = SeveralField(label=gettext_lazy("Industries"))
    portal = forms.BooleanField(
        label=gettext_lazy("Portal user"), required=False, help_text=gettext_lazy("Gets an invitation to the client portal after Finish.")
    )

    class Meta(DeskForm.Meta):
        model = Client
        fields = ("number", "name", "legal_name", "email", "phone", "country", "branch", "tax_number")
        labels = LABELS
        help_texts = HINTS
        error_messages = MISSING

    def prepare(self) -> None:
        plan = self.step.plan
        self.fields["email"].required = True
        not_given_first(self.fields["country"])
        branch = self.fields["branch"]
        branch.empty_label, branch.queryset = None, Branch.objects.filter(active=True)
        branch.error_messages["required"] = _("There is no active branch. An administrator can add one.")
        self.initial.setdefault("branch", getattr(Branch.preselected(plan.user), "pk", None))
        self._prepare_number()
        self.fields["industries"].queryset = Industry.objects.filter(active=True)
        names = self._names_of_person() if plan.is_individual else self._names_of_company()
        for name in ("portal",) if not (plan.is_individual and plan.may_invite) else ():
            del self.fields[name]
        if not self.fields["industries"].queryset.exists():
            del self.fields["industries"]
        spread = {"industries": f"{FULL} picks", "portal": FULL}
        rest = [Field(name, wrapper_class=css) for name, css in spread.items() if name in self.fields]
        wide = [Field("number", wrapper_class=FULL)] if "number" in self.fields else []
        self.form_layout = (
            Row(*wide, *names, "email", "phone", "country", "branch", "tax_number", *rest),
            *self.custom_row(),
        )
        typed = self.data.get("country", "") if self.is_bound else ""
        self.accept_local_phones(typed or getattr(Branch.preselected(plan.user), "country", ""))

    def _prepare_number(self) -> None:
        company_type = self.step.plan.company_type
        if numbering.may_be_typed(company_type):
            self.fields["number"].help_text = _("Blank: made at Finish, such as %(number)s.") % {"number": numbering.example(company_type)}
        else:
            del self.fields["number"]

    def _names_of_company(self) -> tuple[str, ...]:
        del self.fields["first_name"], self.fields["last_name"]
        return "name", "legal_name"

    def _names_of_person(self) -> tuple[object, ...]:
        del self.fields["legal_name"]
        self.fields["name"].help_text = _("Internal, never shown to the client. Blank: made from first and last name.")
        self.fields["name"].required = False
        return "first_name", "last_name", Field("name", wrapper_class=FULL)

    def clean(self) -> None:
        """Make the legal name of a person from its names (decision 19); measure the tax number by the rule of its country (XD3)."""
        super().clean()
        found = self.cleaned_data
        if self.step.plan.is_individual and "last_name" in found and "first_name" in found:
            self._name_person(found)
        if found.get("tax_number") and (reason := tax_numbers.why_wrong(found["tax_number"], found.get("country", ""))):
            self.add_error("tax_number", reason)
        if found.get("portal") and "email" in found and (reason := why_no_portal_user(found["email"], self.step.plan.user)):
            self.add_error("email", reason)

    def _name_person(self, found: dict[str, object]) -> None:
        full = tidy(f"{found['first_name']} {found['last_name']}")
        if not found["last_name"]:
            self.add_error("last_name", _("Enter the last name of the person."))
        elif len(full) > 200:
            self.add_error(
                "last_name", _("First and last name are %(count)d characters together. Shorten them to 200.") % {"count": len(full)}
            )
        else:
            self.instance.legal_name = found["legal_name"] = full
            if "name" in found and not found["name"]:
                found["name"] = proposed_name(full)
                if not found["name"]:
                    self.add_error("name", _("Enter a name for the client."))


class AddressStepForm(ClientPart):
    """The address of the client; its country is among the identification data."""

    class Meta(DeskForm.Meta):
        model = Client
        fields = ("street", "street2", "postal_code", "city", "province")

    form_layout = (Row("street", "street2", "postal_code", "city", "province"),)


class SalesForm(ClientPart):
    """Sales data, and the custom fields that belong to them (XD4)."""

    first_contact_on = DayField(label=gettext_lazy("First contact"), required=False)
    potential_annual_revenue = NumberField(
        label=gettext_lazy("Potential annual revenue"), required=False, max_digits=12, decimal_places=2, min_value=0
    )
    sales_person = PersonField(label=gettext_lazy("Sales person"))
    project_manager = PersonField(label=gettext_lazy("Project manager"))

    class Meta(DeskForm.Meta):
        model = Client
        fields = (
            *("lead_source", "first_contact_on", "sales_person", "project_manager", "potential_annual_revenue"),
            *("sales_notes", "budget_codes", "budget_code_required"),
        )
        widgets = {"sales_notes": forms.Textarea(attrs={"rows": 3}), "budget_codes": forms.Textarea(attrs={"rows": 3})}

    def prepare(self) -> None:
        self.fields["lead_source"].queryset = LeadSource.objects.filter(active=True)
        self.fields["lead_source"].empty_label = _("Not given")
        if self.step.kept is None:
            self.initial["lead_source"] = LeadSource.default_key()
        for name in ("sales_person", "project_manager"):
            self.fields[name].keep(None)
        self.fields["potential_annual_revenue"].error_messages["min_value"] = _("A revenue is not below 0. Enter 0 or more.")
        self.form_layout = (
            Row(
                *("lead_source", "first_contact_on", "sales_person", "project_manager"),
                *(Field(name, wrapper_class=FULL) for name in ("potential_annual_revenue", "sales_notes")),
                *(Field(name, wrapper_class=FULL) for name in ("budget_codes", "budget_code_required")),
            ),
            *self.custom_row(),
        )


class MoreForm(ClientPart):
    """The extra step of a category: its custom fields (SD2)."""

    class Meta(DeskForm.Meta):
        model = Client
        fields = ()

    def prepare(self) -> None:
        self.form_layout = self.custom_row()
