"""The words of the portal: whether it is open, which items a contact sees, and what staff are told of an access."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Opening(models.TextChoices):
    """Whether a client's portal is open (XD11)."""

    BY_STATUS = "by_status", _("As the client's status says")
    ALLOWED = "allowed", _("Allowed")
    DENIED = "denied", _("Denied")


class Level(models.TextChoices):
    """Which items of the client a contact sees (X53 to X57)."""

    ONLY_RELATED = "only_related", _("Only related")
    DEPARTMENT = "department", _("Department")
    DEFAULT_OFFICE = "default_office", _("Default office")
    ALL_OFFICES = "all_selected_offices", _("All selected offices")


class State(models.TextChoices):
    """What staff are shown of a contact's access; derived, never stored (domain.md 8.4)."""

    NO_ACCESS = "none", _("No access")
    NOT_INVITED = "not_invited", _("Not invited")
    INVITED = "invited", _("Invited")
    EXPIRED = "expired", _("Invitation expired")
    ACTIVE = "active", _("Active")
    BLOCKED = "blocked", _("Blocked")


class Invitation(models.TextChoices):
    """How far the invitation of a contact has come; derived from link and mail, never stored."""

    NONE = "not_invited", _("Not invited")
    QUEUED = "queued", _("E-mail not sent yet")
    SENT = "invited", _("Invited")
    FAILED = "bounced", _("E-mail not delivered")
    OPENED = "opened", _("Invitation opened")
    ACCEPTED = "accepted", _("Invitation accepted")
    EXPIRED = "expired", _("Invitation expired")
    WITHDRAWN = "withdrawn", _("Invitation withdrawn")
