"""The form behind the tab Addresses: billing and correspondence address, e-mails, phones, websites (XD5, XD6, XD7)."""

from crispy_forms.layout import HTML, Div, Field, Fieldset, Row
from django.utils.translation import gettext_lazy

from clientdesk.fields import WebAddressField
from clientdesk.forms import DeskForm
from clientdesk.postal import ADDRESS as BILLING
from clientdesk.reach_fields import more_emails_field, more_phones_field
from clientdesk.rows import RowsField
from clients.forms.rules import EditRules, not_given_first
from clients.forms.shared import LABELS, MISSING
from clients.models import Client

POST = tuple(f"post_{name}" for name in BILLING)
_MIRROR = "{% include 'clients/_billing_copy.html' with client=form.instance %}"


class AddressesForm(EditRules):
    """Where the client is and how it is reached. The correspondence address lies dormant while the billing address serves for both."""

    more_emails = more_emails_field()
    more_phones = more_phones_field()
    more_websites = RowsField(
        {"url": WebAddressField(label=gettext_lazy("Website"), max_length=300)},
        label=gettext_lazy("More websites"),
        add_label=gettext_lazy("Add website"),
        unique="url",
    )

    class Meta(DeskForm.Meta):
        model = Client
        fields = (
            *BILLING,
            "use_billing_address",
            *POST,
            *("email", "more_emails", "phone", "more_phones", "mobile", "sms_enabled", "fax", "website", "more_websites"),
            *("cc_contact_emails", "no_crm_emails", "server_account"),
        )
        labels = LABELS
        error_messages = MISSING
        help_texts = {"no_crm_emails": gettext_lazy("Bulk mail of the CRM leaves out this client and its contact persons.")}

    form_layout = (
        Fieldset(gettext_lazy("Billing address"), Row(*BILLING), css_class="part"),
        Fieldset(
            gettext_lazy("Correspondence address"),
            "use_billing_address",
            Div(HTML(_MIRROR), css_class="when-same"),
            Div(Row(*POST), css_class="unless-same"),
            css_class="part same-address",
        ),
        Fieldset(
            gettext_lazy("E-mail"),
            Row(Field("email", wrapper_class="full")),
            "more_emails",
            "cc_contact_emails",
            "no_crm_emails",
            css_class="part",
        ),
        Fieldset(gettext_lazy("Phone"), Row("phone", "mobile", "fax"), "sms_enabled", "more_phones", css_class="part"),
        Fieldset(gettext_lazy("Web"), Row(Field("website", wrapper_class="full")), "more_websites", "server_account", css_class="part"),
    )

    def prepare(self) -> None:
        super().prepare()
        not_given_first(self.fields["post_country"])
