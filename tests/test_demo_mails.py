"""Without a mail server the mails of a trial are files, and a page for staff while DEBUG is on."""

from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes, policy
from os import utime

import pytest
from django.core.mail import EmailMultiAlternatives

from clientdesk import outbox
from clientdesk.models import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def trial(settings):
    settings.MAILS = settings.MAILS | {"letter": "tests.letters.letter", "html_letter": "tests.test_demo_mails.html_letter"}
    settings.MAILERS = {"default": {"BACKEND": "clientdesk.demo_mails.FileBackend"}}
    settings.DEBUG = True


def html_letter(mail: OutgoingMail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(mail.about["subject"], mail.about["text"], "desk@clientdesk.example", [mail.to])
    message.attach_alternative("<p>HTML <script>alert(1)</script></p>", "text/html")
    return message


def send(subject: str, text: str = "Hello") -> OutgoingMail:
    mail = outbox.queue("html_letter", "ada@brauer.example", about={"subject": subject, "text": text})
    outbox.send_due()
    return mail


@pytest.fixture
def shown(desk) -> Callable[[], str]:
    """Return a function that gives the page as a Desk user reads it."""

    def read() -> str:
        return desk.get("/demo-mails/").content.decode()

    return read


def test_each_mail_is_a_file_that_any_mail_program_opens(settings):
    mail = send("Grüße aus Köln")

    [file] = settings.DEMO_MAILS.iterdir()
    parsed = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert file.suffix == ".eml"
    assert (parsed["Subject"], parsed["To"], parsed["Message-ID"]) == ("Grüße aus Köln", "ada@brauer.example", mail.message_id)


def test_a_repeated_mail_is_one_file(settings):
    send("Once")
    OutgoingMail.objects.update(state="queued")
    outbox.send_due()

    assert len(list(settings.DEMO_MAILS.iterdir())) == 1


def test_staff_read_the_mails_newest_first_with_links_to_follow(shown, settings):
    old = send("The older one")
    utime(next(settings.DEMO_MAILS.glob("*.eml")), (datetime(2026, 1, 1).timestamp(),) * 2)
    send("The newer one", "Open http://localhost:8000/account/link/abc/ and choose a password.")

    text = shown()

    assert text.index("The newer one") < text.index("The older one")
    assert 'href="http://localhost:8000/account/link/abc/"' in text
    assert old.to in text


def test_nothing_in_a_mail_runs_on_the_page(shown):
    send("<script>alert(1)</script>", "<img src=x onerror=alert(1)>")

    text = shown()

    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text


def test_without_mails_the_page_says_what_brings_one(shown):
    assert "No mails yet" in shown()


def test_there_is_no_such_page_in_production(desk, settings):
    settings.DEBUG = False
    assert desk.get("/demo-mails/").status_code == 404


@pytest.mark.parametrize("browser", ["anonymous", "portal user"])
def test_only_staff_may_read_them(client, make_staff, as_user, browser):
    send("A letter")
    if browser == "portal user":
        client = as_user(make_staff("", "portal@brauer.example"))

    answer = client.get("/demo-mails/")

    assert answer.status_code in {302, 403}
    assert "A letter" not in answer.content.decode()
