"""Sketches -> records: one by one through the models' own verbs, or in bulk where there are thousands."""

from collections.abc import Iterable
from itertools import batched

from django.db import transaction

from clientdesk.models import NumberSequence, User
from clients.models import Branch, Category, Client, Company, CompanyType
from clients.numbers import client_number
from contacts.models import Contact, ContactOffice, Department, Office, Position
from intake.demo.sketches import Person, Sketch

BULK = 2_000
# Offices or departments by the key of their client and their name; the headquarters as "".
type Places[Kind] = dict[tuple[int, str], Kind]


class Shelf:
    """The dictionaries by name, asked for once."""

    def __init__(self) -> None:
        self.branches = {branch.name: branch for branch in Branch.objects.all()}
        self.branch = Branch.preselected()
        self.categories = {category.name: category for category in Category.objects.all()}
        self.company_types = {company_type.name: company_type for company_type in CompanyType.objects.all()}
        self.positions = {position.name: position for position in Position.objects.all()}

    def client(self, sketch: Sketch) -> Client:
        """Return the unsaved client of a sketch; what the dictionaries lack stays blank."""
        plain = (
            "name",
            "legal_name",
            "kind",
            "status",
            "email",
            "phone",
            "website",
            "country",
            "street",
            "postal_code",
            "city",
            "tax_number",
        )
        return Client(
            **{name: getattr(sketch, name) for name in plain},
            external_id=sketch.external_id or None,
            branch=self.branches.get(sketch.branch, self.branch),
            category=self.categories.get(sketch.category),
            company_type=self.company_types.get(sketch.company_type),
        )

    def person(self, person: Person) -> dict[str, object]:
        """Return the fields of a contact as ContactQuerySet.register takes them."""
        return {
            "first_name": person.first_name,
            "last_name": person.last_name,
            "email": person.email,
            "phone": person.phone,
            "position": self.positions.get(person.position),
        }


def register(sketches: Iterable[Sketch], by: User | None) -> int:
    """Save each sketch as a person would, with its history, and return how many there were."""
    shelf, count = Shelf(), 0
    for sketch in sketches:
        with transaction.atomic():
            client = shelf.client(sketch)
            first, last = (sketch.people[0].first_name, sketch.people[0].last_name) if client.is_individual else ("", "")
            client.register(by, first, last)
            offices, departments = _places(client, sketch, by)
            for person in [] if client.is_individual else sketch.people:
                office = offices[person.office]
                fields = shelf.person(person) | {"created_by": by, "department": departments.get(person.department)}
                where = [office, offices[""]] if person.everywhere else [office]
                client.contacts.register(client, default_office=office, offices=where, **fields)
        count += 1
    return count


def _places(client: Client, sketch: Sketch, by: User | None) -> tuple[dict[str, Office], dict[str, Department]]:
    """Add the offices and departments of a registered client; return both by name, the headquarters as ""."""
    offices = {"": client.offices.get(is_headquarters=True)}
    for name, city, postal_code in sketch.offices:
        where = {"city": city, "postal_code": postal_code, "country": client.country}
        offices[name] = client.offices.create(name=name, parent=offices.get(sketch.beneath.get(name, name)), created_by=by, **where)
    departments = {
        name: client.departments.create(name=name, email=email, office=offices[office], created_by=by)
        for name, email, office in sketch.departments
    }
    return offices, departments


def store(sketches: Iterable[Sketch], by: User | None) -> int:
    """Save many sketches in bulk, without history, and return how many there were."""
    shelf, count = Shelf(), 0
    for chunk in batched(sketches, BULK):
        with transaction.atomic():
            _store_chunk(shelf, chunk, by)
        count += len(chunk)
    return count


def _followed(client: Client) -> dict[str, object]:
    return {name: getattr(client, source) for name, source in Company.FOLLOWS.items()}


def _store_chunk(shelf: Shelf, chunk: tuple[Sketch, ...], by: User | None) -> None:
    number = NumberSequence.take("client", len(chunk))
    clients = []
    for offset, sketch in enumerate(chunk):
        client = shelf.client(sketch)
        client.number, client.created_by = client_number(number + offset), by
        client.fold()
        clients.append(client)
    Client.objects.bulk_create(clients)
    companies = [Company(client=client, **_followed(client)) for client in clients if not client.is_individual]
    for company in companies:
        company.fold()
    Company.objects.bulk_create(companies)
    pairs = list(zip(clients, chunk, strict=True))
    offices = _store_offices(pairs, by)
    _store_contacts(shelf, pairs, offices, _store_departments(pairs, offices, by), by)


def _store_offices(pairs: list[tuple[Client, Sketch]], by: User | None) -> Places[Office]:
    offices, beneath = {}, []
    for client, sketch in pairs:
        for name, city, postal_code in [("", "", ""), *sketch.offices]:
            office = Office(
                client=client,
                name=name or Office.headquarters_name(),
                is_headquarters=not name,
                city=city,
                postal_code=postal_code,
                created_by=by,
            )
            office.country = client.country if name else ""
            office.fold()
            offices[client.pk, name] = office
    Office.objects.bulk_create(offices.values())
    for client, sketch in pairs:
        for name, above in sketch.beneath.items():
            offices[client.pk, name].parent = offices[client.pk, above]
            beneath.append(offices[client.pk, name])
    Office.objects.bulk_update(beneath, ["parent"])
    return offices


def _store_departments(pairs: list[tuple[Client, Sketch]], offices: Places[Office], by: User | None) -> Places[Department]:
    departments = {}
    for client, sketch in pairs:
        for name, email, office in sketch.departments:
            department = Department(client=client, name=name, email=email, office=offices[client.pk, office], created_by=by)
            department.fold()
            departments[client.pk, name] = department
    Department.objects.bulk_create(departments.values())
    return departments


def _store_contacts(
    shelf: Shelf, pairs: list[tuple[Client, Sketch]], offices: Places[Office], departments: Places[Department], by: User | None
) -> None:
    contacts, more = [], []
    for client, sketch in pairs:
        for place, person in enumerate(sketch.people):
            fields = shelf.person(person) | (
                {"email": client.email, "phone": client.phone, "country": client.country} if client.is_individual else {}
            )
            fields |= {"default_office": offices[client.pk, person.office], "department": departments.get((client.pk, person.department))}
            contact = Contact(client=client, is_primary=not place, created_by=by, **fields)
            contact.fold()
            contacts.append(contact)
            if person.everywhere:
                more.append((contact, offices[client.pk, ""]))
    Contact.objects.bulk_create(contacts)
    links = [(contact, contact.default_office) for contact in contacts] + more
    ContactOffice.objects.bulk_create([ContactOffice(contact=contact, office=office) for contact, office in links])
