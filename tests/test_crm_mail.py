"""CRM e-mails: who gets one, who is skipped, what it says, and that it is sent once (X42, invariant 14; G01, C04, C05, V20, V37)."""

import re
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse

from clientdesk import outbox
from clientdesk.models import OutgoingMail
from clientdesk.rights import Role
from contacts.crm.placeholders import PLACEHOLDERS, check, fill
from contacts.models import Contact, CrmAction, CrmMailing, MailTemplate
from portal.models import ContactAccess
from tests.client_forms import errors
from tests.doors import delivered, dump

TEXT = {"subject": "News for {client}", "text": "Hello {first_name},\n\nyours {sender}"}
NAUGHTY = [
    "{{7*7}} {settings} {0.__class__} <b>",
    "{first_name.__class__}",
    "{% load x %}{{ settings.SECRET_KEY }}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "%s %(name)s {}",
]
BREAKS = ["\r\nBcc: evil@else.example", "\nX-Evil: 1", "\r", "\u2028To: evil@else.example", "\u2029", "\x0bx", "\x85y"]


@pytest.fixture
def people(brauer) -> list[Contact]:
    """Three contacts, of whom the last opted out."""
    made = [
        brauer.contacts.register(brauer, first_name=name, last_name="Krämer", email=f"{name.lower()}@brauer.example")
        for name in ("Ada", "Ben", "Cleo")
    ]
    made[2].no_crm_emails = True
    made[2].save()
    return made


def address(contacts) -> str:
    return f"{reverse('crm:mail')}?" + "&".join(f"contact={contact.pk}" for contact in contacts)


def keys(contacts) -> dict[str, object]:
    return {"contact": [contact.pk for contact in contacts], "key": str(uuid4())}


def send(browser, contacts, **more):
    return browser.post(reverse("crm:mail"), TEXT | keys(contacts) | {"send": "1"} | more)


# --- who gets one ---------------------------------------------------------------------------------
def test_of_three_with_one_opt_out_two_are_written_to_and_one_is_skipped(desk, people):
    page = desk.get(address(people)).text
    assert "2 messages, 1 skipped" in page
    assert "No CRM e-mails to this person" in page

    answer = send(desk, people)
    assert answer.status_code == 303
    assert "The e-mail is on its way: 2 messages, 1 skipped." in desk.get(answer.headers["Location"]).text
    sent = delivered()
    assert [message.to for message in sent] == [["ada@brauer.example"], ["ben@brauer.example"]]
    assert [message.subject for message in sent] == ["News for Brauer Antriebe GmbH"] * 2
    assert sent[0].body.startswith("Hello Ada,\n\nyours Desk Dahl\n")


def test_each_message_is_an_action_of_its_reader_with_the_text_that_was_sent(desk, people):
    send(desk, people)
    actions = list(CrmAction.objects.order_by("pk"))
    assert [(action.contact, action.kind, action.status) for action in actions] == [
        (people[0], "email", "done"),
        (people[1], "email", "done"),
    ]
    assert actions[0].body == "Hello Ada,\n\nyours Desk Dahl"
    page = desk.get(reverse("crm:of_contact", args=[people[0].pk])).text
    assert "News for Brauer Antriebe GmbH" in page
    assert "Queued." in page
    assert desk.get(reverse("crm:edit", args=[actions[0].pk])).status_code == 404, "what was sent is a fact"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda contact: setattr(contact, "no_crm_emails", True), "No CRM e-mails to this person"),
        (lambda contact: setattr(contact, "active", False), "Deactivated"),
        (lambda contact: setattr(contact, "email", ""), "No e-mail"),
        (lambda contact: setattr(contact.client, "no_crm_emails", True), "No CRM e-mails to this client"),
        (
            lambda contact: OutgoingMail.objects.create(kind="crm_mail", to=contact.email, state="failed", error="550"),
            "The address was refused before",
        ),
    ],
    ids=["person", "deactivated", "no e-mail", "client", "refused"],
)
def test_the_page_says_who_is_skipped_and_why_and_nobody_of_them_is_written_to(desk, ada, change, why):
    change(ada)
    ada.save()
    ada.client.save()
    page = desk.get(address([ada])).text
    assert "0 messages, 1 skipped" in page
    assert why in page
    answer = send(desk, [ada])
    assert answer.status_code == 422
    assert "Nobody would get this e-mail" in answer.text
    assert CrmAction.objects.count() == 0


