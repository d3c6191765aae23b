"""Why a contact sees an item, or why not: the law of portal/visibility.py taken apart, step by step, with the setting behind each step.

    explain(job, access).seen           # always the same answer as visible(Job.objects, access)
    explain_contacts(job, accesses)     # many contacts and one item, in one statement
    explain_items(jobs, access)         # one contact and many items of one kind, in one statement

Each step asks the very functions that `visible` is made of; a test compares both for random clients.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from django.db.models import Exists, OuterRef

from clients.models import Client
from contacts.models import Contact
from jobs.models import Item, Job, Project, Quote
from portal import reasons
from portal.models import ContactAccess
from portal.reasons import Facts, Step
from portal.visibility import VIEW, in_place, of_client

# What a row of a contact needs so that its steps cost no further statement.
_WITH_ACCESS = ("client__portal", "access__user", "default_office", "department")


@dataclass(frozen=True)
class Explanation:
    """Whether the contact of `access` sees `item`, and each step that leads to the answer, in the order in which it is asked."""

    item: Item
    access: ContactAccess
    steps: tuple[Step, ...]

    @property
    def seen(self) -> bool:
        """Whether the contact sees the item now."""
        return all(step.passed for step in self.steps)

    @property
    def stops(self) -> Step | None:
        """The first step that says no, or None."""
        return next((step for step in self.steps if not step.passed), None)

    @property
    def title(self) -> str:
        """What the item is about."""
        return getattr(self.item, "subject", "") or getattr(self.item, "name", "")

    @property
    def url(self) -> str:
        """The address of the item's page."""
        return reasons.to_item(self.item).url


def accesses_of(contacts: Iterable[Contact]) -> list[ContactAccess]:
    """Return the access of each of `contacts`, in their order, with all that an explanation reads, in two statements."""
    order = {contact.pk: place for place, contact in enumerate(contacts)}
    found = Contact.objects.filter(pk__in=order).select_related(*_WITH_ACCESS).prefetch_related("offices")
    clients: dict[int, Client] = {}
    for contact in found:
        # One object for each client: where it has no portal rights of its own, the defaults are read once and not for each contact.
        contact.client = clients.setdefault(contact.client_id, contact.client)
    return [ContactAccess.of(contact) for contact in sorted(found, key=lambda contact: order[contact.pk])]


def access_of(contact: Contact) -> ContactAccess:
    """Return the access of `contact` with all that an explanation reads."""
    return accesses_of([contact])[0]


def explain(item: Item, access: ContactAccess) -> Explanation:
    """Return why the contact of `access` sees `item`, or why not."""
    return explain_contacts(item, [access])[0]


def explain_contacts(item: Item, accesses: Sequence[ContactAccess]) -> list[Explanation]:
    """Return an explanation of `item` for each of `accesses`."""
    found = _facts(type(item), [item.pk], accesses)
    return [_explanation(item, access, found[item.pk, place]) for place, access in enumerate(accesses)]


def explain_items(items: Sequence[Item], access: ContactAccess) -> list[Explanation]:
    """Return an explanation of each of `items`, which are of one kind, for `access`."""
    if not items:
        return []
    found = _facts(type(items[0]), [item.pk for item in items], [access])
    return [_explanation(item, access, found[item.pk, 0]) for item in items]


def find_item(text: str, user=None) -> Item | None:
    """Return the quote, project or job with the number `text`, in any case, among those that the staff user `user` may see; None
    where there is none. Without `user` all are looked at."""
    number = text.strip()[:30].replace("\x00", "")
    for model in VIEW:
        items = model.objects.visible_to(user) if user else model.objects.all()
        found = items.select_related("client", "office", "department", "contact").filter(number__iexact=number).first()
        if found:
            return found
    return None


def _facts(model: type[Item], keys: Sequence[int], accesses: Sequence[ContactAccess]) -> dict[tuple[int, int], Facts]:
    """Return what the database says of each item of `keys` and each access, by the item's key and the place of the access."""
    one = cast("type[Quote | Project | Job]", model).objects.filter(pk=OuterRef("pk"))
    asked = {"published": Exists(one.published())}
    for place, access in enumerate(accesses):
        asked[f"of_client_{place}"] = Exists(of_client(one, access))
        asked[f"in_place_{place}"] = Exists(in_place(one, access))
        asked[f"named_{place}"] = Exists(one.naming(access.contact))
    return {
        (row["pk"], place): Facts(*(bool(row[f"{name}_{place}"]) for name in ("of_client", "in_place", "named")), bool(row["published"]))
        for row in model._base_manager.filter(pk__in=keys).values("pk", **asked)
        for place in range(len(accesses))
    }


def _explanation(item: Item, access: ContactAccess, facts: Facts) -> Explanation:
    return Explanation(item, access, tuple(reasons.steps(item, access, facts)))
