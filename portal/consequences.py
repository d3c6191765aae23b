"""What a change of a client's portal rights means for its contacts: who loses and who gains what (X64, invariant 8)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.consequences import Consequence, gained_access_sentence, lost_access_sentence
from clients.models import Client
from portal import rights
from portal.models import ClientAccess, ContactAccess
from portal.rights import Right


def of_rights(client: Client, opening: str, held: Right) -> list[Consequence]:
    """Return what it means for the contacts of `client` that its portal has the `opening` and it may do what is in `held`.

    Only people with an account who are allowed in and in use count. Where the door is shut by the same change they lose the door,
    not each right.
    """
    before = ClientAccess.objects.filter(client=client).first() or ClientAccess(client=client)
    after = ClientAccess(client=client, portal_access=opening, rights=int(held))
    people = ContactAccess.objects.filter(contact__client=client, contact__active=True, allowed=True, user__isnull=False).select_related(
        "contact"
    )
    accesses = list(people.order_by("contact__sort_key", "contact_id"))
    if before.is_open and not after.is_open:
        names = _names(accesses)
        return [Consequence(lost_access_sentence(len(names)), names)] if names else []
    found = []
    if after.is_open and not before.is_open and accesses:
        found.append(Consequence(gained_access_sentence(len(accesses)), _names(accesses)))
    lost, gained = Right(before.rights) & ~held, held & ~Right(before.rights)
    found += _met(accesses, lost, _("These contacts lose: %(rights)s"))
    return found + _met(accesses, gained, _("These contacts get what they were granted before: %(rights)s"))


def _met(accesses: list[ContactAccess], changed: Right, sentence: str) -> list[Consequence]:
    """Return a consequence for each set of people that the same rights of `changed` were granted to."""
    groups: dict[tuple[int, ...], Right] = {}
    for right in changed:
        met = tuple(place for place, access in enumerate(accesses) if right in _all_granted(access))
        if met:
            groups[met] = groups.get(met, rights.NONE) | right
    return [
        Consequence(sentence % {"rights": rights.in_words(held)}, _names(accesses[place] for place in met)) for met, held in groups.items()
    ]


def _all_granted(access: ContactAccess) -> Right:
    """Return what was granted to a contact; deciding quotes is a switch of its own."""
    own = Right(access.rights or 0) & ~Right.QUOTES_DECIDE
    return own | Right.QUOTES_DECIDE if access.may_decide_quotes else own


def _names(accesses: Iterable[ContactAccess]) -> tuple[str, ...]:
    return tuple(str(access.contact) for access in accesses)


def of_defaults(held: Right) -> list[Consequence]:
    """Return what it means for the contacts of all clients without rights of their own that these clients may do what is in `held`: how
    many lose and how many get something; there may be too many to name."""
    before = Right(rights.default_rights())
    met = ContactAccess.objects.filter(contact__client__portal=None, contact__active=True, allowed=True, user__isnull=False)
    granted = [_all_granted(access) for access in met.only("rights", "may_decide_quotes")]
    lost, gained = before & ~held, held & ~before
    losers, winners = sum(bool(own & lost) for own in granted), sum(bool(own & gained) for own in granted)
    found = []
    if losers:
        sentence = ngettext("%(count)d contact loses something of: %(rights)s", "%(count)d contacts lose something of: %(rights)s", losers)
        found.append(Consequence(sentence % {"count": losers, "rights": rights.in_words(lost)}))
    if winners:
        sentence = ngettext("%(count)d contact gets something of: %(rights)s", "%(count)d contacts get something of: %(rights)s", winners)
        found.append(Consequence(sentence % {"count": winners, "rights": rights.in_words(gained)}))
    return found
