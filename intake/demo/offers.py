"""Quotes and projects of the demo: one or more in every status for its first clients."""

from datetime import timedelta
from decimal import Decimal

from auditlog.context import set_actor
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from clientdesk.models import User
from clients.models import Client
from jobs import files
from jobs.models import Job, Origin, Project, Quote, QuoteLine
from jobs.models.document import Document
from jobs.quote_machine import QuoteStatus

_WORDS, _HOURS, _PIECES = "words", "hours", ""
# name; lines of text, quantity, unit, unit price, tax rate; days since it was added; until it expires; what became of it.
_QUOTES = (
    (
        "Clinical protocol GP-118, amendment 3",
        (
            ("Translation, medical", "61400", _WORDS, "0.16", "19"),
            ("Review by a physician", "28", _HOURS, "95", "19"),
        ),
        9,
        14,
        "send",
    ),
    (
        "Website relaunch, eight languages",
        (("Translation and layout", "1", _PIECES, "18400", "19"),),
        3,
        30,
        "",
    ),
    (
        "Operating manual of the mixer",
        (
            ("Technical writing", "46", _HOURS, "88", "19"),
            ("Prints", "200", _PIECES, "7.40", "7"),
        ),
        40,
        -4,
        "send",
    ),
    (
        "Yearly maintenance of line 3",
        (
            ("Inspection on site", "4", _PIECES, "640", "19"),
            ("Travel", "4", _PIECES, "95", "19"),
        ),
        30,
        20,
        "send approve",
    ),
    (
        "Training for the new compressor",
        (("Training day", "2", _PIECES, "1150", "0"),),
        60,
        -20,
        "send reject",
    ),
    (
        "Safety data sheets, third edition",
        (("Update of a sheet", "34", _PIECES, "42.50", "19"),),
        1,
        30,
        "request",
    ),
    (
        "Spare parts catalogue",
        (
            ("Catalogue, 120 pages", "1", _PIECES, "5200", "19"),
            ("Discount", "1", _PIECES, "-300", "19"),
        ),
        20,
        25,
        "send approve",
    ),
    (
        "Interpreting at the supervisory board",
        (("Two interpreters, one day", "1", _PIECES, "2480", "19"),),
        6,
        9,
        "send",
    ),
)
_EACH = 5


@transaction.atomic
def offers(by: User) -> None:
    """Make quotes of the first clients that have a contact, and the projects of those that were approved; `by` made them."""
    if Quote.objects.exists():
        return
    active = Client.objects.filter(status=Client.Status.ACTIVE, restricted_to_responsible=False, contacts__is_primary=True)
    clients = list(active.order_by("pk")[:_EACH])
    with set_actor(by):
        for place, sketch in enumerate(_QUOTES):
            if clients:
                _offer(clients[0 if place < 4 else place % len(clients)], sketch, by)


def _offer(client: Client, sketch: tuple, by: User) -> None:
    name, lines, days, until, steps = sketch
    contact, moment = client.contacts.get(is_primary=True), timezone.now() - timedelta(days=days)
    quote = Quote(client=client, name=name, contact=contact, department=contact.department)
    quote.office = contact.default_office or client.offices.get(is_headquarters=True)
    quote.expires_on = timezone.localdate() + timedelta(days=until)
    quote.terms = "Payable within 14 days. Delivery as agreed; express work is charged separately."
    quote.origin = Origin.PORTAL if steps == "request" else Origin.STAFF
    if steps == "request":
        quote.client_notes, quote.terms = "We need them before the audit in spring.", ""
    made = [_line(*line) for line in lines]
    quote.make(by, (), () if steps == "request" else made)
    if "send" in steps:
        quote.send(contact.email)
    if "approve" in steps:
        _carry_out(quote.approve(by), quote, by)
    if "reject" in steps:
        quote.reject(by, "Another date is needed.")
    stamps = {"sent_at": moment + timedelta(hours=3)} if quote.status != QuoteStatus.PENDING and quote.sent_at else {}
    Quote.objects.filter(pk=quote.pk).update(created_at=moment, **stamps)


def _line(text: str, quantity: str, unit: str, price: str, rate: str) -> QuoteLine:
    return QuoteLine(text=text, quantity=Decimal(quantity), unit=unit, unit_price=Decimal(price), tax_rate=Decimal(rate))


def _carry_out(project: Project, quote: Quote, by: User) -> None:
    """Let the project be half done: with a job, a deliverable that waits to be released, and a file."""
    project.progress, project.deadline = 45, timezone.now() + timedelta(days=24)
    project.description = f"As offered in {quote.number}."
    project.save()
    for job in Job.objects.filter(client=project.client, project=None).exclude(status="closed").order_by("pk")[:2]:
        job.project = project
        job.save()
    files.add(project, ContentFile(b"Minutes of the first meeting.\n", "Minutes.txt"), by=by, visible=True)
    files.add(project, ContentFile(b"First part.\n", "Part 1.txt"), by=by, kind=Document.Kind.DELIVERABLE)
