"""Mail leaves here: queued in the transaction of its cause, sent by the worker after the commit, under a lease.

**What a kind of mail provides.** settings.MAILS names a function `builder(mail: OutgoingMail) -> EmailMessage | None` for each
kind, mostly one call of `clientdesk.mail.build`. The worker calls it in a transaction just before the mail leaves; None drops
the mail because there is nothing to send any more. A builder that needs a one-time link keeps it in `mail.link`:

    no link yet               issue one, assign it to `mail.link`
    mail.link is open         use it: an earlier try may have been cut off after the server had taken the mail
    mail.link is expired      the mail server was away for long: issue a new one, assign it
    mail.link is used, voided return None

What the builder assigns to `mail.link`, `mail.kind`, `mail.to` and `mail.about` is committed before the mail leaves. Nobody is
trusted to be called once: the same row always gives the same Message-ID and, while it is open, the same link.

**Who goes first.** Kinds with a mailer of their own (settings.MAILER_OF_KIND) are those that are written to many at once: they leave
when nothing else is due, however long they wait, so that an invitation never stands behind five hundred of them.

`link_wanted` is queued with whatever address somebody typed, in every case and without looking anything up; its builder finds
the person, and sends to the stored address (trial V3) or returns None.
"""

import smtplib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from time import sleep
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from clientdesk.mail import Unsendable, Unwanted, checked, one_line
from clientdesk.models import AccessLink, OutgoingMail, User
from clientdesk.models.mail import OutgoingMailQuerySet

if TYPE_CHECKING:
    from django.core.mail.backends.base import BaseEmailBackend

log = structlog.get_logger(__name__)

DEFAULT = "default"
FIRST_PAUSE = timedelta(seconds=2)
# A server that is away is tried again soon, one that puts us off (4xx) less and less often.
LONGEST_PAUSE_AWAY = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(days=5)
# How often marking a mail as sent is tried when the database has just gone: the server has the mail already.
MARKING_PAUSES = (1, 2, 4, 8, 16)


@dataclass
class Batch:
    """What one visit to the mail server did; `handled` counts the mails that were tried, taken or not."""

    handled: int = 0
    sent: int = 0
    server_away: bool = False


@dataclass(frozen=True)
class Verdict:
    """What an error of the mail server means for the mail in hand."""

    sentence: str
    server_away: bool = False
    final: bool = False


class _Lost(Exception):
    """Another worker holds this mail by now."""


def queue(
    kind: str, to: str, *, about: Mapping[str, object] | None = None, link: AccessLink | None = None, by: User | None = None
) -> OutgoingMail:
    """Queue a mail of `kind` to the address `to` in the caller's transaction and return its row; nothing is sent or looked up.

    `about` holds the ids that its builder needs, `link` a one-time link made in the same transaction, `by` who caused it.
    Any text is taken for `to`, so that every caller answers alike; what is no address fails when the mail is built.
    Raises ValueError for a kind that settings.MAILS does not name.
    """
    if kind not in settings.MAILS:
        raise ValueError(f"No such kind of mail: {kind}")
    to = one_line(to)
    if len(to) > 254:
        # Cut so that it can never be taken for a shorter, real address.
        to = to[:252] + " …"
    return OutgoingMail.objects.create(kind=kind, to=to, about=dict(about or {}), link=link, queued_by=by)


def send_due(limit: int = 50) -> int:
    """Send up to `limit` due mails and return how many the server took."""
    return send_batch(f"batch-{uuid4().hex[:12]}", limit).sent


def send_batch(sender: str, limit: int = 50, stop: Callable[[], bool] = lambda: False) -> Batch:
    """Claim up to `limit` due mails as `sender`, send them over one connection a mailer, and say what came of it.

    `stop` is asked before each mail. Raises OperationalError or InterfaceError where the database does not answer.
    """
    batch = Batch()
    mails = _claim(sender, limit)
    try:
        for name, group in _by_mailer(mails).items():
            one = _send_over(name, group, stop if name == DEFAULT else lambda: stop() or _urgent().exists())
            batch.handled, batch.sent = batch.handled + one.handled, batch.sent + one.sent
            # The worker leaves the server of all mails alone for a while; that of another kind of mail stops nobody else's.
            batch.server_away |= one.server_away and name == DEFAULT
    finally:
        if mails:
            let_go(sender)
    return batch


