"""What CRM tells the first page of staff: the person's own actions that are due."""

from django.db.models import IntegerField, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from clientdesk.dashboard import Part, Shortlist, Source
from clientdesk.models import User
from contacts.crm.listing import MY_ACTIONS
from contacts.models import CrmAction

_SHOWN = 6


def actions(user: User) -> Part:
    """Return the actions of `user` that are due today or overdue."""
    reader = Value(user.pk, output_field=IntegerField())
    seen = CrmAction.objects.visible_to(user).annotate(reader=reader)
    figures = [Source("crm:list", MY_ACTIONS, seen, user).figure(_("My actions due"), "view=due", "message-square", "warn")]
    due = CrmAction.objects.visible_to(user).of(user).due_today().select_related("client", "contact").order_by("sort_at", "pk")
    url = f"{reverse('crm:list')}?view=due"
    shortlist = Shortlist(_("My actions due"), "crm/_due_next.html", list(due[:_SHOWN]), url, _("All actions due"), _("Nothing is due."))
    return Part(_("CRM"), figures, shortlist)
