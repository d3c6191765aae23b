"""The sentences of rows of a company tree."""

from django.utils.translation import gettext as _

from intake.cells import shown


def no_client(label: str) -> str:
    """A row says of no client what belongs to it."""
    return _("Fill in “%(label)s”: it says to which client the row belongs.") % {"label": label}


def disagree(label: str, first: str, first_line: int, second: str, second_line: int) -> str:
    """Two rows say different things of one record."""
    return _("Row %(one)d says “%(first)s” and row %(other)d “%(second)s”, and both are about one record. Correct “%(label)s”.") % {
        "one": first_line,
        "first": shown(first),
        "other": second_line,
        "second": shown(second),
        "label": label,
    }


def waits(first: int, second: int) -> str:
    """A row belongs to a record about which two others disagree."""
    return _("The rows %(first)d and %(second)d disagree about a record to which this row belongs. Correct them first.") % {
        "first": first,
        "second": second,
    }


def two_headquarters(first: str, second: str) -> str:
    """Two offices of a client are both said to be its headquarters (invariant 5)."""
    return _("“%(first)s” and “%(second)s” are both said to be the headquarters. A client has one; correct one of the rows.") % {
        "first": shown(first),
        "second": shown(second),
    }


def not_the_headquarters(name: str, headquarters: str) -> str:
    """An office that exists is said to be the headquarters, which another one is."""
    return _("“%(name)s” is an office, and the headquarters is “%(headquarters)s”. Make it the headquarters on its page.") % {
        "name": shown(name),
        "headquarters": shown(headquarters),
    }


def deactivated_office(name: str) -> str:
    """An office of this name is not in use: what its form says."""
    return _("“%(office)s” is a deactivated office of this client. Restore it, or choose another name.") % {"office": name}


def no_name(label: str) -> str:
    """A cell belongs to a place whose name is not given."""
    return _("Fill in “%(label)s”, to which this belongs.") % {"label": label}


def changed_meanwhile(name: str) -> str:
    """A row is a conflict: its office or department changed after the review."""
    return _("“%(name)s” was changed after the review, so this row was not saved. Upload the file again to compare it anew.") % {
        "name": name
    }
