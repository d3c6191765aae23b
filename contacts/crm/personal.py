"""What CRM holds about a person: the actions with it, the text of each e-mail included (XD1)."""

from django.utils.translation import gettext as _

from clientdesk.personal.erasing import Erasure
from clientdesk.personal.subject import Held, Subject, facts
from clients.models import Client
from contacts.models import Contact, CrmAction, UnwantedAddress


def reach(subject: Subject) -> None:
    """Add the actions with the contacts that are this person, and all those of an individual client."""
    with_person = CrmAction.objects.filter(contact__in=subject.records.get(Contact, ()))
    keys = set(with_person.values_list("pk", flat=True))
    if isinstance(subject.record, Client):
        keys |= set(CrmAction.objects.filter(client=subject.record).values_list("pk", flat=True))
    subject.records[CrmAction] |= keys


def held(subject: Subject) -> list[Held]:
    """Return each action with the person, the newest first, and addresses of the person that are known to be unwanted."""
    actions = CrmAction.objects.filter(pk__in=subject.records[CrmAction]).order_by("-sort_at", "-pk")
    unwanted = sorted(UnwantedAddress.objects.among(subject.emails))
    return [
        Held("actions", _("CRM actions"), [facts(action) for action in actions], listed=True),
        Held("unwanted", _("Addresses that get no CRM e-mails"), [[(_("E-mail"), address)] for address in unwanted]),
    ]


def erase(erasure: Erasure) -> None:
    """Leave of each action its kind and its times; also of those with others that name the person."""
    subject = erasure.subject
    rows = CrmAction.objects.values_list("pk", "subject", "body").iterator()
    subject.records[CrmAction] |= {pk for pk, *texts in rows if any(subject.is_named_in(text) for text in texts)}
    for action in CrmAction.objects.select_for_update(of=("self",)).filter(pk__in=subject.records[CrmAction]).order_by("pk"):
        action.subject, action.body = _("Erased"), ""
        action.save(update_fields=["subject", "body"])
