"""The shapes that lists usually have: OFFSET, a free count, one LIKE a column, a cursor as OR. What ours are measured beside."""

import time
from collections.abc import Callable, Iterator
from statistics import median

from django.db.models import Q, QuerySet

from clients.models import Client

_SEARCHED = ("name", "legal_name", "number", "email")


def _holds(word: str) -> Q:
    found = Q()
    for column in _SEARCHED:
        found |= Q(**{f"{column}__icontains": word})
    return found


def _page(clients: QuerySet, offset: int = 0) -> Callable[[], object]:
    return lambda: list(clients.order_by("name_key", "id")[offset : offset + 50])


def _shapes() -> dict[str, Callable[[], object]]:
    in_use, total = Client.objects.exclude(status="inactive"), Client.objects.count()
    middle = Client.objects.order_by("name_key")[total // 2]
    behind = Q(name_key__gt=middle.name_key) | Q(name_key=middle.name_key, id__gt=middle.pk)
    return {
        "count(*) of the list": in_use.count,
        "OFFSET to the middle": _page(in_use, total // 2),
        "next page by OR": _page(in_use.filter(behind)),
        "icontains OR, frequent word": _page(in_use.filter(_holds("kramer"))),
        "icontains OR, no match": _page(in_use.filter(_holds("zzzzqqq"))),
        "icontains OR, counted": in_use.filter(_holds("zzzzqqq")).count,
    }


def measured(rounds: int) -> Iterator[tuple[str, tuple[float, float]]]:
    """Yield (name, median and least milliseconds) of each shape."""
    for name, act in _shapes().items():
        act()
        times = []
        for _round in range(rounds):
            begin = time.perf_counter()
            act()
            times.append((time.perf_counter() - begin) * 1000)
        yield name, (median(times), min(times))
