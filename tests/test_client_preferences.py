"""The tab Preferences of a client (XD12, XD14, X66 to X69, invariant 17)."""

from decimal import Decimal

import pytest

from clientdesk import preferences
from clientdesk.rights import Role
from clients.models import Client, ClientFormats
from tests.client_forms import errors, sent

GERMAN = {"use_own": "own", "language": "de", "date_format": "DD.MM.YYYY", "numbers": ", .", "currency_display": "code"}


def tab(client: Client) -> str:
    return f"/clients/{client.pk}/preferences/"


def edit(client: Client) -> str:
    return f"/clients/{client.pk}/preferences/edit/"


def test_a_client_without_preferences_follows_the_main_values(desk, brauer):
    html = desk.get(tab(brauer)).text
    assert "this client follows the formats of ClientDesk" in html
    assert "€13,550.50" in html
    assert not ClientFormats.objects.exists()


def test_chosen_formats_are_saved_and_shown_with_what_they_look_like(desk, brauer):
    page = desk.post(edit(brauer), sent(desk.get(edit(brauer)), **GERMAN, time_zone="Europe/London", show_zone="yes", first_weekday="7"))
    assert (page.status_code, page.headers["Location"]) == (303, tab(brauer))
    formats = ClientFormats.objects.get(client=brauer)
    assert (formats.use_own, formats.date_format, formats.decimal_sep, formats.group_sep) == (True, "DD.MM.YYYY", ",", ".")
    assert (formats.time_zone, formats.show_zone, formats.first_weekday) == ("Europe/London", True, 7)
    brauer.refresh_from_db()
    assert brauer.language == "de"
    html = desk.get(tab(brauer)).text
    style = preferences.resolve(formats, language=brauer.language)
    for shown in ("31.12.", "13.550,50\xa0EUR", "German", "Europe/London", style.money(Decimal("13550.5"), "EUR")):
        assert shown in html


def test_with_main_values_the_choices_sleep_and_come_back(desk, brauer):
    """X67, XD14."""
    desk.post(edit(brauer), sent(desk.get(edit(brauer)), **GERMAN))
    desk.post(edit(brauer), sent(desk.get(edit(brauer)), use_own=""))
    assert "€" in preferences.resolve(ClientFormats.objects.get()).money(1, "EUR")
    assert "13.550,50" not in desk.get(tab(brauer)).text
    assert ClientFormats.objects.get().date_format == "DD.MM.YYYY"
    desk.post(edit(brauer), sent(desk.get(edit(brauer)), use_own="own"))
    assert "13.550,50" in desk.get(tab(brauer)).text


def test_the_button_preview_shows_and_saves_nothing(desk, brauer):
    """X68; works without JavaScript."""
    page = desk.post(edit(brauer), sent(desk.get(edit(brauer)), **GERMAN, preview="1"))
    assert page.status_code == 200
    assert "13.550,50\xa0EUR" in page.text
    assert not ClientFormats.objects.exists()
    assert desk.post(edit(brauer), sent(page)).status_code == 303
    assert ClientFormats.objects.get().date_format == "DD.MM.YYYY"


def test_a_change_renews_the_previews_only(desk, brauer):
    fields = sent(desk.get(edit(brauer)), **GERMAN, preview="1")
    page = desk.post(edit(brauer), fields, headers={"HX-Request": "true"})
    assert "<main" not in page.text
    assert '<output id="preview-currency_display" hx-swap-oob="true">13.550,50\xa0EUR</output>' in page.text
    assert not ClientFormats.objects.exists()


def test_a_preview_of_nonsense_is_the_main_value(desk, brauer):
    page = desk.post(edit(brauer), {"use_own": "own", "date_format": "'; DROP", "time_zone": "../../etc", "preview": "1"})
    assert page.status_code == 200
    assert "31 December" in page.text


@pytest.mark.parametrize("field", ["language", "date_format", "time_format", "numbers", "currency_display", "time_zone", "first_weekday"])
def test_a_forged_choice_is_refused(desk, brauer, field):
    page = desk.post(edit(brauer), sent(desk.get(edit(brauer)), **{field: "nonsense"}))
    assert page.status_code == 422
    assert list(errors(page)) == [field]
    assert not ClientFormats.objects.exists()


def test_two_people_at_once_see_both_versions(desk, brauer):
    first = sent(desk.get(edit(brauer)), **GERMAN)
    assert desk.post(edit(brauer), first).status_code == 303
    page = desk.post(edit(brauer), sent(desk.get(edit(brauer)), date_format="YYYY-MM-DD") | {"version": "0"})
    assert page.status_code == 409
    assert "YYYY-MM-DD" in page.text
    assert desk.post(edit(brauer), sent(page)).status_code == 303
    assert ClientFormats.objects.get().date_format == "YYYY-MM-DD"


def test_who_was_second_to_choose_any_is_told_so(desk, brauer):
    second = sent(desk.get(edit(brauer)), date_format="YYYY-MM-DD", use_own="own")
    desk.post(edit(brauer), sent(desk.get(edit(brauer)), **GERMAN))
    assert desk.post(edit(brauer), second).status_code == 409
    assert ClientFormats.objects.get().date_format == "DD.MM.YYYY"


def test_an_untouched_form_changes_nothing(desk, brauer):
    desk.post(edit(brauer), sent(desk.get(edit(brauer)), **GERMAN, show_zone="no", first_weekday="1"))
    version = ClientFormats.objects.get().version
    assert "Nothing was changed." in desk.post(edit(brauer), sent(desk.get(edit(brauer))), follow=True).text
    assert ClientFormats.objects.get().version == version


def test_readers_look_but_cannot_change(make_staff, as_user, brauer):
    reader = as_user(make_staff(Role.READER))
    assert "/edit/" not in reader.get(tab(brauer)).text.partition("<main")[2]
    assert reader.get(edit(brauer)).status_code == 403
    assert reader.post(edit(brauer), GERMAN).status_code == 403
