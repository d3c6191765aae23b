"""Random clients with people, places, work and accesses as plain values; what each person sees of them by the letter of domain.md
8.4, in plain Python; and the same clients in the database."""

from dataclasses import dataclass
from random import Random

from clientdesk.models import User
from clients.models import Client
from contacts.models import Contact, ContactOffice, Department, Office
from jobs.models import Item, Job, Project, Quote
from portal.models import ClientAccess, ContactAccess
from portal.rights import Right

LEVELS = ("only_related", "department", "default_office", "all_selected_offices")
RIGHTS = {Quote: Right.QUOTES_VIEW, Project: Right.PROJECTS_VIEW, Job: Right.JOBS_VIEW}
PEOPLE, ITEMS = 3, 5


@dataclass
class Person:
    """A contact: places by their number within the client, and its access."""

    client: int
    default: int
    offices: set[int]
    department: int | None
    level: str
    rights: int | None
    active: bool
    allowed: bool
    has_user: bool
    user_active: bool


@dataclass
class Work:
    """A quote, project or job; people by their number in the world."""

    kind: type[Item]
    client: int
    office: int
    department: int | None
    contact: int | None
    others: set[int]
    status: str = ""
    origin: str = ""


@dataclass
class Firm:
    """A client; which of its offices are in use, and what it may do in the portal."""

    status: str
    opening: str | None
    rights: int
    offices: list[bool]
    departments: int


@dataclass
class World:
    """Everything."""

    firms: list[Firm]
    people: list[Person]
    work: list[Work]


def draw(random: Random) -> World:
    """Return a random world of two clients. Most doors are open, or nobody would see anything."""

    def mostly() -> bool:
        return random.randrange(8) > 0

    def rights() -> int:
        return sum(int(right) for right in RIGHTS.values() if mostly())

    firms, people, work = [], [], []
    for _ in range(2):
        offices = [random.randrange(4) > 0 for _ in range(3)]
        status = "active" if mostly() else random.choice(["potential", "inactive"])
        opening = random.choice([None, "by_status", "by_status", "allowed", "allowed", "denied" if not mostly() else "allowed"])
        firms.append(Firm(status, opening, rights(), offices, random.randrange(3)))
    for client, firm in enumerate(firms):
        for _ in range(PEOPLE):
            default = random.randrange(3)
            chosen = {default} | {office for office in range(3) if random.randrange(2)}
            department = random.choice([None, *range(firm.departments)])
            own = None if not mostly() else rights()
            doors = [mostly() for _ in range(4)]
            people.append(Person(client, default, chosen, department, random.choice(LEVELS), own, *doors))
    for kind in RIGHTS:
        for client, firm in enumerate(firms):
            own = range(client * PEOPLE, (client + 1) * PEOPLE)
            for _ in range(ITEMS):
                one = Work(
                    kind, client, random.randrange(3), random.choice([None, *range(firm.departments)]), random.choice([None, *own]), set()
                )
                one.others = {person for person in own if random.randrange(4) == 0}
                if kind is Quote:
                    one.status = random.choice(["requested", "pending", "sent", "approved", "rejected"])
                    one.origin = random.choice(["staff", "portal"])
                work.append(one)
    return World(firms, people, work)


# --- the law, in plain Python -----------------------------------------------------------------------
def may_see(world: World, who: int, one: Work) -> bool:
    """Say whether the person number `who` sees `one`: G and R and S and V."""
    person, firm = world.people[who], world.firms[world.people[who].client]
    portal_open = firm.opening == "allowed" or (firm.opening in (None, "by_status") and firm.status == "active")
    door = person.active and person.has_user and person.user_active and person.allowed and portal_open
    view = RIGHTS[one.kind]
    right = bool(_rights_of(firm) & view and (person.rights or 0) & view)
    published = one.kind is not Quote or one.status != "pending" or one.origin == "portal"
    return door and right and _in_scope(world, who, one) and published


def _rights_of(firm: Firm) -> int:
    # A client without a row has the defaults, which view all three.
    return firm.rights if firm.opening else int(RIGHTS[Quote] | RIGHTS[Project] | RIGHTS[Job])


