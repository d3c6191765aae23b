"""The tab Preferences of a contact: its own formats over its client's over the system's (X65 to X69, XD14, invariant 17)."""

import itertools
import re
from datetime import datetime, time
from decimal import Decimal
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone

from clientdesk import preferences
from clientdesk.languages import language_choices
from clientdesk.models import Formats
from clientdesk.rights import Role
from clients.models import ClientFormats, CustomField
from contacts.formats import style_of
from contacts.models import Contact, ContactFormats
from portal.models import ContactAccess
from tests.client_forms import errors, sent
from tests.doors import activated, delivered, fresh_brakes  # noqa: F401

GERMAN = {"use_own": "own", "language": "de", "date_format": "DD.MM.YYYY", "numbers": ", .", "currency_display": "code"}
BRITISH = {"use_own": True, "date_format": "DD/MM/YYYY", "time_format": "12", "decimal_sep": ".", "group_sep": "space"}


def tab(contact: Contact) -> str:
    return f"/contacts/{contact.pk}/preferences/"


def edit(contact: Contact) -> str:
    return f"{tab(contact)}edit/"


def save(desk, contact: Contact, **changes):
    return desk.post(edit(contact), sent(desk.get(edit(contact)), **changes))


def lines(page) -> dict[str, preferences.Compared]:
    form = page.context.get("form")
    return {line.name: line for line in ([line for line, _field in form.lines] if form else page.context["lines"])}


# --- layers -------------------------------------------------------------------------------------
def test_without_own_values_the_clients_hold_and_without_those_the_systems(desk, ada):
    """X66, XD14."""
    assert lines(desk.get(tab(ada)))["currency_display"].sample == "€13,550.50"
    ClientFormats.objects.create(client=ada.client, **BRITISH)
    found = lines(desk.get(tab(ada)))
    assert (found["date_format"].main, found["date_format"].value, found["date_format"].is_own) == ("DD/MM/YYYY", "DD/MM/YYYY", False)
    assert found["numbers"].sample == "13\u202f550.50"
    assert not ContactFormats.objects.exists()


def test_own_values_stand_beside_the_main_account_values(desk, ada):
    ClientFormats.objects.create(client=ada.client, **BRITISH)
    page = save(desk, ada, **GERMAN, time_zone="Europe/London", show_zone="yes", first_weekday="7")
    assert (page.status_code, page.headers["Location"]) == (303, tab(ada))
    page = desk.get(tab(ada))
    for head in ("Format", "Main account values", "User-defined values", "Format previews"):
        assert re.search(rf'<th scope="col"[^>]*>{head}</th>', page.text)
    found = lines(page)
    assert (found["date_format"].main, found["date_format"].value) == ("DD/MM/YYYY", "DD.MM.YYYY")
    assert (found["time_format"].value, found["time_format"].is_own) == ("12 hours", False), "what is blank follows the client"
    assert found["currency_display"].sample == "13.550,50\xa0EUR"
    ada.refresh_from_db()
    assert ada.language == "de"


def test_the_clients_dormant_values_do_not_hold(desk, ada):
    ClientFormats.objects.create(client=ada.client, **BRITISH | {"use_own": False})
    assert lines(desk.get(tab(ada)))["date_format"].value == "D MMMM YYYY"


def test_the_language_of_the_client_counts_where_the_contact_has_none(desk, ada):
    ada.client.language = "pl"
    ada.client.save()
    assert lines(desk.get(tab(ada)))["language"].value == "Polish"
    assert style_of(Contact.objects.get(pk=ada.pk)).language == "pl"
    save(desk, ada, language="sv")
    assert lines(desk.get(tab(ada)))["language"].value == "Swedish"


def test_values_posted_with_main_selected_sleep(desk, ada):
    """X67."""
    save(desk, ada, **GERMAN | {"use_own": ""})
    assert lines(desk.get(tab(ada)))["date_format"].value == "D MMMM YYYY"
    assert ContactFormats.objects.get().date_format == "DD.MM.YYYY"
    save(desk, ada, use_own="own")
    assert lines(desk.get(tab(ada)))["date_format"].value == "DD.MM.YYYY"