def _by_mailer(mails: list[OutgoingMail]) -> dict[str, list[OutgoingMail]]:
    """Return the mails by the mailer that their kind leaves through (settings.MAILER_OF_KIND), the default one first."""
    groups: dict[str, list[OutgoingMail]] = {DEFAULT: []}
    for mail in mails:
        groups.setdefault(settings.MAILER_OF_KIND.get(mail.kind, DEFAULT), []).append(mail)
    return {name: group for name, group in groups.items() if group}


def _send_over(name: str, mails: list[OutgoingMail], stop: Callable[[], bool]) -> Batch:
    batch = Batch()
    try:
        mailer = mailers[name]
        mailer.open()
    except Exception as error:
        pause = FIRST_PAUSE if name == DEFAULT else max(_pause(mail, LONGEST_PAUSE_AWAY) for mail in mails)
        _put_off(mails, judge(error).sentence, pause)
        log.warning("mail_server_away", mailer=name, waiting=len(mails), error=type(error).__name__)
        return Batch(server_away=True)
    try:
        for mail in mails:
            if stop() or batch.server_away:
                break
            batch.handled += 1
            _deliver(mail, mailer, batch)
    finally:
        with suppress(Exception):
            mailer.close()
    return batch


def extend(sender: str) -> None:
    """Renew the lease of the mails that `sender` holds."""
    _held(sender).update(claimed_until=timezone.now() + lease())


def let_go(sender: str) -> None:
    """Give back at once what `sender` holds and did not send."""
    _held(sender).update(claimed_by="", claimed_until=None)


def lease() -> timedelta:
    """Return how long a claim lasts without a sign of life: always longer than the mail server may take for one answer."""
    return timedelta(seconds=max(settings.WORKER_LEASE_SECONDS, 3 * settings.EMAIL_TIMEOUT_SECONDS))


