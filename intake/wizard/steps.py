"""The steps of the wizard: what each asks of one draft, what is kept of it, and how that reads (S6, S7)."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.http import QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.countries import country_name
from clientdesk.forms import readable
from clients import custom
from clients.models import Client, Company, CompanyType, CustomField
from intake.wizard import choosing, contacts, drafts, numbering, papers
from intake.wizard.drafts import Raw
from intake.wizard.forms import AddressStepForm, CompanyForm, IdentificationForm, MoreForm, SalesForm, TypeForm

if TYPE_CHECKING:
    from intake.wizard.plan import Plan

type Answer = tuple[str, str]
# A form, or the rows of contacts, which answer as one.
type StepForm = Any


class Step:
    """One step of one draft: what it asks, what is kept of it, and how that reads."""

    slug: ClassVar[str]
    label: ClassVar[str | Promise]
    form_class: ClassVar[type]
    template_name: ClassVar[str] = "intake/wizard/step.html"
    # Buttons beside Next, and what each does.
    buttons: ClassVar[dict[str, str]] = {"back": "back"}

    def __init__(self, plan: "Plan") -> None:
        self.plan = plan

    @property
    def title(self) -> str:
        """The heading of the step."""
        return str(self.label)

    @property
    def url(self) -> str:
        """The address of the step."""
        return reverse("wizard:step", args=[self.plan.draft.pk, self.slug])

    @property
    def custom(self) -> list[CustomField]:
        """The custom fields that this step asks."""
        return []

    @property
    def custom_names(self) -> list[str]:
        """Their names in the form."""
        return [custom.form_name(field.key) for field in self.custom]

    @property
    def kept(self) -> Raw | None:
        """What is kept of this step's fields, or None before anything was."""
        if self.slug not in self.plan.draft.answers:
            return None
        return drafts.raw_of(self.plan.draft, self.slug)

    def form(self, posted: QueryDict | None = None, files: MultiValueDict | None = None) -> StepForm:
        """Return the form, bound to `posted` where given, else filled with what is kept."""
        if posted is not None:
            return self.form_class(posted, step=self)
        found = self.form_class(None, step=self)
        kept = drafts.raw_of(self.plan.draft, self.slug)
        initial = contacts.initial_of(found, drafts.as_posted(kept))
        if self.kept is None:
            # What another step asked before is known here; everything else begins with what the form proposes.
            initial = {name: initial[name] for name in self.custom_names if name in kept}
        return self.form_class(None, step=self, initial=initial) if initial else found

    def kept_form(self) -> StepForm:
        """Return the form bound to what is kept, to be checked."""
        return self.form(drafts.as_posted(self.kept or {}))

    def taken(self, posted: QueryDict) -> Raw:
        """Return what `posted` says to the fields of this step."""
        return drafts.taken(posted, self.form(posted).fields)

    def is_valid(self) -> bool:
        """Say whether what is kept passes the form as it is now."""
        return self.kept is not None and self.kept_form().is_valid()

    def shown(self, raw: Raw) -> list[Answer]:
        """Return the answers `raw` in words, by label, blank ones too."""
        form = self.form(drafts.as_posted(raw))
        return [(str(bound.label), readable(bound.field, bound.data)) for bound in form if not bound.is_hidden]

    def same(self, first: Raw, second: Raw) -> bool:
        """Say whether two answers say the same."""
        return _spoken(first) == _spoken(second)

    def page(self, form: StepForm) -> dict[str, object]:
        """Return what the page of this step shows beside its form."""
        return {}

    def unused(self) -> list[str]:
        """Return the labels of what is kept of this step and not asked by the plan of now."""
        here = self.plan.find(self.slug)
        asked = set(here.form().fields) if here else set()
        kept = self.plan.draft.answers.get(self.slug, {})
        return [self.label_of(name) for name, values in kept.items() if name not in asked and any(text.strip() for text in values)]

    @classmethod
    def label_of(cls, name: str) -> str:
        """Return the label of the field `name`."""
        field = cls.form_class.base_fields.get(name)
        return str(field.label) if field else name


def _spoken(raw: Raw) -> dict[str, list[str]]:
    return {name: found for name, values in raw.items() if (found := [text for text in values if text])}


class TypeStep(Step):
    """Company type and category (S10, S11)."""

    slug, label, form_class = "type", gettext_lazy("Type & category"), TypeForm

    def shown(self, raw: Raw) -> list[Answer]:
        kind = choosing.read_type((raw.get("company_type") or [""])[0])[1]
        return [(_("Kind"), str(Client.Kind(kind).label)), *super().shown(raw)]


class CompanyStep(Step):
    """Which company of the registry becomes a client, and its category (SD1)."""

    slug, label, form_class = "company", gettext_lazy("Company & category"), CompanyForm
    template_name = "intake/wizard/company.html"
    buttons = Step.buttons | {"search": "search"}

    def shown(self, raw: Raw) -> list[Answer]:
        form = self.form(drafts.as_posted(raw))
        known = choosing.free_company(form["company"].data)
        asked = [(str(form[name].label), readable(form.fields[name], form[name].data)) for name in ("category", "email")]
        return [(_("Company"), str(known or "")), *asked, *(self._taken_over(known) if known else [])]

    def _taken_over(self, company: Company) -> list[Answer]:
        return [
            (_("Client number"), _("Made at Finish, such as %(number)s") % {"number": numbering.example(company.company_type)}),
            (_("Name"), choosing.free_name(company)),
            (_("Legal name"), company.registered_name),
            (_("Country of registration"), country_name(company.country) if company.country else ""),
            (_("Company type"), str(company.company_type or "")),
            (_("Tax number"), company.tax_number),
        ]

    def page(self, form: StepForm) -> dict[str, object]:
        text = str(form["q"].value() or "")[:200]
        return {"companies": choosing.found_companies(text), "chosen": choosing.free_company(form["company"].value()), "q": text}

    def same(self, first: Raw, second: Raw) -> bool:
        # What was searched for is no answer.
        return super().same({**first, "q": []}, {**second, "q": []})


