"""Client numbers for many new clients at once, as `Client.next_number` gives them one after the other (S12, SD5, invariant 2)."""

from collections import Counter
from collections.abc import Collection, Sequence

from clientdesk.models import Merge, NumberSequence
from clients import numbers
from clients.models import Client, CompanyType
from intake.loading import find


class _Series:
    """One running number: those of a company type with a mask of its own, or the common one."""

    def __init__(self, key: str, mask: str) -> None:
        self.key, self.mask = key, mask
        # Nothing is taken yet; the row of the series is locked until the transaction ends.
        self.first = NumberSequence.take(key, 0)
        self.used = 0
        self.looked_up: list[str] = []

    def more(self, count: int) -> list[str]:
        """Return the next `count` numbers, whether they are free or not."""
        begin = self.first + len(self.looked_up)
        make = (lambda place: numbers.number(self.mask, place)) if self.mask else numbers.client_number
        found = [make(place) for place in range(begin, begin + count)]
        self.looked_up += found
        return found


def take(company_types: Sequence[int | None], also: Collection[str] = ()) -> list[str]:
    """Take a free number for each new client by its company type, in this order; typed numbers and those of merged clients are stepped
    over, and so are those that new clients of the same chunk bring (`also`). The number of statements grows with the series and,
    slowly, with how many numbers in a row are taken, not with the clients.
    """
    masks = dict(CompanyType.objects.exclude(id_mask="").order_by().values_list("pk", "id_mask"))
    wanted = [f"client:{kind}" if kind in masks else "client" for kind in company_types]
    mask_of = {f"client:{kind}": mask for kind, mask in masks.items()}
    counts = Counter(wanted)
    # In one order, so that two imports never wait for each other.
    series = {key: _Series(key, mask_of.get(key, "")) for key in sorted(counts)}
    gone = {*also} | _taken([number for key, one in series.items() for number in one.more(counts[key])])
    given = []
    for key in wanted:
        one = series[key]
        while True:
            if one.used == len(one.looked_up):
                gone |= _taken(one.more(len(one.looked_up)))
            number = one.looked_up[one.used]
            one.used += 1
            if number not in gone:
                break
        gone.add(number)
        given.append(number)
    for one in series.values():
        NumberSequence.take(one.key, one.used)
    return given


def _taken(candidates: Sequence[str]) -> set[str]:
    held = find(Client, "number", candidates, ("number",)) + find(Merge, "loser_number", candidates, ("loser_number",))
    return {number for (number,) in held}
