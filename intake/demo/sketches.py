"""Invented clients and contacts as plain values: the same seed gives the same world on every machine and database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from random import Random

import phonenumbers

from clientdesk.words import name_key
from clients.names import proposed_name
from intake.demo.tax_numbers import tax_number
from intake.demo.words import AWKWARD_LEGAL_NAMES, CULTURES, Culture

CATEGORIES = ("Healthcare", "Manufacturing", "Logistics", "Publishing", "Public sector")
COMPANY_TYPES = ("Limited company", "Public company", "Partnership", "Sole trader", "Association", "Public body")
POSITIONS = ("Managing director", "Project manager", "Purchasing", "Accounting", "Technical lead", "Marketing", "Office management")
DEPARTMENTS = ("Accounting", "IT", "Legal", "Marketing", "Production", "Purchasing", "Research", "Technical documentation")
BRANCHES = ("Headquarters", "Lisbon", "Stockholm")


@dataclass
class Person:
    """One contact: names, addresses, and the names of its position, office and department (blank: none, headquarters, none); `everywhere`
    tells that it works at the headquarters, too."""

    first_name: str
    last_name: str
    email: str = ""
    phone: str = ""
    position: str = ""
    office: str = ""
    department: str = ""
    everywhere: bool = False


@dataclass
class Sketch:
    """One client with its offices beyond the headquarters, as (name, city, postal code), which of them is `beneath` which, its
    departments, as (name, e-mail, office), and its people, the primary first."""

    name: str
    legal_name: str
    kind: str = "corporate"
    status: str = "active"
    email: str = ""
    phone: str = ""
    website: str = ""
    country: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    branch: str = "Headquarters"
    category: str = ""
    company_type: str = ""
    tax_number: str = ""
    external_id: str = ""
    offices: list[tuple[str, str, str]] = field(default_factory=list)
    beneath: dict[str, str] = field(default_factory=dict)
    departments: list[tuple[str, str, str]] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)


@cache
def _mobile(country: str) -> phonenumbers.PhoneNumber:
    return phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE) or phonenumbers.PhoneNumber()


def phone(country: str, dice: Random) -> str:
    """Return a well-formed mobile number of the ISO 3166 `country` in E.164 form."""
    example = _mobile(country)
    return f"+{example.country_code}{str(example.national_number)[:-3]}{dice.randrange(1000):03}"


class World:
    """The clients of one seed, one after the other; no two have the same internal name."""

    def __init__(self, seed: int, taken: Iterable[str] = ()) -> None:
        """`taken` are the internal names, by key, that are in use already."""
        self.dice = Random(seed)  # noqa: S311 - invented data, no secret
        self.taken = set(taken)
        self.numbers: dict[str, int] = {}

    def clients(self, count: int) -> Iterator[Sketch]:
        """Yield `count` clients: about four corporate ones to each individual, the special ones first."""
        special = [sketch for sketch in specials() if name_key(sketch.name) not in self.taken][:count]
        self.taken.update(name_key(sketch.name) for sketch in special)
        yield from special
        for position in range(count - len(special)):
            culture = CULTURES[position % len(CULTURES)]
            yield self.individual(culture) if self.dice.random() < 0.2 else self.corporate(culture)

    def companies(self, count: int) -> Iterator[Sketch]:
        """Yield `count` corporate clients without the special ones, as a spreadsheet of them holds."""
        for position in range(count):
            yield self.corporate(CULTURES[position % len(CULTURES)])

    def corporate(self, culture: Culture) -> Sketch:
        """Return a company of `culture` with up to three further offices and up to five people."""
        dice = self.dice
        family, trade = dice.choice(culture.last), dice.choice(culture.trades)
        name, number = self._free(family[0] + ("" if culture.joined else " ") + trade[0])
        host = f"{family[1]}-{trade[1]}{number}.example"
        sketch = self._place(culture, name, dice.choice(culture.legal_forms).format(name), f"office@{host}")
        sketch.website = f"https://www.{host}/" if dice.random() < 0.6 else ""
        sketch.category, sketch.company_type = dice.choice(CATEGORIES), dice.choice(COMPANY_TYPES)
        sketch.tax_number = tax_number(culture.country, dice.randrange(10**8, 10**9)) if dice.random() < 0.7 else ""
        others = [city for city in culture.cities if city[0] != sketch.city]
        sketch.offices = [(town, town, code) for town, code in dice.sample(others, min(len(others), dice.choice((0, 0, 0, 1, 2, 3))))]
        sketch.people = [self.person(culture, host, sketch) for _ in range(dice.choice((0, 1, 1, 2, 2, 3, 3, 4, 5)))]
        organise(sketch, host)
        return sketch

    def individual(self, culture: Culture) -> Sketch:
        """Return a client that is one person; its contact is made by the client itself (X16)."""
        first, last = self.dice.choice(culture.first), self.dice.choice(culture.last)
        whole = f"{first[0]} {last[0]}"
        address = f"{first[1]}.{last[1]}{self.dice.randrange(10, 99)}@post.example"
        sketch = self._place(culture, self._free(proposed_name(whole))[0], whole, address)
        sketch.kind, sketch.category = "individual", "Private"
        sketch.people = [Person(first[0], last[0])]
        return sketch

    def person(self, culture: Culture, host: str, sketch: Sketch) -> Person:
        """Return one contact of the client `sketch`; one in nine has no e-mail."""
        dice = self.dice
        first, last = dice.choice(culture.first), dice.choice(culture.last)
        address = f"{first[1]}.{last[1]}@{host}" if dice.random() < 0.89 else ""
        office = dice.choice(sketch.offices)[0] if sketch.offices and dice.random() < 0.4 else ""
        number = phone(culture.country, dice) if dice.random() < 0.7 else ""
        return Person(first[0], last[0], address, number, dice.choice(("", *POSITIONS)), office)

    def _place(self, culture: Culture, name: str, legal_name: str, email: str) -> Sketch:
        dice = self.dice
        city, code = dice.choice(culture.cities)
        return Sketch(
            name,
            legal_name,
            status=dice.choices(("active", "potential", "inactive"), (80, 14, 6))[0],
            email=email if dice.random() < 0.94 else "",
            phone=phone(culture.country, dice) if dice.random() < 0.8 else "",
            country=culture.country,
            street=f"{dice.choice(culture.streets)} {dice.randrange(1, 180)}",
            postal_code=code,
            city=city,
            branch=dice.choices(BRANCHES, (60, 22, 18))[0],
        )

    def _free(self, name: str) -> tuple[str, str]:
        """Return `name`, numbered where it is taken, and that number or nothing."""
        number = self.numbers.get(name, 0) + 1
        found = name if number == 1 else f"{name} {number}"
        while name_key(found) in self.taken:
            number += 1
            found = f"{name} {number}"
        self.numbers[name] = number
        self.taken.add(name_key(found))
        return found, "" if number == 1 else str(number)


def organise(sketch: Sketch, host: str) -> None:
    """Put the third of three offices beneath the first; give a client of several people departments, people to them, and some of its
    people a second office; with dice of its own, so that the world stays as it is."""
    if len(sketch.offices) > 2:
        sketch.beneath = {sketch.offices[2][0]: sketch.offices[0][0]}
    dice = Random(sketch.name)  # noqa: S311 - invented data, no secret
    if len(sketch.people) < 2:
        return
    places = ["", *(name for name, _city, _code in sketch.offices)]
    for name in sorted(dice.sample(DEPARTMENTS, dice.randrange(1, min(len(DEPARTMENTS), len(sketch.people) + 1)))):
        sketch.departments.append((name, f"{name.lower().replace(' ', '.')}@{host}", dice.choice(places)))
    for person in sketch.people:
        person.department = dice.choice(("", *(name for name, _email, _office in sketch.departments)))
        person.everywhere = bool(person.office) and dice.random() < 0.4


def specials() -> list[Sketch]:
    """Return the clients that pages must bear: no contact, no e-mail, long and awkward names, right to left, a crowd of people."""
    long_name = "Internationale Gesellschaft für Übersetzung Dokumentation und Qualitätssicherung im Anlagenbau Nord"
    world = World(seed=7)
    big = Sketch(
        "Fjordkraft Offshore", "Fjordkraft Offshore ASA", email="post@fjordkraft.example", country="NO", city="Bergen", branch="Stockholm"
    )
    big.offices = [("Stavanger", "Stavanger", "4005"), ("Ålesund", "Ålesund", "6002"), ("Aberdeen", "Aberdeen", "AB11 5RG")]
    big.people = [world.person(CULTURES[number % len(CULTURES)], "fjordkraft.example", big) for number in range(40)]
    organise(big, "fjordkraft.example")
    plain = [
        Sketch(
            "Brauer Antriebe", "Brauer Antriebe GmbH", email="info@brauer.example", country="DE", city="Lübeck", category="Manufacturing"
        ),
        Sketch("Hartmann und Voss", AWKWARD_LEGAL_NAMES[1], country="AT", city="Wien", category="Public sector"),
        Sketch("Acme und Söhne", AWKWARD_LEGAL_NAMES[0], email="acme@acme.example", country="DE", status="potential"),
        Sketch(
            long_name,
            f"{long_name} und angeschlossene Häuser (eingetragener Verein)",
            email="post@igueda.example",
            country="DE",
            city="Kiel",
        ),
        Sketch("شركة الخليج للترجمة", AWKWARD_LEGAL_NAMES[3], email="info@khalij.example", country="AE", city="دبي", branch="Lisbon"),
        Sketch("ONeill Aviation", AWKWARD_LEGAL_NAMES[2], email="desk@oneill.example", country="IE", city="Dublin", status="inactive"),
        Sketch("東京印刷", "東京印刷株式会社", email="info@tokyo-insatsu.example", country="JP", city="東京"),
        Sketch("Ærø og Ålesund", AWKWARD_LEGAL_NAMES[4], email="kontor@aeroe.example", country="DK", city="Ærøskøbing", branch="Stockholm"),
    ]
    plain[0].people = [Person("Tobias", "Krämer", "tobias.kraemer@brauer.example", "+493023125001", "Project manager")]
    plain[3].people = [Person("Maximiliane-Theodora", "von und zu Hohenstein-Wackersdorf-Langenbrück", "mt@igueda.example")]
    plain[4].people = [Person("ليلى", "الخوري", "layla@khalij.example", "", "Managing director"), Person("", "منصور", "")]
    plain[6].people = [Person("結衣", "髙橋", "yui@tokyo-insatsu.example")]
    elena = Sketch(
        "Elena Kovács", "Elena Kovács", kind="individual", email="elena.kovacs@post.example", country="HU", city="Pécs", category="Private"
    )
    elena.people = [Person("Elena", "Kovács")]
    return [*plain, big, elena]
