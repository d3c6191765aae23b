"""Branches of our own company at work: in whose name mails leave, and where staff belong (XD36)."""

import pytest
from django.core import mail

from clientdesk.rights import Role
from clients.letterhead import letterhead
from clients.models import Branch, StaffBranch
from portal.models import ContactAccess
from portal.report_views import PortalReportSearch
from tests.doors import NEW_PASSWORD, activated, choose, delivered, fresh_brakes, invited, sign_in  # noqa: F401

ADDRESS = {"street": "Kärntner Ring 5", "postal_code": "1010", "city": "Wien", "country": "AT"}


@pytest.fixture
def vienna(ada, headquarters) -> Branch:
    """The branch responsible for the client of Ada."""
    branch = Branch.objects.create(
        name="Wien intern", code="VIE", legal_name="Nordwort Austria GmbH", email="wien@nordwort.example", **ADDRESS
    )
    ada.client.branch = branch
    ada.client.save()
    return branch


def foot(message) -> str:
    return message.body.partition("\n-- \n")[2]


def test_a_mail_to_a_contact_ends_with_name_and_address_of_the_branch_responsible(ada, vienna, settings):
    settings.COMPANY_NAME = "Nordwort"
    invited(ada)
    [message] = mail.outbox
    assert foot(message).splitlines()[:4] == ["Nordwort Austria GmbH", "Kärntner Ring 5", "1010 Wien", "Austria"]
    html = message.alternatives[0].content
    for line in ("Nordwort Austria GmbH", "Kärntner Ring 5", "1010 Wien", "Austria"):
        assert line in html
    assert message.reply_to == ["wien@nordwort.example"]


def test_every_mail_to_a_contact_has_that_foot(ada, vienna, client):
    """Invitation, notice of a new password, reset by staff, forgotten password."""
    activated(ada)
    ContactAccess.objects.get().send_reset(by=None)
    delivered()
    client.post("/account/forgot-password/", {"email": "ada@brauer.example"})
    delivered()
    subjects = [message.subject for message in mail.outbox]
    assert len(subjects) == 4, subjects
    for message in mail.outbox:
        assert foot(message).startswith("Nordwort Austria GmbH\nKärntner Ring 5\n"), message.subject


def test_no_mail_names_the_client_as_we_call_it_or_the_branch_as_we_call_it(ada, vienna):
    """X8: internal names stay inside."""
    ada.client.name, ada.client.legal_name = "Brauer intern", "Brauer Antriebe GmbH"
    ada.client.save()
    activated(ada)
    for message in mail.outbox:
        for text in (message.body, message.alternatives[0].content, str(message.message())):
            assert "Brauer intern" not in text
            assert "Wien intern" not in text


@pytest.mark.parametrize(
    ("own", "main", "shown"),
    [
        ({"legal_name": "Austria GmbH", **ADDRESS}, {"street": "Spree 1", "city": "Berlin"}, ("Austria GmbH", "Kärntner Ring 5")),
        ({**ADDRESS}, {"street": "Spree 1", "city": "Berlin"}, ("Nordwort GmbH", "Kärntner Ring 5")),
        ({}, {"street": "Spree 1", "city": "Berlin"}, ("Nordwort GmbH", "Spree 1")),
        ({"country": "AT"}, {"street": "Spree 1", "city": "Berlin"}, ("Nordwort GmbH", "Spree 1")),
        # Another legal person does not live at the address of the headquarters.
        ({"legal_name": "Austria GmbH"}, {"street": "Spree 1", "city": "Berlin"}, ("Austria GmbH", "")),
        ({}, {"legal_name": ""}, ("", "")),
    ],
)
def test_a_branch_without_name_acts_for_the_headquarters(headquarters, own, main, shown):
    Branch.objects.filter(pk=headquarters.pk).update(**main)
    branch = Branch.objects.create(name="Wien", code="VIE", **own)
    head = letterhead(branch)
    assert (head["sender_name"], next(iter(head["sender_lines"]), "")) == shown


