"""The tab Main data of a contact: every field that a back office uses (X34 to X36, X39, X42, XD22), seen, then edited."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from clients.models import LeadSource
from contacts.models import Contact, ContactFormats, Position, SocialAccount, SocialNetwork
from tests.client_forms import errors, sent

FULL = {
    "first_name": "Ada",
    "last_name": "Krämer-Noor",
    "gender": "female",
    "language": "de",
    "external_id": "CRM-77",
    "mother_tongues-0-language": "pl",
    "mother_tongues-1-language": "de",
    "email": "ada@brauer.example",
    "more_emails-0-address": "Ada.Private@Post.example",
    "more_emails-0-cc": "on",
    "phone": "030 5550142",
    "mobile": "+49 170 5550177",
    "fax": "030 5550143",
    "sms_enabled": "on",
    "more_phones-0-number": "030 5550199",
    "more_phones-0-note": "Assistant",
    "no_crm_emails": "on",
    "notes": "Calls back\r\nin the morning.",
}


def edit(contact: Contact) -> str:
    return f"/contacts/{contact.pk}/edit/"


def save(desk, contact: Contact, **changes):
    page = desk.post(edit(contact), FULL | {"version": contact.version} | changes)
    contact.refresh_from_db()
    return page


def test_every_field_is_saved_and_shown(desk, ada):
    page = save(desk, ada)
    assert (page.status_code, page.headers["Location"]) == (303, f"/contacts/{ada.pk}/")
    assert (ada.full_name, ada.gender, ada.language, ada.external_id, ada.mother_tongues) == (
        "Ada Krämer-Noor",
        "female",
        "de",
        "CRM-77",
        ["pl", "de"],
    )
    assert ada.more_emails == [{"address": "Ada.Private@post.example", "cc": True}]
    assert ada.more_phones == [{"number": "+49305550199", "note": "Assistant"}]
    assert (str(ada.phone), str(ada.mobile), str(ada.fax), ada.sms_enabled, ada.no_crm_emails) == (
        "+49305550142",
        "+491705550177",
        "+49305550143",
        True,
        True,
    )
    html = desk.get(f"/contacts/{ada.pk}/").text.partition("<main")[2]
    for shown in (
        *("Female", "German", "Polish, German", "CRM-77", "+49 30 5550142", "+49 170 5550177", "+49 30 5550143"),
        *('href="mailto:Ada.Private@post.example"', "CC", "+49 30 5550199", "Assistant", "Calls back<br>in the morning."),
    ):
        assert shown in html


def test_sales_data_are_a_section_of_their_own_where_there_are_any(desk, ada):
    """X39, XD4: without what only a company has, and without people responsible, who are the client's."""
    fair, old = (LeadSource.objects.create(name=name) for name in ("Fair", "Old <b>"))
    old.deactivate()
    assert 'id="sales"' not in desk.get(f"/contacts/{ada.pk}/").text
    form = desk.get(edit(ada)).context["form"]
    assert [str(choice) for choice in form.fields["lead_source"].queryset] == ["Fair"]
    assert not {"potential_annual_revenue", "budget_codes", "sales_person"} & set(form.fields)
    save(desk, ada, lead_source=fair.pk, first_contact_on="2025-02-03", sales_notes="Buys in spring.")
    section = desk.get(f"/contacts/{ada.pk}/").text.partition('aria-labelledby="sales"')[2].partition("</section>")[0]
    for shown in ("Fair", "3 February 2025", "Buys in spring."):
        assert shown in section
        assert shown in desk.get(f"/contacts/{ada.pk}/history/").text
    fair.deactivate()
    assert "Nothing was changed." in desk.post(edit(ada), sent(desk.get(edit(ada))), follow=True).text
    assert fair.uses == ["contacts"]


def test_an_untouched_form_changes_nothing(desk, ada):
    save(desk, ada)
    version = ada.version
    assert "Nothing was changed." in desk.post(edit(ada), sent(desk.get(edit(ada))), follow=True).text
    ada.refresh_from_db()
    assert ada.version == version


def test_only_the_required_fields_must_be_there(desk, ada):
    """X36."""
    page = desk.post(edit(ada), {"last_name": "K", "email": "ada@brauer.example", "version": ada.version})
    assert page.status_code == 303


def test_what_is_emptied_is_gone(desk, ada):
    save(desk, ada)
    page = desk.post(edit(ada), {"last_name": "K", "email": "ada@brauer.example", "version": ada.version})
    assert page.status_code == 303
    ada.refresh_from_db()
    assert (ada.mother_tongues, ada.more_emails, ada.more_phones, ada.external_id, ada.gender) == ([], [], [], None, "")