def test_an_address_that_took_a_mail_since_it_was_refused_is_written_to(desk, ada):
    OutgoingMail.objects.create(kind="crm_mail", to=ada.email, state="failed")
    OutgoingMail.objects.create(kind="crm_mail", to=ada.email, state="sent")
    assert "1 message" in desk.get(address([ada])).context["sentence"]


@pytest.mark.parametrize("change", ["no_crm_emails", "deactivated", "client"])
def test_the_opt_out_is_asked_again_when_the_mail_leaves(desk, ada, change):
    send(desk, [ada])
    if change == "client":
        ada.client.no_crm_emails = True
        ada.client.save()
    else:
        ada.no_crm_emails, ada.active = change == "no_crm_emails", change != "deactivated"
        ada.save()
    assert delivered() == []
    assert OutgoingMail.objects.get().state == "dropped"


def test_an_address_whose_reader_said_no_as_one_contact_gets_nothing_as_another(desk, ada, make_client):
    """The reader of a shared or second entry asked for no more, not the row; a transactional mail still reaches it."""
    send(desk, [ada])
    elsewhere = make_client("Cobalt")
    other = elsewhere.contacts.register(elsewhere, last_name="Krämer", email=ada.email.upper(), no_crm_emails=True)
    assert delivered() == [], "asked again when the mail leaves"
    page = desk.get(address([ada])).text
    assert "0 messages, 1 skipped" in page
    assert "No CRM e-mails to this address: whoever reads it wants none" in page
    other.no_crm_emails = False
    other.save()
    assert "1 message" in desk.get(address([ada])).context["sentence"]


def test_two_contacts_with_one_address_get_one_message_of_a_mailing(desk, people, make_client):
    elsewhere = make_client("Cobalt")
    twin = elsewhere.contacts.register(elsewhere, first_name="Zora", last_name="Zimmer", email="ADA@brauer.example")
    page = desk.get(address([twin, *people[:2]]))
    assert page.context["sentence"] == "2 messages, 1 skipped"
    assert "The same address gets it as Ada Krämer" in page.text
    send(desk, [twin, *people[:2]])
    assert [message.to for message in delivered()] == [["ada@brauer.example"], ["ben@brauer.example"]]
    assert not twin.actions.exists()
    assert desk.get(address([twin])).context["sentence"] == "1 message"


def test_a_changed_address_gets_the_mail_and_not_the_former_one(desk, ada):
    send(desk, [ada])
    ada.email = "new@brauer.example"
    ada.save()
    assert [message.to for message in delivered()] == [["new@brauer.example"]]


def test_invitation_and_reset_are_sent_to_who_opted_out(ada, make_staff):
    """G01."""
    ada.no_crm_emails = ada.client.no_crm_emails = True
    ada.save()
    ada.client.save()
    ContactAccess.of(ada).invite(by=None)
    assert len(delivered()) == 1
    outbox.queue("link_wanted", to=ada.email)
    assert [message.to for message in delivered()] == [[ada.email]]


def test_restricted_and_unknown_people_are_left_out_and_only_their_number_is_told(make_staff, as_user, people, make_client):
    owner = make_staff(Role.DESK, "owner@desk.example")
    hidden = make_client("Zobelgeheim", sales_person=owner, restricted_to_responsible=True)
    secret = hidden.contacts.register(hidden, last_name="Wintermantel", email="w@zobelgeheim.example")
    browser = as_user(make_staff(Role.DESK))
    page = browser.get(f"{address([*people, secret])}&contact=987654&contact=x&contact=-1").text
    assert "2 of the chosen people were not found" in page
    assert "Wintermantel" not in page
    assert send(browser, [*people, secret]).status_code == 303
    assert {message.to[0] for message in delivered()} == {"ada@brauer.example", "ben@brauer.example"}


def test_a_mailing_reaches_no_more_than_its_limit(desk, people, settings):
    settings.CRM_MAIL_LIMIT = 2
    assert "goes to 2 people at most" in desk.get(address(people)).text
    assert send(desk, people).status_code == 422
    assert OutgoingMail.objects.count() == 0


