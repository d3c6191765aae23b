"""What clients hold about a person: an individual client, its documents, picture and merges (XD1)."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext as _

from clientdesk import pictures
from clientdesk.models import Change, Merge
from clientdesk.personal.erasing import Erasure
from clientdesk.personal.subject import Held, Subject, facts, learn, moment
from clients.models import Client, ClientDocument, ClientFormats, Company, DuplicatePair

_ADDRESS = ("street", "street2", "postal_code", "city", "province")
_BLANK = (
    *_ADDRESS,
    *(f"post_{name}" for name in _ADDRESS),
    *(
        "email",
        "phone",
        "mobile",
        "fax",
        "website",
        "server_account",
        "tax_number",
        "contract_number",
        "notes",
        "sales_notes",
        "budget_codes",
    ),
)
_LISTS = ("more_tax_numbers", "more_emails", "more_phones", "more_websites")


def pseudonym(client: Client) -> str:
    """Return the name that stands for an erased `client` from then on."""
    return _("Erased client %(number)s") % {"number": client.number}


def reach(subject: Subject) -> None:
    """Add the client and those merged into it, and every name, address and number it is or was known by."""
    client = subject.record
    if not isinstance(client, Client):
        return
    keys, kind = {client.pk}, ContentType.objects.get_for_model(Client)
    while more := set(_merges(kind, keys).values_list("loser_id", flat=True)) - keys:
        keys |= more
    subject.records[Client] |= keys
    subject.is_called(
        names=(client.name, client.legal_name, *_merges(kind, keys).values_list("loser_name", flat=True)),
        emails=(client.email, *(entry.get("address") for entry in client.more_emails)),
        phones=(client.phone, client.mobile, client.fax, *(entry.get("number") for entry in client.more_phones)),
    )
    learn(subject, Client, ("name", "legal_name"), ("email",), ("phone", "mobile", "fax"))
    subject.records[Company] |= _former_companies(subject)


def _former_companies(subject: Subject) -> set[int]:
    """Return companies that the client left in the registry when it became an individual, and that bear the person's name."""
    kinds = [ContentType.objects.get_for_model(model) for model in (Company, Client)]
    told = Change.objects.filter(content_type=kinds[0], of_type=kinds[1], of_id__in=subject.records[Client])
    left = Company.objects.without_client().filter(pk__in=list(told.values_list("object_id", flat=True)))
    return {company.pk for company in left if company.registered_name in subject.names}


def _merges(kind: ContentType, keys: set[int]):
    return Merge.objects.filter(content_type=kind, winner_id__in=keys, undone_at=None)


def held(subject: Subject) -> list[Held]:
    """Return the record, documents, picture and merges of the client."""
    client = subject.record
    if not isinstance(client, Client):
        return []
    dates = [(_("Created"), moment(client.created_at)), (_("Last modified"), moment(client.updated_at))]
    about = [*facts(client, but=("photo",)), *dates]
    industries = ", ".join(str(entry) for entry in client.industries.all())
    people = ", ".join(str(user) for user in client.responsible.all())
    about += [pair for pair in ((_("Industries"), industries), (_("Additional people responsible"), people)) if pair[1]]
    documents = [
        [(_("File name"), one.filename), (_("Document"), one.requirement), (_("Size"), str(one.size)), (_("Added"), moment(one.created_at))]
        for one in client.documents.all()
    ]
    formats = ClientFormats.objects.filter(client=client).first()
    # After an undo the other one is a person of its own again.
    merged = _merges(ContentType.objects.get_for_model(Client), {client.pk})
    merges = [[(_("Number"), one.loser_number), (_("Name"), one.loser_name), (_("Merged"), moment(one.merged_at))] for one in merged]
    return [
        Held("client", _("Client record"), [about]),
        Held("picture", _("Picture"), [[(_("Picture"), _("A picture is kept"))]] if client.photo else []),
        Held("documents", _("Documents"), documents),
        Held("formats", _("Formats"), [shown] if formats and (shown := facts(formats, but=("client",))) else []),
        Held("merges", _("Merged into this client"), merges),
    ]


def erase(erasure: Erasure) -> None:
    """Leave of the client its number, kind, dates, branch, country and what it was sold; names and everything else go."""
    client = erasure.subject.record
    if not isinstance(client, Client):
        return
    for document in ClientDocument.objects.filter(client=client):
        erasure.files.append(document.file.name)
        document.delete()
    if client.photo:
        erasure.files += pictures.both(client.photo.name)
    ClientFormats.objects.filter(client=client).delete()
    Company.objects.filter(pk__in=erasure.subject.records[Company]).delete()
    DuplicatePair.objects.filter(Q(first=client) | Q(second=client)).delete()
    for name in _BLANK:
        setattr(client, name, "")
    for name in _LISTS:
        setattr(client, name, [])
    client.name = client.legal_name = erasure.subject.pseudonym
    client.photo, client.custom, client.external_id = "", {}, None
    client.status, client.erased_at = Client.Status.INACTIVE, erasure.now
    client.save()
    for office in client.offices.all():
        office.name = office.headquarters_name() if office.is_headquarters else _("Office %(number)s") % {"number": office.pk}
        for name in ("email", "phone", *_ADDRESS):
            setattr(office, name, "")
        office.save()
