"""The frame of a client's profile: header card and tabs, the same on every tab, whichever app serves it."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from clientdesk.models import User
from clients.models import Client


@dataclass(frozen=True)
class Tab:
    """One tab of a profile: a link."""

    label: str
    url: str
    current: bool
    count: int | None = None


def client_of(pk: int, user: User, *related: str) -> Client:
    """Return the client with branch, category, company type, company, `related` and the counts of its tabs, in one statement.

    Raises Http404 for an unknown one and for one that `user` may not see (XD33).
    """
    seen = Client.objects.visible_to(user).select_related("branch", "category", "company_type", "company", *related)
    counted = seen.with_contact_count().with_document_count().with_place_counts().with_planned_count().with_job_count()
    return get_object_or_404(counted, pk=pk)


_EDIT = {
    "identification": "clients:edit_identification",
    "addresses": "clients:edit_addresses",
    "preferences": "clients:edit_preferences",
}


def profile(client: Client, tab: str) -> dict[str, object]:
    """Return what every tab of the profile of `client` (from `client_of`) shows; `tab` names the current one."""
    named = {
        "overview": (_("Overview"), "clients:detail", None),
        "identification": (_("Identification"), "clients:identification", None),
        "addresses": (_("Addresses"), "clients:addresses", None),
        "offices": (_("Offices"), "contacts:offices", client.office_count),
        "departments": (_("Departments"), "contacts:departments", client.department_count or None),
        "contacts": (_("Contact persons"), "contacts:of_client", client.contact_count),
        "portal": (_("Portal rights"), "access:client_rights", None),
        "sla": (_("SLA"), "jobs:client_times", client.job_count or None),
        "preferences": (_("Preferences"), "clients:preferences", None),
        "crm": (_("CRM"), "crm:of_client", client.planned_count or None),
        "documents": (_("Documents"), "clients:documents", client.document_count or None),
        "history": (_("History"), "clients:history", None),
    }
    if client.is_individual:
        # One person has one place and no departments (C3).
        del named["offices"], named["departments"]
    tabs = [Tab(label, reverse(url, args=[client.pk]), tab == name, count) for name, (label, url, count) in named.items()]
    edit_url = reverse(_EDIT.get(tab, "clients:edit"), args=[client.pk])
    return {"client": client, "tabs": tabs, "edit_url": edit_url}
