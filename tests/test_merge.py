"""Two clients that are one become one: a choice per field, everything that hangs on the loser moves, its addresses lead on."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client as Browser

from clientdesk.models import LegalHold, Merge, User
from clientdesk.rights import Role
from clients.models import Client, ClientDocument, ClientIndustry, Company, DuplicatePair, Industry, Responsible
from contacts.models import Contact, Department, Office
from portal import rights
from portal.models import ClientAccess, ContactAccess, Opening
from tests.client_forms import sent
from tests.doors import activated, fresh_brakes, is_in  # noqa: F401 - a fixture
from tests.merges import press_merge


@pytest.fixture
def winner(ada):
    return ada.client


@pytest.fixture
def loser(make_client):
    """A second client of the same name: with a person, an office, a phone and a town that the first one lacks."""
    found = make_client("Brauer 2", legal_name="Brauer Antriebe", email="office@brauer.example", city="Bonn", notes="Theirs")
    found.contacts.register(found, first_name="Bea", last_name="Brauer", email="bea@brauer.example")
    Office.objects.create(client=found, name="Works")
    return found


def address(winner: Client, loser: Client) -> str:
    return f"/clients/merge/{winner.pk}/{loser.pk}/"


def merge(browser: Browser, winner: Client, loser: Client, **choices: str):
    """Press Merge as often as it takes; return the answer."""
    return press_merge(browser, address(winner, loser), winner, loser, choices)


def test_the_page_shows_every_field_that_differs_with_a_choice_and_what_moves(manager, winner, loser):
    page = manager.get(address(winner, loser))
    assert page.status_code == 200
    asked = {question.name: question for question in page.context["preview"].fields}
    assert {"name", "legal_name", "email", "address", "notes"} <= set(asked)
    assert {"kind", "branch", "phone"} & set(asked) == set()
    assert (asked["name"].chosen, asked["address"].chosen, asked["notes"].chosen) == ("winner", "loser", "loser")
    assert {(moved.label, moved.count) for moved in page.context["preview"].moves} >= {("Contact persons", 1), ("Offices", 2)}
    assert 'name="choice-name" value="winner" id="choice-name-winner" checked' in page.text
    assert f'href="{address(loser, winner)}"' in page.text


def test_by_default_the_winner_keeps_its_values_and_gets_what_it_lacks(manager, winner, loser):
    assert merge(manager, winner, loser).headers["Location"] == f"/clients/{winner.pk}/"
    winner.refresh_from_db()
    assert (winner.name, winner.email, winner.city, winner.notes) == ("Brauer Antriebe", "info@brauer.example", "Bonn", "Theirs")
    assert not Client.objects.filter(pk=loser.pk).exists()


def test_each_field_goes_as_it_was_chosen_also_the_name_of_the_loser(manager, winner, loser):
    Client.objects.filter(pk=loser.pk).update(external_id="X-1")
    merge(manager, winner, loser, name="loser", email="loser", external_id="loser", notes="winner", address="winner")
    winner.refresh_from_db()
    assert (winner.name, winner.email, winner.external_id) == ("Brauer 2", "office@brauer.example", "X-1")
    assert (winner.notes, winner.city) == ("", "")
    assert winner.company.registered_name == winner.legal_name


def test_lists_are_united_without_doubles_and_the_main_address_that_went_joins_them(manager, winner, loser):
    Client.objects.filter(pk=winner.pk).update(more_emails=[{"address": "one@brauer.example", "cc": True}])
    Client.objects.filter(pk=loser.pk).update(
        more_emails=[{"address": "ONE@brauer.example", "cc": False}, {"address": "two@brauer.example", "cc": False}], notes=""
    )
    merge(manager, winner, loser)
    winner.refresh_from_db()
    assert [entry["address"] for entry in winner.more_emails] == ["one@brauer.example", "two@brauer.example", "office@brauer.example"]


def test_custom_fields_are_united_by_key(manager, winner, loser):
    Client.objects.filter(pk=winner.pk).update(custom={"colour": "blue", "size": "L"})
    Client.objects.filter(pk=loser.pk).update(custom={"colour": "red", "depth": "9"})
    merge(manager, winner, loser, **{"custom-colour": "loser"})
    winner.refresh_from_db()
    assert winner.custom == {"colour": "red", "size": "L", "depth": "9"}


def test_people_industries_documents_and_holds_move(manager, winner, loser, make_staff):
    one, two = (Industry.objects.create(name=name) for name in ("Health", "Steel"))
    for client, industry in ((winner, one), (loser, one), (loser, two)):
        ClientIndustry.objects.create(client=client, industry=industry)
    Responsible.objects.create(client=loser, user=make_staff(Role.READER))
    ClientDocument.objects.create(client=loser, file="documents/x", filename="contract.pdf")
    from django.contrib.contenttypes.models import ContentType

    LegalHold.objects.create(content_type=ContentType.objects.get_for_model(Client), object_id=loser.pk, reason="Court")
    merge(manager, winner, loser)
    assert sorted(str(row) for row in winner.client_industries.all()) == ["Health", "Steel"]
    assert winner.responsibles.count() == winner.documents.count() == 1
    assert LegalHold.objects.get().object_id == winner.pk


def test_contacts_and_offices_move_under_the_laws(manager, winner, loser):
    """Invariants 3, 5, 6: one primary contact, one headquarters, offices of the own client."""
    merge(manager, winner, loser)
    assert [contact.last_name for contact in winner.contacts.filter(is_primary=True)] == ["Krämer"]
    names = list(winner.offices.values_list("name", "is_headquarters"))
    assert names == [("Headquarters", True), ("Headquarters (Brauer 2)", False), ("Works", False)]
    bea = Contact.objects.get(last_name="Brauer")
    assert bea.default_office.client_id == bea.client_id == winner.pk
    assert Office.objects.get(name="Headquarters (Brauer 2)").city == "Bonn"


def test_the_primary_contact_can_be_chosen(manager, winner, loser):
    merge(manager, winner, loser, primary="loser")
    assert [contact.last_name for contact in winner.contacts.filter(is_primary=True)] == ["Brauer"]


def test_departments_move_and_those_of_one_name_become_one(manager, winner, loser):
    """The winner's fills what it lacks, and is in use where one of the two was."""
    works = Office.objects.get(name="Works")
    mine = winner.departments.create(name="Purchasing", email="p@brauer.example", active=False)
    theirs = loser.departments.create(name="PURCHASING", email="x@brauer.example", phone="+49305550142", city="Bonn", office=works)
    lab = loser.departments.create(name="Laboratory", office=works)
    Contact.objects.filter(client=loser).update(department=theirs)
    late = loser.contacts.register(loser, last_name="Late", department=lab)
    moved = {moved.label: (moved.count, moved.note) for moved in manager.get(address(winner, loser)).context["preview"].moves}
    assert moved["Departments"] == (2, "Both have, and each becomes one: PURCHASING.")
    merge(manager, winner, loser)
    assert {department.name: department.client for department in Department.objects.all()} == {"Purchasing": winner, "Laboratory": winner}
    mine.refresh_from_db()
    assert (mine.email, str(mine.phone), mine.city, mine.office, mine.active) == ("p@brauer.example", "+49305550142", "Bonn", works, True)
    assert Contact.objects.get(last_name="Brauer").department == mine
    late.refresh_from_db()
    assert (late.client, late.department) == (winner, lab)
    Department.objects.get(pk=lab.pk).full_clean()


