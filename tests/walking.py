"""Walking the addresses of the back office with keys of real records in them."""

import re

from django.urls import resolve

from clientdesk.management.commands.list_routes import Route, routes

# The word before a key in an address says what it is a key of; these names of keys say it themselves.
AFTER = {
    "clients": "client",
    "contacts": "contact",
    "companies": "company",
    "documents": "document",
    "offices": "office",
    "departments": "department",
    "history": "change",
    "merges": "merge",
    "staff": "staff",
    "branches": "branch",
    "custom-fields": "custom_field",
    "views": "view",
    "crm": "action",
    "jobs": "job",
    "quotes": "quote",
    "projects": "project",
    "business-hours": "branch",
    "invitations": "invitations",
    "move": "client",
    "moves": "move",
}
NAMED = {"first": "client", "second": "other"}
NAMED_IN = {"contacts": {"first": "contact", "second": "other_contact"}}
WORDS = {"name": "branches", "list": "branches"}


def staff_routes() -> list[Route]:
    """Return every address of the back office."""
    return [route for route in routes() if route.area == "staff"]


def names(found: list[Route]) -> list[str]:
    """Return what the routes are called, as ids of cases."""
    return [route.name for route in found]


def filled(path: str, *keys: dict[str, int], nobody: int = 987_654) -> str:
    """Return `path` with its keys filled in, the first one from the first of `keys`, the last of `keys` for all that follow.

    What is in none of them is filled with `nobody`, the key of no record.
    """
    parts, found = path.split("/"), 0
    for place, part in enumerate(parts):
        if not (key := re.fullmatch(r"<(?:(\w+):)?(\w+)>", part)):
            continue
        if key[2] in WORDS and key[1] != "int":
            parts[place] = WORDS[key[2]]
            continue
        kind = NAMED_IN.get(parts[1], NAMED).get(key[2]) or AFTER.get(parts[place - 1])
        kind = f"contact_{kind}" if kind in ("merge", "view") and parts[1] == "contacts" else kind
        kind = "job_view" if kind == "view" and parts[1] == "jobs" else kind
        assert kind, f"Say in tests/walking.py what <{key[2]}> of {path} is a key of"
        parts[place] = str(keys[min(found, len(keys) - 1)].get(kind, nobody))
        found += 1
    return "/".join(parts)


def view_class(route: Route) -> type | None:
    """Return the class of the view behind `route`, or None for a function."""
    path = re.sub(r"<(?:slug|str):\w+>", "branches", re.sub(r"<int:\w+>", "1", route.path))
    return getattr(resolve(re.sub(r"<[^>]*>", "1", path)).func, "view_class", None)
