"""Exports of a whole list beside those of import-export: the same clients as CSV and as a workbook, streamed by the product's own view."""

import time
import tracemalloc
from collections.abc import Callable
from typing import NamedTuple

from django.test import Client as Browser
from django.urls import reverse

from clientdesk.models import User
from clientdesk.rights import Role
from clients.models import Client
from tests.bench.stock import StockResource

LIST = "?view=all&format="


class Speed(NamedTuple):
    """Rows per second of one export; for ours also the seconds to the first piece and the largest memory that it took, in MB."""

    rows: float
    first: float = 0.0
    memory: float = 0.0


def ours(count: int) -> dict[str, Speed]:
    """Return how fast the list of `count` clients leaves as CSV, as a workbook, and as a workbook for editing."""
    boss, _made = User.objects.get_or_create(email="bench@desk.example", defaults={"role": Role.MANAGER, "is_active": True})
    browser = Browser()
    browser.force_login(boss)
    addresses = {
        "csv": f"{reverse('clients:export')}{LIST}csv",
        "xlsx": f"{reverse('clients:export')}{LIST}xlsx",
        "editing": f"{reverse('intake:export_corporate')}?view=all",
    }
    return {name: _speed(browser, address, count) for name, address in addresses.items()}


def _speed(browser: Browser, address: str, count: int) -> Speed:
    # First, for measuring it costs time itself, and what a process loads once is loaded then.
    tracemalloc.start()
    for _piece in browser.get(address).streaming_content:
        pass
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    begin = time.perf_counter()
    pieces = iter(browser.get(address).streaming_content)
    next(pieces)
    first = time.perf_counter() - begin
    for _piece in pieces:
        pass
    return Speed(count / (time.perf_counter() - begin), first, most / 1e6)


def stock(count: int) -> dict[str, Speed]:
    """Return how fast import-export gives `count` clients as CSV and as a workbook, as its documentation shows it."""
    found = {}
    for name in ("csv", "xlsx"):
        seconds = _seconds(lambda name=name: StockResource().export(Client.objects.order_by("pk")[:count]).export(name))
        found[name] = Speed(count / seconds)
    return found


def _seconds(act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin
