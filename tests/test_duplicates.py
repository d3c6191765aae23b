"""The radar of duplicates: candidates with their reasons while typing, on saving, and over the whole base."""

import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clientdesk import work
from clientdesk.models import LongRun, User
from clientdesk.rights import Role
from clients.duplicates import STRONG, Facts, compare, similar, strength
from clients.duplicates.rarity import of_names
from clients.duplicates.reasons import read
from clients.models import Branch, Client, Company, DuplicatePair, Responsible
from contacts.models import Office
from tests.processes import wait_for

PART = {"headers": {"HX-Request": "true"}}


@pytest.fixture(autouse=True)
def fresh_cache():
    """How rare words are is remembered for a while."""
    cache.clear()


@pytest.fixture
def somebody(make_staff):
    return make_staff(Role.DESK)


@pytest.fixture
def grunwald(make_client):
    return make_client(
        "Grünwald Pharma",
        legal_name="Grünwald Pharma GmbH",
        email="info@gruenwald.example",
        phone="+49305550142",
        tax_number="DE136695976",
        street="Am Wald 1",
        postal_code="12345",
    )


def reasons_of(user: User, name: str = "", legal_name: str = "", email: str = "", **more) -> dict[str, list[str]]:
    """Return what is found for what is typed: the reasons in words by name of the client."""
    return {found.client.name: [reason.words for reason in found.reasons] for found in similar(name, legal_name, email, user, **more)}


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"name": "Gruenwald Pharma AG"}, "Same name but for the legal form"),
        ({"legal_name": "Pharma Grünwald Group"}, "Same name but for the legal form"),
        ({"name": "Grunwald Pharma Deutschland"}, "Near name"),
        ({"name": "Grünwalt Pharma"}, "Near name"),
        ({"name": "xyz", "email": "new@gruenwald.example"}, "Same domain gruenwald.example"),
        ({"name": "xyz", "website": "https://www.gruenwald.example/shop"}, "Same domain gruenwald.example"),
        ({"name": "xyz", "tax_number": "de 136 695 976"}, "Same tax number DE136695976"),
        ({"name": "xyz", "phone": "+49 30 5550142"}, "Same phone +49305550142"),
        ({"name": "grünwald"}, "Holds the same words"),
    ],
)
def test_a_client_is_recognised_and_the_reason_is_said(somebody, grunwald, typed, reason):
    assert reason in reasons_of(somebody, **typed)["Grünwald Pharma"]


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"name": "gr"},
        {"name": "Grünwald Verlag"},
        {"name": "xyz", "email": "gruenwald@gmail.com"},
        {"name": "xyz", "tax_number": "000"},
        {"name": "xyz", "phone": "0142"},
        {"name": "%"},
        {"name": "\x00"},
        {"name": "<b>", "email": "@"},
        {"name": "x" * 254, "email": "x" * 254},
    ],
)
def test_what_only_resembles_is_not_suggested(somebody, grunwald, typed):
    assert reasons_of(somebody, **typed) == {}


def test_the_mailbox_of_a_provider_says_nothing(somebody, make_client):
    make_client("Petra Lahtinen", legal_name="Petra Lahtinen", email="petra@gmx.net")
    assert reasons_of(somebody, name="Quite Another", email="other@gmx.net") == {}


def test_strength_orders_and_several_reasons_are_more_than_one(somebody, grunwald, make_client):
    make_client("Quite Another", legal_name="Quite Another", email="x@gruenwald.example")
    found = similar("Gruenwald Pharma", "", "a@gruenwald.example", somebody)
    assert [candidate.client.name for candidate in found] == ["Grünwald Pharma", "Quite Another"]
    assert found[0].strength > STRONG > found[1].strength
    assert all(one.strength >= other.strength for one, other in pairwise(found))


def test_two_persons_of_one_name_are_a_weaker_reason_than_two_companies():
    company, person = Facts.typed("Anna Weber"), Facts.typed("Anna Weber", kind="individual")
    assert strength(compare(person, person)) < STRONG <= strength(compare(company, company))


def test_address_registration_number_and_email_are_reasons():
    one = Facts.typed("A", email="a@gmx.net", street="Am Wald 1", postal_code="123", registration_number="HRB 17")
    other = Facts.typed("B", email="A@GMX.net", street="am  wald 1", postal_code="123", registration_number="hrb17")
    assert {reason.kind for reason in compare(one, other)} == {"address", "registration", "email"}


