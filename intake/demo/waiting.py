"""What waits in the portal of the demo: Anna Lindholm may do everything there, has quotes to decide, a delivery, a request, and a project
to say something about."""

from datetime import timedelta
from decimal import Decimal

from auditlog.context import set_actor
from django.db import transaction
from django.utils import timezone

from clientdesk.models import User
from contacts.models import Contact
from intake.demo.access import ANNA, MATTHIAS
from jobs import sending
from jobs.models import Document, Job, Project, Quote, QuoteLine
from portal.models import ClientAccess, ContactAccess, Level
from portal.rights import Right

# name, words to translate, days until it expires.
_QUOTES = (("Package leaflet, 20 mg", 14_200, 2), ("Labels for the new strength", 900, 9))
_EVERYTHING = int(sum(Right, Right(0)))


@transaction.atomic
def waiting(by: User) -> None:
    """Let Anna Lindholm do everything in the portal and put something there that waits for her; `by` did it."""
    anna = Contact.objects.filter(email=ANNA).select_related("client", "default_office", "department").first()
    if anna is None or Quote.objects.filter(name=_QUOTES[0][0]).exists():
        return
    head = {"client": anna.client, "office": anna.default_office, "department": anna.department, "contact": anna}
    with set_actor(by):
        user = _empower(anna, by)
        for name, words, days in _QUOTES:
            quote = Quote(**head, name=name, expires_on=timezone.localdate() + timedelta(days=days))
            line = QuoteLine(
                text="Translation, medical", quantity=Decimal(words), unit="words", unit_price=Decimal("0.14"), tax_rate=Decimal(19)
            )
            quote.make(by, (), [line])
            quote.send(anna.email)
        held_back = Document.objects.filter(kind=Document.Kind.DELIVERABLE, project__client=anna.client, released_at=None)
        for document in held_back.order_by("pk")[:1]:
            sending.release(document, by)
        over = Project(**head, name="Labels of last year", starts_on=timezone.localdate() - timedelta(days=90))
        over.make(by)
        over.close()
        job = Job(**head, subject="Set up the terminal in room 4", description="The old one may go.", country=anna.client.country)
        job.log(user, requested=True)


def _empower(anna: Contact, by: User) -> User | None:
    """Give Anna and her client every right, and them somebody of ours who helps; return Anna's account."""
    clients, _made = ClientAccess.objects.get_or_create(client=anna.client)
    clients.rights = _EVERYTHING
    clients.save()
    own = ContactAccess.objects.select_related("user").get(contact=anna)
    own.rights, own.may_decide_quotes = _EVERYTHING, True
    own.save()
    # Whoever wants to read all of it in German signs in as him.
    ContactAccess.objects.filter(contact__email=MATTHIAS).update(level=Level.ALL_OFFICES, rights=_EVERYTHING, may_decide_quotes=True)
    if anna.client.project_manager is None:
        anna.client.project_manager = by
        anna.client.save()
    return own.user