def test_two_individuals_stay_one_person_with_one_office(manager, make_client):
    """Invariant 4."""
    one = make_client("Jorge Ibanez", legal_name="Jorge Ibáñez", kind="individual", first_name="Jorge", last_name="Ibáñez")
    two = make_client("J Ibanez", legal_name="J. Ibáñez", kind="individual", first_name="J.", last_name="Ibáñez", email="j@post.example")
    merge(manager, one, two)
    assert one.offices.count() == 1
    assert one.contacts.count() == 2
    assert [contact.first_name for contact in one.contacts.filter(active=True)] == ["Jorge"]
    assert all(contact.default_office.client_id == one.pk for contact in one.contacts.all())


def test_clients_of_two_kinds_are_refused_with_a_sentence(manager, winner, make_client):
    person = make_client("Jorge Ibanez", kind="individual", first_name="Jorge", last_name="Ibáñez")
    page = manager.get(address(winner, person))
    assert "Only clients of one kind can be merged" in page.text
    assert "Merge clients</button>" not in page.text
    assert merge(manager, winner, person).status_code == 422
    assert Client.objects.count() == 2


def test_the_company_stays_in_the_registry_and_its_number_is_kept(manager, winner, loser):
    """Invariant 22 and decision 6."""
    Company.objects.filter(client=loser).update(registration_number="HRB 1")
    merge(manager, winner, loser)
    assert Company.objects.get(client=winner).registration_number == "HRB 1"
    assert Company.objects.get(client=None).registered_name == "Brauer Antriebe"