def test_a_restricted_client_is_not_named_to_others(somebody, grunwald, make_staff):
    """XD33."""
    other = make_staff(Role.DESK, email="other@desk.example")
    Client.objects.update(restricted_to_responsible=True)
    Responsible.objects.create(client=grunwald, user=other)
    typed = {"name": "Grünwald Pharma", "tax_number": "DE136695976"}
    assert reasons_of(somebody, **typed) == {}
    assert "Grünwald Pharma" in reasons_of(other, **typed)


def test_words_that_many_clients_share_are_common():
    cores = [f"kontor {n}" for n in range(300)] + ["berlitz"] * 2
    assert set(of_names(cores)) == {"kontor"}
    assert of_names(cores[:100]) == {}


def test_the_look_ups_are_a_fixed_number_however_many_clients_there_are(somebody, make_client):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            similar("Grünwald Pharma", "Grünwald GmbH", "a@gruenwald.example", somebody, phone="+49305550142", tax_number="DE136695976")
        return len(queries)

    make_client("Grünwald Pharma", email="a@gruenwald.example")
    asked()
    few = asked()
    for n in range(30):
        make_client(f"Grünwald {n}", email=f"x{n}@gruenwald.example")
    assert asked() == few <= 11


def test_the_page_names_client_number_and_reason(desk, grunwald):
    page = desk.get("/clients/similar/?name=gruenwald+pharma&phone=%2B49305550142", **PART).text
    assert "1 similar client" in page
    assert "Grünwald Pharma</a> (C-00001)" in page
    assert "Same name but for the legal form · Same phone +49305550142" in page


# --- on saving ----------------------------------------------------------------------------------------
def typed(branch: Branch, **more: object) -> dict[str, object]:
    return {"name": "Gruenwald 2", "legal_name": "Gruenwald Pharma", "email": "a@new.example", "branch": branch.pk} | more


def test_adding_a_strong_candidate_asks_once_and_keeps_what_was_typed(desk, grunwald, headquarters):
    page = desk.post("/clients/add/", typed(headquarters, another="1"))
    assert page.status_code == 422
    assert "This looks like a client that you have" in page.text
    assert "Same name but for the legal form" in page.text
    assert f'name="despite" value="{grunwald.pk}"' in page.text
    assert page.context["form"]["legal_name"].value() == "Gruenwald Pharma"
    assert Client.objects.count() == 1
    again = desk.post("/clients/add/", typed(headquarters, another="1", despite=grunwald.pk))
    assert again.status_code == 303
    assert again.headers["Location"].startswith("/clients/add/")
    assert Client.objects.count() == 2


def test_another_candidate_than_the_one_asked_about_is_asked_about(desk, grunwald, headquarters):
    for despite in ("", "999", "x,<b>", "1" * 5000):
        assert desk.post("/clients/add/", typed(headquarters, despite=despite)).status_code == 422
    assert Client.objects.count() == 1


def test_a_weak_candidate_does_not_ask(desk, grunwald, headquarters):
    sent = typed(headquarters, legal_name="Quite Another", email="a@gruenwald.example")
    assert desk.post("/clients/add/", sent).status_code == 303


def test_editing_says_afterwards_which_client_it_looks_like(desk, grunwald, make_client):
    from tests.test_versions import form_of

    other = make_client("Other", email="a@other.example")
    url = f"/clients/{other.pk}/edit/"
    page = desk.post(url, form_of(desk.get(url)) | {"legal_name": "Grünwald Pharma AG"}, follow=True)
    assert "Other looks like Grünwald Pharma (C-00001): Same name but for the legal form." in page.text
    DuplicatePair.objects.create(first=grunwald, second=other, state="dismissed")
    page = desk.post(url, form_of(desk.get(url)) | {"city": "Bonn"}, follow=True)
    assert "looks like" not in page.text


# --- over the whole base --------------------------------------------------------------------------------
def search() -> LongRun:
    """Let a worker search the whole base."""
    from clients.duplicate_views import SCAN

    run = work.start(SCAN, None)
    while LongRun.objects.open().filter(pk=run.pk).exists():
        assert work.advance_due("test")
    run.refresh_from_db()
    return run


def pairs() -> set[tuple[str, str, str]]:
    return set(DuplicatePair.objects.values_list("first__name", "second__name", "state"))


