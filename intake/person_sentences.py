"""The sentences of rows about contact persons. Engine and Resource speak through them alike."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from intake.cells import one_of, shown

type Named = tuple[str, str]


def _all_of(named: Sequence[Named]) -> str:
    """Return names with their numbers, such as “A” (C-1) and “B” (C-2)."""
    return f" {_('and')} ".join(f"“{name}” ({number})" for name, number in named[:3])


def no_client() -> str:
    """A row says of no client whose person it is."""
    return _("Give the client’s number, name or e-mail, so that it is known whose contact person this is.")


def unknown_client(text: str, near: Named | None) -> str:
    """A text leads to no client; `near` is one of nearly this name."""
    if near:
        sentence = _("“%(value)s” leads to no client. Is “%(name)s” (%(number)s) meant?")
        return sentence % {"value": shown(text), "name": near[0], "number": near[1]}
    return _("“%(value)s” leads to no client. Correct it, or import that client first.") % {"value": shown(text)}


def ambiguous_client(text: str, clients: Sequence[Named]) -> str:
    """A text leads to several clients."""
    return _("“%(value)s” leads to %(count)d clients: %(named)s. Give the client number.") % {
        "value": shown(text),
        "count": len(clients),
        "named": _all_of(clients),
    }


def clients_disagree(first: str, first_client: Named, second: str, second_client: Named) -> str:
    """Two cells of a row lead to different clients."""
    return _("“%(first)s” leads to %(one)s, but “%(second)s” to %(other)s. Correct one of them.") % {
        "first": shown(first),
        "one": _all_of([first_client]),
        "second": shown(second),
        "other": _all_of([second_client]),
    }


def another_client(text: str, client: Named, wanted: Named) -> str:
    """The import is about one client, but a cell leads to another."""
    return _("“%(value)s” leads to %(client)s, but these are contact persons of %(wanted)s. Empty the cell, or leave the row out.") % {
        "value": shown(text),
        "client": _all_of([client]),
        "wanted": _all_of([wanted]),
    }


def ambiguous_person(text: str, people: Sequence[Named]) -> str:
    """The identifying text leads to several contact persons, each given as (name, client)."""
    return _("“%(value)s” leads to %(count)d contact persons: %(named)s. Use another identifying field, or correct one of them.") % {
        "value": shown(text),
        "count": len(people),
        "named": _all_of(people),
    }


def belongs_elsewhere(name: str, client: Named, wanted: Named) -> str:
    """The contact person that the row leads to belongs to another client than the row says (XD33: both are visible)."""
    return _("“%(name)s” is a contact person of %(client)s, not of %(wanted)s. An import moves nobody; correct the row.") % {
        "name": name,
        "client": _all_of([client]),
        "wanted": _all_of([wanted]),
    }


def external_id_taken(external_id: str, name: str, client: str) -> str:
    """Another contact person has this external ID."""
    return _("“%(value)s” is the external ID of “%(name)s” (%(client)s). Use another or correct that contact first.") % {
        "value": shown(external_id),
        "name": name,
        "client": client,
    }


def is_deactivated(name: str) -> str:
    """Warn that the match is deactivated, so that it is not missed behind a list's filter."""
    return _("“%(name)s” is deactivated and stays so.") % {"name": name}


def is_erased(name: str) -> str:
    """The client of a new person was erased."""
    return _("The personal data of %(client)s were erased.") % {"client": name}


def one_person(name: str) -> str:
    """An individual has its person already (invariant 4)."""
    return _("%(client)s is an individual, who has no other contact persons.") % {"client": name}


def no_departments(name: str) -> str:
    """An individual has no departments (C3)."""
    return _("%(client)s is an individual and has no departments.") % {"client": name}


def no_office(text: str, offices: list[str]) -> str:
    """A text is no office of the client in use."""
    hint = one_of(offices) if len(offices) <= 6 else _("Choose one of its offices, or add this one first.")
    return _("“%(value)s” is none of the client’s offices in use. %(hint)s") % {"value": shown(text), "hint": hint}


def deactivated_department(name: str) -> str:
    """The client's department of this name is not in use: what its form says."""
    return _("“%(department)s” is a deactivated department of this client. Restore it, or choose another name.") % {"department": name}


def signs_in(name: str) -> str:
    """The address of somebody who signs in with it is not changed (XD37): what the form says."""
    return _("%(contact)s signs in to the portal with this address, so it is not changed here.") % {"contact": name}


def unwanted(address: str) -> str:
    """Warn that an address brings "Disallow CRM E-mails" with it."""
    return _("Somebody who had the address “%(value)s” before wanted no CRM e-mails, so this person gets none.") % {"value": shown(address)}


def own_address(name: str) -> str:
    """Warn that the row gives an own address to somebody who has the client's."""
    return _("“%(name)s” has the client’s address by now; the own address takes its place.") % {"name": name}


def near_person(name: str) -> str:
    """A new row resembles a contact person of the client (CD2)."""
    return _("A contact person “%(name)s” exists at this client. If it is meant, fill in the identifying field.") % {"name": name}


def new_department(name: str) -> str:
    """Tell that a department is added with the person."""
    return _("The department “%(name)s” is new and is added.") % {"name": name}


def added_meanwhile(name: str) -> str:
    """A row is a conflict: somebody added this person after the review."""
    return _("“%(name)s” was added after the review, so this row was not saved. Upload the file again to compare it anew.") % {"name": name}


def changed_meanwhile(name: str) -> str:
    """A row is a conflict: its person changed after the review."""
    return _("“%(name)s” was changed after the review, so this row was not saved. Upload the file again to compare it anew.") % {
        "name": name
    }


def link_stays(label: str, value: str) -> str:
    """A cell that leads to the client was emptied in a row that says by ID whom it is about."""
    return _("“%(label)s” says whose contact person this is, and an import moves nobody. Type “%(value)s” again.") % {
        "label": label,
        "value": shown(value),
    }


def gone_meanwhile() -> str:
    """A row is a conflict: its person or its client was deleted after the review."""
    return _("The client or contact person of this row was deleted after the review. Upload the file again.")


def link_columns(labels: Sequence[str]) -> str:
    """A file of contact persons has no column that leads to their clients."""
    return ngettext("The column %(labels)s is missing.", "One of the columns %(labels)s must be there.", len(labels)) % {
        "labels": ", ".join(f"“{label}”" for label in labels)
    } + _(" Add it, or start the import from the page of one client.")


def no_address() -> str:
    """An own address is wanted, but none is given: what the form says."""
    return _("Enter the address, or tick “Use the client's address”.")
