"""What the export of another product is: its headers, and what each of them tells about a client or a person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from intake.matching import normalised

# What a header may tell. NOTHING is a header of the product that no column of ours holds, such as Outlook's "Title" (Mr, Ms).
NOTHING = ""
# In the order in which a fact is taken for a column when a file has several: the first one with something beneath it.
_ADDRESS = ("street", "street2", "postal_code", "city", "province", "country")
_AT_HOME = [(f"home_{part}", part) for part in _ADDRESS]
_AT_WORK = [(part, part) for part in _ADDRESS]
_SHARED = [("email", "email"), ("website", "website"), ("fax", "fax"), ("notes", "notes"), ("external_id", "external_id")]
_CLIENT = [("tax_number", "tax_number"), ("company_type", "company_type"), ("lead_source", "lead_source"), ("industry", "industries"),
           ("owner", "sales_person")]  # fmt: skip
_PERSON = [("first_name", "first_name"), ("last_name", "last_name"), ("full_name", "full_name"), ("department", "department"),
           ("position", "position"), ("gender", "gender"), ("language", "language"), ("no_crm_emails", "no_crm_emails"),
           ("mobile", "mobile")]  # fmt: skip
# {kind: (fact, column key)}; a key that the kind does not have is passed over.
KEYS: dict[str, list[tuple[str, str]]] = {
    # The name of our own is made from the legal name (decision 3): a name in another product may hold any sign.
    "corporate": [("own_name", "legal_name"), ("company", "legal_name"), *_AT_WORK, *_AT_HOME, ("company_phone", "phone"),
                  ("phone", "phone"), ("mobile", "mobile"), *_SHARED, *_CLIENT],
    "individual": [("full_name", "legal_name"), ("own_name", "legal_name"), *_AT_HOME, *_AT_WORK, ("phone", "phone"),
                   ("home_phone", "phone"), *_SHARED, *_CLIENT, ("person_owner", "sales_person"), *_PERSON],
    "contact": [("company", "client_name"), ("parent", "client_name"), ("own_name", "full_name"),
                *_AT_WORK, *_AT_HOME, ("phone", "phone"), ("home_phone", "phone"), *_SHARED, *_PERSON],
    "tree": [("company", "client_name"), ("parent", "client_name"), ("client_external_id", "client_external_id"),
             ("website", "client_website"), ("company_phone", "client_phone"), *((fact, f"client_{key}") for fact, key in _CLIENT),
             *((part, f"office_{key}") for part, key in _AT_WORK), ("phone", "person_phone"), ("email", "person_email"),
             ("fax", "person_fax"), ("department", "department_name"), ("notes", "person_notes"),
             *((fact, f"person_{key}") for fact, key in _PERSON if fact != "department")],
}  # fmt: skip


@dataclass(frozen=True)
class Product:
    """The export of one product in one language. `facts` holds what its normalised headers tell, in the order in which they are taken;
    `signature` those that hardly anybody else writes."""

    name: str
    facts: Mapping[str, str] = field(repr=False)
    signature: frozenset[str] = field(repr=False)

    def share(self, headers: frozenset[str]) -> float:
        """Return how many of a file's normalised `headers` are this product's, from 0 to 1; 0 without three of its signature."""
        needed = min(3, len(self.signature))
        return len(headers & self.facts.keys()) / len(headers) if len(headers & self.signature) >= needed else 0.0

    def words(self, kind: str) -> dict[str, str]:
        """Return {normalised header: column key} for an import of `kind`, the headers in the order in which they are taken for a key."""
        return {header: key for fact, key in KEYS[kind] for header, told in self.facts.items() if told == fact}

    def read(self, kind: str, headers: Sequence[str], samples: Sequence[Sequence[str]], known: Iterable[str]) -> dict[int, str]:
        """Return the column key of each position whose header is this product's; an empty text where it is none of ours.

        Each key of `known` is given once: to the first header in the product's order that has samples, else to the first.
        """
        names = [normalised(header) for header in headers]
        places: dict[str, list[int]] = {}
        for header, key in self.words(kind).items():
            if key in set(known):
                places.setdefault(key, []).extend(position for position, name in enumerate(names) if name == header)
        taken = {
            next((place for place in candidates if place < len(samples) and samples[place]), candidates[0]): key
            for key, candidates in places.items()
            if candidates
        }
        return {position: taken.get(position, "") for position, name in enumerate(names) if name in self.facts}


def product(name: str, facts: Mapping[str, str], signature: Iterable[str]) -> Product:
    """Make a product of {header as it is written: fact}; `signature` names some of those headers."""
    return Product(
        name,
        {normalised(header): fact for header, fact in facts.items()},
        frozenset(normalised(header) for header in signature),
    )


def numbered(pattern: str, count: int, fact: str) -> dict[str, str]:
    """Return {header: fact} for headers that are numbered from 1, such as "Phone %d - Value"."""
    return {pattern % number: fact for number in range(1, count + 1)}