@pytest.fixture
def base(make_client, grunwald):
    """Six clients of which two pairs may be one."""
    make_client("Gruenwald 2", legal_name="Gruenwald Pharma", email="a@a.example")
    make_client("Siemens", legal_name="Siemens AG", email="a@siemens.example")
    make_client("Siemnes", legal_name="Siemnes", email="a@b.example")
    make_client("Nordic Translation", legal_name="Nordic Translation AB", email="a@c.example")
    make_client("Nordic Transport", legal_name="Nordic Transport AB", email="a@d.example")


def test_the_search_finds_pairs_with_reasons_and_no_others(base):
    run = search()
    assert run.state == LongRun.State.DONE
    assert run.done == run.total
    assert pairs() == {("Grünwald Pharma", "Gruenwald 2", "open"), ("Siemens", "Siemnes", "open")}
    assert [reason.kind for reason in read(DuplicatePair.objects.get(second__name="Siemnes").reasons)] == ["near_name"]


def test_searched_again_pairs_are_renewed_dismissed_ones_stay_and_old_ones_go(base):
    search()
    DuplicatePair.objects.filter(second__name="Siemnes").update(state="dismissed")
    Client.objects.filter(name="Gruenwald 2").update(legal_name="Quite Another", name="Quite Another")
    search()
    assert pairs() == {("Siemens", "Siemnes", "dismissed")}


def test_keys_that_are_out_of_date_are_made_again_without_history(base):
    from clientdesk.models import Change

    Client.objects.update(core_key="", domain_key="old", tax_key="")
    before = Change.objects.count()
    search()
    assert ("Grünwald Pharma", "Gruenwald 2", "open") in pairs()
    assert Client.objects.get(name="Siemens").domain_key == "siemens.example"
    assert Change.objects.count() == before


def test_a_key_that_many_share_is_no_pair_of_each_with_each(make_client):
    for n, town in enumerate(
        ["Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett", "Kilo", "Lima"] * 2
    ):
        make_client(f"{town} {n}", legal_name=f"{town}{'xyz'[n % 3]}{n}", email=f"{n}@chain.example")
    search()
    assert not DuplicatePair.objects.filter(reasons__0__0="domain").exists()


def test_a_search_whose_workers_are_killed_again_and_again_finds_what_one_finds(real_database):
    """Survives kill -9 and goes on where it was."""
    dice = random.Random(6)
    branch = Branch.objects.create(name="Berlin", code="BER", is_headquarters=True)
    words = ["Alder", "Birke", "Cedar", "Dahlie", "Esche", "Fichte", "Ginster", "Hasel", "Iris", "Jasmin", "Kiefer", "Linde"]
    rows = []
    for n in range(1500):
        client = Client(name=f"Client {n}", number=f"N{n}", branch=branch, legal_name=f"{words[n % 12]}{n // 7} {words[n // 12 % 12]} GmbH")
        client.email = f"info@domain{n // 2 if n % 40 < 2 else n}.example"
        client.fold()
        rows.append(client)
    Client.objects.bulk_create(rows)
    Office.objects.all().delete()
    assert search().state == LongRun.State.DONE
    expected = sorted(DuplicatePair.objects.values_list("first", "second", "strength"))
    assert len(expected) > 20
    DuplicatePair.objects.all().delete()

    run, killed = work.start("duplicates_scan", None), 0
    while killed < 2 and LongRun.objects.open().filter(pk=run.pk).exists():
        worker = real_database.start("worker")
        before = LongRun.objects.values_list("done", flat=True).get(pk=run.pk)
        wait_for(
            lambda before=before: (
                LongRun.objects.values_list("done", flat=True).get(pk=run.pk) > before
                or not LongRun.objects.open().filter(pk=run.pk).exists()
            ),
            40,
        )
        time.sleep(dice.uniform(0, 0.2))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        killed += 1
    last = real_database.start("worker")
    wait_for(lambda: not LongRun.objects.open().filter(pk=run.pk).exists(), 60)
    last.kill()
    last.wait()
    assert killed >= 1
    assert LongRun.objects.get(pk=run.pk).state == LongRun.State.DONE
    assert sorted(DuplicatePair.objects.values_list("first", "second", "strength")) == expected