@pytest.mark.parametrize(
    ("field", "changed", "said"),
    [
        ("gender", {"gender": "robot"}, "not offered any more"),
        ("language", {"language": "xx"}, "not offered any more"),
        ("mother_tongues", {"mother_tongues-0-language": "xx"}, "Row 1: This choice is not offered any more"),
        ("mother_tongues", {"mother_tongues-1-language": "pl"}, "Row 2: “Polish” stands here twice. Remove one."),
        ("more_emails", {"more_emails-0-address": "nobody"}, "“nobody” is no complete e-mail address"),
        ("more_phones", {"more_phones-0-number": "12"}, "“12” is no phone number"),
        ("fax", {"fax": "12"}, "“12” is no phone number"),
        ("external_id", {"external_id": "x" * 101}, "Shorten it to 100"),
        ("notes", {"notes": "x" * 10_001}, "Shorten it to 10000"),
        ("sales_notes", {"sales_notes": "x" * 10_001}, "Shorten it to 10000"),
        ("first_contact_on", {"first_contact_on": "yesterday"}, "“yesterday” is no date"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(desk, ada, field, changed, said):
    page = save(desk, ada, **changed)
    assert page.status_code == 422
    assert list(errors(page)) == [field]
    assert said in errors(page)[field][0]


def test_an_external_id_is_one_contacts_only(desk, ada):
    ada.client.contacts.register(ada.client, last_name="Noor", external_id="CRM-77")
    page = save(desk, ada)
    assert errors(page)["external_id"] == ["Another contact has this external ID."]
    assert save(desk, ada, external_id="").status_code == 303


def test_dates_are_shown_and_posted_ones_ignored(desk, ada):
    """X35, XD17; those of quotes and projects are in test_client_work.py."""
    made = timezone.now() - timedelta(days=300)
    Contact.objects.filter(pk=ada.pk).update(created_at=made)
    html = desk.get(f"/contacts/{ada.pk}/").text.partition("<main")[2]
    assert date_format(timezone.localtime(made), "DATE_FORMAT") in html
    assert "Last modified" in html
    assert 'name="created_at"' not in desk.get(edit(ada)).text
    save(desk, ada, created_at="2000-01-01", updated_at="2000-01-01")
    assert ada.created_at == made
    assert ada.updated_at > made


def test_other_fields_of_the_person_are_not_changed_by_posting_them(desk, ada, make_client):
    """Trial V12."""
    other = make_client("Grünwald")
    alien = {
        *("client", "is_primary", "active", "erased_at", "created_by", "search_key", "sort_key", "photo", "custom"),
        *("use_client_address", "street", "default_office", "offices"),
    }
    before = {name: getattr(ada, name) for name in ("client_id", "is_primary", "active", "erased_at", "created_by_id", "custom", "street")}
    save(desk, ada, **dict.fromkeys(alien, str(other.pk)))
    assert {name: getattr(ada, name) for name in before} == before
    assert (ada.photo.name, ada.use_client_address, ada.default_office.client_id) == ("", True, ada.client_id)


def test_the_card_shows_department_and_office_except_of_an_individual(desk, ada, make_client):
    """X33."""
    ada.department = ada.client.departments.create(name="Purchasing <b>")
    ada.position = Position.objects.create(name="Buyer")
    ada.save()
    card = desk.get(f"/contacts/{ada.pk}/address/").text.partition('class="header-card"')[2].partition("</header>")[0]
    for shown in ("Brauer Antriebe GmbH", "Purchasing &lt;b&gt;", "Headquarters", "Buyer", "Primary contact", "ada@brauer.example"):
        assert shown in card
    elena = make_client("Elena", kind="individual", legal_name="Elena K", first_name="Elena", last_name="K").contacts.get()
    card = desk.get(f"/contacts/{elena.pk}/").text.partition('class="header-card"')[2].partition("</header>")[0]
    assert "Headquarters" not in card


def test_the_history_tells_lists_and_languages_in_words(desk, ada):
    save(desk, ada)
    html = desk.get(f"/contacts/{ada.pk}/history/").text
    for words in ("Polish, German", "Ada.Private@post.example (gets copies)", "+49305550199 · Assistant", "Female"):
        assert words in html
    assert "&#x27;pl&#x27;" not in html


def test_the_dossier_names_languages_accounts_picture_and_formats(manager, desk, ada):
    save(desk, ada)
    network = SocialNetwork.objects.create(name="LinkedIn", prefix="https://www.linkedin.com/in/")
    SocialAccount.objects.create(contact=ada, network=network, handle="ada.k")
    ContactFormats.objects.create(contact=ada, use_own=True, date_format="DD.MM.YYYY")
    Contact.objects.filter(pk=ada.pk).update(photo="pictures/contacts/ada.webp", use_client_address=False, street="Eigene Gasse 1")
    html = manager.get(manager.post(f"/contacts/{ada.pk}/dossier/").headers["Location"]).text
    told = (
        "Polish, German",
        "Ada.Private@post.example",
        "CRM-77",
        "LinkedIn",
        "ada.k",
        "DD.MM.YYYY",
        "A picture is kept",
        "Eigene Gasse 1",
    )
    for words in told:
        assert words in html


def test_a_form_with_rows_carries_them_through_a_conflict(desk, ada):
    opened = sent(desk.get(edit(ada)))
    save(desk, ada)
    page = desk.post(edit(ada), opened | {"mother_tongues-0-language": "sv"})
    assert page.status_code == 409
    assert "Polish, German" in page.text.replace("Polish; German", "Polish, German")
    assert desk.post(edit(ada), sent(page)).status_code == 303
    ada.refresh_from_db()
    assert ada.mother_tongues == ["sv"]
    assert ada.more_emails == [{"address": "Ada.Private@post.example", "cc": True}], "what was not touched stays theirs"
    assert json.dumps(ada.more_phones)
