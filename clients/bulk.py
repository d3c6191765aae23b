"""What is done to many clients at once: another branch or category, out of use (S1)."""

from typing import ClassVar

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk.consequences import Consequence
from clientdesk.models import LongRun, User
from clientdesk.rights import Right
from clientdesk.tables.bulk import Acts, Order, order_of
from clients import consequences
from clients.models import Branch, Category, Client
from clients.table import TABLE

KIND = "clients_bulk"


class ClientActs(Acts[Client]):
    """The acts on clients."""

    table = TABLE
    kind = KIND
    rights: ClassVar[dict[str, Right]] = {"branch": Right.CHANGE, "category": Right.CHANGE, "status": Right.DEACTIVATE}
    reads = ("name", "branch_id", "category_id", "status")

    def target(self, order: Order) -> object:
        """Return what the clients get, in words of its own: a branch, a category or None."""
        model = {"branch": Branch, "category": Category}.get(order.column)
        return model.objects.filter(pk=order.value).first() if model else Client.Status(order.value or Client.Status.INACTIVE).label

    def undo_means(self, run: LongRun, by: User) -> list[Consequence]:
        """Each client gets its own branch or status back: who can enter the portal then, and which clocks go by other hours."""
        order = order_of(run)
        if order is None or order.column not in ("branch", "status"):
            return []
        pairs, is_all = self.coming_back(run, by)
        given: dict[object, list[int]] = {}
        for client, values in self.back(order, pairs):
            given.setdefault(values[order.column], []).append(client.pk)
        return consequences.of_many(given if order.column == "status" else {}, given if order.column == "branch" else {}, is_all)

    def sentence(self, run: LongRun) -> str:
        order = order_of(run)
        if not run.done or order is None:
            return (
                _("Nothing was changed.") if order and order.of else _("Nothing was changed: the selected clients are like that already.")
            )
        shown = {"count": number_format(run.done, force_grouping=True), "target": "" if order.of else self.target(order)}
        if order.of:
            return ngettext("%(count)s client is as it was before.", "%(count)s clients are as they were before.", run.done) % shown
        if order.column == "status":
            return ngettext("%(count)s client was set inactive.", "%(count)s clients were set inactive.", run.done) % shown
        if order.value is None:
            return ngettext("%(count)s client has no category now.", "%(count)s clients have no category now.", run.done) % shown
        moved = ngettext(
            "%(count)s client was moved to the branch “%(target)s”.", "%(count)s clients were moved to the branch “%(target)s”.", run.done
        )
        given = ngettext(
            "%(count)s client is in the category “%(target)s” now.", "%(count)s clients are in the category “%(target)s” now.", run.done
        )
        return (moved if order.column == "branch" else given) % shown


ACTS = ClientActs()
advance = ACTS.advance
