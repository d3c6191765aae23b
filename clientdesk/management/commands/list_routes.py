"""`manage.py list_routes`: every address of ClientDesk with its area, the right it needs and the methods it takes."""

import inspect
import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from django.core.management import BaseCommand
from django.urls import URLPattern, URLResolver, get_resolver

from clientdesk.middleware import ACCOUNT, PORTAL
from clientdesk.rights import right_of

_ALL = ["GET", "HEAD", "OPTIONS", "POST"]


@dataclass(frozen=True)
class Route:
    """One address: its pattern, its name, who it is for, the right that staff need, the methods it takes."""

    path: str
    name: str
    area: str
    right: str | None
    methods: list[str]


def routes() -> list[Route]:
    """Return every route that the URL resolver knows, in its order."""
    return list(_walk(get_resolver().url_patterns, "/", ""))


def _walk(patterns: list[URLPattern | URLResolver], path: str, namespace: str) -> Iterator[Route]:
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, here, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        else:
            yield _route(here, namespace + (pattern.name or ""), pattern.callback)


def _route(path: str, name: str, view: Callable) -> Route:
    area = "account" if path.startswith(ACCOUNT) else "portal" if path.startswith(PORTAL) else "staff"
    view_class = getattr(view, "view_class", None)
    right = right_of(view)
    if view_class:
        methods = [
            method.upper()
            for method in view_class.http_method_names
            if hasattr(view_class, method) or (method == "head" and hasattr(view_class, "get"))
        ]
    else:
        methods = _methods(view)
    return Route(path, name, area, str(right) if right and area == "staff" else None, sorted(methods))


def _methods(view: Callable | None) -> list[str]:
    """Return what `@require_POST` and its kin allow; they keep the list in a closure only."""
    while view is not None:
        if inspect.isfunction(view) and (allowed := inspect.getclosurevars(view).nonlocals.get("request_method_list")):
            return list(allowed)
        view = getattr(view, "__wrapped__", None)
    return _ALL


class Command(BaseCommand):
    help = "List every address with its area, the right it needs and the methods it takes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON list")

    def handle(self, **options) -> None:
        found = routes()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(route) for route in found], indent=2))
            return
        for route in found:
            self.stdout.write(f"{route.path:<50} {route.name:<28} {route.area:<8} {route.right or '-':<10} {' '.join(route.methods)}")
