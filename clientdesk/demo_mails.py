"""Mails of a trial without a mail server: files that any mail program opens, and a page that shows them to staff in DEBUG."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from clientdesk.rights import Right, needs

SHOWN = 50


class FileBackend(BaseEmailBackend):
    """Writes each mail to settings.DEMO_MAILS as a file named after its Message-ID, so that a repeated mail is one file."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.DEMO_MAILS)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            parsed = message.message()
            name = "".join(sign for sign in parsed["Message-ID"].partition("@")[0] if sign.isalnum())
            half = folder / f"{name}.part"
            half.write_bytes(parsed.as_bytes(policy=policy.SMTP))
            os.replace(half, folder / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class DemoMail:
    """One mail as the page shows it."""

    subject: str
    to: str
    sender: str
    written_at: datetime
    text: str


@needs(Right.VIEW)
def demo_mails(request: HttpRequest) -> HttpResponse:
    """Show the newest mails of the trial, text part only; there is no such page unless DEBUG is on."""
    if not settings.DEBUG:
        raise Http404
    files = sorted(Path(settings.DEMO_MAILS).glob("*.eml"), key=_age)[:SHOWN]
    return render(request, "clientdesk_pages/demo_mails.html", {"mails": [_read(file) for file in files], "folder": settings.DEMO_MAILS})


def _age(file: Path) -> float:
    return -file.stat().st_mtime


def _read(file: Path) -> DemoMail:
    parsed = message_from_bytes(file.read_bytes(), policy=policy.default)
    part = parsed.get_body(("plain",))
    return DemoMail(
        subject=str(parsed["Subject"] or ""),
        to=str(parsed["To"] or ""),
        sender=str(parsed["From"] or ""),
        written_at=timezone.localtime(datetime.fromtimestamp(file.stat().st_mtime, tz=timezone.get_default_timezone())),
        text=part.get_content() if part else "",
    )
