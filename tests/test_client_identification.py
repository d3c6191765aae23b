"""Identification and sales data of a client (XD3, XD4, XD17, XD21, XD33, S10, S12, S18, SD2, C19)."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from clientdesk.history import changes_of
from clientdesk.rights import Role
from clients.models import (
    Branch,
    Category,
    CategoryUser,
    Client,
    ClientIndustry,
    Company,
    CompanyType,
    CustomField,
    Industry,
    LeadSource,
    StaffBranch,
)
from tests.client_forms import errors, sent


def tab(client: Client) -> str:
    return f"/clients/{client.pk}/identification/"


def edit(client: Client) -> str:
    return f"/clients/{client.pk}/identification/edit/"


@pytest.fixture
def gmbh(db) -> CompanyType:
    return CompanyType.objects.create(name="GmbH", fits="corporate")


def test_a_tab_shows_first_and_the_form_comes_with_edit(desk, brauer):
    """C19: view mode, then edit mode."""
    page = desk.get(tab(brauer))
    assert "Identification data" in page.text
    assert "Sales data" in page.text
    assert 'name="legal_name"' not in page.text
    assert f'href="{edit(brauer)}"' in page.text
    assert 'name="legal_name"' in desk.get(edit(brauer)).text


def test_everything_that_is_asked_is_saved_and_shown(desk, brauer, make_staff):
    ingrid, joana = make_staff(Role.DESK, "ingrid@desk.example", first_name="Ingrid"), make_staff(Role.MANAGER, "joana@desk.example")
    chemistry, energy = (Industry.objects.create(name=name) for name in ("Chemistry", "Energy"))
    fair = LeadSource.objects.create(name="Trade fair")
    page = desk.post(
        edit(brauer),
        sent(
            desk.get(edit(brauer)),
            **{
                "legal_name": "Brauer <b>Antriebe</b> SE",
                "tax_number": "DE 136 695 976",
                "more_tax_numbers-0-kind": "Steuernummer",
                "more_tax_numbers-0-number": "29/815/08155",
                "contract_number": "F-2026-7",
                "industries": [chemistry.pk, energy.pk],
                "notes": "Two\r\nlines",
                "lead_source": fair.pk,
                "first_contact_on": "2025-02-03",
                "potential_annual_revenue": "120000.50",
                "potential_annual_revenue_on": "2026-01-31",
                "sales_person": ingrid.pk,
                "project_manager": joana.pk,
                "responsible": [ingrid.pk, joana.pk],
                "sales_notes": "Buys in spring.",
                "budget_codes": " A-1 \r\n\r\nB-2\r\nA-1",
                "budget_code_required": "on",
            },
        ),
    )
    assert (page.status_code, page.headers["Location"]) == (303, tab(brauer))
    brauer.refresh_from_db()
    assert brauer.more_tax_numbers == [{"kind": "Steuernummer", "number": "29/815/08155"}]
    assert (brauer.first_contact_on, brauer.potential_annual_revenue) == (date(2025, 2, 3), Decimal("120000.50"))
    assert (brauer.potential_annual_revenue_on, brauer.budget_codes, brauer.notes) == (date(2026, 1, 31), "A-1\nB-2", "Two\nlines")
    assert {person.pk for person in brauer.responsible.all()} == {ingrid.pk, joana.pk}
    assert {industry.name for industry in brauer.industries.all()} == {"Chemistry", "Energy"}
    html = desk.get(tab(brauer)).text
    for shown in (
        *("Brauer &lt;b&gt;Antriebe&lt;/b&gt; SE", "DE 136 695 976", "29/815/08155", "Steuernummer", "F-2026-7", "Chemistry, Energy"),
        *("Trade fair", "3 February 2025", "120,000.50", "31 January 2026", "Ingrid Dahl", "Buys in spring.", "A-1<br>B-2"),
    ):
        assert shown in html
    assert Company.objects.get(client=brauer).registered_name == "Brauer <b>Antriebe</b> SE"


def test_industries_and_people_leave_their_trace_in_the_history(desk, brauer):
    energy = Industry.objects.create(name="Energy")
    desk.post(edit(brauer), sent(desk.get(edit(brauer)), industries=[energy.pk]))
    link = ClientIndustry.objects.get()
    assert changes_of(link).count() == 1
    desk.post(edit(brauer), sent(desk.get(edit(brauer)), industries=None))
    assert not ClientIndustry.objects.exists()


def test_an_untouched_form_changes_nothing(desk, brauer, make_staff):
    person = make_staff(Role.MANAGER)
    brauer.more_tax_numbers, brauer.potential_annual_revenue = [{"kind": "A", "number": "1"}], Decimal("5.10")
    brauer.save()
    brauer.responsibles.create(user=person)
    version = Client.objects.get().version
    page = desk.post(edit(brauer), sent(desk.get(edit(brauer))), follow=True)
    assert "Nothing was changed." in page.text
    assert Client.objects.get().version == version


def test_two_people_at_once_see_both_versions_and_lose_nothing(desk, brauer):
    energy = Industry.objects.create(name="Energy")
    mine = sent(desk.get(edit(brauer)), contract_number="MINE", industries=[energy.pk], **{"more_tax_numbers-0-number": "77"})
    desk.post(edit(brauer), sent(desk.get(edit(brauer)), contract_number="THEIRS", notes="Theirs"))
    page = desk.post(edit(brauer), mine)
    assert page.status_code == 409
    for shown in ("MINE", "THEIRS", "Energy", "77"):
        assert shown in page.text
    assert desk.post(edit(brauer), sent(page)).status_code == 303
    brauer.refresh_from_db()
    assert (brauer.contract_number, brauer.notes, brauer.more_tax_numbers) == ("MINE", "Theirs", [{"kind": "", "number": "77"}])
    assert [industry.name for industry in brauer.industries.all()] == ["Energy"]


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"tax_number": "DE 12"}, "tax_number", "“DE 12” is no tax number of Germany. One looks like DE136695976."),
        ({"tax_number": "DE136695977"}, "tax_number", "“DE136695977” is mistyped"),
        ({"potential_annual_revenue": "much"}, "potential_annual_revenue", "“much” is no number"),
        ({"potential_annual_revenue": "-1"}, "potential_annual_revenue", "0"),
        ({"first_contact_on": "yesterday"}, "first_contact_on", "“yesterday” is no date"),
        ({"sales_person": "999999"}, "sales_person", "not offered any more"),
        ({"responsible": ["999999"]}, "responsible", "not offered any more"),
        ({"responsible": ["x"]}, "responsible", "not offered any more"),
        ({"responsible": ["9" * 30]}, "responsible", "not offered any more"),
        ({"industries": ["999999"]}, "industries", "not offered any more"),
        ({"more_tax_numbers-0-kind": "VAT"}, "more_tax_numbers", "Fill in “Number”"),
        ({"name": "A/B"}, "name", "special character"),
        ({"category": "999999"}, "category", "not offered any more"),
        ({"budget_codes": "x" * 4001}, "budget_codes", "Shorten it to 4000"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_saved(desk, brauer, changes, field, said):
    page = desk.post(edit(brauer), sent(desk.get(edit(brauer)), contract_number="X", **changes))
    assert page.status_code == 422
    assert list(errors(page)) == [field]
    assert said in errors(page)[field][0]
    brauer.refresh_from_db()
    assert (brauer.contract_number, brauer.version) == ("", 1)


def test_a_strange_tax_number_of_an_import_may_stay(desk, brauer):
    brauer.tax_number = "old 1"
    brauer.save()
    assert desk.post(edit(brauer), sent(desk.get(edit(brauer)), contract_number="X")).status_code == 303


def test_a_new_amount_is_as_old_as_today_unless_a_day_was_typed(desk, brauer):
    """XD4: when the potential annual revenue was updated."""
    desk.post(edit(brauer), sent(desk.get(edit(brauer)), potential_annual_revenue="100"))
    brauer.refresh_from_db()
    assert brauer.potential_annual_revenue_on == timezone.localdate()
    desk.post(edit(brauer), sent(desk.get(edit(brauer)), potential_annual_revenue="200", potential_annual_revenue_on="2026-01-01"))
    brauer.refresh_from_db()
    assert brauer.potential_annual_revenue_on == date(2026, 1, 1)
    desk.post(edit(brauer), sent(desk.get(edit(brauer)), contract_number="X"))
    brauer.refresh_from_db()
    assert brauer.potential_annual_revenue_on == date(2026, 1, 1)
    desk.post(edit(brauer), sent(desk.get(edit(brauer)), potential_annual_revenue=""))
    brauer.refresh_from_db()
    assert brauer.potential_annual_revenue_on is None


def test_a_number_is_typed_only_where_the_company_type_lets_it(desk, brauer, make_client, gmbh):
    """S12, SD5: the number is read-only with its reason, also for who posts one by hand."""
    assert "never changed" in desk.get(edit(brauer)).text
    assert desk.post(edit(brauer), sent(desk.get(edit(brauer)), number="HACK", contract_number="X")).status_code == 303
    brauer.refresh_from_db()
    assert brauer.number == "C-00001"
    free = CompanyType.objects.create(name="Free", fits="both", allow_id_change=True)
    other = make_client("Grünwald Pharma", company_type=free)
    page = desk.post(edit(other), sent(desk.get(edit(other)), number="C-00001"))
    assert "“C-00001” is or was another client's" in errors(page)["number"][0]
    assert errors(desk.post(edit(other), sent(desk.get(edit(other)), number=" ")))["number"] == ["Enter a client number."]
    assert desk.post(edit(other), sent(desk.get(edit(other)), number=" GP-7 ")).status_code == 303
    other.refresh_from_db()
    assert other.number == "GP-7"


def test_a_company_type_stays_once_chosen_unless_a_manager_changes_it(desk, manager, brauer, gmbh):
    """SD2, S18."""
    ag = CompanyType.objects.create(name="AG", fits="corporate")
    assert desk.post(edit(brauer), sent(desk.get(edit(brauer)), company_type=gmbh.pk)).status_code == 303
    page = desk.get(edit(brauer))
    assert "A manager can change it." in page.text
    desk.post(edit(brauer), sent(page, company_type=ag.pk, contract_number="X"))
    brauer.refresh_from_db()
    assert (brauer.company_type, brauer.contract_number) == (gmbh, "X")
    assert manager.post(edit(brauer), sent(manager.get(edit(brauer)), company_type=ag.pk)).status_code == 303
    brauer.refresh_from_db()
    assert brauer.company_type == ag


def test_a_company_type_fits_the_kind_of_client(desk, brauer, make_client, gmbh):
    """S10."""
    person = CompanyType.objects.create(name="Freelancer", fits="individual")
    page = desk.post(edit(brauer), sent(desk.get(edit(brauer)), company_type=person.pk))
    assert errors(page)["company_type"] == ["“Freelancer” is for individual clients. Choose another, or none."]
    held = make_client("Held", company_type=gmbh)
    page = desk.post(edit(held), sent(desk.get(edit(held)), kind="individual"))
    assert errors(page)["kind"] == ["The company type “GmbH” is for corporate clients, and only a manager can change it."]


def test_only_categories_that_the_person_may_use_are_offered_and_the_one_on_the_record_stays(desk, brauer, make_client, make_staff):
    """S11, SD4."""
    other = make_staff(Role.MANAGER, "other@desk.example")
    free, secret = Category.objects.create(name="Free"), Category.objects.create(name="Secret")
    CategoryUser.objects.create(category=secret, user=other)
    assert "Secret" not in desk.get(edit(brauer)).text
    assert list(errors(desk.post(edit(brauer), sent(desk.get(edit(brauer)), category=secret.pk)))) == ["category"]
    held = make_client("Held", category=secret)
    assert desk.post(edit(held), sent(desk.get(edit(held)), contract_number="X")).status_code == 303
    assert desk.post(edit(brauer), sent(desk.get(edit(brauer)), category=free.pk)).status_code == 303


def test_custom_fields_stand_with_their_part_and_are_required_where_they_say_so(desk, brauer):
    """XD23."""
    place = CustomField.Place
    CustomField.objects.create(entity="client", key="size", label="Size <b>", kind="number", place=place.IDENTIFICATION)
    CustomField.objects.create(entity="client", key="tier", label="Tier", kind="choice", options=["Gold"], place=place.SALES, required=True)
    page = desk.post(edit(brauer), sent(desk.get(edit(brauer)), custom_size="12"))
    assert errors(page) == {"custom_tier": ["Choose a value for “Tier”."]}
    assert desk.post(edit(brauer), sent(page, custom_tier="Gold")).status_code == 303
    brauer.refresh_from_db()
    assert brauer.custom == {"size": "12", "tier": "Gold"}
    html = desk.get(tab(brauer)).text
    first, _, second = html.partition("Sales data")
    assert "Size &lt;b&gt;" in first
    assert "Gold" in second


def test_everybody_of_the_branch_is_ticked_at_once_and_nothing_is_saved_yet(desk, brauer, headquarters, make_staff):
    """XD4, “Add all”; works without JavaScript."""
    here, away, gone = (make_staff(Role.DESK, f"{name}@desk.example", first_name=name) for name in ("here", "away", "gone"))
    lisbon = Branch.objects.create(name="Lisbon", code="LIS")
    for person, branch in ((here, headquarters), (away, lisbon), (gone, headquarters)):
        StaffBranch.objects.create(user=person, branch=branch)
    gone.is_active = False
    gone.save()
    page = desk.post(edit(brauer), sent(desk.get(edit(brauer)), add_all="1", contract_number="Typed"))
    assert page.status_code == 200
    found = sent(page)
    assert (found["responsible"], found["contract_number"]) == ([str(here.pk)], ["Typed"])
    assert not brauer.responsibles.exists()
    assert desk.post(edit(brauer), found).status_code == 303
    assert [link.user for link in brauer.responsibles.all()] == [here]
    page = desk.post(edit(brauer), sent(desk.get(edit(brauer)), add_all="1", branch="nonsense"))
    assert page.status_code == 200


def test_who_would_lock_themselves_out_is_told_first(make_staff, as_user, brauer):
    """XD33: ticking the box while not responsible asks to confirm, then leads to the list."""
    me, other = make_staff(Role.DESK, "me@desk.example"), make_staff(Role.DESK, "other@desk.example", first_name="Other")
    mine = as_user(me)
    page = mine.post(edit(brauer), sent(mine.get(edit(brauer)), restricted_to_responsible="on", sales_person=other.pk))
    assert page.status_code == 200
    assert "You will not see this client any more." in page.text
    assert "Other Dahl" in page.text
    brauer.refresh_from_db()
    assert not brauer.restricted_to_responsible
    page = mine.post(edit(brauer), sent(page), follow=True)
    assert page.redirect_chain == [("/clients/", 303)]
    assert "Only the people responsible for Brauer Antriebe see it now." in page.text
    for address in (tab(brauer), edit(brauer), f"/clients/{brauer.pk}/addresses/", f"/clients/{brauer.pk}/preferences/edit/"):
        assert mine.get(address).status_code == 404
    assert mine.post(edit(brauer), {"name": "Hacked"}).status_code == 404
    assert as_user(other).get(tab(brauer)).status_code == 200


def test_who_is_responsible_is_not_asked(make_staff, as_user, brauer):
    me = make_staff(Role.DESK)
    mine = as_user(me)
    page = mine.post(edit(brauer), sent(mine.get(edit(brauer)), restricted_to_responsible="on", responsible=[me.pk]))
    assert (page.status_code, page.headers["Location"]) == (303, tab(brauer))
    page = mine.post(edit(brauer), sent(mine.get(edit(brauer)), responsible=None))
    assert "Nobody is responsible for it: only administrators will see it." in page.text


def test_a_confirmation_holds_only_for_what_was_read(desk, brauer, make_staff):
    a, b = make_staff(Role.DESK, "a@desk.example", first_name="Aa"), make_staff(Role.DESK, "b@desk.example", first_name="Bb")
    read = sent(desk.post(edit(brauer), sent(desk.get(edit(brauer)), restricted_to_responsible="on", sales_person=a.pk)))
    page = desk.post(edit(brauer), read | {"sales_person": b.pk})
    assert page.status_code == 200
    assert "Bb Dahl" in page.text
    brauer.refresh_from_db()
    assert not brauer.restricted_to_responsible


def test_readers_look_but_cannot_change(make_staff, as_user, brauer):
    reader = as_user(make_staff(Role.READER))
    html = reader.get(tab(brauer)).text
    assert "/edit/" not in html.partition("<main")[2]
    assert reader.get(edit(brauer)).status_code == 403
    assert reader.post(edit(brauer), {"name": "Hacked"}).status_code == 403


def test_contacts_and_documents_are_counted(desk, ada):
    """XD17."""
    away = ada.client.contacts.register(ada.client, last_name="Away")
    away.active = False
    away.save()
    page = desk.get(tab(ada.client))
    assert {fact.label: fact.value for fact in page.context["counts"]} == {
        **{"Quotes": 0, "First quote": None, "Last quote": None, "Projects": 0, "First project": None, "Last project": None},
        "Contact persons": 1,
        "Deactivated contact persons": 1,
        "Documents": 0,
    }


def test_the_tab_costs_the_same_with_many_people_and_industries(desk, brauer, make_staff, django_assert_max_num_queries):
    for n in range(12):
        brauer.responsibles.create(user=make_staff(Role.DESK, f"p{n}@desk.example"))
        brauer.client_industries.create(industry=Industry.objects.create(name=f"Industry {n}"))
    desk.get(tab(brauer))
    with django_assert_max_num_queries(14):
        desk.get(tab(brauer))


@pytest.mark.parametrize("name", ["W" * 100, "شركة النور للتجارة والتوريدات العامة", "{{7*7}} 1"])
def test_long_and_strange_names_are_shown_on_every_tab(desk, make_client, name):
    client = make_client("Plain", legal_name=name * 2 if len(name) <= 100 else name)
    for address in ("identification/", "identification/edit/", "addresses/", "addresses/edit/", "preferences/", "documents/"):
        page = desk.get(f"/clients/{client.pk}/{address}")
        assert page.status_code == 200
    assert client.legal_name in desk.get(tab(client)).text
