"""The brand of a branch: name, mark and colour in the portal, in mails and on papers of its clients, and of nobody else's."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from clientdesk.models import Change
from clientdesk.preferences import resolve
from clients.models import Branch
from jobs.papers import docket, quote
from tests.doors import activated, delivered, fresh_brakes, invited, sign_in  # noqa: F401
from tests.quoting import make_quote  # noqa: F401
from tests.test_settings_entries import picture
from tests.test_settings_lists import edited, office, url  # noqa: F401
from tests.working import make_job  # noqa: F401

RED, RED_CSS = "#c8102e", "--accent: light-dark(#c8102e"
COMPANY = "Nordwort"


@pytest.fixture(autouse=True)
def company(settings) -> None:
    settings.COMPANY_NAME = COMPANY


@pytest.fixture
def vienna(ada, headquarters, office) -> Branch:  # noqa: F811
    """The branch of Ada's client with a whole brand."""
    branch = Branch.objects.create(
        name="Wien intern", code="VIE", legal_name="Nordwort Austria GmbH", email="wien@nordwort.example",
        portal_name="Nordwort Wien", colour=RED, reply_to="antwort@nordwort.example",
    )  # fmt: skip
    office.post(reverse("settings:change_logo", args=[branch.pk]), {"picture": picture()})
    ada.client.branch = branch
    ada.client.save()
    branch.refresh_from_db()
    return branch


def addresses(page: str) -> tuple[str, str]:
    """Return the addresses of the stylesheet and of the mark that `page` names, blank where it names none."""
    css, mark = (re.search(pattern, page) for pattern in (r'href="(/\w+/brand\.css[^"]*)"', r'class="mark-shown" src="([^"]*)"'))
    return css[1] if css else "", mark[1] if mark else ""


def test_the_portal_wears_the_brand_of_the_branch_responsible(ada, vienna):
    browser = activated(ada)
    page = browser.get("/portal/").text
    assert "<span>Nordwort Wien</span>" in page
    assert "Wien intern" not in page, "X8"
    css, mark = addresses(page)
    sheet, picture_of_it = browser.get(css), browser.get(mark)
    assert RED_CSS in sheet.text
    assert sheet.headers["Content-Type"] == "text/css; charset=utf-8"
    assert picture_of_it.headers["Content-Type"] == "image/webp"
    for answer in (sheet, picture_of_it):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert browser.get("/portal/brand.css?v=old").headers["Cache-Control"] == "no-store"


def test_a_new_colour_has_a_new_address(ada, vienna):
    browser = activated(ada)
    before = addresses(browser.get("/portal/").text)[0]
    Branch.objects.filter(pk=vienna.pk).update(colour="#006400")
    after = addresses(browser.get("/portal/").text)[0]
    assert before != after
    assert "#006400" in browser.get(after).text


def test_clients_of_another_branch_and_people_signed_out_see_nothing_of_it(ada, vienna, make_client, client):
    other = make_client("Havel")
    bea = other.contacts.register(other, first_name="Bea", last_name="Vogt", email="bea@havel.example")
    browser = activated(bea)
    page = browser.get("/portal/").text
    assert f"<span>{COMPANY}</span>" in page
    assert addresses(page) == ("", "")
    assert browser.get("/portal/brand.css").text == ""
    assert browser.get("/portal/mark/").status_code == 404
    front = client.get(reverse("account_login")).text
    assert "Nordwort Wien" not in front
    assert addresses(front) == ("", "")


def test_the_sign_in_page_wears_the_brand_of_the_headquarters(ada, vienna, headquarters, office, client):  # noqa: F811
    Branch.objects.filter(pk=headquarters.pk).update(portal_name="Nordwort Berlin", colour="#006400")
    office.post(reverse("settings:change_logo", args=[headquarters.pk]), {"picture": picture("green")})
    page = client.get(reverse("account_login")).text
    assert "<span>Nordwort Berlin</span>" in page
    css, mark = addresses(page)
    assert "#006400" in client.get(css).text
    assert client.get(mark).headers["Content-Type"] == "image/webp"
    own = activated(ada).get(reverse("account:security")).text
    assert "<span>Nordwort Wien</span>" in own, "who is signed in has left the front door"