def test_who_was_picked_in_the_list_of_all_contacts_is_written_to(desk, people, make_client):
    other = make_client("Else")
    other.contacts.register(other, last_name="Nobody", email="n@else.example")
    assert f'formaction="{reverse("crm:mail")}"' in desk.get("/contacts/?view=active").text
    picked = desk.get(reverse("crm:mail"), {"query": "view=active", "pick": [people[0].pk, people[2].pk]})
    assert "1 message, 1 skipped" in picked.text
    matching = desk.get(reverse("crm:mail"), {"query": "view=active&q=brauer", "all": "1"})
    assert [contact.pk for contact in matching.context["recipients"].found] == [contact.pk for contact in people]
    assert "2 messages, 1 skipped" in matching.text


def test_all_active_people_of_a_client_are_written_to(desk, people):
    people[1].active = False
    people[1].save()
    found = desk.get(f"{reverse('crm:mail')}?client={people[0].client_id}").context["recipients"].found
    assert found == [people[0], people[2]]


def test_a_person_can_be_left_out_on_the_page(desk, people):
    page = desk.post(reverse("crm:mail"), TEXT | keys(people) | {"remove": people[0].pk})
    assert [contact.first_name for contact in page.context["recipients"].found] == ["Ben", "Cleo"]
    assert page.context["form"]["subject"].value() == TEXT["subject"]
    assert OutgoingMail.objects.count() == 0


# --- once, and in one transaction -----------------------------------------------------------------
def test_pressing_send_twice_sends_once(desk, people):
    body = TEXT | keys(people) | {"send": "1"}
    first, second = (desk.post(reverse("crm:mail"), body) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert "was sent already" in desk.get(second.headers["Location"]).text
    assert (CrmMailing.objects.count(), CrmAction.objects.count(), len(delivered())) == (1, 2, 2)


def test_where_one_message_fails_none_is_queued(desk, people, monkeypatch):
    made = CrmAction.save

    def fail(action, *args, **kwargs):
        if action.contact == people[1]:
            raise RuntimeError
        made(action, *args, **kwargs)

    monkeypatch.setattr(CrmAction, "save", fail)
    desk.raise_request_exception = False
    before = dump()
    assert send(desk, people).status_code == 500
    assert dump() == before


# --- what it says ---------------------------------------------------------------------------------
def test_each_message_can_be_looked_at_before_anything_is_sent(desk, people):
    body = TEXT | keys(people)
    first = desk.post(reverse("crm:mail"), body | {"preview": "1"})
    assert "Preview 1 of 2" in first.text
    assert "Hello Ada," in first.text
    assert "News for Brauer Antriebe GmbH" in first.text
    second = desk.post(reverse("crm:mail"), body | {"preview": "2"})
    assert "Hello Ben," in second.text
    assert OutgoingMail.objects.count() == CrmAction.objects.count() == 0


def test_a_message_begins_with_a_template_that_can_be_changed_before_it_leaves(desk, people):
    gone = MailTemplate.objects.create(name="Old", subject="Old", text="Old", active=False)
    chosen = MailTemplate.objects.create(name="Moved", subject="{client} and us", text="Hello {first_name}", is_default=True)
    page = desk.get(address(people))
    assert page.context["form"]["template"].value() == chosen.pk
    assert "Old" not in page.text
    form = TEXT | keys(people) | {"begin": "1", "template": chosen.pk}
    page = desk.post(reverse("crm:mail"), form)
    assert [page.context["form"][name].value() for name in ("subject", "text", "key")] == [chosen.subject, chosen.text, form["key"]]
    assert "2 messages, 1 skipped" in page.text
    assert not CrmAction.objects.exists()
    for missing in ("", "x", gone.pk):
        kept = desk.post(reverse("crm:mail"), form | {"template": missing}).context["form"]
        assert kept["text"].value() == TEXT["text"], missing
    send(desk, people, subject=chosen.subject, text="Hello {first_name}, changed", template=chosen.pk)
    assert [(message.subject, message.body.partition("\n")[0]) for message in delivered()] == [
        ("Brauer Antriebe GmbH and us", f"Hello {name}, changed") for name in ("Ada", "Ben")
    ]


def test_a_template_has_the_placeholders_of_the_mail_and_no_others(make_staff, as_user):
    office, url = as_user(make_staff(Role.ADMINISTRATOR)), reverse("settings:add", args=["crm-templates"])
    page = office.post(url, {"name": "Moved", "subject": "{settings}", "text": "{first_name.__class__}"})
    assert {name: "There is no placeholder" in found[0] for name, found in errors(page).items()} == {"subject": True, "text": True}
    assert office.post(url, {"name": "Moved", "subject": "{client}", "text": "Hi {first_name}"}).status_code in (302, 303)
    assert MailTemplate.objects.get().subject == "{client}"


def test_the_internal_name_of_the_client_is_in_no_mail(desk, make_client):
    client = make_client("Secret nickname", legal_name="Brauer Antriebe GmbH")
    contact = client.contacts.register(client, last_name="Krämer", email="k@brauer.example")
    everything = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    send(desk, [contact], subject=everything, text=everything)
    [message] = delivered()
    assert "Secret nickname" not in str(message.message())
    assert message.body.startswith("Krämer Krämer Krämer Brauer Antriebe GmbH Nordwort GmbH Desk Dahl")


@pytest.mark.parametrize("text", ["{company}", "Hi {First_name}", "{0}", "{first_name!r}", "{first_name.__class__}", "{settings}"])
def test_an_unknown_placeholder_is_an_error_that_names_the_known_ones(desk, ada, text):
    page = send(desk, [ada], text=text)
    assert page.status_code == 422
    [said] = page.context["form"].errors["text"]
    assert said.startswith(f"There is no placeholder “{{{text[text.index('{') + 1 : text.index('}')]}}}”.")
    assert all(f"{{{name}}}" in said for name in PLACEHOLDERS)
    assert OutgoingMail.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "filled"),
    [("{{first_name}}", "{first_name}"), ("a { b } c", "a { b } c"), ("{{}}", "{}"), ("{{{first_name}}}", "{Ada}"), ("}{", "}{")],
)
def test_braces_can_be_written(text, filled):
    if text != "a { b } c":
        check(text)
    else:
        with pytest.raises(ValidationError):
            check(text)
    assert fill(text, {"first_name": "Ada"}) == filled


