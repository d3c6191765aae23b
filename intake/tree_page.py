"""The tree that a file comes to, before anything of it is saved: clients with what stands beneath them, page by page."""

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from clientdesk.models import User
from intake.hidden import hidden, hidden_row
from intake.models import ImportRun, StagedRow, Verdict
from intake.run_pages import RunScreen, standing_url
from intake.tree_columns import PARTS

PAGE = 20
# So many rows of one client are looked at; the rest is told as a number.
MOST = 500
_ICONS = {"client": "building-2", "office": "map-pin", "department": "users", "person": "user"}


@dataclass
class Node:
    """One record of the tree with those beneath it; `state` is "new", "changed" or an empty text."""

    part: str
    label: str
    state: str = ""
    beneath: dict[tuple[str, str], "Node"] = field(default_factory=dict)
    # How many of its rows are errors, and how many are not shown.
    wrong: int = 0
    more: int = 0

    @property
    def icon(self) -> str:
        """The name of the icon of its kind."""
        return _ICONS[self.part]

    @property
    def children(self) -> list["Node"]:
        """What stands beneath, in the order of the file."""
        return list(self.beneath.values())


def _label(part: dict) -> str:
    return str(part.get("label") or "")


def _state(part: dict) -> str:
    return "new" if part["id"] is None else "changed" if part["changes"] else ""


def _grow(client: Node, row: StagedRow) -> None:
    """Put what `row` is about beneath `client`."""
    at = client
    for part in PARTS[1:]:
        if said := (row.parts or {}).get(part):
            label = _label(said)
            at = at.beneath.setdefault((part, label.casefold()), Node(part, label, _state(said)))
    client.wrong += row.verdict == Verdict.ERROR


def trees(run: ImportRun, after: str, reader: User) -> tuple[list[Node], str]:
    """Return the clients of one page as trees, and the key after which the next page begins (an empty text on the last)."""
    named = run.rows.exclude(name_key=None).filter(name_key__gt=after).order_by("name_key")
    keys = list(named.values_list("name_key", flat=True).distinct()[: PAGE + 1])
    clients = []
    for key in keys[:PAGE]:
        rows = list(run.rows.filter(name_key=key, parts__isnull=False).order_by("line")[: MOST + 1])
        if not rows:
            continue
        said = rows[0].parts["client"]
        if hidden([said["id"]], reader):
            clients.append(Node("client", hidden_row()))
            continue
        client = Node("client", _label(said), _state(said))
        for row in rows[:MOST]:
            _grow(client, row)
        client.more = run.rows.filter(name_key=key).count() - MOST if len(rows) > MOST else 0
        clients.append(client)
    return clients, keys[PAGE - 1] if len(keys) > PAGE else ""


class Tree(RunScreen):
    """What the rows of a company tree come to, as a list that is indented (import.md section 1)."""

    template_name = "intake/tree.html"
    step = "review"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run_of(pk)
        if run.kind != ImportRun.Kind.TREE or run.standing != ImportRun.State.REVIEW:
            return redirect(standing_url(run) if run.standing != ImportRun.State.REVIEW else reverse("intake:review", args=[run.pk]))
        clients, after = trees(run, request.GET.get("after", ""), request.user)
        return self.show(**self.of(run), clients=clients, after=after, is_first=not request.GET.get("after"))