class IdentificationStep(Step):
    """Number, names, how the client is reached (S12)."""

    slug, label, form_class = "identification", gettext_lazy("Identification"), IdentificationForm
    template_name = "intake/wizard/identification.html"

    @property
    def custom(self) -> list[CustomField]:
        elsewhere = {field.pk for step in self.plan.steps if step is not self for field in step.custom}
        return [field for field in self.plan.custom_fields if field.pk not in elsewhere]

    def shown(self, raw: Raw) -> list[Answer]:
        number = (raw.get("number") or [""])[0].strip()
        found = [answer for answer in super().shown(raw) if answer[0] != IdentificationForm.base_fields["number"].label]
        return [(_("Client number"), number or _("Made at Finish, such as %(number)s") % {"number": self.plan.example_number}), *found]


class AddressStep(Step):
    """The postal address."""

    slug, label, form_class = "address", CompanyType.Step.ADDRESS.label, AddressStepForm


class SalesStep(Step):
    """Sales data."""

    slug, label, form_class = "sales", CompanyType.Step.SALES.label, SalesForm

    @property
    def custom(self) -> list[CustomField]:
        extra = self.plan.extra_fields
        return [field for field in self.plan.custom_fields if field.place == CustomField.Place.SALES and field not in extra]


class ContactsStep(Step):
    """People of the client (S13)."""

    slug, label, form_class = "contacts", CompanyType.Step.CONTACTS.label, contacts.ContactRows
    template_name = "intake/wizard/contacts.html"
    buttons = Step.buttons | {"add_row": "rows", "remove_row": "rows"}

    def form(self, posted: QueryDict | None = None, files: MultiValueDict | None = None) -> contacts.ContactRows:
        if posted is not None:
            return contacts.ContactRows(posted, step=self)
        return contacts.ContactRows(step=self, kept=drafts.as_posted(self.kept) if self.kept is not None else None)

    def shown(self, raw: Raw) -> list[Answer]:
        rows = contacts.ContactRows(drafts.as_posted(raw), step=self)
        found = []
        for row in rows.rows:
            if not row.says_something:
                continue
            said = [readable(bound.field, bound.data) for bound in row if bound.name not in ("first_name", "last_name", "portal")]
            name = f"{row['first_name'].data or ''} {row['last_name'].data or ''}".strip()
            notes = [_("primary contact")] if str(row.place) == rows.primary else []
            notes += [_("portal user")] if "portal" in row.fields and row["portal"].data else []
            found.append((_("Contact %(number)d") % {"number": row.place + 1}, ", ".join(text for text in [name, *said, *notes] if text)))
        return found

    def same(self, first: Raw, second: Raw) -> bool:
        return self.shown(first) == self.shown(second)

    def unused(self) -> list[str]:
        if self.plan.find(self.slug) or not self.kept:
            return []
        return [f"{label}: {words}" for label, words in self.shown(self.kept)]


class MoreStep(Step):
    """The extra step of the category, or the custom fields of a client made from a company (SD2)."""

    slug, label, form_class = "more", gettext_lazy("More data"), MoreForm

    @property
    def title(self) -> str:
        return choosing.extra_step(self.plan.category) or super().title

    @property
    def custom(self) -> list[CustomField]:
        return self.plan.extra_fields


class DocumentsStep(Step):
    """What the category wants delivered (SD3)."""

    slug, label, form_class = "documents", gettext_lazy("Documents"), papers.DocumentsForm
    template_name = "intake/wizard/documents.html"
    buttons = Step.buttons | {"remove_file": "files", "keep_files": "files"}

    def form(self, posted: QueryDict | None = None, files: MultiValueDict | None = None) -> papers.DocumentsForm:
        if posted is not None:
            return papers.DocumentsForm(posted, files, step=self)
        kept = drafts.as_posted(self.kept or {})
        return papers.DocumentsForm(step=self, initial={papers.LATER: kept.getlist(papers.LATER)})

    def shown(self, raw: Raw) -> list[Answer]:
        there = {one.requirement: one.filename for one in self.plan.draft.files.all()}
        later = raw.get(papers.LATER, [])
        return [(name, there.get(name) or (_("Comes later") if name in later else _("Not delivered"))) for name in self.plan.requirements]

    def unused(self) -> list[str]:
        wanted = set(self.plan.requirements)
        return [f"{one.requirement}: {one.filename}" for one in self.plan.draft.files.all() if one.requirement not in wanted]


class ReviewStep(Step):
    """Check your answers, then Finish."""

    slug, label = "review", gettext_lazy("Review")
    template_name = "intake/wizard/review.html"

    def is_valid(self) -> bool:
        return False


STEPS: dict[str, type[Step]] = {
    step.slug: step
    for step in (*(TypeStep, CompanyStep, IdentificationStep, AddressStep, SalesStep, ContactsStep, MoreStep, DocumentsStep, ReviewStep),)
}
