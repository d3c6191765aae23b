"""The list of all contacts, and the contact persons of one client (X21, X30)."""

from django.utils.translation import gettext_lazy as _

from clientdesk.lists import Column, ListSpec, Sort
from clientdesk.search_form import SearchForm, Words
from contacts.models import Contact


class ContactSearch(SearchForm):
    """First name, last name and e-mail as typed words, in any order."""

    q = Words(label=_("Name or e-mail"))


_BY_NAME = Sort("name", ("sort_key", "id"), "contact_by_name")

CONTACTS = ListSpec(
    model=Contact,
    sorts=(_BY_NAME,),
    columns=(
        Column(_("Contact"), "name"),
        Column(_("Client")),
        Column(_("Position"), css="p2"),
        Column(_("E-mail"), css="p1"),
        Column(_("Phone"), css="p2"),
        Column(_("Portal"), css="p1"),
    ),
    form=ContactSearch,
)
OF_CLIENT = ListSpec(
    model=Contact,
    sorts=(_BY_NAME,),
    form=ContactSearch,
    views={
        "active": (_("Active"), lambda contacts, chosen: contacts.filter(active=True)),
        "deactivated": (_("Deactivated"), lambda contacts, chosen: contacts.filter(active=False)),
    },
    page_size=60,
)
