"""What waits in the portal of the demo: quotes and projects of Anna Lindholm, who decides for her company."""

from datetime import timedelta
from decimal import Decimal

from auditlog.context import set_actor
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from clientdesk.models import User
from contacts.models import Contact
from intake.demo.access import ANNA
from jobs import files, sending
from jobs.models import Job, Origin, Project, Quote, QuoteLine
from portal.models import ClientAccess, ContactAccess
from portal.rights import Right

_LINES = (
    ("Translation, German to English", "14200", "words", "0.14"),
    ("Review by a physician", "22", "hours", "95"),
    ("Layout of the leaflet", "6", "languages", "180"),
)
# name, how many of the lines, days until it expires, what became of it.
QUOTES = (
    ("Package leaflet, 20 mg", 3, 9, "sent"),
    ("Clinical protocol, amendment 3", 2, 2, "sent"),
    ("Board minutes, November", 1, 20, "rejected"),
    ("Labels for the new strength", 1, 30, "pending"),
    ("Instructions for use, update", 3, 30, "approved"),
    ("Patient diary", 2, 30, "approved"),
)
# How far the projects are, and in how many days they are due.
PROGRESS = ((82, 5), (35, -1))
_EVERYTHING = int(sum(Right, Right(0)))


@transaction.atomic
def offers(by: User) -> None:
    """Make the quotes and projects of Anna Lindholm and let her do everything in the portal; `by` made them."""
    anna = Contact.objects.filter(email=ANNA).select_related("client", "default_office", "department").first()
    if anna is None or Quote.objects.filter(client=anna.client).exists():
        return
    with set_actor(by):
        access, _made = ClientAccess.objects.get_or_create(client=anna.client)
        access.rights = _EVERYTHING
        access.save()
        own = ContactAccess.objects.get(contact=anna)
        own.rights, own.may_decide_quotes = _EVERYTHING, True
        own.save()
        if anna.client.project_manager is None:
            anna.client.project_manager = by
            anna.client.save()
        for sketch in QUOTES:
            _quote(anna, sketch, by)
        asked = Quote(**_head(anna), name="Website in Swedish", origin=Origin.PORTAL, client_notes="About 40 pages, by February.")
        asked.make(own.user)
        for project, (progress, days) in zip(Project.objects.filter(client=anna.client).order_by("pk"), PROGRESS, strict=True):
            project.progress, project.deadline = progress, timezone.now() + timedelta(days=days)
            project.save()
        _deliver(Project.objects.filter(client=anna.client).order_by("pk")[0], by)
        job = Job(**_head(anna), subject="Set up the terminal in room 4", description="The old one may go.", country="DE")
        job.log(own.user, requested=True)


def _head(anna: Contact) -> dict[str, object]:
    return {"client": anna.client, "office": anna.default_office, "department": anna.department, "contact": anna}


def _quote(anna: Contact, sketch: tuple[str, int, int, str], by: User) -> None:
    name, lines, days, became = sketch
    quote = Quote(**_head(anna), name=name, expires_on=timezone.localdate() + timedelta(days=days))
    made = [
        QuoteLine(text=text, quantity=Decimal(quantity), unit=unit, unit_price=Decimal(price), tax_rate=Decimal(19))
        for text, quantity, unit, price in _LINES[:lines]
    ]
    quote.make(by, (), made)
    if became != "pending":
        quote.send(anna.email)
    if became == "rejected":
        quote.reject(by, "Done in house after all.")
    elif became == "approved":
        quote.approve(by)


def _deliver(project: Project, by: User) -> None:
    file = ContentFile(b"Instructions for use\n" * 200, name="instructions-for-use_en.txt")
    sending.release(files.add(project, file, by=by, kind=files.Kind.DELIVERABLE), by)
