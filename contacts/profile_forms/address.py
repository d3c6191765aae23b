"""The form behind the tab Mailing address: the client's, or one of the contact's own (X47, X48, J24, decision 5)."""

from crispy_forms.layout import HTML, Div, Field, Fieldset, Row
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.forms import DeskForm
from clientdesk.postal import ADDRESS, PostalAddress
from clients.forms.rules import not_given_first
from contacts.models import Contact

_CLIENTS = "{% include 'contacts/_client_address.html' with address=form.client_address %}"


class MailingAddressForm(DeskForm):
    """Where letters to a contact go. Its own address lies dormant while the client's is used; a blank one begins as the client's."""

    class Meta(DeskForm.Meta):
        model = Contact
        fields = ("use_client_address", *ADDRESS)

    form_layout = (
        Fieldset(
            gettext_lazy("Mailing address"),
            "use_client_address",
            Div(HTML(_CLIENTS), css_class="when-same"),
            Div(Row(Field("street", wrapper_class="full"), *ADDRESS[1:]), css_class="unless-same"),
            css_class="part same-address",
        ),
    )

    def extend(self) -> None:
        self.client_address = self.instance.client.post_address
        if not PostalAddress.of(self.instance):
            self.initial |= vars(self.client_address)

    def prepare(self) -> None:
        not_given_first(self.fields["country"])

    def clean(self) -> None:
        super().clean()
        found = self.cleaned_data
        typed = PostalAddress(**{name: found.get(name, "") for name in ADDRESS})
        if found.get("use_client_address"):
            if typed == self.client_address and not PostalAddress.of(self.instance):
                # The client's address was shown in the place of none; it is not the contact's own.
                found |= dict.fromkeys(ADDRESS, "")
        elif not self.errors and not typed:
            raise ValidationError({"street": _("Enter the address, or tick “Use the client's address”.")})
