"""What the first step offers, and what is missing before it can offer anything (S2, S10, S11)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clientdesk.models import User
from clientdesk.models.base import lineage
from clientdesk.search import narrow
from clientdesk.trees import paths
from clientdesk.words import name_key
from clients.models import Category, Client, Company, CompanyType
from clients.names import proposed_name
from intake.file_facts import numbered

Kind, Fits = Client.Kind, CompanyType.Fits


@dataclass(frozen=True)
class Missing:
    """Something that must exist before a client can be made: what it is, and the settings list where it is added."""

    what: str
    list_name: str


def company_types() -> QuerySet[CompanyType]:
    """Return the company types that a new client may get."""
    return CompanyType.objects.filter(active=True)


def categories(user: User) -> QuerySet[Category]:
    """Return the categories that `user` may give to a new client (S11, SD4)."""
    return Category.objects.usable_by(user).filter(active=True)


def missing(user: User) -> list[Missing]:
    """Return what must be added to the settings before `user` can make a client (S2)."""
    found = []
    if not company_types().exists():
        found.append(Missing(_("There is no active company type."), "company-types"))
    if not categories(user).exists():
        found.append(Missing(_("There is no active category that you may use."), "categories"))
    return found


def type_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the company types as groups of choices, one for each kind of client; a type that fits both stands in both."""
    called = paths(CompanyType)
    types = list(company_types())
    groups = []
    for kind, label in ((Kind.CORPORATE, Fits.CORPORATE.label), (Kind.INDIVIDUAL, Fits.INDIVIDUAL.label)):
        fitting = [(_value(one, kind), called[one.pk]) for one in types if one.fits_kind(kind)]
        if fitting:
            groups.append((str(label), fitting))
    return groups


def flat(choices: Iterable) -> list[tuple[str, str]]:
    """Return `choices` without their groups."""
    return [pair for value, label in choices for pair in (label if isinstance(label, list | tuple) else [(value, label)])]


def _value(one: CompanyType, kind: str) -> str:
    return f"{one.pk}:{kind}" if one.fits == Fits.BOTH else str(one.pk)


def category_choices(user: User) -> list[tuple[str, str]]:
    """Return the categories that `user` may use as choices."""
    called = paths(Category)
    return [(str(one.pk), called[one.pk]) for one in categories(user)]


def read_type(text: str) -> tuple[CompanyType | None, str]:
    """Return company type and kind of client of a choice of `type_choices`; without a known type a corporate client of none."""
    pk, _colon, kind = text.partition(":")
    found = company_types().filter(pk=int(pk)).first() if _is_key(pk) else None
    if found is None:
        return None, Kind.CORPORATE
    if found.fits != Fits.BOTH:
        kind = found.fits
    return found, kind if kind in Kind.values else Kind.CORPORATE


def read_category(text: str, user: User) -> Category | None:
    """Return the category of a choice of `category_choices`, or None."""
    return categories(user).filter(pk=int(text)).first() if _is_key(text) else None


def free_company(text: object) -> Company | None:
    """Return the company without a client whose key is `text`, or None."""
    return Company.objects.without_client().filter(pk=int(str(text))).first() if _is_key(str(text)) else None


def free_name(company: Company) -> str:
    """Return the internal name that a client made from `company` gets: its registered name, numbered where another has it (SD1)."""
    base = proposed_name(company.registered_name) or proposed_name(_("Company %(number)d") % {"number": company.pk})
    return next(name for name in numbered(base) if not Client.objects.named(name).exists())


def found_companies(text: str, most: int = 20) -> QuerySet[Company]:
    """Return up to `most` companies without a client that hold every word of `text`, by name (S20)."""
    return narrow(Company.objects.without_client(), text).order_by("name_key", "id")[:most]


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def required_documents(category: Category | None) -> list[str]:
    """Return the names of the documents that a client of `category` must deliver: its own and those of the entries above it (SD3)."""
    found: dict[str, str] = {}
    for one in reversed(list(lineage(category).values()) if category else []):
        for name in one.required_documents:
            found.setdefault(name_key(str(name)), str(name))
    return list(found.values())


def extra_step(category: Category | None) -> str:
    """Return the title of the extra step of `category`: its own, else that of the nearest entry above it that has one."""
    return next((one.extra_step for one in lineage(category).values() if one.extra_step), "") if category else ""
