"""Finish: one client out of a draft, all or nothing, once (S12 to S17, SD2; invariant 22, V32, V33, E03)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client as Browser

from clientdesk.models import AccessLink, NumberSequence, OutgoingMail, User
from clients.models import Category, Client, ClientDocument, Company, CompanyType, CustomField, Industry, LeadSource
from contacts.models import Contact
from intake.models import ClientDraft, DraftFile
from portal.models import ContactAccess
from tests.doors import delivered, dump, fresh_brakes, links_in  # noqa: F401
from tests.wizarding import START, World, identification, two_contacts

pytestmark = pytest.mark.usefixtures("wizard_lists")


def test_finish_makes_client_contacts_company_documents_and_invitations_at_once(walk, settings):
    """S3, S13, S14, S16, S19; invariants 1 to 5."""
    walk.fill()
    client = walk.made()
    assert (client.number, client.name, client.kind, client.created_by) == ("CONT-0001", "Brauer Antriebe", "corporate", walk.user)
    assert (client.company_type, client.category, client.street, client.city) == (
        walk.world.gmbh,
        walk.world.key_account,
        "Hafenstr. 1",
        "Berlin",
    )
    assert client.company.registered_name == "Brauer & Söhne GmbH"
    assert client.offices.get().is_headquarters
    assert [(str(one), one.is_primary) for one in client.contacts.order_by("pk")] == [("Ben Ott", True), ("Ada Krämer", False)]
    document = client.documents.get()
    assert (document.requirement, document.filename, document.created_by) == ("Trade licence", "licence.pdf", walk.user)
    with document.file.open() as file:
        assert file.read() == b"%PDF-1.7 licence"
    assert not DraftFile.objects.exists()
    [mail] = delivered()
    assert mail.to == ["ben@brauer.example"]
    assert len(links_in(mail)) == 1
    assert ContactAccess.objects.get().contact.last_name == "Ott"


def test_the_result_page_warns_and_leads_to_the_customer_data(walk):
    """S17, SD2."""
    walk.fill()
    client = walk.made()
    page = walk.browser.get(walk.url("done"))
    assert "Company type and category" in page.text
    assert f'href="/clients/{client.pk}/">Customer data</a>' in page.text
    assert f'href="{START}"' in page.text
    assert "Ben Ott" in page.text
    assert walk.browser.get(f"/clients/{client.pk}/").status_code == 200


def test_a_finished_draft_keeps_nothing_and_leads_to_its_client(walk):
    """V32: Finish again, Back and Cancel change nothing."""
    walk.fill()
    walk.made()
    assert walk.draft.answers == {}
    before = dump()
    for path in ("type", "identification", "review"):
        assert walk.browser.get(walk.url(path)).headers["Location"] == walk.url("done")
        assert walk.browser.post(walk.url(path), {"finish": "1"}).headers["Location"] == walk.url("done")
    assert walk.browser.post(walk.url("cancel")).headers["Location"] == walk.url("done")
    assert walk.browser.get(f"{START}{walk.pk}/").headers["Location"] == walk.url("done")
    assert "Brauer" not in walk.browser.get(START).text.split("<main")[1].partition("Your open drafts")[2]
    assert dump() == before


@pytest.mark.parametrize(
    "fails",
    [(Contact, "save"), (Company, "save"), (ClientDocument, "save"), (OutgoingMail, "save"), (AccessLink, "save"), (ContactAccess, "save")],
    ids=lambda pair: pair[0].__name__,
)
def test_when_any_part_fails_nothing_is_made_and_the_draft_stays(walk, monkeypatch, fails):
    """S16, invariant 22."""
    walk.fill()
    before = dump()
    model, method = fails
    monkeypatch.setattr(model, method, lambda self, *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        walk.finish()
    assert dump() == before
    monkeypatch.undo()
    assert walk.made().contacts.count() == 2


def test_a_name_that_was_taken_meanwhile_leads_back_to_its_step(walk, make_client):
    """V33: the draft is kept, the sentence stands at the field."""
    walk.fill()
    other = make_client("BRAUER antriebe")
    answer = walk.finish()
    assert answer.headers["Location"] == f"{walk.url('identification')}?check=1&to=review"
    page = walk.browser.get(answer.headers["Location"])
    assert f"A client named “BRAUER antriebe” exists already ({other.number})." in page.text
    assert "There is a problem" in page.text
    assert Client.objects.get() == other
    answer = walk.post("identification", **identification(walk.world) | {"name": "Brauer Zwei", "to": "review"})
    assert answer.headers["Location"] == walk.url("review")
    assert walk.made().name == "Brauer Zwei"


def _new_field(world: World) -> None:
    CustomField.objects.create(entity="client", key="chamber", label="Chamber", kind="text", required=True)


GONE = "This choice is not offered any more. Choose another."


@pytest.mark.parametrize(
    ("change", "step", "sentence"),
    [
        (lambda world: Category.objects.filter(pk=world.key_account.pk).update(roles=["administrator"]), "type", GONE),
        (lambda world: world.gmbh.delete(), "type", GONE),
        (_new_field, "identification", "Fill in “Chamber”."),
    ],
    ids=["the category is for others", "the company type is gone", "a new field is required"],
)
def test_settings_that_changed_meanwhile_lead_back_to_the_step_that_they_concern(walk, change, step, sentence):
    """S7, S11: an administrator changes what a draft lies upon; no page breaks and nothing is made."""
    walk.fill()
    change(walk.world)
    answer = walk.finish()
    assert answer.headers["Location"] == f"{walk.url(step)}?check=1&to=review"
    assert sentence in walk.browser.get(answer.headers["Location"]).text
    assert Client.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda walk: CompanyType.objects.filter(pk=walk.world.gmbh.pk).update(steps=["address"]),
        lambda walk: walk.next("address", street="Elsewhere 2", postal_code="10115", city="Berlin"),
    ],
    ids=["a step is asked no more", "an answer of another tab"],
)
def test_finish_makes_no_client_of_what_the_review_did_not_show(walk, change):
    """V31, S6: contacts of a step that is gone are not dropped unseen."""
    walk.fill()
    opened = walk.plan.looks(walk.plan.find("review"))
    change(walk)
    answer = walk.browser.post(walk.url("review"), {"finish": "1", "looks": opened}, follow=True)
    assert "changed after you opened this page. Look at it again, then finish." in answer.text
    assert Client.objects.count() == 0
    assert walk.made().name == "Brauer Antriebe"


def test_a_name_of_a_restricted_client_tells_nothing_of_it(walk, make_client):
    """XD33."""
    make_client("BRAUER antriebe", restricted_to_responsible=True)
    walk.start()
    walk.next("type", company_type=walk.world.gmbh.pk, category=walk.world.small.pk)
    answer = walk.post("identification", **identification(walk.world))
    assert answer.status_code == 422
    assert "exists" in answer.text
    assert "BRAUER antriebe" not in answer.text


def test_the_review_tells_of_clients_that_look_the_same(walk, make_client):
    """Issue 3, 6: before it is saved; never of one that the person may not see (XD33)."""
    other = make_client("Brauer Antriebstechnik", legal_name="Brauer & Söhne GmbH")
    walk.fill()
    page = walk.browser.get(walk.url("review"))
    assert "This looks like a client that you have" in page.text
    assert f'href="/clients/{other.pk}/"' in page.text
    Client.objects.update(restricted_to_responsible=True)
    assert "Brauer Antriebstechnik" not in walk.browser.get(walk.url("review")).text


# --- numbers (S12, SD5) -------------------------------------------------------------------------
def test_a_mask_makes_the_number_at_finish_and_takes_none_before(walk):
    NumberSequence.objects.create(key=f"client:{walk.world.gmbh.pk}", next=41)
    walk.start()
    walk.next("type", company_type=walk.world.gmbh.pk, category=walk.world.small.pk)
    page = walk.browser.get(walk.url("identification"))
    assert "CONT-0041" in page.text
    assert 'name="number"' not in page.text
    assert NumberSequence.objects.get().next == 41


@pytest.mark.parametrize(("mask", "may_change", "typed"), [("", False, "K-77"), ("CONT-{seq:4}", True, "K-77"), ("", False, "")])
def test_a_number_is_typed_where_the_type_allows_it_or_made(walk, mask, may_change, typed):
    """S12."""
    walk.world.plain.id_mask, walk.world.plain.allow_id_change = mask, may_change
    walk.world.plain.save()
    walk.start()
    walk.next("type", company_type=walk.world.plain.pk, category=walk.world.small.pk)
    assert 'name="number"' in walk.browser.get(walk.url("identification")).text
    walk.next("identification", **identification(walk.world) | {"number": typed})
    assert walk.made().number == (typed or "C-00001")


def test_a_typed_number_that_another_client_has_is_refused_in_the_step_and_at_finish(walk, make_client):
    """S12, V33."""
    make_client("Other", number="K-77")
    walk.start()
    walk.next("type", company_type=walk.world.plain.pk, category=walk.world.small.pk)
    answer = walk.post("identification", **identification(walk.world) | {"number": "K-77"})
    assert "The client number “K-77” is or was another client&#x27;s. Type another." in answer.text
    walk.next("identification", **identification(walk.world) | {"number": "K-78"})
    make_client("Third", number="K-78")
    page = walk.browser.get(walk.finish().headers["Location"])
    assert "The client number “K-78”" in page.text
    assert Client.objects.count() == 2


# --- individuals and more data ------------------------------------------------------------------
def test_an_individual_is_its_own_contact_and_may_be_invited(walk):
    """Decision 19, invariant 4, S14."""
    walk.start()
    walk.next("type", company_type=walk.world.person.pk, category=walk.world.small.pk)
    page = walk.browser.get(walk.url("identification"))
    assert 'name="legal_name"' not in page.text
    fields = {"first_name": " Elena ", "last_name": "Kovács (jun.)", "email": "elena@home.example", "branch": walk.world.branch.pk}
    walk.next("identification", **fields | {"portal": "on"})
    walk.next("address", city="Pécs")
    client = walk.made()
    assert (client.kind, client.name, client.legal_name, client.city) == ("individual", "Elena Kovács jun.", "Elena Kovács (jun.)", "Pécs")
    assert client.contacts.get().is_primary
    assert not Company.objects.exists()
    assert [mail.to for mail in delivered()] == [["elena@home.example"]]


def test_sales_industries_and_custom_fields_are_saved(walk):
    """XD3, XD4, XD23."""
    walk.world.plain.steps = ["sales"]
    walk.world.plain.save()
    walk.world.small.extra_step = "Compliance"
    walk.world.small.save()
    source = LeadSource.objects.create(name="Fair")
    steel = Industry.objects.create(name="Steel")
    CustomField.objects.create(entity="client", key="tier", label="Tier", kind="choice", options=["A", "B"])
    CustomField.objects.create(entity="client", key="budget", label="Budget", kind="number", place="sales")
    CustomField.objects.create(entity="client", key="audited", label="Audited on", kind="date", required=True, category=walk.world.small)
    walk.start()
    walk.next("type", company_type=walk.world.plain.pk, category=walk.world.small.pk)
    assert walk.titles == ["Type & category", "Identification", "Sales data", "Compliance", "Review"]
    walk.next("identification", **identification(walk.world) | {"industries": [steel.pk], "custom_tier": "B"})
    walk.next("sales", lead_source=source.pk, potential_annual_revenue="1500.50", sales_person=walk.user.pk, custom_budget="12.5")
    assert walk.post("more").status_code == 422
    walk.next("more", custom_audited="2026-11-20")
    page = walk.browser.get(walk.url("review"))
    assert all(words in page.text for words in ("Steel", "Fair", "Compliance", "2026-11-20"))
    client = walk.made()
    assert client.custom == {"tier": "B", "budget": "12.5", "audited": "2026-11-20"}
    assert (client.lead_source, client.sales_person, str(client.potential_annual_revenue)) == (source, walk.user, "1500.50")
    assert [one.industry for one in client.client_industries.all()] == [steel]


def test_a_required_custom_field_of_contacts_is_asked_in_each_row(walk):
    CustomField.objects.create(entity="contact", key="badge", label="Badge", required=True)
    walk.start()
    walk.next("type", company_type=walk.world.gmbh.pk, category=walk.world.small.pk)
    walk.next("identification", **identification(walk.world))
    walk.next("address")
    assert walk.post("contacts", **two_contacts()).status_code == 422
    walk.next("contacts", **two_contacts() | {"contact0-custom_badge": "7", "contact1-custom_badge": "8"})
    assert [one.custom for one in walk.made().contacts.order_by("pk")] == [{"badge": "8"}, {"badge": "7"}]


def test_change_links_lead_back_to_the_review(walk):
    """Check your answers."""
    walk.fill()
    page = walk.browser.get(walk.url("review"))
    assert f'href="{walk.url("address")}?to=review"' in page.text
    assert 'name="to" value="review"' in walk.browser.get(f"{walk.url('address')}?to=review").text
    answer = walk.post("address", city="Kiel", to="review")
    assert answer.headers["Location"] == walk.url("review")
    assert "Kiel" in walk.browser.get(walk.url("review")).text


def test_a_change_that_asks_more_comes_back_to_the_review_after_it(walk):
    walk.fill()
    walk.world.person.steps = ["sales"]
    answer = walk.post("type", company_type=walk.world.person.pk, category=walk.world.key_account.pk, to="review")
    assert answer.headers["Location"] == f"{walk.url('identification')}?to=review"


# --- portal users are unique (S14, invariant 9) -------------------------------------------------
def test_a_portal_user_of_another_client_is_refused_and_named_to_who_may_see_that_client(walk, ada):
    ContactAccess.of(ada).invite(by=None)
    walk.start()
    walk.next("type", company_type=walk.world.gmbh.pk, category=walk.world.small.pk)
    walk.next("identification", **identification(walk.world) | {"name": "Second"})
    walk.next("address")
    posted = two_contacts() | {"contact1-email": "ADA@brauer.example", "contact0-email": ""}
    answer = walk.post("contacts", **posted)
    assert answer.status_code == 422
    assert "Ada Krämer of Brauer Antriebe (C-00001)" in answer.text
    Client.objects.update(restricted_to_responsible=True)
    answer = walk.post("contacts", **posted)
    assert "Another portal user signs in with “ADA@brauer.example”." in answer.text
    assert "Brauer Antriebe" not in answer.text
    posted = two_contacts() | {"contact1-email": walk.user.email}
    assert "A staff user signs in with" in walk.post("contacts", **posted).text
    walk.next("contacts", **two_contacts() | {"contact0-email": "ada@brauer.example"})


def test_an_address_that_became_a_portal_user_meanwhile_is_refused_at_finish(walk, make_client):
    """S14, V33."""
    walk.fill()
    other = make_client("Other")
    contact = other.contacts.register(other, last_name="Same", email="Ben@Brauer.example")
    ContactAccess.of(contact).invite(by=None)
    answer = walk.finish()
    assert answer.headers["Location"] == f"{walk.url('contacts')}?check=1&to=review"
    assert "Same of Other" in walk.browser.get(answer.headers["Location"]).text
    assert Client.objects.get() == other


# --- races (V32, V33, E03) ----------------------------------------------------------------------
def _at_once(user: User, path: str, posted: dict, times: int) -> list[int]:
    start = Barrier(times)

    def post(_n: int) -> int:
        try:
            browser = Browser()
            browser.force_login(User.objects.get(pk=user.pk))
            start.wait()
            return browser.post(path, posted).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(post, range(times)))


@pytest.mark.django_db(transaction=True)
def test_finish_pressed_many_times_at_once_makes_one_client(walk):
    """E03."""
    walk.fill()
    assert _at_once(walk.user, walk.url("review"), {"finish": "1"}, 4) == [303] * 4
    assert (Client.objects.count(), Contact.objects.count(), Company.objects.count(), ClientDocument.objects.count()) == (1, 2, 1, 1)
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_start_pressed_twice_at_once_makes_one_draft(walk):
    """E03."""
    assert _at_once(walk.user, START, {"way": "new", "key": "once"}, 4) == [303] * 4
    assert ClientDraft.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("name", "refused"), [("Brauer Antriebe", "identification"), ("Another name", "contacts")])
def test_two_drafts_of_one_name_or_portal_user_finished_at_once_make_one_client(walk, name, refused):
    """V33, S14: the laws are the database's, the sentences the steps'."""
    walk.fill()
    first = walk.pk
    walk.fill(name=name)
    paths = [f"{START}{pk}/review/" for pk in (first, walk.pk)]
    start = Barrier(2)

    def post(path: str) -> str:
        try:
            browser = Browser()
            browser.force_login(User.objects.get(pk=walk.user.pk))
            start.wait()
            return browser.post(path, {"finish": "1"}).headers["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        leads_to = [location.split("/")[4] for location in pool.map(post, paths)]
    assert sorted(leads_to) == sorted(["done", refused])
    assert (Client.objects.count(), User.objects.filter(role="").count(), OutgoingMail.objects.count()) == (1, 1, 1)
    assert ClientDraft.objects.filter(client=None).count() == 1