def test_without_any_legal_name_the_company_signs(ada, headquarters, settings):
    settings.COMPANY_NAME = "Nordwort & Söhne"
    Branch.objects.update(legal_name="")
    invited(ada)
    assert foot(mail.outbox[0]).startswith("Nordwort & Söhne\n")
    assert mail.outbox[0].reply_to == []


def test_a_mail_to_staff_is_signed_by_the_company(make_staff, headquarters, settings, client):
    settings.COMPANY_NAME = "Nordwort"
    make_staff()
    client.post("/account/forgot-password/", {"email": "desk@desk.example"})
    [message] = delivered()
    assert foot(message).startswith("Nordwort\n")
    assert "Nordwort GmbH" not in message.body


@pytest.mark.parametrize("name", ["<b>Nord</b> & Wort", "{{7*7}}", "נורדוורט בע״מ", "W" * 200])
def test_any_legal_name_is_printed_as_it_is(ada, vienna, name):
    Branch.objects.filter(pk=vienna.pk).update(legal_name=name)
    invited(ada)
    assert foot(mail.outbox[0]).startswith(f"{name}\n")
    assert "<b>Nord</b>" not in mail.outbox[0].alternatives[0].content


# --- staff -----------------------------------------------------------------------------------------
def test_the_list_of_staff_shows_the_branch_of_each(make_staff, as_user, headquarters):
    boss, desk = make_staff(Role.ADMINISTRATOR), make_staff()
    StaffBranch.objects.create(user=desk, branch=headquarters)
    rows = as_user(boss).get("/settings/staff/").text.partition("<tbody>")[2].partition("</tbody>")[0].split("</tr>")
    of_desk, of_boss = (next(row for row in rows if user.email in row) for user in (desk, boss))
    assert "Berlin" in of_desk
    assert "Berlin" not in of_boss


@pytest.fixture
def alone(brauer, make_staff):
    """The only one responsible for a restricted client."""
    user = make_staff(Role.MANAGER, "alone@desk.example", first_name="Olga")
    brauer.sales_person, brauer.restricted_to_responsible = user, True
    brauer.save()
    return user


def test_who_is_the_last_one_responsible_is_said_before_and_after_the_deactivation(alone, brauer, make_staff, as_user):
    """XD33: the client is not locked for ever, and whoever deactivates learns what changes."""
    office = as_user(make_staff(Role.ADMINISTRATOR))
    before = office.get(f"/settings/staff/{alone.pk}/edit/")
    assert "Olga Dahl is the only active person responsible for 1 restricted client." in before.text
    assert "Brauer Antriebe" not in before.text, "until then it is not the administrator's to see"

    after = office.post(f"/settings/staff/{alone.pk}/deactivate/", follow=True)
    assert "Only administrators see them now" in after.text
    assert f'href="/clients/{brauer.pk}/"' in after.text
    assert office.get(f"/clients/{brauer.pk}/").status_code == 200


def test_nothing_is_said_where_somebody_else_is_responsible_too(alone, brauer, make_staff, as_user):
    brauer.project_manager = make_staff(Role.DESK)
    brauer.save()
    office = as_user(make_staff(Role.ADMINISTRATOR))
    assert "restricted" not in office.get(f"/settings/staff/{alone.pk}/edit/").text
    assert "Only administrators" not in office.post(f"/settings/staff/{alone.pk}/deactivate/", follow=True).text


def test_the_report_is_narrowed_to_the_clients_of_a_branch_which_contacts_are_not_offered(desk, ada, vienna, make_job, make_client):
    """XD36: branches are used in reports; X8: contacts read none of our own names for them."""
    make_job("Theirs", client=make_client("Nordlicht"))
    own = make_job("Ours")
    page = desk.get(f"/reports/jobs/?view=all&branch={vienna.pk}")
    assert [row.job for row in page.context["rows"]] == [own]
    assert str(page.context["figures"][0][1]) == "1"
    assert "branch" not in PortalReportSearch.base_fields
