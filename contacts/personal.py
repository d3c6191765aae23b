"""What contacts hold about a person: the contact itself, or the contact of an individual client (XD1)."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext as _

from clientdesk import pictures
from clientdesk.merging.followed import merges
from clientdesk.models import Change, Merge
from clientdesk.personal.erasing import Erasure
from clientdesk.personal.subject import Held, Subject, facts, learn, moment
from clients.models import Client
from contacts.models import Contact, ContactFormats, ContactMove, ContactPair, Office, SocialAccount, UnwantedAddress

_BLANK = (
    *("first_name", "email", "phone", "mobile", "fax", "gender", "language", "notes", "sales_notes", "photo"),
    *("street", "street2", "postal_code", "city", "province"),
)
# Of so many former first and last names every pair is looked for.
_MOST_NAMES = 12


def pseudonym(contact: Contact) -> str:
    """Return the name that stands for an erased `contact` from then on."""
    return _("Erased contact %(number)s") % {"number": contact.pk}


def reach(subject: Subject) -> None:
    """Add the contact, or the contacts of the individual client, also those that a merge took away; and what they are or were called."""
    if isinstance(subject.record, Contact):
        subject.records[Contact].add(subject.record.pk)
    elif isinstance(subject.record, Client):
        keys = subject.records[Client]
        subject.records[Contact] |= set(Contact.objects.filter(client__in=keys).values_list("pk", flat=True))
        subject.records[Contact] |= _gone(keys)
        subject.records[Office] |= set(Office.objects.filter(client__in=keys).values_list("pk", flat=True))
    subject.records[Contact] |= _merged_away(subject)
    subject.records[ContactMove] |= set(ContactMove.objects.filter(contact__in=subject.records[Contact]).values_list("pk", flat=True))
    for contact in Contact.objects.filter(pk__in=subject.records[Contact]):
        subject.is_called(
            names=_both(contact.first_name, contact.last_name),
            emails=[contact.email, *(row.get("address") for row in contact.more_emails)],
            phones=[contact.phone, contact.mobile, contact.fax, *(row.get("number") for row in contact.more_phones)],
        )
    for office in Office.objects.filter(pk__in=subject.records[Office]):
        subject.is_called(emails=[office.email], phones=[office.phone])
    learn(subject, Contact, emails=("email",), phones=("phone", "mobile", "fax"))
    learn(subject, Office, emails=("email",), phones=("phone",))
    subject.is_called(names=_former_names(subject))


def _merged_away(subject: Subject) -> set[int]:
    """Return the keys of contacts that were merged into this person, however often; their names of then are the person's, too."""
    keys: set[int] = set()
    wanted = set(subject.records[Contact])
    while wanted:
        found = merges(Contact).filter(winner_id__in=wanted)
        subject.is_called(names=list(found.values_list("loser_name", flat=True)))
        wanted = set(found.values_list("loser_id", flat=True)) - keys
        keys |= wanted
    return keys


def _gone(clients: set[int]) -> set[int]:
    kinds = [ContentType.objects.get_for_model(model) for model in (Contact, Client)]
    told = Change.objects.filter(content_type=kinds[0], of_type=kinds[1], of_id__in=clients).values_list("object_id", flat=True)
    keys = {key for key in told if key}
    return keys - set(Contact.objects.filter(pk__in=keys).values_list("pk", flat=True))


def _both(first: str, last: str) -> list[str]:
    return [f"{first} {last}", f"{last} {first}", f"{last}, {first}"] if first and last else [last]


def _former_names(subject: Subject) -> list[str]:
    kind = ContentType.objects.get_for_model(Contact)
    told = Change.objects.filter(content_type=kind, object_id__in=subject.records[Contact]).values_list("changes", flat=True)
    seen: dict[str, dict[str, None]] = {"first_name": {}, "last_name": {}}
    for changes in told:
        for name, known in seen.items():
            known.update(dict.fromkeys(value for value in (changes or {}).get(name) or [] if value))
    firsts, lasts = (list(values)[:_MOST_NAMES] for values in seen.values())
    return [name for last in lasts for first in firsts for name in _both(first, last)] or lasts


def held(subject: Subject) -> list[Held]:
    """Return the record of each contact that is this person, its accounts, picture and formats."""
    found, pictured = [], []
    for contact in Contact.objects.filter(pk__in=subject.records[Contact]).select_related("client"):
        offices = ", ".join(office.name for office in contact.offices.all())
        dates = [(_("Created"), moment(contact.created_at)), (_("Last modified"), moment(contact.updated_at))]
        found.append(facts(contact, but=("photo",)) + [(_("Offices"), offices)] * bool(offices) + dates)
        pictured += [[(_("Picture"), _("A picture is kept"))]] * bool(contact.photo)
    # The one office of an individual, which nobody sees, may hold what it held when the client was corporate.
    offices = [facts(one) for one in Office.objects.filter(pk__in=subject.records[Office]) if one.has_address or one.email or one.phone]
    keys = subject.records[Contact]
    accounts = SocialAccount.objects.filter(contact__in=keys).select_related("network")
    formats = [shown for one in ContactFormats.objects.filter(contact__in=keys) if (shown := facts(one, but=("contact",)))]
    return [
        Held("contact", _("Contact record"), found),
        Held("offices", _("Offices"), offices),
        Held("contact_picture", _("Picture of the contact"), pictured),
        Held("accounts", _("Social accounts"), [[(account.network.name, account.handle)] for account in accounts]),
        Held("contact_merges", _("Merged into this contact"), _merges(keys)),
        Held("contact_formats", _("Formats of the contact"), formats),
    ]


def _merges(keys: set[int]) -> list[list[tuple[str, str]]]:
    found: list[Merge] = list(merges(Contact).filter(winner_id__in=keys).defer("steps"))
    return [[(_("Name"), one.loser_name), (_("Merged"), moment(one.merged_at))] for one in found]


def refusal(subject: Subject) -> str:
    """The contact of an individual client is that client: both go together."""
    if isinstance(subject.record, Contact) and subject.record.client.is_individual and subject.record.client.erased_at is None:
        return _("%(contact)s is the individual client %(client)s. Erase the client, its contact goes with it.") % {
            "contact": subject.record,
            "client": subject.record.client,
        }
    return ""


def erase(erasure: Erasure) -> None:
    """Leave of each contact that it was one of its client's; a move of it can no longer be undone."""
    ContactMove.objects.filter(contact__in=erasure.subject.records[Contact]).update(steps=[])
    for contact in Contact.objects.select_for_update().filter(pk__in=erasure.subject.records[Contact]).order_by("pk"):
        if contact.photo:
            erasure.files += pictures.both(contact.photo.name)
        contact.accounts.all().delete()
        ContactPair.objects.filter(Q(first=contact) | Q(second=contact)).delete()
        ContactFormats.objects.filter(contact=contact).delete()
        _keep_objection(contact)
        for name in _BLANK:
            setattr(contact, name, "")
        contact.last_name, contact.custom = pseudonym(contact), {}
        contact.more_emails, contact.more_phones, contact.mother_tongues, contact.external_id = [], [], [], None
        contact.active, contact.is_primary, contact.erased_at = False, False, erasure.now
        contact.use_client_address = True
        contact.save()


def _keep_objection(contact: Contact) -> None:
    """Whoever wanted no CRM e-mails gets none when the address comes back: of it stays what recognises it, not what it is."""
    client = contact.client
    if contact.email and (contact.no_crm_emails or (client.is_individual and client.no_crm_emails)):
        UnwantedAddress.objects.keep(contact.email)
