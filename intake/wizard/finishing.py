"""Finish: everything that a draft holds becomes the client in one transaction, or nothing does (S16, invariant 22)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clientdesk import documents
from clientdesk.models import User
from clients import custom
from clients.models import Branch, Client, ClientDocument, ClientIndustry, Company
from contacts.models import Contact
from intake.models import ClientDraft
from intake.wizard.choosing import free_name
from intake.wizard.plan import Plan
from intake.wizard.steps import StepForm
from portal.models import ContactAccess


class NotYet(Exception):
    """Nothing was made: the step `step` must be looked at again; the text is the sentence why, blank where the step says it itself."""

    def __init__(self, step: str, sentence: str = "") -> None:
        super().__init__(sentence)
        self.step = step


def finish(draft: ClientDraft, by: User) -> Client:
    """Make the client of `draft` and return it. The caller holds the draft's row and knows that it is not finished.

    Raises NotYet where an answer does not hold any more, with nothing saved and the draft as it was.
    """
    plan = Plan(draft, by)
    forms = _checked(plan)
    with transaction.atomic():
        client = _from_company(plan, forms) if draft.is_from_company else _from_answers(plan, forms)
        if "identification" in forms:
            _add_industries(client, forms["identification"])
        if "contacts" in forms:
            _add_contacts(client, forms["contacts"], by)
        if plan.is_individual and forms["identification"].cleaned_data.get("portal"):
            _invite(client.contacts.get(), by, "identification")
        _hand_over_documents(client, draft, plan.requirements, by)
        # What the draft knew is the client's now; nothing of it stays here.
        draft.client, draft.answers, draft.visited = client, {}, [ClientDraft.FINISHED]
        draft.save(update_fields=["client", "answers", "visited", "updated_at"])
    return client


def _checked(plan: Plan) -> dict[str, StepForm]:
    """Return the forms of all steps, bound and valid."""
    forms = {}
    for step in plan.steps[:-1]:
        if step.slug not in plan.draft.visited or step.kept is None:
            raise NotYet(step.slug, _("Answer “%(step)s” first.") % {"step": step.title})
        forms[step.slug] = step.kept_form()
        if not forms[step.slug].is_valid():
            raise NotYet(step.slug)
    return forms


def _from_answers(plan: Plan, forms: dict[str, StepForm]) -> Client:
    client = plan.blank_client()
    for slug in ("identification", "address", "sales"):
        if slug in forms:
            for name in forms[slug]._meta.fields:
                if name in forms[slug].cleaned_data:
                    setattr(client, name, forms[slug].cleaned_data[name])
    found = forms["identification"].cleaned_data
    if client.potential_annual_revenue is not None:
        client.potential_annual_revenue_on = timezone.localdate()
    client.legal_name = client.legal_name or found["legal_name"]
    _lay_custom(client, forms)
    return _register(client, plan.user, "identification", first=found.get("first_name", ""), last=found.get("last_name", ""))


def _from_company(plan: Plan, forms: dict[str, StepForm]) -> Client:
    """Take a company of the registry over: its name, country, type and tax number; the name is proposed from it (SD1)."""
    found = forms["company"].cleaned_data
    company = Company.objects.select_for_update(of=("self",)).get(pk=found["company"].pk)
    if company.client_id is not None:
        raise NotYet("company", _("%(company)s has become a client meanwhile. Choose another company.") % {"company": company})
    branch = Branch.preselected(plan.user)
    if branch is None:
        raise NotYet("company", _("There is no active branch. An administrator can add one."))
    client = plan.blank_client()
    client.legal_name, client.country, client.tax_number = company.registered_name, company.country, company.tax_number
    client.name = free_name(company)
    client.email, client.branch = found["email"], branch
    _lay_custom(client, forms)
    return _register(client, plan.user, "company", company=company)


def _lay_custom(client: Client, forms: dict[str, StepForm]) -> None:
    for form in forms.values():
        if fields := getattr(form, "custom_fields", None):
            client.custom = custom.merged(client.custom, custom.read(form.cleaned_data, fields))


def _register(client: Client, by: User, step: str, *, first: str = "", last: str = "", company: Company | None = None) -> Client:
    try:
        client.full_clean(exclude=["number"])
        client.register(by, first, last, company=company)
    except ValidationError as error:
        # A name or a number that was free in the step and is taken now: the step says by whom, if one may know.
        known = hasattr(error, "error_dict") and {"name", "number", "name_key"} & set(error.error_dict)
        raise NotYet(step, "" if known and step == "identification" else " ".join(error.messages)) from error
    return client


def _add_industries(client: Client, form: StepForm) -> None:
    for industry in form.cleaned_data.get("industries") or []:
        ClientIndustry.objects.create(client=client, industry=industry)


def _add_contacts(client: Client, rows: StepForm, by: User) -> None:
    """Add the people of the contacts step, the primary one first, and invite who is to be a portal user (S13, S14)."""
    for row in rows.people:
        names = ("first_name", "last_name", "email", "phone", "position")
        contact = client.contacts.register(
            client,
            **{name: row.cleaned_data[name] for name in names},
            custom=custom.merged({}, custom.read(row.cleaned_data, row.custom_fields)),
            country=client.country,
            created_by=by,
        )
        if row.cleaned_data.get("portal"):
            _invite(contact, by, "contacts")


def _invite(contact: Contact, by: User, step: str) -> None:
    try:
        ContactAccess.of(contact).invite(by)
    except ValidationError as error:
        raise NotYet(step, " ".join(error.messages)) from error


def _hand_over_documents(client: Client, draft: ClientDraft, requirements: list[str], by: User) -> None:
    """Let the files of the draft be documents of the client: the rows change, the files stay where they are."""
    for one in draft.files.filter(requirement__in=requirements):
        ClientDocument.objects.create(
            client=client, requirement=one.requirement, file=one.file.name, filename=one.filename, size=one.size, created_by=by
        )
        one.delete()
    for one in draft.files.all():
        documents.forget(one.file.name)
        one.delete()
