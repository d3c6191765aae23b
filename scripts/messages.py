"""Keep the catalogues of translated messages: `make messages` after a sentence that contacts read was written or changed.

Contact persons are spoken to in each of LANGUAGES; staff pages are English. Of READ_BY_CONTACTS every message stands in the catalogue.
What else contacts meet (a label or a status that a module for staff declares) stands there because somebody put it in; it stays as
long as the code says it. `locale/<language>/LC_MESSAGES/django.po` is for people to fill in; django.mo, compiled from it, is committed
with it, so that an empty clone speaks every language without a step of its own. Only Python and Babel are needed.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("de",)
APPS = ("clientdesk", "clients", "contacts", "jobs", "portal")

# Context and text of a message; a text with a plural form is a pair.
Message = tuple[str | None, str | tuple[str, str]]

# Modules of which contacts may read every message.
READ_BY_CONTACTS = (
    *("clientdesk/account_views.py", "clientdesk/documents.py", "clientdesk/emails.py", "clientdesk/errors.py"),
    *("clientdesk/factor_forms.py", "clientdesk/factor_history.py", "clientdesk/factor_views.py", "clientdesk/factors.py"),
    "clientdesk/forms.py",
    *("clientdesk/format_forms.py", "clientdesk/inputs.py", "clientdesk/models/formats.py", "clientdesk/passwords.py"),
    *("clientdesk/preferences.py", "clientdesk/security_views.py", "clientdesk/signin.py"),
    *("contacts/profile_forms/formats.py", "jobs/budget_codes.py", "jobs/papers/docket.py", "jobs/papers/quote.py", "jobs/story.py"),
    *(
        "portal/archives.py",
        "portal/company_forms.py",
        "portal/company_views.py",
        "portal/context.py",
        "portal/decision_forms.py",
        "portal/doors.py",
    ),
    *("portal/file_views.py", "portal/helping.py", "portal/job_views.py", "portal/listing.py"),
    *("portal/own_file_views.py", "portal/own_files.py", "portal/own_views.py"),
    *("portal/project_views.py", "portal/quote_views.py", "portal/report_views.py", "portal/request_forms.py"),
    *(
        "portal/request_views.py",
        "portal/review_views.py",
        "portal/rights.py",
        "portal/search_views.py",
        "portal/templatetags/portal.py",
        "portal/views.py",
    ),
)
# Templates where contacts' pages and mails begin; what they include and extend is followed. Of portal/ those count whose frame is the
# portal's: the others are pages of staff.
PAGES = ("[45]*.html", "account/**/*.*", "clientdesk/**/*.html", "crm/stop*.html", "emails/*.*", "portal/*.html")
OF_STAFF = re.compile(r"emails/(staff_|crm_reminder|sla_notice|portal_news)")
FRAME = '{% extends "portal/base.html" %}'

_HEADER = "# What contact persons read; made by `make messages`."
_FOLLOWED = re.compile(r"""{%\s*(?:include|extends)\s+["']([\w/.-]+)["']""")
# A call in what Django makes of a template: nothing but texts and commas stands in its brackets up to the first other argument.
_TEXT = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(?:n?p?gettext|_)\(\s*{_TEXT}(?:\s*,\s*{_TEXT})*(?:\s*,\s*\w+)?\s*\)")
# Under which names modules import what marks a message; the places of context, text and plural among its arguments.
_MARKS = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "_", "_g", "_lazy"), (None, 0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (None, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, 1, None)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}


def needed() -> set[Message]:
    """Return every message of the modules, pages, mails and papers that are for contacts."""
    found = {message for path in READ_BY_CONTACTS for message in in_python((ROOT / path).read_text())}
    return found | {message for path in templates_read() for message in in_template(path.read_text())}


def said() -> set[Message]:
    """Return every message of the whole code."""
    modules = (path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
    found = {message for path in modules for message in in_python(path.read_text())}
    pages = (path for path in (ROOT / "templates").rglob("*") if path.is_file())
    return found | {message for path in pages for message in in_template(path.read_text())}


def templates_read() -> list[Path]:
    """Return the templates that contacts see, and those which these include or extend."""
    top, found = ROOT / "templates", set()
    ahead = [path for pattern in PAGES for path in top.glob(pattern) if path.is_file() and not OF_STAFF.match(str(path.relative_to(top)))]
    ahead = [path for path in ahead if path.parent.name != "portal" or FRAME in path.read_text() or path.name == "base.html"]
    while ahead:
        path = ahead.pop()
        if path not in found:
            found.add(path)
            ahead += [top / name for name in _FOLLOWED.findall(path.read_text()) if (top / name).exists()]
    return sorted(found)


def in_python(source: str) -> Iterator[Message]:
    """Yield the messages that a module marks."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            texts = [one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else "" for one in node.args]
            context, text, plural = _MARKS.get(name, (None, len(texts), None))
            if text < len(texts) and texts[text]:
                yield None if context is None else texts[context], texts[text] if plural is None else (texts[text], texts[plural])


def in_template(source: str) -> Iterator[Message]:
    """Yield the messages that a template marks."""
    for call in _CALL.findall(templatize(source)):
        yield from in_python(call)


def catalogue(language: str) -> Catalog:
    """Return the catalogue of `language` as it is stored."""
    path = _path(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renewed(old: Catalog) -> Catalog:
    """Return `old` with every needed message, sorted; what nobody says any more is gone."""
    everything, kept = said(), {(one.context, one.id): one.string for one in old if one.id}
    # The date of before: a catalogue in which nothing changed stays the same file.
    fresh = Catalog(
        locale=old.locale, project="ClientDesk", fuzzy=False, header_comment="# What contact persons read.", creation_date=old.creation_date
    )
    for context, text in sorted(needed() | (kept.keys() & everything), key=str):
        flags = ["python-format"] if "%(" in str(text) else []
        fresh.add(text, kept.get((context, text), ""), context=context, flags=flags)
    return fresh


def missing(found: Catalog) -> list[str]:
    """Return the texts of `found` without a translation."""
    return [str(one.id) for one in found if one.id and not all([one.string] if isinstance(one.string, str) else one.string)]


def store(language: str, found: Catalog) -> None:
    """Write `found` for people and, compiled, for the program."""
    path = _path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, found, width=120, no_location=True, omit_header=False)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, found)


def _path(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def main() -> None:
    """Renew and compile each catalogue; what is still to be translated is told, and then the end is not a good one."""
    settings.configure(USE_I18N=True)
    django.setup()
    untranslated = False
    for language in LANGUAGES:
        found = renewed(catalogue(language))
        store(language, found)
        open_ones = missing(found)
        print(f"{language}: {len(found)} messages, {len(open_ones)} without a translation", *open_ones, sep="\n  ")  # noqa: T201
        untranslated = untranslated or bool(open_ones)
    sys.exit(untranslated)


if __name__ == "__main__":
    main()