# --- the page of pairs --------------------------------------------------------------------------------
def test_the_page_says_when_nobody_searched_and_starts_one_search(manager):
    assert "Nobody has searched yet" in manager.get("/clients/duplicates/").text
    assert "was started" in manager.post("/clients/duplicates/scan/", follow=True).text
    assert "runs already" in manager.post("/clients/duplicates/scan/", follow=True).text
    assert LongRun.objects.count() == 1
    assert "The worker has not been seen yet" in manager.get("/clients/duplicates/").text


@pytest.mark.django_db(transaction=True)
def test_presses_in_the_same_instant_start_one_search(make_staff):
    boss, start = make_staff(Role.MANAGER), Barrier(4)

    def press(_n: int) -> int:
        try:
            browser = Browser()
            browser.force_login(User.objects.get(pk=boss.pk))
            start.wait()
            return browser.post("/clients/duplicates/scan/").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(press, range(4))) == {303}
    assert LongRun.objects.count() == 1


def test_pairs_are_listed_by_strength_with_reasons_and_both_clients(manager, base):
    search()
    page = manager.get("/clients/duplicates/")
    assert [pair.second.name for pair, _reasons in page.context["rows"]] == ["Gruenwald 2", "Siemnes"]
    assert "Near name" in page.text
    assert "Merge…" in page.text
    assert "2 pairs" in page.text
    assert "All clients were searched" in page.text


def test_a_pair_called_no_duplicate_is_gone_for_ever_unless_taken_back(manager, base):
    search()
    pair = DuplicatePair.objects.get(second__name="Siemnes")
    page = manager.post("/clients/duplicates/dismiss/", {"pair": pair.pk}, follow=True)
    assert "Siemens and Siemnes are remembered as two clients." in page.text
    assert "Undo “Not a duplicate”" in page.text
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by.role) == ("dismissed", "manager")
    search()
    assert "Siemnes" not in manager.get("/clients/duplicates/").text
    manager.post("/clients/duplicates/dismiss/", {"pair": pair.pk, "undo": "1"})
    assert "Siemnes" in manager.get("/clients/duplicates/").text


@pytest.mark.parametrize("pair", ["", "x", "0", "999", "9" * 40, "1 or 1"])
def test_a_pair_that_is_none_is_unknown(manager, base, pair):
    assert manager.post("/clients/duplicates/dismiss/", {"pair": pair}).status_code == 404


def test_pairs_of_hidden_clients_are_neither_listed_nor_dismissed(manager, base):
    """XD33."""
    search()
    pair = DuplicatePair.objects.get(second__name="Siemnes")
    other = User.objects.invite("other@desk.example", role=Role.DESK)
    Client.objects.filter(pk=pair.second_id).update(restricted_to_responsible=True, sales_person=other)
    assert "Siemnes" not in manager.get("/clients/duplicates/").text
    assert manager.post("/clients/duplicates/dismiss/", {"pair": pair.pk}).status_code == 404


def test_a_page_of_many_pairs_asks_as_often_as_one_of_few(manager, make_client):
    clients = [make_client(f"Client {n}", email=f"a@c{n}.example") for n in range(14)]
    everyone = [(one, two) for one in clients for two in clients if one.pk < two.pk]

    def asked(count: int) -> int:
        DuplicatePair.objects.all().delete()
        DuplicatePair.objects.bulk_create(
            [DuplicatePair(first=one, second=two, strength=60, reasons=[["near_name", ""]]) for one, two in everyone[:count]]
        )
        with CaptureQueriesContext(connection) as queries:
            assert manager.get("/clients/duplicates/").status_code == 200
        return len(queries)

    asked(2)
    assert asked(60) <= asked(2) + 1
    page = manager.get("/clients/duplicates/")
    assert Company.objects.count() == 14
    assert len(page.context["rows"]) == 2


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("grunwald", ["Gruenwald 2"]),
        ("gruenwald", ["Gruenwald 2"]),
        ("SIEMENS ag", ["Siemnes"]),
        ("a@b.example", ["Siemnes"]),
        ("nordic", []),
        ("", ["Gruenwald 2", "Siemnes"]),
    ],
)
def test_pairs_are_found_by_the_words_of_either_client(manager, base, typed, listed, monkeypatch):
    search()
    for most_keys in (4_000, 0):
        monkeypatch.setattr("clientdesk.merging.pair_views.MOST_KEYS", most_keys)
        page = manager.get("/clients/duplicates/", {"q": typed})
        assert [pair.second.name for pair, _reasons in page.context["rows"]] == listed
        assert ("No pair matches" in page.text) == (not listed)