def test_pairs_of_the_loser_become_the_winners_and_dismissed_ones_stay_so(manager, winner, loser, make_client):
    third = make_client("Third", email="a@third.example")
    for one, two, state in ((winner, loser, "open"), (loser, third, "dismissed")):
        DuplicatePair.objects.create(first=one, second=two, state=state)
    merge(manager, winner, loser)
    pair = DuplicatePair.objects.get()
    assert (pair.first_id, pair.second_id, pair.state) == (winner.pk, third.pk, "dismissed")


# --- portal -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("choice", "left"), [(None, 1), ("both", 1), ("winner", 3), ("loser", 1)])
def test_portal_rights_are_not_widened_unless_chosen(manager, winner, loser, choice, left):
    ClientAccess.objects.create(client=winner, rights=3)
    ClientAccess.objects.create(client=loser, rights=1, portal_access=Opening.ALLOWED)
    page = manager.get(address(winner, loser))
    assert [question.name for question in page.context["preview"].others if question.name == "portal"] == ["portal"]
    merge(manager, winner, loser, **({"portal": choice} if choice else {}))
    access = ClientAccess.objects.get()
    assert (access.client_id, access.rights) == (winner.pk, left)
    assert access.portal_access == (Opening.ALLOWED if choice == "loser" else Opening.BY_STATUS)


def test_a_row_of_rights_against_none_asks_too(manager, winner, loser):
    ClientAccess.objects.create(client=loser, rights=0)
    merge(manager, winner, loser)
    assert ClientAccess.objects.get(client=winner).rights == rights.default_rights() & 0


@pytest.mark.parametrize(
    ("mine", "theirs", "chosen", "means"),
    [
        ("potential", "active", "winner", ("1 contact loses portal access:", ("Bea Brauer",))),
        ("potential", "active", "loser", ("1 contact can enter the portal:", ("Ada Krämer",))),
        ("active", "potential", "loser", ("1 contact loses portal access:", ("Ada Krämer",))),
        ("active", "active", "loser", None),
    ],
)
def test_who_loses_or_gets_portal_access_with_what_is_chosen_is_named_before(manager, ada, loser, mine, theirs, chosen, means):
    """XD11: whoever can enter now and could not afterwards, and the other way round; nothing is merged before that was read."""
    for contact, status in ((ada, mine), (loser.contacts.get(), theirs)):
        ContactAccess.of(contact).invite(None)
        Client.objects.filter(pk=contact.client_id).update(status=status)
    url = address(ada.client, loser)
    answer = manager.post(url, sent(manager.get(url), confirmed=None, **{"choice-status": chosen}))
    assert (answer.status_code, Client.objects.count()) == ((422, 2) if means else (303, 1))
    if means:
        assert "Nothing was merged yet." in answer.text
        assert [(one.sentence, one.names) for one in answer.context["preview"].consequences] == [means]
        assert manager.post(url, sent(answer)).status_code == 303


def test_of_two_individuals_the_one_who_is_deactivated_loses_portal_access_and_is_named(manager, make_client):
    one, two = (
        make_client(name, kind="individual", first_name="Ida", last_name=name, email=f"{name}@post.example")
        for name in ("Jansen", "Janssen")
    )
    for client in (one, two):
        ContactAccess.of(client.contacts.get()).invite(None)
    page = manager.get(address(one, two))
    assert [found.names for found in page.context["preview"].consequences] == [("Ida Janssen",)]
    assert manager.post(address(one, two), sent(page)).status_code == 303


def test_portal_users_of_the_loser_keep_their_session_and_see_the_winner(manager, winner, loser):
    bea = Contact.objects.get(last_name="Brauer")
    browser = activated(bea)
    merge(manager, winner, loser)
    assert is_in(browser)
    assert winner.legal_name in browser.get("/portal/").text
    assert ContactAccess.objects.get(contact=bea).client_name == winner.legal_name


# --- after the merge --------------------------------------------------------------------------------
@pytest.mark.parametrize("tab", ["", "history/", "contacts/", "edit/"])
def test_addresses_of_the_loser_lead_to_the_same_page_of_the_winner(manager, desk, winner, loser, tab):
    merge(manager, winner, loser)
    answer = desk.get(f"/clients/{loser.pk}/{tab}?field=name")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/clients/{winner.pk}/{tab}?field=name")
    assert "Brauer 2 (C-00002) was merged into Brauer Antriebe." in desk.get(answer.headers["Location"]).text


def test_a_form_that_was_open_on_the_loser_saves_nothing_and_says_so(manager, desk, winner, loser):
    merge(manager, winner, loser)
    before = Client.objects.values().get(pk=winner.pk)
    answer = desk.post(f"/clients/{loser.pk}/edit/", {"name": "Mine", "version": 1})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/clients/{winner.pk}/")
    assert "Nothing of yours was saved" in desk.get(answer.headers["Location"]).text
    assert Client.objects.values().get(pk=winner.pk) == before


