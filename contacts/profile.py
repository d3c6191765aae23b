"""The frame of a contact's profile: header card (X33) and tabs, the same on every tab, whichever app serves it."""

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from clientdesk.models import User
from clients.people import portal_states
from clients.profile import Tab
from contacts.models import Contact, CrmAction


def contacts_with_card(user: User) -> QuerySet[Contact]:
    """Return the contacts that `user` may see (XD33) with everything the header card shows, in one statement."""
    people = Contact.objects.visible_to(user).select_related("client__branch", "position", "department", "default_office")
    return people.annotate(planned_count=Coalesce(_planned(), 0))


def _planned() -> Subquery:
    """The number of actions that are still to be done with a contact."""
    planned = CrmAction.objects.planned().filter(contact=OuterRef("pk")).order_by().values("contact")
    return Subquery(planned.annotate(number=Count("pk")).values("number"))


def contact_of(pk: int, user: User) -> Contact:
    """Return the contact with what its card shows. Raises Http404 for an unknown one and for one that `user` may not see (XD33)."""
    return get_object_or_404(contacts_with_card(user), pk=pk)


def profile(contact: Contact, tab: str) -> dict[str, object]:
    """Return what every tab of the profile of `contact` (from `contact_of`) shows; `tab` names the current one."""
    accounts = list(contact.accounts.named())
    named = {
        "main": (_("Main data"), "contacts:detail", None),
        "social": (_("Social media"), "contacts:social", len(accounts) or None),
        "address": (_("Mailing address"), "contacts:address", None),
        "account": (_("Account data"), "access:account", None),
        "preferences": (_("Preferences"), "contacts:preferences", None),
        "crm": (_("CRM"), "crm:of_contact", contact.planned_count or None),
        "history": (_("History"), "contacts:history", None),
    }
    tabs = [Tab(label, reverse(url, args=[contact.pk]), tab == name, count) for name, (label, url, count) in named.items()]
    return {
        "contact": contact,
        "access": portal_states([contact]).get(contact.pk),
        "accounts": accounts,
        "preferred": next((account for account in accounts if account.preferred), None),
        "tabs": tabs,
    }
