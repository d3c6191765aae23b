"""Many invitations at once: the page that says who gets one and who not, with the reason, and what came of it (XD34; design.md 5.8)."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk import work
from clientdesk.models import LongRun
from clientdesk.rights import Right
from clientdesk.tables.picking import Selection
from clientdesk.views import Screen, see_other, wants_part
from clients.models import Client
from contacts.models import Contact
from portal import states
from portal.bulk_inviting import KIND, TABLES, begin, order_of, people, sentence, why_left_out

# Of a larger selection only the first ones are judged beforehand; the run judges everybody.
MOST_LOOKED_AT = 500
MOST_AT_ONCE = 20


@dataclass(frozen=True)
class Outlook:
    """What a bulk invitation would do: who gets one, who not with the reason, who is on the way already, how many were not looked at,
    and the clients that have nobody to invite."""

    invited: list[Contact]
    left: list[tuple[Contact, str]]
    on_the_way: int
    more: int
    nobody: list[Client]

    @property
    def first(self) -> list[Contact]:
        """Those of the invited who stand on the page at once."""
        return self.invited[:MOST_AT_ONCE]

    @property
    def rest(self) -> list[Contact]:
        """Those who show when asked for."""
        return self.invited[MOST_AT_ONCE:]

    @property
    def left_out(self) -> int:
        """How many get none, of those who were looked at."""
        return len(self.left) + len(self.nobody)


def outlook(selection: Selection, again: bool) -> Outlook:
    """Judge the people of `selection`; nothing is written. The same handful of statements however many they are."""
    found = people(selection)
    looked_at = list(found.select_related("client").order_by("sort_key", "pk")[:MOST_LOOKED_AT])
    more = found.order_by().count() - MOST_LOOKED_AT if len(looked_at) == MOST_LOOKED_AT else 0
    accesses = states.of_contacts(looked_at)
    reasons = [(contact, why_left_out(accesses[contact.pk], again)) for contact in looked_at if contact.pk in accesses]
    on_the_way = sum(not access.refusal and bool(why_left_out(access, again=False)) for access in accesses.values())
    nobody = []
    if selection.table.model is Client:
        nobody = list(selection.records.exclude(contacts__is_primary=True).order_by("name_key", "pk")[:MOST_LOOKED_AT])
    return Outlook(
        [contact for contact, reason in reasons if not reason],
        [(contact, reason) for contact, reason in reasons if reason],
        on_the_way,
        more,
        nobody,
    )


class BulkInvite(Screen):
    """The dry run over the picked rows of a list; sending it invites."""

    right = Right.INVITE
    template_name = "portal/bulk_invite.html"
    page = "contacts"

    def get(self, request: HttpRequest) -> HttpResponse:
        selection = Selection.read(TABLES[self.page], request.GET, request.user)
        return self._nobody(selection) or self._ask(selection, "again" in request.GET)

    def post(self, request: HttpRequest) -> HttpResponse:
        selection = Selection.read(TABLES[self.page], request.POST, request.user)
        if answer := self._nobody(selection):
            return answer
        run = begin(selection, "again" in request.POST)
        return see_other(request, reverse("access:invite_run", args=[run.pk]))

    def _nobody(self, selection: Selection) -> HttpResponse | None:
        if selection.records.exists():
            return None
        messages.info(self.request, _("Select at least one row, then choose whom to invite."))
        return see_other(self.request, selection.table.list_url(selection.query))

    def _ask(self, selection: Selection, again: bool) -> HttpResponse:
        found = outlook(selection, again)
        count = len(found.invited)
        with_again = self.request.GET.copy()
        with_again["again"] = "1"
        without_again = self.request.GET.copy()
        without_again.pop("again", None)
        return self.show(
            outlook=found,
            again=again,
            other_url=f"?{(without_again if again else with_again).urlencode()}",
            heading=ngettext("Invite %(count)d contact", "Invite %(count)d contacts", count) % {"count": count},
            fields=[*selection.fields, *([("again", "1")] if again else [])],
            table=selection.table,
            back_url=selection.table.list_url(selection.query),
        )


class InviteRun(Screen):
    """How far a bulk invitation is, and who got none; the page may be left."""

    right = Right.INVITE
    template_name = "portal/invite_run.html"
    part = "progress"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = get_object_or_404(LongRun.objects.filter(owner=request.user, kind=KIND), pk=pk)
        order = order_of(run)
        if wants_part(request) and not run.is_open:
            return see_other(request, request.path)
        left = [] if run.is_open else list(Contact.objects.visible_to(request.user).filter(pk__in=order.left).order_by("sort_key", "pk"))
        accesses = states.of_contacts(left)
        return self.show(
            run=run,
            sentence=sentence(order),
            left=[(contact, why_left_out(accesses[contact.pk], order.again) or _("Could not be invited then.")) for contact in left],
            more=order.left_out - len(left),
            done=number_format(run.done, force_grouping=True),
            total=number_format(run.total or 0, force_grouping=True),
            table=TABLES[order.page],
            worker_notice=work.notice() if run.is_open else "",
            back_url=TABLES[order.page].list_url(order.query),
        )
