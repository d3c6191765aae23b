"""The forms behind the tabs of a contact's profile beside its main data."""

from contacts.profile_forms.accounts import AccountsForm
from contacts.profile_forms.address import MailingAddressForm
from contacts.profile_forms.formats import ContactFormatsForm

__all__ = ["AccountsForm", "ContactFormatsForm", "MailingAddressForm"]
