"""Which e-mails about its work a contact gets: it chooses, every sender asks the same, papers and what guards the account always come."""

from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.test import Client as Browser
from django.urls import reverse

from clientdesk import outbox
from clientdesk.models import OutgoingMail
from contacts.models import Contact
from jobs import files, sending
from jobs.models import Document
from portal.models import ContactAccess
from tests.client_forms import sent as typed
from tests.doors import PASSWORD, delivered, fresh_brakes, sign_in  # noqa: F401
from tests.portal_people import inside
from tests.quoting import quote_in

CHOICES = ("quote_mails", "project_mails", "job_mails")
# Each kind of mail about work, and the choice that it obeys; none: it always comes.
OBEYS = {
    "quote_sent": "quote_mails",
    "portal_request": "job_mails",
    "deliverable_released": "project_mails",
    "docket_sent": "",
    "invoice_sent": "",
    "contact_reset": "",
    "password_changed": "",
    "signin_braked": "",
    "address_changed": "",
}


@pytest.fixture
def about(portal, ada, make_quote, make_project, make_job) -> dict[str, dict[str, object]]:
    """What each kind of mail to Ada is about."""
    quote, project, job = quote_in(make_quote(), "sent"), make_project(), make_job()
    person = {"contact": ada.pk, "user": ContactAccess.objects.get(contact=ada).user_id, "old": ada.email, "new": ada.email}
    delivery = files.add(project, ContentFile(b"x", name="text.docx"), by=None, kind=Document.Kind.DELIVERABLE)
    paper = files.add(job, ContentFile(b"x", name="paper.pdf"), by=None, kind=Document.Kind.INVOICE)
    found = dict.fromkeys(OBEYS, person)
    found["quote_sent"] = person | {"quote": quote.pk}
    found["portal_request"] = person | {"model": "job", "item": job.pk}
    found["deliverable_released"] = person | {"document": delivery.pk}
    return found | {kind: person | {"document": paper.pk} for kind in ("docket_sent", "invoice_sent")}


def test_a_mail_is_left_out_where_the_contact_chose_so_and_says_where_that_is_chosen(ada, about):
    for kind, choice in OBEYS.items():
        ContactAccess.objects.update(**dict.fromkeys(CHOICES, True))
        outbox.queue(kind, to=ada.email, about=about[kind])
        [wanted] = delivered()
        way = reverse("portal:edit_mails")
        assert (way in wanted.body, way in wanted.alternatives[0].content) == (bool(choice), bool(choice)), kind

        ContactAccess.objects.update(**{name: name != choice and bool(choice) for name in CHOICES})
        outbox.queue(kind, to=ada.email, about=about[kind])
        assert len(delivered()) == (0 if choice else 1), kind
        if choice:
            assert OutgoingMail.objects.latest("pk").status == "Not sent: Ada Krämer wants no such e-mails. It stands in the portal."


def test_who_cannot_come_in_gets_the_mail_whatever_was_chosen(ada, about):
    ContactAccess.objects.update(quote_mails=False)
    ContactAccess.objects.get(contact=ada).withdraw()
    outbox.queue("quote_sent", to=ada.email, about=about["quote_sent"])
    [mail] = delivered()
    assert reverse("portal:edit_mails") not in mail.body


def test_each_who_gets_a_copy_chooses_alone(portal, ada, make_quote, make_staff):
    bea, cem = (ada.client.contacts.register(ada.client, last_name=name, email=f"{name}@brauer.example".lower()) for name in ("Bea", "Cem"))
    inside(bea, quote_mails=False)
    for wants, reached in ((True, ["ada@brauer.example", "cem@brauer.example"]), (False, ["cem@brauer.example"])):
        ContactAccess.objects.filter(contact=ada).update(quote_mails=wants)
        sending.send_quote(make_quote(others=[bea, cem]), make_staff(email=f"{wants}@desk.example".lower()))
        [mail] = delivered()
        assert mail.to + mail.cc == reached


def test_the_way_in_a_mail_leads_through_the_sign_in_to_the_choice(portal, ada):
    portal.get(reverse("portal:home"))
    guest, page = Browser(), reverse("portal:edit_mails")
    asked = guest.get(page).headers["Location"]
    assert urlsplit(asked).path == reverse("account_login")
    answer = guest.post(asked, {"login": ada.email, "password": PASSWORD})
    assert answer.headers["Location"] == page
    body = typed(guest.get(page), quote_mails=None, news=None, level="all_selected_offices", allowed=None)
    assert guest.post(page, body).headers["Location"] == reverse("portal:profile")
    access = ContactAccess.objects.get(contact=ada)
    assert [getattr(access, name) for name in CHOICES] == [False, True, True]
    assert (access.level, access.allowed, Contact.objects.get().no_crm_emails) == ("only_related", True, True)
    assert portal.post(page, body).status_code == 409
