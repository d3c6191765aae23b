"""The columns of clients that a merge compares."""

from django.utils.translation import gettext_lazy as _

from clientdesk.merging.fields import ADDRESS, Columns
from clients.models import Client, CustomField

COLUMNS = Columns(
    model=Client,
    single=(
        *(
            "name",
            "legal_name",
            "status",
            "email",
            "phone",
            "mobile",
            "sms_enabled",
            "fax",
            "website",
            "server_account",
            "branch",
            "category",
        ),
        *("company_type", "tax_number", "contract_number", "external_id", "photo", "language", "lead_source", "first_contact_on"),
        *("sales_person", "project_manager", "restricted_to_responsible", "budget_code_required", "cc_contact_emails", "no_crm_emails"),
    ),
    together={
        "address": (_("Billing address"), ADDRESS),
        "post_address": (_("Correspondence address"), ("use_billing_address", *(f"post_{name}" for name in ADDRESS))),
        "revenue": (_("Potential annual revenue"), ("potential_annual_revenue", "potential_annual_revenue_on")),
    },
    texts=("notes", "sales_notes", "budget_codes"),
    by_lines=frozenset({"budget_codes"}),
    lists={"more_emails": "address", "more_phones": "number", "more_websites": "url", "more_tax_numbers": "number"},
    main={
        "more_emails": ("email", lambda value: {"address": value, "cc": False}),
        "more_phones": ("phone", lambda value: {"number": value, "note": ""}),
        "more_websites": ("website", lambda value: {"url": value}),
    },
    careful=("restricted_to_responsible", "no_crm_emails"),
    custom_labels=lambda: dict(CustomField.objects.filter(entity="client").values_list("key", "label")),
    inherits={"use_billing_address": _("Same as the billing address")},
)
