"""Reminders of planned actions: queued when their hour has come, each once, whichever of several workers looks first."""

from django.db import transaction
from django.utils import timezone

from clientdesk import outbox
from contacts.models import CrmAction

_AT_ONCE = 100


def queue_due() -> int:
    """Queue a mail for each planned action whose reminder is due and whose person in charge is active; return how many.

    The row lock and `reminded_at` let each be queued once; what is done or cancelled meanwhile is dropped when it would leave.
    """
    waiting = CrmAction.objects.planned().filter(
        reminder_at__lte=timezone.now(), reminded_at=None, assigned_to__is_active=True, assigned_to__isnull=False
    )
    # A plain read first: SQLite's one write lock stays free while nothing is due.
    if not waiting.exists():
        return 0
    with transaction.atomic():
        held = waiting.select_related("assigned_to").select_for_update(of=("self",), skip_locked=True).order_by("reminder_at", "id")
        found = list(held[:_AT_ONCE])
        for action in found:
            outbox.queue("crm_reminder", to=action.assigned_to.email, about={"action": action.pk})
        CrmAction.objects.filter(pk__in=[action.pk for action in found]).update(reminded_at=timezone.now())
    return len(found)
