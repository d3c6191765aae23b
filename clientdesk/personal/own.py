"""What the ground floor holds about a person: mails, views of lists, merges, legal holds, the history itself (XD1)."""

from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from clientdesk.history import Entry, entries
from clientdesk.models import ListMemory, LongRun, Merge, OutgoingMail, SavedView, User
from clientdesk.personal import holds
from clientdesk.personal.erasing import Erasure
from clientdesk.personal.subject import Held, Subject, moment

# The dossier shows the newest entries of the history; more than these no page can hold.
_MOST = 500
_WORDS = {"create": _lazy("Added"), "update": _lazy("Changed"), "delete": _lazy("Removed"), "access": _lazy("Dossier opened")}
NOBODY = "erased@erased.invalid"


def held(subject: Subject) -> list[Held]:
    """Return mails to the person, legal holds, and the history of each record that is this person."""
    mails = [
        [(_("Kind"), mail.kind.replace("_", " ")), (_("Sent to"), mail.to), (_("Queued"), moment(mail.queued_at)),
         (_("Sent"), moment(mail.sent_at)), (_("State"), mail.get_state_display())]
        for mail in _mails(subject).order_by("-pk")
    ]  # fmt: skip
    kept = [
        [(_("Reason"), hold.reason), (_("Placed"), moment(hold.placed_at)), (_("Lifted"), moment(hold.lifted_at))]
        for hold in holds.all_of(subject)
    ]
    return [
        Held("mails", _("E-mails to this person"), mails),
        Held("holds", _("Legal holds"), kept),
        Held("history", _("History"), _history(subject), listed=True),
    ]


def _history(subject: Subject) -> list[list[tuple[str, str]]]:
    found = []
    for model in (model for model in subject.records if model is not User):
        kind = ContentType.objects.get_for_model(model)
        told = list(subject.changes().filter(Q(content_type=kind) | Q(of_type=kind)).order_by("-id")[:_MOST])
        found += [(entry.pk, _row(entry)) for entry in entries(told, model)]
    return [row for _pk, row in sorted(dict(found).items(), reverse=True)]


def _row(entry: Entry) -> list[tuple[str, str]]:
    said = entry.headline or str(_WORDS[entry.action])
    created = entry.action == "create"
    lines = [f"{line.label}: {line.new}" if created else f"{line.label}: {line.old or '–'} → {line.new or '–'}" for line in entry.lines]
    return [(_("When"), moment(entry.moment)), (_("Who"), entry.who), (_("What"), said), (_("Values"), "; ".join(lines))]


def _mails(subject: Subject):
    wanted = Q(link__user__in=subject.records.get(User, ()))
    for email in subject.emails:
        wanted |= Q(to__iexact=email)
    return OutgoingMail.objects.filter(wanted)


def refusal(subject: Subject) -> str:
    """A legal hold keeps everything as it is."""
    if hold := holds.in_force(subject.record):
        return _("A legal hold is in place since %(since)s: %(reason)s") % {"since": moment(hold.placed_at), "reason": hold.reason}
    return ""


def erase(erasure: Erasure) -> None:
    """Blank mails, remembered searches, merges and the reasons of former holds; the files of the demo's mails go."""
    subject = erasure.subject
    _mails(subject).filter(state=OutgoingMail.State.QUEUED).update(state=OutgoingMail.State.DROPPED, claimed_by="", claimed_until=None)
    _mails(subject).update(to=NOBODY, about={}, error="")
    _blank_where(subject, OutgoingMail, ("about", "error"), about={}, error="")
    _blank_where(subject, SavedView, ("query",), query="")
    for view in SavedView.objects.all():
        if subject.is_named_in(view.name):
            view.name = _("Erased view %(number)s") % {"number": view.pk}
            view.save()
    _blank_where(subject, ListMemory, ("query",), query="")
    _blank_where(subject, LongRun, ("order",), order={})
    _forget_merges(subject)
    holds.all_of(subject).update(reason=_("Erased"))
    folder = Path(settings.DEMO_MAILS)
    erasure.paths += [path for path in folder.glob("*.eml") if _names(subject, path)] if folder.is_dir() else []


def _blank_where(subject: Subject, model: type[Model], columns: tuple[str, ...], **blank: object) -> None:
    texts = {f"{column}_text": Cast(column, TextField()) for column in columns}
    rows = model._default_manager.annotate(**texts).values_list("pk", *texts)
    found = [pk for pk, *parts in rows.iterator() if any(subject.is_named_in(part or "") for part in parts)]
    model._default_manager.filter(pk__in=found).update(**blank)


def _forget_merges(subject: Subject) -> None:
    """A merge that holds data of the person can no longer be undone: its steps go, numbers stay."""
    for merge in Merge.objects.all().iterator():
        model = merge.content_type.model_class()
        own = bool({merge.loser_id, merge.winner_id} & subject.records.get(model, set()))
        if own:
            merge.loser_name = merge.loser_name_key = subject.pseudonym
            merge.search_key = ""
        if own or subject.is_named_in(_readable(merge.steps)):
            merge.steps = []
            merge.save()


def _readable(value: object) -> str:
    """Return the texts within a JSON value, one a line: JSON itself may write letters as codes."""
    if isinstance(value, dict):
        return "\n".join(_readable(part) for part in value.values())
    return "\n".join(map(_readable, value)) if isinstance(value, list) else str(value)


def _names(subject: Subject, path: Path) -> bool:
    try:
        return subject.is_named_in(path.read_bytes().decode(errors="replace"))
    except OSError:
        return False
