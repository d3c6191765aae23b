"""Addresses of a client and how it is reached (XD5, XD6, XD7, X11, J15)."""

import pytest

from clientdesk.rights import Role
from clients.models import Client
from tests.client_forms import errors, sent


def tab(client: Client) -> str:
    return f"/clients/{client.pk}/addresses/"


def edit(client: Client) -> str:
    return f"/clients/{client.pk}/addresses/edit/"


def test_everything_that_is_asked_is_saved_and_shown(desk, brauer):
    page = desk.post(
        edit(brauer),
        sent(
            desk.get(edit(brauer)),
            **{
                "street": "Holm <3>",
                "postal_code": "24937",
                "city": "Flensburg",
                "province": "Holstein",
                "email": " Info@Brauer.EXAMPLE ",
                "more_emails-0-address": "books@brauer.example",
                "more_emails-0-cc": "on",
                "more_emails-1-address": "post@brauer.example",
                "phone": "030 5550100",
                "more_phones-0-number": "030 5550101",
                "more_phones-0-note": "Gate",
                "mobile": "0151 12345678",
                "sms_enabled": "on",
                "fax": "030 5550109",
                "website": "www.brauer.example",
                "more_websites-0-url": "shop.brauer.example",
                "cc_contact_emails": "on",
                "no_crm_emails": "on",
                "server_account": "sftp.brauer.example, user nordwort",
            },
        ),
    )
    assert (page.status_code, page.headers["Location"]) == (303, tab(brauer))
    brauer.refresh_from_db()
    assert brauer.more_emails == [{"address": "books@brauer.example", "cc": True}, {"address": "post@brauer.example", "cc": False}]
    assert brauer.more_phones == [{"number": "+49305550101", "note": "Gate"}]
    assert brauer.more_websites == [{"url": "https://shop.brauer.example"}]
    assert (brauer.email, str(brauer.mobile), brauer.sms_enabled) == ("Info@brauer.example", "+4915112345678", True)
    html = desk.get(tab(brauer)).text
    for shown in (
        *("Holm &lt;3&gt;<br>24937 Flensburg, Holstein<br>Germany", "Same as the billing address", "books@brauer.example", "CC"),
        *("+49 30 5550101", "Gate", 'href="tel:+49-1511-2345678"', "+49 30 5550109", 'href="https://shop.brauer.example"'),
        "sftp.brauer.example, user nordwort",
    ):
        assert shown in html


def test_an_own_correspondence_address_sleeps_while_the_box_is_ticked_and_comes_back(desk, brauer):
    """XD7."""
    own = {"use_billing_address": None, "post_street": "Postfach 7", "post_city": "Kiel", "post_country": "DE"}
    desk.post(edit(brauer), sent(desk.get(edit(brauer)), **own))
    assert "Postfach 7<br>Kiel<br>Germany" in desk.get(tab(brauer)).text
    desk.post(edit(brauer), sent(desk.get(edit(brauer)), use_billing_address="on"))
    html = desk.get(tab(brauer)).text
    assert "Postfach 7" not in html
    assert "Same as the billing address" in html
    brauer.refresh_from_db()
    assert brauer.post_street == "Postfach 7"
    assert desk.post(edit(brauer), sent(desk.get(edit(brauer)), use_billing_address=None)).status_code == 303
    assert "Postfach 7<br>Kiel<br>Germany" in desk.get(tab(brauer)).text


