"""The steps of an explanation in words: what is asked, what the answer is for this contact and this item, and where it is changed."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Client
from jobs.models import Item, Job, Project, Quote
from portal.models import ContactAccess, Level, Opening
from portal.rights import ACTIONS, AREAS, Right
from portal.visibility import VIEW

_PAGES: dict[type[Item], str] = {Quote: "quotes:detail", Project: "projects:detail", Job: "jobs:detail"}


class Question(TextChoices):
    """What is asked, in this order (domain.md 8.4: G, R, S, V)."""

    DOOR = "door", gettext_lazy("May this person come in?")
    CLIENT_RIGHT = "client_right", gettext_lazy("Does the client have the right?")
    OWN_RIGHT = "own_right", gettext_lazy("Was the person given the right?")
    CLIENT = "client", gettext_lazy("Is it of this person's client?")
    PLACE = "place", gettext_lazy("Is it where the person may look?")
    PERSON = "person", gettext_lazy("Does it name the person?")
    PUBLICATION = "publication", gettext_lazy("Is it shown to clients at all?")


@dataclass(frozen=True)
class Facts:
    """What the database says of one item and one access: of the same client, at a place of the level, naming the contact, published."""

    of_client: bool
    in_place: bool
    named: bool
    published: bool


@dataclass(frozen=True)
class Setting:
    """Where the answer of a step is changed: the words of a link, and the name and key of its page."""

    label: str
    page: str
    key: int

    @property
    def url(self) -> str:
        """The address of the page."""
        return reverse(self.page, args=[self.key])


@dataclass(frozen=True)
class Step:
    """One question with its answer in a sentence, and the settings that change it."""

    question: Question
    passed: bool
    sentence: str
    settings: tuple[Setting, ...] = ()


def steps(item: Item, access: ContactAccess, facts: Facts) -> Iterator[Step]:
    """Yield each step for `item` and `access`, in the order of Question; who sees it must pass all of them."""
    yield door(access)
    yield from _rights(item, access)
    yield _client(item, access, facts)
    yield _place(item, access, facts)
    if access.level == Level.ONLY_RELATED:
        yield _person(item, access, facts)
    yield _publication(item, facts)


def door(access: ContactAccess) -> Step:
    """Return the first step, which asks nothing of an item: whether the contact may come in at all (G)."""
    contact, account = access.contact, _settings(access, "account")
    if access.is_open:
        said = _("%(contact)s may enter the portal.") if access.activated else _("%(contact)s may enter as soon as a password is chosen.")
        return Step(Question.DOOR, True, said % {"contact": contact}, account)
    if not contact.active:
        sentence = _("%(contact)s is deactivated.") % {"contact": contact}
        return Step(Question.DOOR, False, sentence, _link(_("Contact's profile"), "contacts:detail", contact.pk))
    if not access.client_access.is_open:
        return Step(Question.DOOR, False, _closed(access), _settings(access, "client"))
    if access.user is None:
        said = _("%(contact)s was never invited.")
    elif not access.allowed:
        said = _("%(contact)s is not allowed to enter the portal.")
    else:
        said = _("The account of %(contact)s is deactivated.")
    return Step(Question.DOOR, False, said % {"contact": contact}, account)


def _closed(access: ContactAccess) -> str:
    client = access.contact.client
    if access.client_access.portal_access == Opening.BY_STATUS:
        said = _("%(client)s is %(status)s, and only active clients enter the portal.")
        return said % {"client": client.legal_name, "status": Client.Status(client.status).label}
    return _("The portal is closed for %(client)s.") % {"client": client.legal_name}


def _rights(item: Item, access: ContactAccess) -> Iterator[Step]:
    """The two halves of R: what the client has bounds what the contact was given (invariant 8)."""
    right, client = VIEW[type(item)], access.contact.client
    said = {"right": _name(right), "client": client.legal_name, "contact": access.contact}
    clients, own = right in Right(access.client_access.rights), right in Right(access.rights or 0)
    sentence = _("%(client)s has the right “%(right)s”.") if clients else _("%(client)s does not have the right “%(right)s”.")
    yield Step(Question.CLIENT_RIGHT, clients, sentence % said, _settings(access, "client"))
    sentence = _("%(contact)s has the right “%(right)s”.") if own else _("%(contact)s does not have the right “%(right)s”.")
    yield Step(Question.OWN_RIGHT, own, sentence % said, _settings(access, "account"))


def _name(right: Right) -> str:
    area, _sign, action = (right.name or "").partition("_")
    return f"{AREAS[area]}: {ACTIONS[action]}"


def _client(item: Item, access: ContactAccess, facts: Facts) -> Step:
    if facts.of_client:
        said = _("%(item)s belongs to %(client)s, the client of %(contact)s.")
    else:
        said = _("%(item)s belongs to %(client)s, not to the client of %(contact)s.")
    sentence = said % {"item": item.number, "client": item.client.legal_name, "contact": access.contact}
    return Step(Question.CLIENT, facts.of_client, sentence)


def _place(item: Item, access: ContactAccess, facts: Facts) -> Step:
    """The office or the department that the level looks at."""
    contact, level = access.contact, Level(access.level)
    said = {
        "level": level.label,
        "item": item.number,
        "contact": contact,
        "office": item.office.name,
        "department": item.department and item.department.name,
        "own": contact.department and contact.department.name,
        "default": contact.default_office.name,
    }
    if level == Level.DEPARTMENT:
        links = _link(_("Contact's main data"), "contacts:edit", contact.pk)
        sentence = _department(item, access, facts)
    elif level == Level.ALL_OFFICES:
        links = _link(_("Contact's offices"), "contacts:edit_offices", contact.pk)
        sentence = _offices(item, access, facts)
    else:
        links = _link(_("Contact's offices"), "contacts:edit_offices", contact.pk)
        sentence = _default_office(facts)
    return Step(Question.PLACE, facts.in_place, sentence % said, (*_settings(access, "account"), *links))


def _default_office(facts: Facts) -> str:
    if facts.in_place:
        return _("Level “%(level)s”: %(item)s is of %(office)s, the default office of %(contact)s.")
    return _("Level “%(level)s”: %(item)s is of %(office)s, but the default office of %(contact)s is %(default)s.")


def _department(item: Item, access: ContactAccess, facts: Facts) -> str:
    if facts.in_place:
        return _("Level “%(level)s”: %(item)s is of the department %(department)s, as %(contact)s is.")
    if access.contact.department_id is None:
        return _("Level “%(level)s”: %(contact)s is of no department and sees nothing.")
    if item.department_id is None:
        return _("Level “%(level)s”: %(item)s is of no department, %(contact)s is of %(own)s.")
    return _("Level “%(level)s”: %(item)s is of the department %(department)s, but %(contact)s is of %(own)s.")


def _offices(item: Item, access: ContactAccess, facts: Facts) -> str:
    if facts.in_place:
        return _("Level “%(level)s”: %(item)s is of %(office)s, one of the offices of %(contact)s.")
    # Of those that were loaded at once, without a further statement.
    if item.office_id in {office.pk for office in access.contact.offices.all()}:
        return _("Level “%(level)s”: %(item)s is of %(office)s, which is deactivated.")
    return _("Level “%(level)s”: %(item)s is of %(office)s, which is none of the offices of %(contact)s.")


def _person(item: Item, access: ContactAccess, facts: Facts) -> Step:
    said = {"contact": access.contact, "item": item.number, "level": Level(access.level).label}
    if not facts.named:
        sentence = _("%(item)s names %(contact)s neither as contact person nor as additional contact.")
    elif item.contact_id == access.contact.pk:
        sentence = _("%(contact)s is the contact person of %(item)s.")
    else:
        sentence = _("%(contact)s is an additional contact of %(item)s.")
    return Step(Question.PERSON, facts.named, sentence % said, (*_settings(access, "account"), to_item(item)))


def _publication(item: Item, facts: Facts) -> Step:
    said = {"item": item.number, "status": item.get_status_display()}
    if facts.published:
        sentence = _("%(item)s is %(status)s, which clients are shown.")
    elif isinstance(item, Quote):
        sentence = _("%(item)s is %(status)s: clients see it once it is sent.")
    else:
        sentence = _("%(item)s is %(status)s, which clients are not shown.")
    return Step(Question.PUBLICATION, facts.published, sentence % said, (to_item(item),))


def _settings(access: ContactAccess, of: str) -> tuple[Setting, ...]:
    if of == "client":
        return _link(_("Client's portal rights"), "access:client_rights", access.contact.client_id)
    return _link(_("Contact's account data"), "access:account", access.contact.pk)


def to_item(item: Item) -> Setting:
    """Return the way to the page of `item`."""
    return Setting(item.number, _PAGES[type(item)], item.pk)


def _link(label: str, name: str, key: int) -> tuple[Setting, ...]:
    return (Setting(label, name, key),)