def test_addresses_that_never_were_stay_unknown(manager, winner, loser):
    merge(manager, winner, loser)
    assert manager.get("/clients/999999/").status_code == 404
    assert manager.get(address(winner, Client(pk=999999))).status_code == 404


def test_name_and_number_of_the_loser_find_the_winner_and_are_never_given_again(manager, desk, winner, loser):
    merge(manager, winner, loser)
    for text in ("C-00002", "brauer 2"):
        assert "formerly Brauer 2 (C-00002)" in re.sub("</?mark>", "", desk.get(f"/search/?q={text}").text)
    assert loser.number not in {Client(name="x").next_number() for _ in range(3)}
    from clients.models.client import number_is_taken

    assert number_is_taken("C-00002")


def test_a_new_client_of_the_losers_name_is_asked_about(manager, winner, loser):
    merge(manager, winner, loser)
    typed = {"name": "Brauer 2", "legal_name": "Quite Another", "email": "a@other.example", "branch": winner.branch_id}
    page = manager.post("/clients/add/", typed)
    assert page.status_code == 422
    assert "Formerly Brauer 2 (C-00002)" in page.text
    assert manager.post("/clients/add/", typed | {"despite": winner.pk}).status_code == 303


def test_chains_lead_to_the_last(manager, winner, loser, make_client):
    third = make_client("Third", email="a@third.example")
    merge(manager, winner, loser)
    merge(manager, third, winner)
    for gone in (winner, loser):
        assert manager.get(f"/clients/{gone.pk}/").headers["Location"] == f"/clients/{third.pk}/"
    assert third.contacts.count() == 2


def test_the_history_of_both_can_be_read(manager, desk, winner, loser):
    merge(manager, winner, loser)
    assert "C-00002 Brauer 2 was merged into this record" in desk.get(f"/clients/{winner.pk}/history/").text
    page = desk.get(f"/clients/merges/{Merge.objects.get().pk}/")
    assert page.status_code == 200
    assert "History of Brauer 2" in page.text
    assert "Undo merge</button>" not in page.text


# --- who may, and two at once -------------------------------------------------------------------------
@pytest.mark.parametrize("side", ["winner", "loser"])
def test_a_client_that_is_not_for_ones_eyes_is_unknown(manager, winner, loser, side):
    """XD33."""
    hidden = {"winner": winner, "loser": loser}[side]
    Client.objects.filter(pk=hidden.pk).update(restricted_to_responsible=True)
    Responsible.objects.create(client=hidden, user=User.objects.invite("other@desk.example", role=Role.DESK))
    assert manager.get(address(winner, loser)).status_code == 404
    assert merge(manager, winner, loser).status_code == 404
    assert Client.objects.count() == 2


def test_restriction_is_kept_unless_chosen_otherwise(make_staff, as_user, winner, loser):
    user = make_staff(Role.MANAGER)
    Client.objects.filter(pk=loser.pk).update(restricted_to_responsible=True, sales_person=user)
    merge(as_user(user), winner, loser)
    winner.refresh_from_db()
    assert winner.restricted_to_responsible
    assert winner.sales_person == user


def test_who_merges_a_stale_page_sees_the_clients_of_now(manager, winner, loser):
    opened = {"winner_version": winner.version, "loser_version": loser.version}
    loser.city = "Köln"
    loser.save()
    page = manager.post(address(winner, loser), opened | {"choice-email": "loser"})
    assert page.status_code == 409
    assert "saved after you opened this page" in page.text
    assert "Köln" in page.text
    assert re.search(r'value="loser" id="choice-email-loser" checked', page.text)
    assert Client.objects.count() == 2


@pytest.mark.parametrize("sent", [{}, {"winner_version": "x"}, {"winner_version": "1", "loser_version": ""}])
def test_nonsense_versions_merge_nothing(manager, winner, loser, sent):
    assert manager.post(address(winner, loser), sent).status_code == 409
    assert Client.objects.count() == 2


def test_nonsense_answers_count_as_none(manager, winner, loser):
    assert merge(manager, winner, loser, email="<b>", name="both", nonsense="loser", primary="{{7*7}}").status_code == 303
    winner.refresh_from_db()
    assert (winner.name, winner.email) == ("Brauer Antriebe", "info@brauer.example")