@pytest.mark.parametrize("name", NAUGHTY)
def test_what_a_name_holds_arrives_literally(desk, ada, name):
    """V20, C04."""
    Contact.objects.filter(pk=ada.pk).update(first_name=name)
    send(desk, [ada], subject="{first_name}", text="Hello {first_name}!")
    [message] = delivered()
    assert message.subject == " ".join(name.split())
    assert f"Hello {name}!" in message.body
    assert "<b>" not in message.alternatives[0].content
    assert CrmAction.objects.get().body == f"Hello {name}!"


@pytest.mark.parametrize("text", BREAKS)
@pytest.mark.parametrize("place", ["subject", "first_name"])
def test_breaks_of_lines_make_one_mail_to_the_right_person(desk, ada, text, place):
    """C05, V37."""
    if place == "first_name":
        Contact.objects.filter(pk=ada.pk).update(first_name=f"Ada{text}")
    send(desk, [ada], subject=f"News{text}" if place == "subject" else "News for {first_name}")
    [message] = delivered()
    assert message.recipients() == ["ada@brauer.example"]
    raw = message.message()
    assert raw["Bcc"] is None
    assert raw["X-Evil"] is None
    assert len(raw["Subject"].splitlines()) == 1


def test_a_crm_mail_has_its_own_sender_mailer_and_way_out(desk, ada, settings):
    settings.CRM_MAIL_FROM = "News <news@nordwort.example>"
    send(desk, [ada])
    [message] = delivered()
    assert message.from_email == "News <news@nordwort.example>"
    assert message.reply_to == ["desk@desk.example"]
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.fullmatch(r"<(.+)>", message.extra_headers["List-Unsubscribe"])[1]
    assert link in message.body
    assert f'href="{link}"' in message.alternatives[0].content
    settings.MAILERS = settings.MAILERS | {"crm": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
    send(desk, [ada])
    outbox.queue("signin_braked", to="desk@desk.example")
    assert [message.to for message in delivered()] == [["desk@desk.example"]], "the CRM mail left through the other mailer"


def test_a_crm_mail_server_that_is_away_stops_no_invitation(desk, ada, settings):
    settings.MAILERS = settings.MAILERS | {
        "crm": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 0.3}}
    }
    send(desk, [ada])
    ContactAccess.of(ada).invite(by=None)
    batch = outbox.send_batch("me")
    assert (batch.sent, batch.server_away) == (1, False)
    assert OutgoingMail.objects.get(kind="crm_mail").state == "queued"


