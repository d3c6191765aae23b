"""The sentences of plan and result: each names the value and what to do. Engine and Resource speak through them alike."""

from collections.abc import Iterable, Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.models import Client
from intake.cells import shown


def not_available(what: str) -> str:
    """Refuse a kind that a later version brings."""
    return _("“%(what)s” cannot be imported yet.") % {"what": what}


def no_such_key(key: str, kind: str) -> str:
    """Refuse an identifying field that records of the kind do not have."""
    return _("“%(kind)s” cannot be identified by “%(key)s”. Choose another identifying field.") % {"key": key, "kind": kind}


def no_name(legal_name: str) -> str:
    """No name is given and none can be made from the legal name (decision 3)."""
    if legal_name:
        return _("Enter a name; none can be made from the legal name “%(legal)s”.") % {"legal": shown(legal_name)}
    return _("Enter a name, or a legal name from which one can be made.")


def no_branch() -> str:
    """There is no branch to put a new client under."""
    return _("Enter a branch; no default branch is set up.")


def proposed(name: str) -> str:
    """Warn that the name was made from the legal name (decision 3)."""
    return _("Proposed from the legal name: “%(name)s”.") % {"name": name}


def parted_person(first: str, last: str) -> str:
    """Say how one name was read as two (decision 19)."""
    if not first:
        return _("Read as the last name “%(last)s”, without a first name.") % {"last": shown(last)}
    return _("Read as first name “%(first)s” and last name “%(last)s”.") % {"first": shown(first), "last": shown(last)}


def long_person(count: int) -> str:
    """First and last name are longer together than a legal name may be."""
    return _("First and last name are %(count)d characters together. Shorten them to 200.") % {"count": count}


def renamed_person(before: str, after: str) -> str:
    """Warn that the two names change the legal name, which is in no cell of the file."""
    return _("The legal name “%(before)s” becomes “%(after)s”.") % {"before": shown(before), "after": shown(after)}


def half_named(before: str) -> str:
    """Warn that a last name alone renames nobody."""
    return _("The legal name “%(before)s” stays, because only the last name is given.") % {"before": shown(before)}


def company_column(header: str) -> str:
    """The file of an import of individuals names companies (C11)."""
    return _(
        "The column “%(header)s” holds companies, and no column holds the last names of people. "
        "Import the file as corporate clients, or add the columns “First name” and “Last name”."
    ) % {"header": shown(header)}


def is_another_kind(name: str, number: str, kind: str) -> str:
    """The row leads to a client of the other kind (`kind`), which this import does not touch (C11)."""
    if kind == Client.Kind.INDIVIDUAL:
        sentence = _(
            "“%(name)s” is an individual client (%(number)s). An import of corporate clients does not change it; use another name."
        )
    else:
        sentence = _("“%(name)s” is a corporate client (%(number)s). An import of individual clients does not change it; use another name.")
    return sentence % {"name": name, "number": number}


def ambiguous(value: str, matches: Sequence[tuple[str, str]]) -> str:
    """The identifying text leads to several records, each given as (name, number)."""
    named = " ".join([_("and"), ""]).join(f"“{name}” ({number}) " for name, number in matches[:3]).rstrip()
    return _("“%(value)s” leads to %(count)d clients: %(named)s. Use another identifying field, or correct one of them.") % {
        "value": shown(value),
        "count": len(matches),
        "named": named,
    }


def number_stays(name: str, number: str) -> str:
    """A row would give an existing client another number (invariant 2)."""
    return _("“%(name)s” has the client number %(number)s, which an import does not change. Empty the cell or correct it.") % {
        "name": name,
        "number": number,
    }


def own_correspondence(name: str) -> str:
    """Warn that the row gives a correspondence address to a client whose billing address serves for both (XD7)."""
    return _("Letters to “%(name)s” go to its billing address by now; this address takes its place.") % {"name": shown(name)}


def near_name(name: str, number: str) -> str:
    """A new row resembles a client by name (CD2)."""
    return _("“%(name)s” (%(number)s) has nearly this name. If it is meant, fill in the identifying field.") % {
        "name": name,
        "number": number,
    }


def former_name(called: str, name: str, number: str) -> str:
    """A new row has the name of a client that was merged into another."""
    return _("%(former)s was merged into “%(name)s” (%(number)s). Leave the row out, or use that name, unless it is another client.") % {
        "former": called,
        "name": name,
        "number": number,
    }


def cannot_be_emptied(label: str) -> str:
    """A cell would empty what a record must have."""
    return _("“%(label)s” must not be empty. Type a text instead of the clearing mark.") % {"label": label}


def read_as_before(value: str, known: str) -> str:
    """A text was read as a person said in an earlier import."""
    return _("“%(value)s” was read as “%(known)s”, as in an earlier import.") % {"value": shown(value), "known": shown(known)}