def _in_scope(world: World, who: int, one: Work) -> bool:
    person = world.people[who]
    if one.client != person.client:
        return False
    if person.level == "only_related":
        return one.office == person.default and (one.contact == who or who in one.others)
    if person.level == "department":
        return person.department is not None and one.department == person.department
    if person.level == "default_office":
        return one.office == person.default
    return one.office in person.offices and world.firms[one.client].offices[one.office]


# --- the same in the database -----------------------------------------------------------------------
@dataclass
class Stored:
    """The rows of a world, in its order."""

    accesses: list[ContactAccess]
    items: list[Item]


def store(world: World, clients: list[Client]) -> Stored:
    """Save `world` for the two `clients`, which have no offices of their own yet but the headquarters."""
    _set_up(world, clients)
    offices = _offices(world, clients)
    departments = {
        client: Department.objects.bulk_create(
            Department(client=clients[client], name=f"D{number}", name_key=f"d{number}") for number in range(firm.departments)
        )
        for client, firm in enumerate(world.firms)
    }
    contacts = _people(world, clients, offices, departments)
    return Stored(_accesses(world, contacts), _work(world, clients, offices, departments, contacts))


def _set_up(world: World, clients: list[Client]) -> None:
    for client, firm in zip(clients, world.firms, strict=True):
        Client.objects.filter(pk=client.pk).update(status=firm.status)
        client.refresh_from_db()
        if firm.opening:
            ClientAccess.objects.bulk_create([ClientAccess(client=client, portal_access=firm.opening, rights=firm.rights)])


def _offices(world: World, clients: list[Client]) -> dict[int, list[Office]]:
    return {
        client: Office.objects.bulk_create(
            Office(client=clients[client], name=f"O{number}", name_key=f"o{number}", active=active)
            for number, active in enumerate(firm.offices)
        )
        for client, firm in enumerate(world.firms)
    }


def _people(world: World, clients: list[Client], offices: dict, departments: dict) -> list[Contact]:
    contacts = Contact.objects.bulk_create(
        Contact(
            client=clients[person.client],
            first_name=f"P{number}",
            last_name="Krämer",
            email=f"p{number}@acme.example",
            sort_key=f"kraemer p{number}",
            default_office=offices[person.client][person.default],
            department=None if person.department is None else departments[person.client][person.department],
            active=person.active,
        )
        for number, person in enumerate(world.people)
    )
    ContactOffice.objects.bulk_create(
        ContactOffice(contact=contact, office=offices[person.client][office])
        for contact, person in zip(contacts, world.people, strict=True)
        for office in person.offices
    )
    return contacts


def _accesses(world: World, contacts: list[Contact]) -> list[ContactAccess]:
    users = User.objects.bulk_create(
        User(email=contact.email, email_key=contact.email, is_active=person.user_active, password="md5$chosen")
        for contact, person in zip(contacts, world.people, strict=True)
    )
    rows = ContactAccess.objects.bulk_create(
        ContactAccess(
            contact=contact, user=user if person.has_user else None, allowed=person.allowed, level=person.level, rights=person.rights
        )
        for contact, user, person in zip(contacts, users, world.people, strict=True)
    )
    return [ContactAccess.objects.select_related("user", "contact__client__portal").get(pk=row.pk) for row in rows]


def _work(world: World, clients: list[Client], offices: dict, departments: dict, contacts: list[Contact]) -> list[Item]:
    items: list[Item] = []
    for kind in RIGHTS:
        rows, links = [], []
        for number, one in [(number, one) for number, one in enumerate(world.work) if one.kind is kind]:
            row = kind(
                number=f"{kind.LETTER}-{number:05}",
                client=clients[one.client],
                office=offices[one.client][one.office],
                department=None if one.department is None else departments[one.client][one.department],
                contact=None if one.contact is None else contacts[one.contact],
            )
            if kind is Quote:
                row.status, row.origin = one.status, one.origin
            rows.append(row)
        items += (saved := kind._base_manager.bulk_create(rows))
        link = kind._meta.get_field("more_contacts").remote_field.through
        for row, one in zip(saved, [one for one in world.work if one.kind is kind], strict=True):
            links += [link(**{kind._meta.model_name: row, "contact": contacts[other]}) for other in one.others]
        link.objects.bulk_create(links)
    return items
