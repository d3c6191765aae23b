"""Which records keep a history, and which of their fields do not belong to it: what `AUDITLOG_INCLUDE_TRACKING_MODELS` takes."""

_BOOKKEEPING = [
    *("created_at", "updated_at", "created_by", "version", "name_key", "search_key", "sort_key", "former_names"),
    *("domain_key", "phone_key", "tax_key", "core_key"),
]
# What follows from a job's priority, schedule and steps, and the names by which jobs point at contacts.
_CLOCKS = [f"{phase}_{time}_at" for phase in ("request", "open") for time in ("due", "risk", "stopped")]
_ON_JOBS = (
    *("urgency", "scheduled_key", "closed_key", "city_key", "subject_key"),
    *("sessions", "parts", "checks", "signatures", "timed_by", "told"),
)
_OF_WORK = [name for item in ("quote", "project", "job") for name in (f"{item}s", f"more_{item}s")]
_NAMED = ("quotecontacts", "projectcontacts", "job_contacts")


def _history(model: str, *others: str) -> dict[str, object]:
    """Register `model` without its bookkeeping and without `others`, the names by which other records point at it."""
    return {"model": model, "exclude_fields": [*_BOOKKEEPING, *others]}


RECORDED = (
    {"model": "clientdesk.User", "include_fields": ["email", "first_name", "last_name", "role", "technician", "is_active"]},
    {"model": "clientdesk.LegalHold"},
    {"model": "clientdesk.Merge", "include_fields": ["content_type", "winner_id", "loser_name", "loser_number", "undone_at"]},
    _history("clients.Branch", "client", "postings", "staff", "calendar"),
    _history("clients.StaffBranch"),
    _history("clients.Category", "client", "children", "custom_fields", "category_users", "users"),
    _history("clients.CategoryUser"),
    _history("clients.CompanyType", "client", "children", "custom_fields", "companies"),
    _history("clients.Industry", "clients", "client_industries"),
    _history("clients.LeadSource", "client", "contact"),
    _history("clients.CustomField", "label_key"),
    _history("clients.Company"),
    _history(
        "clients.Client",
        *("portal", "offices", "departments", "contacts", "actions", "company", "formats", "documents", "responsibles", "responsible"),
        *("client_industries", "industries", "quotes", "projects", "jobs", "sla_targets"),
    ),
    _history("clients.ClientIndustry"),
    _history("clients.Responsible"),
    _history("clients.ClientFormats"),
    _history("clients.ClientDocument"),
    _history("contacts.Position", "contact"),
    _history("contacts.SocialNetwork", "accounts"),
    _history("contacts.MailTemplate"),
    _history("contacts.Office", "contact_offices", "contacts", "children", "departments", "quotes", "projects", "jobs"),
    _history("contacts.Department", "contacts", "quotes", "projects", "jobs"),
    _history("contacts.Contact", "access", "contact_offices", "offices", "accounts", "formats", "actions", *_OF_WORK, *_NAMED),
    _history("contacts.ContactOffice"),
    {"model": "contacts.ContactMove", "include_fields": ["contact", "from_client", "to_client", "undone_at"]},
    _history("contacts.SocialAccount"),
    _history("contacts.ContactFormats"),
    _history("contacts.CrmAction", "sort_at", "reminded_at", "mailing", "mail", "key"),
    _history("jobs.JobType", "jobs"),
    _history("jobs.Quote", "lines", "project", "documents", "quote_contacts", "more_contacts", "key", "expiry_key"),
    _history("jobs.QuoteContact"),
    _history("jobs.Project", "jobs", "documents", "project_contacts", "more_contacts", "key", "deadline_key"),
    _history("jobs.ProjectContact"),
    _history("jobs.Document"),
    _history("jobs.Job", "events", "documents", "job_contacts", "more_contacts", "key", "due_key", *_ON_JOBS, *_CLOCKS),
    _history("jobs.WorkSession"),
    _history("jobs.JobPart"),
    _history("jobs.JobCheck"),
    _history("jobs.Signature", "image"),
    _history("jobs.JobContact"),
    _history("jobs.SlaTarget"),
    _history("jobs.BusinessCalendar"),
    _history("portal.PortalDefaults", "only"),
    _history("portal.ClientAccess"),
    _history("portal.ContactAccess"),
)
