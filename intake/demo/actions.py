"""CRM actions of the demo: what was said and planned with its clients, around today."""

from datetime import datetime, time, timedelta
from random import Random

from auditlog.context import set_actor
from django.db import transaction
from django.utils import timezone

from clientdesk.models import User
from contacts.models import Contact, CrmAction, MailTemplate

# kind, subject, text; days from today and hour, negative where it is over.
PLANNED = (
    ("call", "Ask how the first delivery went", "Friendly check before the next order.", 0, 10),
    ("task", "Send the new price list", "The one that holds from January.", 0, 15),
    ("call", "Call back about the framework agreement", "Wants terms for two years.", -1, 11),
    ("event", "Visit to the plant", "Bring the samples. Parking is behind the gate.", 2, 9),
    ("task", "Prepare the offer for 2027", "", 4, 14),
    ("email", "Answer about delivery times", "Asked for the week before Easter.", 1, 16),
    ("event", "Quarterly review", "Online, with purchasing and the technical lead.", 9, 10),
    ("call", "Remind of the missing documents", "Registration and tax certificate.", 6, 11),
)
DONE = (
    ("memo", "Prefers to be called in the morning", "After ten she is in meetings.", -20, 9),
    ("call", "Talked about the new office", "They move in spring; the address follows.", -12, 11),
    ("email", "Sent the terms of delivery", "Confirmed on the same day.", -7, 13),
    ("event", "Met at the trade fair", "Interested in a second location.", -34, 15),
    ("task", "Corrected the billing address", "", -3, 10),
    ("memo", "New contact in purchasing from May", "", -45, 16),
)
# What CRM e-mails may begin with: name, subject, text.
_HOLIDAYS = "Dear {full_name},\n\nfrom 24 December to 2 January nobody is in the office.\n\n{sender}"
_SERVICE = "Dear {full_name},\n\nwe do more for you from now on. May I call you about it?\n\n{sender}"
LETTERS = (("Holidays", "{branch} is closed over the holidays", _HOLIDAYS), ("New service", "New at {branch}", _SERVICE))
_EACH = 12


@transaction.atomic
def act(by: User, seed: int) -> None:
    """Add planned and done actions with the first contacts, in the charge of the demo's staff; `by` is who added them."""
    if CrmAction.objects.exists():
        return
    dice = Random(seed)  # noqa: S311 - invented data, no secret
    staff = list(User.objects.staff().filter(is_active=True).order_by("pk"))
    people = list(Contact.objects.active().select_related("client").order_by("pk")[:_EACH])
    with set_actor(by):
        for name, subject, text in LETTERS:
            MailTemplate.objects.create(name=name, subject=subject, text=text)
        for place, contact in enumerate(people):
            for kind, subject, text, days, hour in dice.sample(DONE, 2):
                _done(_made(contact, by, (kind, subject, text)), _at(days, hour))
            kind, subject, text, days, hour = PLANNED[place % len(PLANNED)]
            action = _made(contact, by, (kind, subject, text))
            action.assigned_to = staff[place % len(staff)] if place % 3 else by
            action.due_at = _at(days, hour)
            action.end_at = action.due_at + timedelta(hours=2) if kind == "event" else None
            action.reminder_at = action.due_at - timedelta(hours=1) if action.due_at > timezone.now() + timedelta(hours=1) else None
            action.save()


def _made(contact: Contact, by: User, said: tuple[str, str, str]) -> CrmAction:
    kind, subject, text = said
    return CrmAction(client=contact.client, contact=contact, kind=kind, subject=subject, body=text, created_by=by, assigned_to=by)


def _done(action: CrmAction, moment: datetime) -> None:
    action.status, action.done_at = CrmAction.Status.DONE, moment
    if action.kind != CrmAction.Kind.MEMO:
        action.due_at = moment
    action.save()


def _at(days: int, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=days), time(hour)))