@pytest.mark.parametrize("colour", ["red", "#000}*{", "</style", "url(//x)"])
def test_no_text_reaches_a_stylesheet_whatever_the_database_holds(ada, vienna, office, colour):  # noqa: F811
    Branch.objects.filter(pk=vienna.pk).update(colour=colour[:7], portal_name="<b>{{7*7}}</b>")
    browser = activated(ada)
    page = browser.get("/portal/").text
    assert "&lt;b&gt;{{7*7}}&lt;/b&gt;" in page
    assert addresses(page)[0] == ""
    assert browser.get("/portal/brand.css").text == ""
    assert office.get(reverse("settings:brand_css"), {"colour": colour}).text == ""
    assert "</style" not in mail.outbox[0].alternatives[0].content.partition("<body")[2]


def test_mails_wear_name_and_colour_and_are_answered_to_the_branch(ada, vienna):
    activated(ada)
    invitation, notice = mail.outbox
    for message in (invitation, notice):
        html = message.alternatives[0].content
        assert message.reply_to == ["antwort@nordwort.example"]
        assert re.search(r'class="sender"[^>]*><img [^>]*src="cid:mark@clientdesk"[^>]*> Nordwort Wien<', html)
        [mark] = [part for part in message.message().walk() if part.get_content_type() == "image/png"]
        assert (mark["Content-ID"], mark.get_content_disposition()) == ("<mark@clientdesk>", "inline")
        assert mark.get_payload(decode=True).startswith(b"\x89PNG")
        assert "cid:" not in message.body
        assert "Wien intern" not in str(message.message())
    assert "Nordwort Wien" in invitation.subject
    assert f"background: {RED}" in invitation.alternatives[0].content


def test_without_a_brand_mails_look_as_ever(ada, headquarters):
    Branch.objects.update(email="berlin@nordwort.example")
    invited(ada)
    [message] = mail.outbox
    assert message.reply_to == ["berlin@nordwort.example"]
    assert "background: #18181b" in message.alternatives[0].content
    assert re.search(rf'class="sender"[^>]*>{COMPANY}<', message.alternatives[0].content)
    assert not message.attachments


@pytest.mark.parametrize("branded", [True, False])
def test_papers_wear_mark_and_colour_under_the_legal_name(ada, vienna, make_quote, make_job, monkeypatch, branded):  # noqa: F811
    if not branded:
        Branch.objects.filter(pk=vienna.pk).update(colour="", logo="", portal_name="")
    told = []
    for paper in (quote, docket):
        real = paper.typeset
        monkeypatch.setattr(paper, "typeset", lambda name, values, moment, real=real: told.append(values) or real(name, values, moment))
    ada.refresh_from_db()
    papers = [quote.quote_pdf(make_quote(client=ada.client), resolve()), docket.docket_pdf(make_job(client=ada.client), resolve())]
    assert [paper[:5] for paper in papers] == [b"%PDF-", b"%PDF-"]
    assert [b"/Subtype/Image" in paper for paper in papers] == [branded, branded]
    for values in told:
        sender = values["sender"]
        assert sender["name"] == "Nordwort Austria GmbH"
        assert sender["colour"] == (RED if branded else "")
        assert bytes(sender["logo"])[1:4] == (b"PNG" if branded else b"")


def test_a_mark_whose_file_is_gone_stops_no_paper_and_no_mail(ada, vienna, make_quote):  # noqa: F811
    Branch.objects.filter(pk=vienna.pk).update(logo="pictures/branches/gone.webp")
    invited(ada)
    assert "cid:" not in mail.outbox[-1].alternatives[0].content
    ada.refresh_from_db()
    assert quote.quote_pdf(make_quote(client=ada.client), resolve())[:5] == b"%PDF-"


def test_the_settings_show_the_brand_and_refuse_what_cannot_be_read(office, headquarters):  # noqa: F811
    faint = edited(office, "branches", headquarters, colour="#ffcc00", reply_to="nobody")
    assert faint.status_code == 422
    assert set(faint.context["form"].errors) == {"colour", "reply_to"}
    assert "too faint" in faint.text

    fine = edited(office, "branches", headquarters, colour="C8102E", portal_name="Nordwort Berlin", reply_to="a@nordwort.example")
    assert fine.status_code == 303, fine.context["form"].errors
    page = office.get(url("edit", "branches", headquarters.pk)).text
    assert page.count("<span>Nordwort Berlin</span>") == 2, "in the light and in the dark theme"
    sheet = office.get(re.search(r'href="(/settings/branches/brand\.css[^"]*)"', page)[1])
    assert RED_CSS in sheet.text
    assert ".portal-shown" in sheet.text
    changed = Change.objects.filter(object_id=headquarters.pk, content_type__model="branch").first().changes
    assert changed["colour"][1] == RED