def test_the_same_pair_merged_again_gets_a_sentence(manager, winner, loser):
    merge(manager, winner, loser)
    for first, second in ((winner, loser), (loser, winner)):
        answer = manager.post(address(first, second), {"winner_version": 1, "loser_version": 1}, follow=True)
        assert "was merged into Brauer Antriebe by Manager Dahl already" in answer.text
    assert Merge.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_merge_at_once_one_merges_and_the_other_reads_a_sentence(winner, loser, make_staff):
    """Both directions at once: nothing is lost, nobody sees an error."""
    users = [make_staff(Role.MANAGER, email=f"m{n}@desk.example") for n in range(4)]
    start = Barrier(4)

    def post(n: int) -> tuple[int, str]:
        try:
            own = Browser()
            own.force_login(User.objects.get(pk=users[n].pk))
            first, second = (winner, loser) if n % 2 else (loser, winner)
            versions = {"winner_version": first.version, "loser_version": second.version}
            start.wait()
            answer = own.post(address(first, second), versions)
            return answer.status_code, own.get(answer.headers["Location"], follow=True).text
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(post, range(4)))
    assert [status for status, _text in answers] == [303] * 4
    assert Client.objects.count() == Merge.objects.count() == 1
    assert sum("What was done, and undo" in text for _status, text in answers) == 1
    assert sum("already" in text for _status, text in answers) == 3
    assert Contact.objects.filter(client=Client.objects.get()).count() == 2


# --- from the profile ---------------------------------------------------------------------------------
def test_from_its_profile_a_client_is_merged_with_one_that_looks_like_it_or_that_is_searched(manager, winner, loser, make_client):
    make_client("Quite Another", email="a@third.example")
    hidden = make_client("Brauer Hidden", legal_name="Brauer Antriebe KG", email="b@third.example")
    Client.objects.filter(pk=hidden.pk).update(
        restricted_to_responsible=True, sales_person=User.objects.invite("other@desk.example", role=Role.DESK)
    )
    url = f"/clients/{winner.pk}/merge/"
    assert f'href="{url}"' in manager.get(f"/clients/{winner.pk}/").text
    page = manager.get(url).text
    assert f'href="{address(winner, loser)}"' in page
    assert "Same name but for the legal form" in page
    assert "Quite Another" not in page
    assert "Hidden" not in page
    assert "Quite Another" in manager.get(f"{url}?q=quite").text
    assert "No other client of this kind" in manager.get(f"{url}?q=hidden").text
    assert manager.get(f"{url}?q=%00%3Cb%3E").status_code == 200


def test_the_history_leads_to_what_the_history_of_the_other_was(manager, winner, loser):
    merge(manager, winner, loser)
    page = manager.get(f"/clients/{winner.pk}/history/").text
    assert f'href="/clients/merges/{Merge.objects.get().pk}/"' in page
    assert "Merged from Brauer 2 (C-00002)" in page


def test_a_form_that_meets_the_merge_in_the_very_instant_says_so(manager, winner, loser, monkeypatch):
    """The client is there when the page looks and gone when the contact is saved."""
    merge(manager, winner, loser)
    monkeypatch.setattr("contacts.views.get_object_or_404", lambda *found, **by: Client(pk=loser.pk, name="Brauer 2", branch=winner.branch))
    answer = manager.post(f"/clients/{loser.pk}/contacts/add/", {"last_name": "Late", "email": "late@brauer.example"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/clients/{winner.pk}/")
    assert not Contact.objects.filter(last_name="Late").exists()


def test_a_page_that_meets_the_merge_in_the_very_instant_leads_to_the_client_that_stayed(manager, winner, loser, monkeypatch):
    merge(manager, winner, loser)

    def gone(pk, user):
        raise Client.DoesNotExist

    monkeypatch.setattr("clients.file_views.client_of", gone)
    answer = manager.get(f"/clients/{loser.pk}/documents/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/clients/{winner.pk}/")


def test_the_picture_of_the_loser_is_taken_where_the_winner_has_none(manager, winner, loser):
    Client.objects.filter(pk=loser.pk).update(photo="pictures/x")
    merge(manager, winner, loser)
    winner.refresh_from_db()
    assert winner.photo.name == "pictures/x"


def test_names_that_mean_harm_are_shown_as_text(manager, winner, loser):
    Client.objects.filter(pk=loser.pk).update(legal_name="<b>{{7*7}}</b>\u05d0" + "x" * 150, notes="<script>alert(1)</script>")
    page = manager.get(address(winner, loser)).text
    assert "&lt;b&gt;{{7*7}}&lt;/b&gt;" in page
    assert "<script>alert" not in page
    merge(manager, winner, loser, legal_name="loser")
    assert manager.get(f"/clients/merges/{Merge.objects.get().pk}/").status_code == 200
