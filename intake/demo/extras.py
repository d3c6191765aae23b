"""What pages of the demo show beyond plain clients: industries, custom values, people responsible, a restricted client,
companies without client, duplicates. Whatever is there already stays as it is."""

from datetime import timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from clientdesk.models import User
from clients.duplicates.reasons import Reason, stored, strength
from clients.models import Branch, Client, ClientIndustry, Company, CustomField, DuplicatePair, Industry, LeadSource, Responsible
from contacts.duplicates import Person, compare
from contacts.duplicates import strength as person_strength
from contacts.models import Contact, ContactPair

RESTRICTED = "Ærø og Ålesund"
COMPANIES = (
    ("Nordlicht Medien GmbH", "DE", "HRB 20417"),
    ("Alpenblick Sägewerk AG", "CH", "CHE-114.803.221"),
    ("Ærø Skibsværft A/S", "DK", "31415926"),
)
# How many people tell how they were met, and what else is known of them.
_MET = 6
SALES_NOTES = (
    "Decides about everything below 5,000.",
    "Recommended us to two other plants. Call before budgets are set in October.",
    "Compares three offers each time; delivery dates matter more than the price.",
)
# The twin, the client that it most likely is, and why.
TWIN_AT = "Bergqvist Energi"
TWINS = (("Brauer Antriebstechnik", "Brauer Antriebe"), ("Fjordkraft", "Fjordkraft Offshore"))


@transaction.atomic
def furnish(by: User, seed: int) -> None:
    """Add what lists, profile and search of duplicates show; `by` is who did it."""
    dice = Random(seed)  # noqa: S311 - invented data, no secret
    for name, country, number in COMPANIES:
        if not Company.objects.filter(registered_name=name).exists():
            Company.objects.create(registered_name=name, country=country, registration_number=number, created_by=by)
    for twin, name in TWINS:
        if (client := Client.objects.filter(name=name).first()) and not Client.objects.filter(name=twin).exists():
            _double(client, twin, by)
    _double_person(by)
    _describe(dice)
    _met(dice)


def _double(client: Client, name: str, by: User) -> None:
    """Add the client that somebody entered a second time."""
    twin = Client(name=name, legal_name=f"{name} {client.legal_name.rpartition(' ')[2]}", email=client.email, country=client.country)
    twin.branch = client.branch or Branch.preselected()
    twin.register(by)
    reasons = [Reason("domain", client.domain_key), Reason("near_name", client.legal_name)]
    DuplicatePair.objects.create(first=client, second=twin, reasons=stored(reasons), strength=strength(reasons))


def _double_person(by: User) -> None:
    """Add the contact that somebody entered a second time, and one who left."""
    known = Contact.objects.active().filter(client__name=TWIN_AT, is_primary=True).select_related("client").first()
    if known is None or ContactPair.objects.exists():
        return
    add = known.client.contacts.register
    fields = {"email": known.email, "created_by": by}
    # Somebody typed the last name first.
    twin = add(known.client, first_name=known.last_name, last_name=known.first_name, **fields)
    reasons = compare(Person.of(known), Person.of(twin))
    ContactPair.objects.create(first=known, second=twin, reasons=stored(reasons), strength=person_strength(reasons))
    add(known.client, first_name="Signe", last_name="Ravn", created_by=by).deactivate()


def _describe(dice: Random) -> None:
    """Give every other client industries, people responsible, sales data and custom values; one is for its people only."""
    industries, sources = list(Industry.objects.filter(active=True)), list(LeadSource.objects.filter(active=True))
    people = list(User.objects.staff().filter(is_active=True).order_by("pk"))
    plain = CustomField.objects.of(CustomField.Entity.CLIENT).filter(company_type=None, category=None)
    asked = [field for field in plain if field.kind in (CustomField.Kind.CHOICE, CustomField.Kind.CHOICES, CustomField.Kind.CHECKBOX)]
    bare = Client.objects.filter(sales_person=None, custom={}).order_by("pk")
    for client in bare[: bare.count() // 2] if people else ():
        client.sales_person = dice.choice(people)
        client.lead_source = dice.choice(sources) if sources else None
        client.potential_annual_revenue = dice.randrange(5, 400) * 1000
        client.custom = {field.key: _value(field, dice) for field in asked}
        client.save()
        for industry in dice.sample(industries, min(len(industries), dice.choice((1, 1, 2)))):
            ClientIndustry.objects.create(client=client, industry=industry)
        if dice.random() < 0.4:
            Responsible.objects.create(client=client, user=dice.choice(people))
    client = Client.objects.filter(name=RESTRICTED, restricted_to_responsible=False).first()
    if client and people:
        client.sales_person, client.restricted_to_responsible = people[0], True
        client.save()


def _met(dice: Random) -> None:
    """Tell of the first people how and when they were met."""
    sources = list(LeadSource.objects.filter(active=True))
    if not sources or Contact.objects.exclude(first_contact_on=None).exists():
        return
    for contact in Contact.objects.active().filter(is_primary=True).order_by("pk")[:_MET]:
        contact.lead_source = dice.choice(sources)
        contact.first_contact_on = timezone.localdate() - timedelta(days=dice.randrange(40, 900))
        contact.sales_notes = dice.choice(SALES_NOTES)
        contact.save()


def _value(field: CustomField, dice: Random) -> object:
    if field.kind == CustomField.Kind.CHECKBOX:
        return True
    chosen = dice.choice(field.options)
    return [chosen] if field.kind == CustomField.Kind.CHOICES else chosen