# --- previews -----------------------------------------------------------------------------------
def test_preview_shows_and_saves_nothing(desk, ada):
    """X68; without JavaScript the button."""
    page = desk.post(edit(ada), sent(desk.get(edit(ada)), **GERMAN, preview="1"))
    assert page.status_code == 200
    assert "13.550,50\xa0EUR" in page.text
    assert not ContactFormats.objects.exists()
    assert desk.post(edit(ada), sent(page)).status_code == 303
    assert ContactFormats.objects.get().date_format == "DD.MM.YYYY"


def test_a_change_renews_the_previews_only(desk, ada):
    page = desk.post(edit(ada), sent(desk.get(edit(ada)), **GERMAN, preview="1"), headers={"HX-Request": "true"})
    assert "<main" not in page.text
    assert '<output id="preview-currency_display" hx-swap-oob="true">13.550,50\xa0EUR</output>' in page.text
    assert not ContactFormats.objects.exists()


def test_the_preview_of_main_values_is_the_clients(desk, ada):
    ClientFormats.objects.create(client=ada.client, **BRITISH)
    page = desk.post(edit(ada), {"use_own": "", "date_format": "DD.MM.YYYY", "preview": "1"})
    assert lines(page)["date_format"].value == "DD/MM/YYYY"


def test_advanced_fields_are_behind_a_summary(desk, ada):
    """X69."""
    html = desk.get(edit(ada)).text
    details = re.search(r"<details>.*?</details>", html, re.S)[0]
    assert set(re.findall(r'<select name="(\w+)"', details)) == {"time_zone", "show_zone", "first_weekday"}


@pytest.mark.parametrize("field", ["language", "date_format", "time_format", "numbers", "currency_display", "time_zone", "first_weekday"])
def test_a_forged_choice_is_refused(desk, ada, field):
    page = save(desk, ada, **{field: "nonsense"})
    assert page.status_code == 422
    assert list(errors(page)) == [field]
    assert not ContactFormats.objects.exists()


# --- two people, rights, history -----------------------------------------------------------------
def test_two_people_at_once_see_both_versions(desk, ada):
    second = sent(desk.get(edit(ada)), date_format="YYYY-MM-DD", use_own="own")
    save(desk, ada, **GERMAN)
    page = desk.post(edit(ada), second)
    assert page.status_code == 409
    assert ContactFormats.objects.get().date_format == "DD.MM.YYYY"
    assert desk.post(edit(ada), sent(page)).status_code == 303
    assert ContactFormats.objects.get().date_format == "YYYY-MM-DD"


def test_an_untouched_form_changes_nothing(desk, ada):
    save(desk, ada, **GERMAN, show_zone="no")
    version = ContactFormats.objects.get().version
    assert "Nothing was changed." in desk.post(edit(ada), sent(desk.get(edit(ada))), follow=True).text
    assert ContactFormats.objects.get().version == version


def test_readers_look_but_cannot_change(make_staff, as_user, ada):
    reader = as_user(make_staff(Role.READER))
    assert "/edit/" not in reader.get(tab(ada)).text.partition("<main")[2]
    assert reader.get(edit(ada)).status_code == 403
    assert reader.post(edit(ada), GERMAN).status_code == 403


def test_the_history_tells_of_formats(desk, ada):
    save(desk, ada, **GERMAN)
    html = desk.get(f"/contacts/{ada.pk}/history/").text
    for words in ("Formats set", "DD.MM.YYYY", "German"):
        assert words in html


# --- the portal and mails write as the preview shows ------------------------------------------------
def test_a_mail_names_its_time_as_the_contact_reads(ada):
    ContactFormats.objects.create(contact=ada, use_own=True, date_format="YYYY-MM-DD", time_format="12", time_zone="America/New_York")
    link = ContactAccess.of(Contact.objects.get(pk=ada.pk)).invite(by=None)
    [message] = delivered()
    local = link.expires_at.astimezone(ZoneInfo("America/New_York"))
    assert f"until {local:%Y-%m-%d}, {local.hour % 12 or 12}:{local:%M}" in str(message.body)
    assert local.tzname() in str(message.body)