def test_while_the_box_is_ticked_the_form_shows_the_billing_values_in_place_of_the_own(desk, brauer):
    brauer.street, brauer.city, brauer.post_street = "Hauptstraße 1", "Berlin", "Postfach 7"
    brauer.save()
    html = desk.get(edit(brauer)).text
    copy = html.partition('class="when-same"')[2].partition('class="unless-same"')[0]
    assert "Hauptstraße 1" in copy
    assert "<input" not in copy
    assert 'value="Postfach 7"' in html.partition('class="unless-same"')[2]


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"email": ""}, "email", "Enter the e-mail address of the main contact"),
        ({"more_emails-0-address": "nobody"}, "more_emails", "“nobody” is no complete e-mail address"),
        ({"more_phones-0-number": "12"}, "more_phones", "“12” is no phone number"),
        ({"more_phones-0-note": "Gate"}, "more_phones", "Fill in “Number”."),
        ({"mobile": "x"}, "mobile", "“x” is no phone number"),
        ({"website": "javascript:alert(1)"}, "website", "“javascript:alert(1)” is no web address"),
        ({"more_websites-0-url": "javascript:alert(1)"}, "more_websites", "“javascript:alert(1)” is no web address"),
        ({"more_websites-0-url": "ftp://x.example"}, "more_websites", "“ftp://x.example” is no web address"),
        ({"country": "XX"}, "country", "not offered any more"),
        ({"post_country": "XX"}, "post_country", "not offered any more"),
        ({"street": "x" * 201}, "street", "Shorten it to 200"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_saved(desk, brauer, changes, field, said):
    page = desk.post(edit(brauer), sent(desk.get(edit(brauer)), city="Bonn", **changes))
    assert page.status_code == 422
    assert list(errors(page)) == [field]
    assert said in errors(page)[field][0]
    brauer.refresh_from_db()
    assert (brauer.city, brauer.version) == ("", 1)


def test_a_row_that_was_emptied_is_gone(desk, brauer):
    brauer.more_phones = [{"number": "+49305550101", "note": "Gate"}, {"number": "+49305550102", "note": ""}]
    brauer.save()
    page = desk.post(edit(brauer), sent(desk.get(edit(brauer)), **{"more_phones-0-number": "", "more_phones-0-note": ""}))
    assert page.status_code == 303
    brauer.refresh_from_db()
    assert brauer.more_phones == [{"number": "+49305550102", "note": ""}]


def test_an_untouched_form_changes_nothing(desk, brauer):
    brauer.more_emails, brauer.phone, brauer.website = [{"address": "a@b.example", "cc": True}], "+49305550100", "https://b.example"
    brauer.more_phones, brauer.more_websites = [{"number": "+33142685300", "note": ""}], [{"url": "https://c.example"}]
    brauer.save()
    page = desk.post(edit(brauer), sent(desk.get(edit(brauer))), follow=True)
    assert "Nothing was changed." in page.text


def test_two_people_at_once_see_both_versions_and_lose_nothing(desk, brauer):
    mine = sent(desk.get(edit(brauer)), **{"more_emails-0-address": "mine@brauer.example", "more_emails-0-cc": "on"})
    desk.post(edit(brauer), sent(desk.get(edit(brauer)), city="Bonn", **{"more_phones-0-number": "+49 30 5550101"}))
    page = desk.post(edit(brauer), mine)
    assert page.status_code == 409
    assert "mine@brauer.example, Use for CC" in page.text
    assert desk.post(edit(brauer), sent(page)).status_code == 303
    brauer.refresh_from_db()
    assert (brauer.city, brauer.more_phones) == ("Bonn", [{"number": "+49305550101", "note": ""}])
    assert brauer.more_emails == [{"address": "mine@brauer.example", "cc": True}]


def test_readers_look_but_cannot_change(make_staff, as_user, brauer):
    reader = as_user(make_staff(Role.READER))
    assert "/edit/" not in reader.get(tab(brauer)).text.partition("<main")[2]
    assert reader.get(edit(brauer)).status_code == 403
    assert reader.post(edit(brauer), {"city": "Hacked"}).status_code == 403


def test_rows_of_an_odd_past_break_no_page(desk, brauer):
    Client.objects.filter(pk=brauer.pk).update(
        more_emails=[{}, {"address": "<b>"}], more_phones=[{"number": "?"}], more_websites=[{"url": "javascript:x"}]
    )
    html = desk.get(tab(brauer)).text
    assert 'href="javascript' not in html
    assert "&lt;b&gt;" in html
    assert desk.get(edit(brauer)).status_code == 200
