"""The forms of a client: adding it, and one form for each tab of its profile that can be changed."""

from clients.forms.adding import AddClientForm
from clients.forms.addresses import AddressesForm
from clients.forms.files import DocumentForm
from clients.forms.formats import ClientFormatsForm
from clients.forms.identification import IdentificationForm
from clients.forms.key_data import EditClientForm
from clients.forms.shared import ClientForm

__all__ = [
    "AddClientForm",
    "AddressesForm",
    "ClientForm",
    "ClientFormatsForm",
    "DocumentForm",
    "EditClientForm",
    "IdentificationForm",
]