def test_the_portal_greets_by_the_clock_of_the_contact(ada):
    browser = activated(ada)
    zone = next(
        zone for zone in ("Europe/London", "America/Los_Angeles", "Asia/Tokyo") if timezone.now().astimezone(ZoneInfo(zone)).hour < 12
    )
    ContactFormats.objects.create(contact=ada, use_own=True, time_zone=zone)
    assert "Good morning, Ada" in browser.get("/portal/").text


def previewed(style: preferences.Style) -> dict[str, str]:
    return {line.name: line.sample for line in preferences.previews(style)}


def sample(style: preferences.Style) -> datetime:
    """Return the moment that previews show."""
    return datetime.combine(style.now().date().replace(month=12, day=31), time(16, 5), ZoneInfo(style.time_zone))


def test_a_portal_page_shows_what_the_preview_showed(desk, ada):
    """Invariant 17 through the real pages: the preview of the form, then the contact's own page. Locales and formats come in turn."""
    browser = activated(ada)
    for key, kind in (("day", "date"), ("at", "moment"), ("sum", "number")):
        CustomField.objects.create(entity="contact", key=key, label=key, kind=kind, visible_in_portal=True)
    turn = zip(itertools.cycle(preferences.DATES), itertools.cycle(preferences.TIMES), itertools.cycle(preferences.NUMBERS))
    choices = list(zip(language_choices(), turn, strict=False))[::7]
    page = desk.get(edit(ada))
    for (language, _name), (date_format, time_format, numbers) in choices:
        typed = {"date_format": date_format, "time_format": time_format, "numbers": " ".join(numbers), "language": language}
        assert desk.post(edit(ada), sent(page, use_own="own", time_zone="Asia/Tokyo", **typed)).status_code == 303, (language, typed)
        page = desk.get(edit(ada))
        shown = {line.name: line.sample for line in lines(page).values()}
        moment = sample(style_of(Contact.objects.get(pk=ada.pk)))
        Contact.objects.filter(pk=ada.pk).update(
            custom={"day": moment.date().isoformat(), "at": moment.astimezone(ZoneInfo("UTC")).isoformat(), "sum": "13550.55"}
        )
        facts = dict(re.findall(r"<dt>(day|at|sum)</dt>\s*<dd>(.*?)</dd>", unescape(browser.get("/portal/profile/").text)))
        assert facts["day"] == shown["date_format"], language
        assert facts["at"] == f"{shown['date_format']}, {shown['time_format']}", language
        assert facts["sum"] == f"{shown['numbers'][:-1]}5", language


def test_the_tags_of_portal_pages_write_what_the_preview_shows_in_every_locale_and_format(ada):
    """Invariant 17: every locale offered with every format of days, times, numbers and money."""
    access = ContactAccess(contact=ada)
    request = RequestFactory().get("/portal/")
    request.access = access
    page = engines["django"].from_string(
        "{% load written %}{% written_day at %}|{% written_time at %}|{% written_number sum 2 %}|{% written_money sum 'EUR' %}"
    )
    most = max(len(preferences.DATES), len(preferences.NUMBERS))
    for language, _name in language_choices():
        for turn in range(most):
            dates, times, pairs = list(preferences.DATES), list(preferences.TIMES), list(preferences.NUMBERS)
            pair = pairs[turn % len(pairs)]
            ada.language = language
            ada.formats = ContactFormats(
                use_own=True,
                date_format=dates[turn % len(dates)],
                time_format=times[turn % 2],
                decimal_sep=pair[0],
                group_sep=pair[1],
                currency_display=Formats.Currency.values[turn // 2 % 2],
            )
            style = style_of(ada)
            shown = previewed(style)
            told = re.sub(r"</?time[^>]*>", "", unescape(page.render({"at": sample(style), "sum": Decimal("13550.5")}, request)))
            assert told.split("|") == [shown[name] for name in ("date_format", "time_format", "numbers", "currency_display")], language
