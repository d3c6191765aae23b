"""The ground floor's records: who signs in, what leaves by mail, what runs long, what changed, what lists keep."""

from clientdesk.models.base import Address, Dictionary, NumberSequence, Renamed, Stamped, Tree, Versioned, former_names, lineage
from clientdesk.models.formats import Formats
from clientdesk.models.history import Change
from clientdesk.models.holds import LegalHold
from clientdesk.models.lasting import Lasting
from clientdesk.models.lists import ListMemory, SavedView
from clientdesk.models.mail import OutgoingMail
from clientdesk.models.merging import Merge, Pair
from clientdesk.models.people import AccessLink, User
from clientdesk.models.runs import Heartbeat, LongRun
from clientdesk.models.sessions import UserSession

__all__ = [
    "AccessLink",
    "Address",
    "Change",
    "Dictionary",
    "Formats",
    "Heartbeat",
    "Lasting",
    "LegalHold",
    "ListMemory",
    "LongRun",
    "Merge",
    "NumberSequence",
    "OutgoingMail",
    "Pair",
    "Renamed",
    "SavedView",
    "Stamped",
    "Tree",
    "User",
    "UserSession",
    "Versioned",
    "former_names",
    "lineage",
]
