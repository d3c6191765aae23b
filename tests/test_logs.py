"""The log says what happened, never to whom: no name, no address, no token, nothing that somebody typed; one line an event."""

import logging

import pytest
from django.db import IntegrityError
from django.test import RequestFactory
from django.urls import include, path

from clientdesk import outbox, work
from clientdesk.models import AccessLink, User
from clientdesk.request_log import page_of
from tests.conftest import PASSWORD

secret = "7Jq-secret-token-of-a-link"


def _answer(request, **captured):
    return None


urlpatterns = [
    path("clients/<int:pk>/", _answer),
    path("account/", include(([path("link/<str:token>/", _answer, name="link")], "account"))),
    path("import/template/<kind>.<format>", _answer),
]

PAGES = [
    ("/clients/12/", "/clients/12/"),
    ("/clients/12/?q=Kr%C3%A4mer", "/clients/12/"),
    (f"/account/link/{secret}/", "/account/link/<str:token>/"),
    (f"/account/link/{secret}", "no page"),
    ("/import/template/corporate.xlsx", "/import/template/<kind>.<format>"),
    ("/ada@brauer.example", "no page"),
    ("/clients/%0d%0aevil", "no page"),
]


@pytest.mark.urls("tests.test_logs")
@pytest.mark.parametrize(("address", "page"), PAGES)
def test_a_request_is_logged_by_its_page(address, page):
    assert page_of(RequestFactory().get(address)) == page


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ["%0d%0a", "%0a", "%0d", "%e2%80%a8", "%c2%85", "%00"])
def test_a_request_is_one_line_whatever_its_path_holds(client, said, sign):
    client.get(f"/nowhere{sign}{{%22event%22:%22forged%22}}", headers={"user-agent": "Ada's browser"})

    finished = [line for line in said.lines if line["event"] == "request_finished"]
    assert [line["request"] for line in finished] == ["GET no page"]
    assert "forged" not in said.text
    assert "Ada" not in said.text


def test_an_exception_is_logged_by_kind_and_place_without_its_text(said):
    try:
        try:
            raise ValueError("ada@brauer.example")
        except ValueError as error:
            raise IntegrityError("Key (email_key)=(ada@brauer.example) already exists") from error
    except IntegrityError:
        logging.getLogger("some.library").exception("could not save %s", "Ada Krämer")

    [line] = said.lines
    assert line["event"] == "could not save %s"
    assert line["exception"] == "IntegrityError from ValueError"
    assert line["at"][-1].startswith("tests/test_logs.py:")
    assert "ada@" not in said.text
    assert "Krämer" not in said.text


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused_without_being_quoted(client, said):
    client.get("/", headers={"host": "evil.example"})

    assert "evil.example" not in said.text


def test_a_day_of_mishaps_leaves_no_personal_data_in_the_log(db, client, said, settings, make_staff, postbox):
    settings.MAILS = settings.MAILS | {"letter": "tests.letters.letter", "letter_with_link": "tests.letters.letter_with_link"}
    settings.LONG_RUNS = settings.LONG_RUNS | {"broken": "tests.test_logs.fail"}
    ingrid = make_staff(email="ingrid@desk.example", first_name="Ingrid", last_name="Dahlström")
    link = AccessLink.objects.issue(ingrid, AccessLink.Purpose.INVITATION)
    client.post("/account/sign-in/", {"login": "ingrid@desk.example", "password": "a wrong passphrase"})
    client.post("/account/sign-in/", {"login": "ingrid@desk.example", "password": PASSWORD})
    client.get(f"/account/link/{link.token}/")
    client.get(f"/account/link/{link.token}")
    client.get("/clients/?q=Dahlström")
    postbox.refusals["ingrid@desk.example"] = "550 5.1.1 <ingrid@desk.example>: unknown"
    outbox.queue("letter_with_link", "ingrid@desk.example", link=link)
    outbox.queue("letter", "ingrid@desk.example", about={"fate": "break"})
    outbox.queue("letter", "no address at all: Ingrid")
    work.start("broken", ingrid)
    outbox.send_due()
    work.advance_due("worker-1")

    assert {"mail_not_taken", "mail_not_built", "run_stumbled", "request_finished"} <= {line["event"] for line in ours(said)}
    told = "\n".join(str(line) for line in ours(said)).casefold()
    for private in ["ingrid", "dahlstr", "desk.example", "passphrase", link.token.casefold(), link.nonce]:
        assert private not in told, f"“{private}” is in the log"


def ours(said) -> list[dict]:
    """The lines of the product; the mail server of the tests logs through the same handlers."""
    return [line for line in said.lines if line.get("logger") != "mail.log"]


def fail(run) -> bool:
    with work.chunk(run):
        User.objects.create(email="ingrid@desk.example")
    return True
