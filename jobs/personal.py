"""What work holds about a person: quotes, projects and jobs that name the contact, and all those of an individual client (XD1)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.personal.erasing import Erasure
from clientdesk.personal.subject import Held, Subject, facts, moment
from clients.models import Client
from contacts.models import Contact
from jobs.models import Document, Item, ItemContact, Job, JobEvent, Project, Quote, QuoteLine

# What an individual was sent a bill for stays in the books; who it was goes.
_IN_THE_BOOKS = (Document.Kind.INVOICE,)


@dataclass(frozen=True)
class _Kind:
    """One kind of work: the column of its title, and its other texts, which may tell of a person."""

    model: type[Item]
    title: str
    texts: tuple[str, ...]
    label: Promise
    besides: Promise

    @property
    def links(self) -> type[ItemContact]:
        """The rows that name additional contacts."""
        return self.model.link_model()

    @property
    def item(self) -> str:
        return self.model.kind()


_NOTES = ("client_reference", "internal_notes")
_PLACE = ("street", "street2", "postal_code", "city", "province")
_KINDS = (
    _Kind(
        Quote,
        "name",
        (*_NOTES, "client_notes", "decided_name", "decision_reason", "sent_to"),
        gettext_lazy("Quotes"),
        gettext_lazy("Named in quotes besides"),
    ),
    _Kind(
        Project,
        "name",
        (*_NOTES, "description", "review", "reviewed_name"),
        gettext_lazy("Projects"),
        gettext_lazy("Named in projects besides"),
    ),
    _Kind(
        Job,
        "subject",
        (*_NOTES, "description", "contact_phone", "cancel_reason", *_PLACE),
        gettext_lazy("Jobs"),
        gettext_lazy("Named in jobs besides"),
    ),
)


def reach(subject: Subject) -> None:
    """Add the work that names the contacts that are this person, all that of an individual client, and its files."""
    people = subject.records.get(Contact, ())
    for kind in _KINDS:
        keys = set(kind.model.objects.filter(contact__in=people).values_list("pk", flat=True))
        if isinstance(subject.record, Client):
            own = kind.model.objects.filter(client=subject.record)
            keys |= set(own.values_list("pk", flat=True))
            files = Document.objects.filter(**{f"{kind.item}__in": own.values("pk")})
            subject.records[Document] |= set(files.values_list("pk", flat=True))
        subject.records[kind.model] |= keys
        subject.records[kind.links] |= set(kind.links._default_manager.filter(contact__in=people).values_list("pk", flat=True))


def held(subject: Subject) -> list[Held]:
    """Return the quotes, projects and jobs of the person, those in which the person is named besides, and their files."""
    found = []
    for kind in _KINDS:
        items = kind.model.objects.filter(pk__in=subject.records[kind.model]).order_by("-pk")
        found.append(
            Held(f"{kind.item}s", str(kind.label), [facts(one) + _more(one) for one in items.prefetch_related(*_with(kind))], True)
        )
        links = kind.links._default_manager.filter(pk__in=subject.records[kind.links]).select_related(kind.item).order_by("-pk")
        named = [[(str(kind.model._meta.verbose_name).capitalize(), str(getattr(link, kind.item)))] for link in links]
        found.append(Held(f"more_{kind.item}s", str(kind.besides), named))
    files = Document.objects.filter(pk__in=subject.records[Document])
    return [*found, Held("files", _("Files of the work"), [facts(one, but=("file",)) for one in files])]


def _with(kind: _Kind) -> tuple[str, ...]:
    return {Job: ("events",), Quote: ("lines",)}.get(kind.model, ())


def _more(item: Item) -> list[tuple[str, str]]:
    """Return the lines of a quote, the notes of a job's timeline."""
    if isinstance(item, Quote):
        return [(_("Line"), line.text) for line in item.lines.all()]
    if isinstance(item, Job):
        return [(_("Note"), f"{moment(one.at)}: {one.note}") for one in item.events.all() if one.note]
    return []


def erase(erasure: Erasure) -> None:
    """Leave of each work of the person its kind, times, amounts and who did it; also texts of others' work that name the person go."""
    subject = erasure.subject
    for kind in _KINDS:
        # Quotes and projects of a company stay what they were called: that is what the company bought.
        whole = kind.model is Job or isinstance(subject.record, Client)
        named = _named(subject, kind)
        subject.records[kind.model] |= named
        items = kind.model.objects.select_for_update(of=("self",)).filter(pk__in=subject.records[kind.model]).order_by("pk")
        for item in items:
            title = _("Erased") if whole or subject.is_named_in(getattr(item, kind.title)) else getattr(item, kind.title)
            _forget(item, **{kind.title: title}, **dict.fromkeys(kind.texts, ""))
        kind.links._default_manager.filter(pk__in=subject.records[kind.links]).delete()
    _erase_notes(subject)
    _erase_files(erasure)


def _named(subject: Subject, kind: _Kind) -> set[int]:
    """Return the keys of the work whose texts name the person."""
    rows = kind.model.objects.values_list("pk", kind.title, *kind.texts).iterator()
    return {pk for pk, *found in rows if any(subject.is_named_in(str(text)) for text in found if text)}


def _forget(item: Item, **values: object) -> None:
    if isinstance(item, Job):
        item.forget(**values)
        return
    for name, value in values.items():
        setattr(item, name, value)
    item.save(update_fields=list(values))


def _erase_notes(subject: Subject) -> None:
    own = subject.records[Job]
    notes = JobEvent.objects.exclude(note="").values_list("pk", "job_id", "note").iterator()
    JobEvent.objects.filter(pk__in={pk for pk, job, note in notes if job in own or subject.is_named_in(note)}).update(note="")
    whole = subject.records[Quote] if isinstance(subject.record, Client) else ()
    lines = QuoteLine.objects.values_list("pk", "quote_id", "text").iterator()
    QuoteLine.objects.filter(pk__in={pk for pk, quote, text in lines if quote in whole or subject.is_named_in(text)}).update(
        text=_("Erased")
    )


def _erase_files(erasure: Erasure) -> None:
    """Remove the files of an individual; of others' files those go whose names tell of the person, and the addresses they were sent to."""
    subject = erasure.subject
    names = Document.objects.values_list("pk", "filename", "sent_to").iterator()
    told = {pk for pk, *texts in names if any(subject.is_named_in(text) for text in texts if text)}
    for document in Document.objects.filter(pk__in=subject.records[Document] | told).order_by("pk"):
        if document.kind in _IN_THE_BOOKS or (document.pk not in subject.records[Document] and not subject.is_named_in(document.filename)):
            if document.pk in subject.records[Document] or subject.is_named_in(document.filename):
                document.filename = _("Erased")
            document.sent_to = ""
            document.save(update_fields=["filename", "sent_to", "updated_at"])
        else:
            erasure.files.append(document.file.name)
            document.delete()
    subject.records[Document] |= told
