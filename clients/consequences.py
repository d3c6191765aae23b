"""What a change of a client brings with it beyond the client's own data; pages say it before the change is saved (XD11, XD33, 8.7)."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.apps import apps
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk.consequences import Consequence
from clientdesk.models import Change, User
from clientdesk.rights import Right, may
from clients.models import Branch, Client
from clients.people import portal_states

# Of more clients with invited contacts nobody looks at each contact.
MOST_LOOKED_AT = 500


def losing_access(clients: Iterable[int], status: str) -> list[object]:
    """Return the contacts of `clients` (keys) who can enter the portal now and could not once their client has `status`, by name.

    Invited ones count: their link would lead nowhere. Three statements, however many they are.
    """
    return [contact for contact, access in _doors(clients) if access.shuts_with(status)]


def gaining_access(clients: Iterable[int], status: str) -> list[object]:
    """Return the contacts of `clients` (keys) who cannot enter the portal now and could once their client has `status`, by name."""
    return [contact for contact, access in _doors(clients) if access.opens_with(status)]


def _doors(clients: Iterable[int]) -> list[tuple]:
    contacts = list(apps.get_model("contacts", "Contact").objects.active().filter(client__in=list(clients)).order_by("sort_key", "pk"))
    states = portal_states(contacts)
    return [(contact, states[contact.pk]) for contact in contacts if contact.pk in states]


def gained_access_sentence(count: int) -> str:
    """Return the sentence that says how many contacts get a way into the portal."""
    return ngettext("%(count)d contact can enter the portal:", "%(count)d contacts can enter the portal:", count) % {"count": count}


def lost_access_sentence(count: int) -> str:
    """Return the sentence that says how many contacts lose their way into the portal."""
    return ngettext("%(count)d contact loses portal access:", "%(count)d contacts lose portal access:", count) % {"count": count}


def of_clocks(moved: int, resumed: int = 0) -> list[Consequence]:
    """Return what it means that so many running clocks are over at another time, and that so many that were stopped run on."""
    another = ngettext(
        "%(count)d running SLA clock is over at another time then.",
        "%(count)d running SLA clocks are over at another time then.",
        moved,
    )
    on = ngettext(
        "%(count)d SLA clock runs on as if it had not been stopped.",
        "%(count)d SLA clocks run on as if they had not been stopped.",
        resumed,
    )
    return [Consequence(sentence % {"count": count}) for sentence, count in ((another, moved), (on, resumed)) if count]


def of_doors(lost: Sequence[object], gained: Sequence[object]) -> list[Consequence]:
    """Return what it means that the contacts `lost` have no way into the portal any more and those of `gained` get one."""
    found = [Consequence(lost_access_sentence(len(lost)), tuple(map(str, lost)))] if lost else []
    return found + ([Consequence(gained_access_sentence(len(gained)), tuple(map(str, gained)))] if gained else [])


def watched(contacts: QuerySet, jobs: QuerySet | None = None) -> Callable[[], list[Consequence]]:
    """Look at who of `contacts` can enter the portal and until when the clocks of `jobs` run, before an act; return what says, once the
    act is done, what it changed of that. Nothing is foretold, so nothing is forgotten: who only asks takes the act back."""
    doors, dues = _inside(contacts), _dues(jobs)

    def changed() -> list[Consequence]:
        now, then = _inside(contacts), _dues(jobs)
        found = of_doors([name for key, name in doors.items() if key not in now], [name for key, name in now.items() if key not in doors])
        return found + of_clocks(sum(dues.get(key) != then.get(key) for key in dues.keys() | then.keys()))

    return changed


def _inside(contacts: QuerySet) -> dict[int, str]:
    """Return the names of those of `contacts` who can enter the portal, by the key of the account."""
    found = list(contacts.active().order_by("sort_key", "pk"))
    states = portal_states(found)
    return {states[contact.pk].user_id: str(contact) for contact in found if contact.pk in states and states[contact.pk].is_open}


def _dues(jobs: QuerySet | None) -> dict[int, object]:
    return {} if jobs is None else jobs.dues()


def doors_by_client(clients: Iterable[int], status: str) -> dict[int, str]:
    """Return for each of `clients` (keys) with contacts who lose or get the way into the portal with `status` the sentences that say so,
    each with the first ten names."""
    met: dict[int, tuple[list[str], list[str]]] = {}
    for contact, access in _doors(clients):
        for place, meets in enumerate((access.shuts_with(status), access.opens_with(status))):
            if meets:
                met.setdefault(contact.client_id, ([], []))[place].append(str(contact))
    return {
        pk: " ".join(filter(None, (_told(lost_access_sentence, lost), _told(gained_access_sentence, gained))))
        for pk, (lost, gained) in met.items()
    }


def _told(sentence: Callable[[int], str], names: list[str]) -> str:
    return f"{sentence(len(names))} {', '.join(names[:10])}{' …' * (len(names) > 10)}" if names else ""


def of_status(client: Client, status: str) -> list[Consequence]:
    """Return what it means to give `client` the `status` (XD11, invariant 19)."""
    if status == client.status or not client.pk:
        return []
    return of_doors(losing_access([client.pk], status), gaining_access([client.pk], status))


def with_invited(clients: QuerySet[Client]) -> list[int]:
    """Return the keys of those of `clients` whose contacts were let into the portal, at most MOST_LOOKED_AT."""
    invited = {"contacts__active": True, "contacts__access__allowed": True, "contacts__access__invited_at__isnull": False}
    return list(clients.filter(**invited).order_by("pk").values_list("pk", flat=True).distinct()[:MOST_LOOKED_AT])


def only_first() -> Consequence:
    """Return what is said where not everybody was looked at."""
    return Consequence(_("There are too many to look at each: others may be met, too."))


def of_many(statuses: Mapping[str, list[int]], branches: Mapping[int, list[int]], is_all: bool = True) -> list[Consequence]:
    """Return what it means that each client gets a status and a branch of its own, given by value with the keys of the clients; whether
    these are all that get one."""
    found: list[Consequence] = []
    for status, clients in statuses.items():
        keys = with_invited(Client.objects.filter(pk__in=clients))
        found += of_doors(losing_access(keys, status), gaining_access(keys, status)) if keys else []
        is_all = is_all and len(keys) < MOST_LOOKED_AT
    known = Branch.objects.in_bulk(list(branches))
    for branch, clients in branches.items():
        found += of_branch(Client.objects.filter(pk__in=clients), known[branch]) if branch in known else []
    return found if is_all else [*found, only_first()]


def of_branch(clients: QuerySet[Client], branch: Branch) -> list[Consequence]:
    """Return what it means for `clients` to belong to `branch`: how many clocks of their jobs run by other business hours then (JD10)."""
    count = _timed_otherwise(clients, branch).count()
    return [Consequence(_retimed_sentence(count, branch))] if count else []


def clocks_by_client(clients: Iterable[int], branch_pk: str) -> dict[int, str]:
    """Return for each of `clients` (keys) whose clocks run by other business hours in the branch with that key the sentence that says how
    many do."""
    if (branch := Branch.objects.filter(pk=branch_pk).first()) is None:
        return {}
    moved = _timed_otherwise(Client.objects.filter(pk__in=list(clients)), branch)
    counts = Counter(moved.values_list("client_id", flat=True))
    return {pk: _retimed_sentence(count, branch) for pk, count in counts.items()}


def _timed_otherwise(clients: QuerySet[Client], branch: Branch) -> QuerySet:
    """Return the jobs of `clients` whose clock runs by other hours than those of `branch`."""
    hours = {calendar.branch_id: calendar.hours for calendar in apps.get_model("jobs", "BusinessCalendar").objects.all()}
    alike = [pk for pk in Branch.objects.values_list("pk", flat=True) if hours.get(pk) == hours.get(branch.pk)]
    moved = clients.exclude(branch__in=alike).order_by().values("pk")
    return apps.get_model("jobs", "Job").objects.timed().filter(client__in=moved).order_by()


def _retimed_sentence(count: int, branch: Branch) -> str:
    return ngettext(
        "%(count)d running SLA clock is timed anew, by the business hours of %(branch)s.",
        "%(count)d running SLA clocks are timed anew, by the business hours of %(branch)s.",
        count,
    ) % {"count": count, "branch": branch}


def of_kind(client: Client, kind: str) -> list[Consequence]:
    """Return what it means to make `client`, as it is saved, one of `kind` (XD3, invariants 4 and 22)."""
    if kind == client.kind:
        return []
    if kind == Client.Kind.INDIVIDUAL:
        company = _("“%(name)s” stays in the registry of companies, without a client.") % {"name": client.legal_name}
    else:
        company = _("“%(name)s” is entered in the registry of companies.") % {"name": client.legal_name}
    return [Consequence(company), Consequence(_("No contact person is added: the ones that are there stay."))]


def of_restriction(restricted: bool, persons: Iterable[User | None], by: User) -> list[Consequence]:
    """Return what it means for `by` that a client is `restricted` to `persons` (XD33)."""
    persons = [person for person in persons if person is not None]
    if not restricted or by in persons:
        return []
    if may(by, Right.STAFF) and not any(person.is_active for person in persons):
        return [Consequence(_("Nobody is responsible for this client: only administrators will see it."))]
    names = tuple(str(person) for person in persons)
    if not names:
        return [Consequence(_("You will not see this client any more. Nobody is responsible for it: only administrators will see it."))]
    return [Consequence(_("You will not see this client any more. These people will:"), names)]


def of_undo(client: Client, change: Change, by: User) -> list[Consequence]:
    """Return what it means for others, and for `by`, that `change` of `client` is taken back."""
    before = {name: pair[0] for name, pair in (change.changes or {}).items() if isinstance(pair, list)}
    found = of_kind(client, str(before["kind"])) if "kind" in before else []
    found += of_status(client, str(before["status"])) if "status" in before else []
    if branch := Branch.objects.filter(pk=before.get("branch")).first():
        found += of_branch(Client.objects.filter(pk=client.pk), branch)
    if not before.keys() & {"restricted_to_responsible", "sales_person", "project_manager"}:
        return found
    keys = [before.get(name, getattr(client, f"{name}_id")) for name in ("sales_person", "project_manager")]
    keys += client.responsibles.values_list("user_id", flat=True)
    people = User.objects.in_bulk([key for key in keys if key])
    restricted = bool(before.get("restricted_to_responsible", client.restricted_to_responsible))
    return found + of_restriction(restricted, [people[key] for key in dict.fromkeys(keys) if key in people], by)