def judge(error: Exception) -> Verdict:
    """Return what an error while sending means: the server is away, it puts us off, or it refuses this mail for good."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return _answered(code, words, final=500 <= code < 600)
    if isinstance(error, smtplib.SMTPDataError):
        return _answered(error.smtp_code, error.smtp_error, final=500 <= error.smtp_code < 600)
    if isinstance(error, smtplib.SMTPSenderRefused):
        # Our own address is refused: whoever runs this installation can mend that, so the mail waits.
        return _answered(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPResponseException):
        return Verdict(_answered(error.smtp_code, error.smtp_error).sentence, server_away=True)
    if isinstance(error, smtplib.SMTPNotSupportedError) or not isinstance(error, OSError):
        return Verdict(_("The mail could not be handed over (%(error)s).") % {"error": type(error).__name__})
    return Verdict(_("The mail server does not answer (%(error)s).") % {"error": type(error).__name__}, server_away=True)


def _answered(code: int, words: bytes | str, final: bool = False) -> Verdict:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    sentence = _("The mail server answered: %(code)s %(words)s") % {"code": code, "words": one_line(text)[:300]}
    return Verdict(sentence, server_away=code == 421, final=final)


def _held(sender: str):
    return OutgoingMail.objects.waiting().filter(claimed_by=sender)


def _urgent() -> OutgoingMailQuerySet:
    """Return the due mails that others must not keep waiting."""
    return OutgoingMail.objects.due().exclude(kind__in=list(settings.MAILER_OF_KIND))


def _claim(sender: str, limit: int) -> list[OutgoingMail]:
    # A plain read first: SQLite's one write lock stays free while nothing is due.
    if not OutgoingMail.objects.due().exists():
        return []
    with transaction.atomic():
        mails = list(_urgent().select_for_update(skip_locked=True)[:limit])
        patient = OutgoingMail.objects.due().filter(kind__in=list(settings.MAILER_OF_KIND))
        mails += patient.select_for_update(skip_locked=True)[: limit - len(mails)]
        ids = [mail.pk for mail in mails]
        OutgoingMail.objects.filter(pk__in=ids).update(claimed_by=sender, claimed_until=timezone.now() + lease())
    for mail in mails:
        mail.claimed_by = sender
    return mails


def _deliver(mail: OutgoingMail, mailer: "BaseEmailBackend", batch: Batch) -> None:
    try:
        message = _prepare(mail)
    except _Lost:
        return
    except Unsendable as refusal:
        _close(mail, OutgoingMail.State.FAILED, str(refusal))
        return
    except Unwanted as choice:
        _close(mail, OutgoingMail.State.DROPPED, str(choice))
        return
    except Exception as error:
        # Where it is the database that has gone, this raises too and the lease brings the mail back.
        _put_off([mail], _("The mail could not be written (%(error)s).") % {"error": type(error).__name__}, _pause(mail, LONGEST_PAUSE))
        log.error("mail_not_built", mail=mail.pk, kind=mail.kind, exc_info=error)
        return
    if message is None:
        _close(mail, OutgoingMail.State.DROPPED)
        return
    try:
        mailer.send_messages([message])
    except Exception as error:
        _not_taken(mail, error, batch)
        return
    _mark_sent(mail)
    batch.sent += 1


def _prepare(mail: OutgoingMail) -> EmailMessage | None:
    """Build the mail, in one commit with its renewed lease and with the link it carries."""
    with transaction.atomic():
        if not _held(mail.claimed_by).filter(pk=mail.pk).update(claimed_until=timezone.now() + lease()):
            raise _Lost
        # A builder that knows whom it writes to speaks as that person reads; whatever was spoken here before, it does not reach the mail.
        with translation.override(settings.LANGUAGE_CODE):
            message = import_string(settings.MAILS[mail.kind])(mail)
        if message is None:
            return None
        mail.save(update_fields=["kind", "to", "about", "link"])
    if not message.recipients():
        raise Unsendable(_("The mail has no address."))
    for address in message.recipients():
        checked(address)
    message.extra_headers["Message-ID"] = mail.message_id
    return message


def _not_taken(mail: OutgoingMail, error: Exception, batch: Batch) -> None:
    verdict = judge(error)
    batch.server_away = verdict.server_away
    log.warning("mail_not_taken", mail=mail.pk, kind=mail.kind, attempt=mail.attempts + 1, error=type(error).__name__, final=verdict.final)
    if verdict.final:
        _close(mail, OutgoingMail.State.FAILED, verdict.sentence)
    else:
        _put_off([mail], verdict.sentence, _pause(mail, LONGEST_PAUSE_AWAY if verdict.server_away else LONGEST_PAUSE))


def _pause(mail: OutgoingMail, longest: timedelta) -> timedelta:
    return min(FIRST_PAUSE * 2 ** min(mail.attempts, 10), longest)


@transaction.atomic
def _put_off(mails: list[OutgoingMail], sentence: str, pause: timedelta) -> None:
    """Try these mails again after `pause`; who has waited for GIVE_UP_AFTER is given up with the last reason."""
    now = timezone.now()
    for mail in mails:
        too_late = now - mail.queued_at > GIVE_UP_AFTER
        _held(mail.claimed_by).filter(pk=mail.pk).update(
            state=OutgoingMail.State.FAILED if too_late else OutgoingMail.State.QUEUED,
            attempts=mail.attempts + 1,
            error=sentence,
            next_try_at=now + pause,
            claimed_by="",
            claimed_until=None,
        )


def _close(mail: OutgoingMail, state: str, error: str = "") -> None:
    _held(mail.claimed_by).filter(pk=mail.pk).update(
        state=state, error=error, attempts=mail.attempts + 1, claimed_by="", claimed_until=None
    )
    log.info("mail_closed", mail=mail.pk, kind=mail.kind, state=str(state))


def _mark_sent(mail: OutgoingMail) -> None:
    """Write down that the server has the mail, in a commit of its own; a database that just went is waited for."""
    taken = {"state": OutgoingMail.State.SENT, "sent_at": timezone.now(), "error": "", "attempts": mail.attempts + 1}
    for pause in (*MARKING_PAUSES, None):
        try:
            OutgoingMail.objects.filter(pk=mail.pk).update(**taken, claimed_by="", claimed_until=None)
            break
        except DatabaseError:
            if pause is None or connection.in_atomic_block:
                raise
            connection.close()
            sleep(pause)
    log.info("mail_sent", mail=mail.pk, kind=mail.kind, attempt=mail.attempts + 1)
