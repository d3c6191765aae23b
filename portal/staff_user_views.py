"""Settings, Portal users: every contact with an account, over all clients (S14, S15)."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from clientdesk.lists import Column, Listing, ListSpec, Sort
from clientdesk.rights import Right
from clientdesk.search_form import SearchForm, SomeOf, Words
from clientdesk.tables.plain import ListFile
from clientdesk.views import ListPage
from clients.models import Branch
from contacts.models import Contact
from portal import states
from portal.models import ContactAccess, State
from portal.user_files import PORTAL_USERS_FILE

# A portal user was invited at some time, or there would be no account.
_SHOWN = [state for state in State if state != State.NOT_INVITED]


class _OfState(SomeOf):
    """The state that staff read of the access; it is derived, so no column holds it."""

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the contacts whose access is in one of these states."""
        return queryset.filter(states.condition(*value))


class PortalUserSearch(SearchForm):
    """Name and e-mail as typed words; state and branch as chips."""

    q = Words(label=_("Name or e-mail"))
    state = _OfState(label=_("State"), column="state", choices=[(state.value, state.label) for state in _SHOWN])
    branch = SomeOf(label=_("Branch"), column="client__branch_id", dictionary=Branch)


PORTAL_USERS = ListSpec(
    model=Contact,
    sorts=(Sort("name", ("sort_key", "id"), "contact_by_name"),),
    columns=(
        Column(_("Portal user"), "name"),
        Column(_("Client"), css="p1"),
        Column(_("Branch"), css="p3"),
        Column(_("State")),
        Column(_("Invited"), css="p2"),
        Column(_("Last sign-in"), css="p1"),
    ),
    form=PortalUserSearch,
)


class PortalUsers(ListPage):
    """Who has an account of the client portal: contact, client, state, last sign-in (S15)."""

    right = Right.PORTAL_RIGHTS
    spec = PORTAL_USERS
    template_name = "portal/portal_users.html"

    def queryset(self) -> QuerySet:
        return Contact.objects.visible_to(self.request.user).filter(access__user__isnull=False)

    def with_details(self, queryset: QuerySet) -> QuerySet:
        return queryset.select_related("client__branch", "access__user").only(
            *("first_name", "last_name", "email", "sort_key", "active", "client__name", "client__kind", "client__branch__name"),
            *("access__invited_at", "access__user__last_login"),
        )

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s portal user", "%(count)s portal users", count) % {"count": text}

    def list_context(self, listing: Listing) -> dict[str, object]:
        return {"rows": with_access(listing.rows), "file": PORTAL_USERS_FILE.offered(listing)}


def with_access(contacts: list[Contact]) -> list[tuple[Contact, ContactAccess]]:
    """Return each of `contacts` with its access; a few statements."""
    accesses = states.of_contacts(contacts)
    return [(contact, accesses[contact.pk]) for contact in contacts]


class ExportPortalUsers(ListFile, PortalUsers):
    """The portal users of the list as a file. Whoever may see the list holds the right to export, too."""

    right = Right.PORTAL_RIGHTS
    file = PORTAL_USERS_FILE

    def file_rows(self, records: list) -> Iterable[object]:
        return with_access(records)