def is_inactive(name: str, number: str) -> str:
    """Warn that the match is deactivated, so that it is not missed behind a list's filter."""
    return _("“%(name)s” (%(number)s) is inactive and stays so unless the file sets its status.") % {"name": name, "number": number}


def external_id_taken(external_id: str, name: str, number: str) -> str:
    """Another client has this external ID."""
    return _("“%(value)s” is the external ID of “%(name)s” (%(number)s). Use another or correct that client first.") % {
        "value": shown(external_id),
        "name": name,
        "number": number,
    }


def repeated(value: str, first: int, last: int, count: int) -> str:
    """Several rows of the file have the same name or external ID; `first` and `last` are their row numbers."""
    return ngettext(
        "Rows %(first)d and %(last)d both have “%(value)s”. Keep one of them.",
        "%(rows)d rows from row %(first)d to row %(last)d have “%(value)s”. Keep one of them.",
        max(count - 1, 1),
    ) % {"first": first, "last": last, "rows": count, "value": shown(value)}


def example_row() -> str:
    """Why the template's example row is left out."""
    return _("The example row of the template is not imported.")


def changed_meanwhile(name: str, number: str) -> str:
    """A row is a conflict: its client changed after the review."""
    return _(
        "“%(name)s” (%(number)s) was changed after the review, so this row was not saved. Upload the file again to compare it anew."
    ) % {
        "name": name,
        "number": number,
    }


def gone_meanwhile() -> str:
    """A row is a conflict: its client was deleted after the review."""
    return _("This client was deleted after the review. Upload the file again to add it anew.")


def bad_entry_meanwhile() -> str:
    """A settings entry that the row names was deleted after the review."""
    return _("An entry of the settings that this row names was deleted after the review. Upload the file again.")


def errors_left(count: int) -> str:
    """All or nothing was chosen while rows have errors."""
    return ngettext(
        "%(count)d row has an error. Correct it, or choose to skip rows with errors.",
        "%(count)d rows have errors. Correct them, or choose to skip rows with errors.",
        count,
    ) % {"count": count}


def too_many_at_once(rows: int, most: int) -> str:
    """All or nothing would keep everybody else waiting (SQLite has one writer)."""
    return _(
        "All or nothing is limited to %(most)s rows on this database, and the file has %(rows)s: nobody else could save meanwhile. "
        "Skip rows with errors, or split the file."
    ) % {"most": number_format(most, force_grouping=True), "rows": number_format(rows, force_grouping=True)}


def nothing_saved(line: int, reason: str) -> str:
    """All or nothing ended with nothing: one row could not be saved."""
    return _("Nothing was imported, because row %(line)d could not be saved: %(reason)s") % {"line": line, "reason": reason}


def stage_lost() -> str:
    """The staged rows did not survive a crash of the database server."""
    return _("The review was lost when the database server restarted. Upload the file again; what was imported before is kept.")


def missing_column(label: str) -> str:
    """A required column is not in the file (J6, D13)."""
    return _("The column “%(label)s” is missing. Choose which column holds it, or add it to the file.") % {"label": label}


def repeated_header(header: str) -> str:
    """A header stands over two columns (D13)."""
    return _("The header “%(header)s” stands over more than one column. Rename or delete one of them.") % {"header": shown(header)}


def two_headers(label: str, headers: Iterable[str]) -> str:
    """Two headers mean one field (D13)."""
    return _("The headers %(headers)s all mean “%(label)s”. Keep one of them.") % {
        "label": label,
        "headers": ", ".join(f"“{shown(header)}”" for header in headers),
    }


def pasted_too_much(length: int, most: int) -> str:
    """More was pasted than a field takes."""
    return _("What you pasted has %(length)s characters; up to %(most)s can be pasted. Save the table as a file and upload that.") % {
        "length": number_format(length, use_l10n=True, force_grouping=True),
        "most": number_format(most, use_l10n=True, force_grouping=True),
    }


def by_values(header: str, label: str, reason: str) -> str:
    """A column is taken for a field by its values only: a person must look."""
    return _("“%(header)s” is taken for “%(label)s” because it %(reason)s. Confirm it, or choose another field.") % {
        "header": shown(header),
        "label": label,
        "reason": reason,
    }


def read_in_two_ways(header: str, label: str) -> str:
    """The dates or numbers of a column may be read in two ways (V28)."""
    return _("The texts beneath “%(header)s” can be read in two ways as “%(label)s”. Choose how they are written.") % {
        "header": shown(header),
        "label": label,
    }


def unknown_headers(headers: Sequence[str]) -> str:
    """Columns of the file that are none of ours."""
    return ngettext(
        "The column %(headers)s is not known. Say what it is, or leave it out.",
        "The columns %(headers)s are not known. Say what they are, or leave them out.",
        len(headers),
    ) % {"headers": ", ".join(f"“{shown(header)}”" for header in headers[:10])}


def no_rows() -> str:
    """The file has headers only."""
    return _("The file has a header row but no rows beneath it. Add at least one row.")
