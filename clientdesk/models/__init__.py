"""The ground floor's records: who signs in, what leaves by mail, what runs long, what changed."""

from clientdesk.models.base import Address, Dictionary, NumberSequence, Stamped, Versioned
from clientdesk.models.history import Change
from clientdesk.models.mail import OutgoingMail
from clientdesk.models.people import AccessLink, User
from clientdesk.models.runs import Heartbeat, LongRun

__all__ = [
    "AccessLink",
    "Address",
    "Change",
    "Dictionary",
    "Heartbeat",
    "LongRun",
    "NumberSequence",
    "OutgoingMail",
    "Stamped",
    "User",
    "Versioned",
]
