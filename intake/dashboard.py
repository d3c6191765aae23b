"""What imports tell the first page of staff."""

from django.utils.translation import gettext as _

from clientdesk.dashboard import Part, Source
from clientdesk.models import User
from clientdesk.rights import Right, may
from intake.history_views import IMPORTS
from intake.models import ImportRun


def imports(user: User) -> Part:
    """Return which imports run and which wait for somebody, to whom may import."""
    if not may(user, Right.IMPORT):
        return Part(_("Imports"))
    source = Source("intake:history", IMPORTS, ImportRun.objects.seen_by(user), user)
    return Part(
        _("Imports"),
        [
            source.figure(_("Running"), "state=uploaded&state=reading&state=applying", "loader", "info"),
            source.figure(_("To match or review"), "state=matching&state=review", "file-search", "warn"),
        ],
    )