def test_many_crm_mails_keep_no_invitation_waiting(desk, people):
    """The invitation was queued after them and leaves before them, also while a batch of them is on its way."""
    send(desk, people)
    ContactAccess.of(people[2]).invite(by=None)
    assert outbox.send_batch("first", limit=1).sent == 1
    assert [mail.kind for mail in OutgoingMail.objects.filter(state="sent")] == ["contact_invitation"]

    def ask() -> bool:
        if not OutgoingMail.objects.filter(kind="link_wanted").exists():
            outbox.queue("link_wanted", to=people[2].email)
        return False

    # What is asked for before the first of the two stops both: the next batch begins with it.
    assert outbox.send_batch("second", stop=ask).sent == 0
    outbox.send_batch("third", limit=1)
    assert OutgoingMail.objects.filter(kind="crm_mail", state="queued").count() == 2
    assert outbox.send_batch("fourth").sent == 2


# --- the way out ----------------------------------------------------------------------------------
@pytest.fixture
def way_out(desk, ada) -> str:
    """The path of the link in a CRM e-mail to Ada."""
    send(desk, [ada])
    [message] = delivered()
    mail.outbox.clear()
    return message.extra_headers["List-Unsubscribe"].partition("//")[2].partition("/")[2].join(("/", "")).rstrip(">")


def test_looking_at_the_way_out_changes_nothing_and_names_nobody(way_out, ada):
    before = dump()
    page = Browser().get(way_out)
    assert page.status_code == 200
    assert "Stop these e-mails?" in page.text
    assert not any(word in page.text for word in ("Ada", "Krämer", "Brauer", "brauer.example"))
    assert dump() == before


@pytest.mark.parametrize(("body", "status"), [({}, 303), ({"List-Unsubscribe": "One-Click"}, 200)])
def test_the_button_and_the_mail_program_stop_them_signed_out_and_without_a_token(way_out, desk, ada, body, status):
    browser = Browser(enforce_csrf_checks=True)
    assert browser.post(way_out, body).status_code == status
    ada.refresh_from_db()
    assert ada.no_crm_emails
    assert "You get no more of these e-mails" in browser.get(way_out).text
    assert browser.post(way_out).status_code == 303, "once more is no error"
    assert "0 messages, 1 skipped" in desk.get(address([ada])).text


def test_the_way_out_is_that_of_the_address_also_for_a_colleague_who_has_it(way_out, ada, make_client):
    """A shared mailbox, and one that a colleague took over from the contact of the link."""
    shared = ada.client.contacts.register(ada.client, last_name="Front desk", email=ada.email.upper())
    foreign = ada.client.contacts.register(ada.client, last_name="Else", email="else@brauer.example")
    ada.email = "new@brauer.example"
    ada.save()
    assert "Stop these e-mails?" in Browser().get(way_out).text
    Browser().post(way_out)
    stopped = set(Contact.objects.filter(no_crm_emails=True))
    assert stopped == {shared}
    assert foreign not in stopped
    assert "You get no more of these e-mails" in Browser().get(way_out).text


def test_a_link_to_a_former_address_stops_nothing_and_tells_nothing(way_out, ada):
    ada.email = "new@brauer.example"
    ada.save()
    assert "You get no more of these e-mails" in Browser().get(way_out).text
    Browser().post(way_out)
    ada.refresh_from_db()
    assert not ada.no_crm_emails


@pytest.mark.parametrize(
    "change",
    [lambda path: path[:-2] + "/", lambda path: path.replace("mails/", "mails/x"), lambda path: "/account/no-crm-mails/1/"],
    ids=["cut", "altered", "invented"],
)
def test_a_link_that_we_did_not_make_is_404(way_out, change):
    for method in ("get", "post"):
        assert getattr(Browser(), method)(change(way_out)).status_code == 404
