"""The short form of a client's key data: what Add client asks, and how the client is reached (J15)."""

from crispy_forms.layout import Field, Fieldset, Row
from django import forms
from django.utils.translation import gettext_lazy

from clientdesk.forms import DeskForm
from clientdesk.trees import TreeField
from clients.forms.rules import EditRules
from clients.forms.shared import HINTS, LABELS, MISSING
from clients.models import Client


class EditClientForm(EditRules):
    """Key data of a client; the tabs Identification and Addresses have a form each for the rest."""

    class Meta(DeskForm.Meta):
        model = Client
        fields = (
            "name",
            "legal_name",
            "kind",
            "status",
            "email",
            "phone",
            "website",
            "branch",
            "category",
            "company_type",
            "tax_number",
            "external_id",
            "street",
            "street2",
            "postal_code",
            "city",
            "province",
            "country",
            "notes",
        )
        labels = LABELS
        help_texts = HINTS
        error_messages = MISSING
        field_classes = {"category": TreeField, "company_type": TreeField}
        widgets = {"notes": forms.Textarea(attrs={"rows": 4})}

    form_layout = (
        Fieldset(
            gettext_lazy("Identification"),
            Row("name", "legal_name", "kind", "status", "branch", "category", "company_type", "tax_number", "external_id"),
        ),
        Fieldset(gettext_lazy("Contact"), Row(Field("email", wrapper_class="full"), "phone", "website")),
        Fieldset(
            gettext_lazy("Address"),
            Row("street", "street2", "postal_code", "city", "province", "country"),
        ),
        Fieldset(gettext_lazy("Notes"), Field("notes")),
    )
