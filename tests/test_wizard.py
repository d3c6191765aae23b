"""The wizard: start, drafts, steps that depend on type and category, Back, Cancel (S1 to S12; invariant 22)."""

import pytest
from django.utils import timezone

from clientdesk import work
from clientdesk.rights import Role
from clients.models import Category, Client, Company, CompanyType, CustomField
from contacts.models import Contact
from intake.models import ClientDraft, DraftFile
from tests.doors import dump, fresh_brakes  # noqa: F401
from tests.wizarding import START, errors, identification

pytestmark = pytest.mark.usefixtures("wizard_lists")


# --- start (S1, S2, S4, S5) ---------------------------------------------------------------------
def test_the_start_page_offers_two_ways_and_needs_the_right_to_add(desk, make_staff, as_user):
    """S1, S5."""
    page = desk.get(START)
    assert page.status_code == 200
    assert "New client</button>" in page.text
    assert "From an existing company</button>" in page.text
    assert as_user(make_staff(Role.READER)).get(START).status_code == 403


@pytest.mark.parametrize(
    ("gone", "said", "way"),
    [
        (Category, "There is no active category that you may use.", "/settings/categories/"),
        (CompanyType, "There is no active company type.", "/settings/company-types/"),
    ],
)
@pytest.mark.parametrize("role", [Role.DESK, Role.ADMINISTRATOR])
def test_missing_settings_are_explained_and_no_dead_form_is_offered(make_staff, as_user, gone, said, way, role):
    """S2."""
    gone.objects.update(active=False)
    browser = as_user(make_staff(role))
    page = browser.get(START)
    assert said in page.text
    assert (f'<a href="{way}">' in page.text) == (role == Role.ADMINISTRATOR)
    assert ("Ask an administrator" in page.text) == (role == Role.DESK)
    assert 'name="way"' not in page.text
    assert browser.post(START, {"way": "new"}).status_code == 422
    assert not ClientDraft.objects.exists()


def test_a_category_for_others_counts_as_missing(desk):
    """S2, S11, SD4."""
    Category.objects.update(roles=[Role.MANAGER])
    assert "There is no active category that you may use." in desk.get(START).text


def test_two_tabs_are_two_drafts_and_a_double_click_is_one(walk):
    """S4, V32."""
    walk.start(key="tab one")
    walk.start(key="tab one")
    assert ClientDraft.objects.count() == 1
    walk.start(key="tab two")
    assert ClientDraft.objects.count() == 2
    walk.next("type", company_type=walk.world.gmbh.pk, category=walk.world.small.pk)
    walk.start(key="tab two")
    assert ClientDraft.objects.count() == 3


def test_step_one_is_empty_and_offers_what_the_person_may_use(walk):
    """S4, S10, S11."""
    Category.objects.create(name="For managers", roles=[Role.MANAGER])
    Category.objects.create(name="Given up", active=False)
    CompanyType.objects.create(name="Given up type", active=False)
    page = walk.start()
    assert all(name in page.text for name in ("GmbH", "Freelancer", "Key account", "Small"))
    assert not any(name in page.text for name in ("For managers", "Given up"))
    answer = walk.post("type", company_type="", category="")
    assert answer.status_code == 422
    assert errors(answer) == {"company_type": ["Choose a company type."], "category": ["Choose a category."]}


def test_drafts_are_listed_for_their_owner_resumed_and_discarded(walk, make_staff, as_user):
    """S4: another's draft does not exist."""
    walk.start()
    walk.next("type", company_type=walk.world.gmbh.pk, category=walk.world.small.pk)
    walk.post("identification", **identification(walk.world) | {"back": "1"})
    page = walk.browser.get(START)
    assert "Brauer Antriebe" in page.text
    assert "in 14 days" in page.text
    assert walk.browser.get(f"{START}{walk.pk}/").headers["Location"] == walk.url("identification")
    stranger = as_user(make_staff(Role.ADMINISTRATOR))
    assert "Brauer Antriebe" not in stranger.get(START).text
    before = dump()
    for path in (f"{START}{walk.pk}/", walk.url("type"), walk.url("done"), walk.url("review")):
        assert stranger.get(path).status_code == 404
    for path in (walk.url("type"), walk.url("review"), walk.url("cancel")):
        assert stranger.post(path, {"finish": "1"}).status_code == 404
    assert dump() == before
    assert walk.browser.post(walk.url("cancel")).headers["Location"] == START
    assert not ClientDraft.objects.exists()


def test_cancel_leaves_neither_rows_nor_files(walk, settings, django_capture_on_commit_callbacks):
    """S8."""
    before = dump()
    walk.fill()
    with django_capture_on_commit_callbacks(execute=True):
        walk.browser.post(walk.url("cancel"))
    assert dump() == before
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_a_draft_that_ran_out_is_gone_and_swept_with_its_files(walk, settings, django_capture_on_commit_callbacks):
    walk.fill()
    ClientDraft.objects.update(expires_at=timezone.now())
    assert walk.browser.get(walk.url("type")).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        work.sweep()
    assert not ClientDraft.objects.exists()
    assert not DraftFile.objects.exists()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_a_draft_lives_as_long_as_the_setting_says(walk, settings):
    settings.WIZARD_DRAFT_DAYS = 3
    walk.start()
    assert "in 3 days" in walk.browser.get(START).text


# --- the steps (S6, S7, S9) ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("type_name", "category", "titles"),
    [
        ("gmbh", "small", ["Type & category", "Identification", "Address", "Contacts", "Review"]),
        ("gmbh", "key_account", ["Type & category", "Identification", "Address", "Contacts", "Documents", "Review"]),
        ("plain", "small", ["Type & category", "Identification", "Review"]),
        ("person", "small", ["Type & category", "Identification", "Address", "Review"]),
    ],
)
def test_type_and_category_decide_which_steps_there_are(walk, type_name, category, titles):
    """S6; an individual is its own contact (invariant 4)."""
    walk.start()
    walk.next("type", company_type=getattr(walk.world, type_name).pk, category=getattr(walk.world, category).pk)
    assert walk.titles == titles
    page = walk.browser.get(walk.url("identification"))
    assert f"Step 2 of {len(titles)}" in page.text


def test_a_category_beneath_wants_the_documents_of_those_above_it(walk):
    """S6, SD3."""
    beneath = Category.objects.create(name="Hospital", parent=walk.world.key_account, required_documents=["Hygiene plan", "trade  licence"])
    walk.start()
    walk.next("type", company_type=walk.world.plain.pk, category=beneath.pk)
    assert walk.plan.requirements == ["Trade licence", "Hygiene plan"]


def test_a_type_for_both_kinds_is_offered_for_each(walk):
    """S10: the kind of client follows from the choice."""
    both = CompanyType.objects.create(name="Free profession", fits="both")
    page = walk.start()
    assert page.text.count("Free profession") == 2
    walk.next("type", company_type=f"{both.pk}:individual", category=walk.world.small.pk)
    assert walk.plan.is_individual
    walk.next("type", company_type=f"{both.pk}:corporate", category=walk.world.small.pk)
    assert not walk.plan.is_individual
    for hostile in (f"{both.pk}:alien", f"{walk.world.gmbh.pk}:individual", "999999", "x", "1" * 40):
        assert walk.post("type", company_type=hostile, category=walk.world.small.pk).status_code == 422


@pytest.mark.parametrize("step", ["identification", "address", "contacts", "documents", "review"])
def test_no_step_is_skipped_by_its_address(walk, step):
    """S7."""
    walk.start()
    for answer in (walk.browser.get(walk.url(step)), walk.browser.post(walk.url(step), {"name": "X", "finish": "1"})):
        assert answer.headers["Location"] == walk.url("type")
    assert walk.draft.visited == []
    assert "Answer “Type &amp; category” first." in walk.browser.get(walk.url("type")).text


def test_an_unknown_step_is_404_and_one_that_is_not_asked_leads_on(walk):
    walk.start()
    assert walk.browser.get(walk.url("payment")).status_code == 404
    walk.next("type", company_type=walk.world.gmbh.pk, category=walk.world.small.pk)
    assert walk.browser.get(walk.url("sales")).headers["Location"] == walk.url("identification")
    assert "That step is not asked here." in walk.browser.get(walk.url("identification")).text


def test_next_checks_this_step_only_and_shows_what_is_wrong_in_place(walk):
    """S7."""
    walk.start()
    walk.next("type", company_type=walk.world.gmbh.pk, category=walk.world.small.pk)
    answer = walk.post("identification", name="A/B", legal_name="", email="nobody", branch=walk.world.branch.pk)
    assert answer.status_code == 422
    assert set(errors(answer)) == {"name", "legal_name", "email"}
    assert "There are 3 problems" in answer.text
    assert 'value="A/B"' in answer.text
    assert walk.draft.visited == ["type"]


def test_back_keeps_what_was_typed_right_or_wrong(walk):
    """S7."""
    walk.start()
    walk.next("type", company_type=walk.world.gmbh.pk, category=walk.world.small.pk)
    answer = walk.post("identification", name="A/B", legal_name="Half typ", email="nobody", branch=walk.world.branch.pk, back="1")
    assert answer.headers["Location"] == walk.url("type")
    page = walk.browser.get(walk.url("identification"))
    assert all(f'value="{text}"' in page.text for text in ("A/B", "Half typ", "nobody"))
    assert "There is a problem" not in page.text
    assert walk.browser.get(walk.url("address")).headers["Location"] == walk.url("identification")


def test_an_answered_step_that_is_spoilt_by_back_must_be_answered_again(walk):
    walk.fill()
    walk.post("identification", **identification(walk.world) | {"name": "", "back": "1"})
    assert walk.finish().headers["Location"] == walk.url("identification")
    assert not Client.objects.exists()


def test_finish_is_offered_on_the_last_step_only_and_refused_before(walk):
    """S9."""
    walk.fill()
    before = ClientDraft.objects.values().get()
    for step in ("type", "identification", "address", "contacts", "documents"):
        assert ">Finish<" not in walk.browser.get(walk.url(step)).text.replace("</svg>", ">")
        answer = walk.post(step, name="Other", finish="1")
        assert answer.headers["Location"] == walk.url(step)
    assert "last step" in walk.browser.get(walk.url("type")).text
    assert ClientDraft.objects.values().get() == before
    assert not Client.objects.exists()
    assert 'name="finish"' in walk.browser.get(walk.url("review")).text


def test_a_changed_type_keeps_what_still_applies_and_names_what_is_dropped(walk):
    """S6, S7: and choosing as before brings it back."""
    walk.fill()
    walk.next("type", company_type=walk.world.plain.pk, category=walk.world.small.pk)
    page = walk.browser.get(walk.url("identification"))
    for dropped in ("Street", "Postal code", "City", "Contact 1: Ada Krämer", "Contact 2: Ben Ott", "Trade licence: licence.pdf"):
        assert dropped in page.text
    assert 'value="Brauer Antriebe"' in page.text
    assert "Typed, but not asked" in walk.browser.get(walk.url("review")).text
    walk.next("type", company_type=walk.world.gmbh.pk, category=walk.world.key_account.pk)
    assert walk.browser.get(walk.url("review")).status_code == 200
    assert "Not asked with this choice" not in walk.browser.get(walk.url("identification")).text
    client = walk.made()
    assert (client.city, client.contacts.count(), client.documents.count()) == ("Berlin", 2, 1)


def test_another_kind_drops_the_names_of_the_former_and_asks_its_own(walk):
    walk.fill()
    walk.next("type", company_type=walk.world.person.pk, category=walk.world.small.pk)
    page = walk.browser.get(walk.url("identification"))
    assert "Legal name" in page.text.split("Not asked with this choice")[1][:300]
    assert 'name="last_name"' in page.text
    assert walk.browser.get(walk.url("review")).headers["Location"] == walk.url("identification")


def test_answers_to_custom_fields_follow_them_from_step_to_step(walk):
    """XD23: what still applies is not dropped because another step asks it now."""
    CustomField.objects.create(entity="client", key="gate", label="Gate code", category=walk.world.small)
    walk.start()
    walk.next("type", company_type=walk.world.plain.pk, category=walk.world.small.pk)
    walk.next("identification", **identification(walk.world) | {"custom_gate": "4711"})
    Category.objects.filter(pk=walk.world.small.pk).update(extra_step="Access")
    assert walk.titles == ["Type & category", "Identification", "Access", "Review"]
    assert 'value="4711"' in walk.browser.get(walk.url("more")).text
    walk.next("more", custom_gate="4711")
    assert walk.made().custom == {"gate": "4711"}


def test_fields_that_a_step_does_not_ask_are_ignored(walk):
    """V12."""
    walk.start()
    walk.next("type", company_type=walk.world.gmbh.pk, category=walk.world.small.pk, owner=1, client=1, status="inactive")
    walk.next(
        "identification", **identification(walk.world) | {"number": "HACK-1", "status": "inactive", "kind": "individual", "custom_x": "1"}
    )
    kept = walk.draft.answers
    assert set(kept["type"]) == {"company_type", "category"}
    assert set(kept["identification"]) <= {"name", "legal_name", "email", "phone", "country", "branch", "tax_number"}
    walk.next("address")
    walk.next("contacts", contacts="1")
    client = walk.made()
    assert (client.number, client.status, client.kind) == ("CONT-0001", "active", "corporate")


def test_what_is_typed_is_bounded(walk):
    """A draft keeps no more than any form takes, and no sign that a database refuses."""
    walk.start()
    walk.next("type", company_type=walk.world.gmbh.pk, category=walk.world.small.pk)
    walk.post("identification", name="x" * 900_000, legal_name="a\x00b", email=["e"] * 500, back="1")
    kept = walk.draft.answers["identification"]
    assert len(kept["name"][0]) == 10_000
    assert kept["legal_name"] == ["ab"]
    assert len(kept["email"]) == 100
    assert walk.browser.get(walk.url("identification")).status_code == 200
    walk.next("identification", **identification(walk.world))
    walk.next("address")
    assert walk.post("contacts", contacts="99", primary="zz", add_row="1").status_code == 303
    assert walk.browser.get(walk.url("contacts")).text.count('type="radio"') == 20


# --- two tabs (V31) -----------------------------------------------------------------------------
def test_the_older_of_two_tabs_sees_both_values_and_overwrites_nothing_unseen(walk):
    walk.start()
    walk.next("type", company_type=walk.world.gmbh.pk, category=walk.world.small.pk)
    older = walk.plan.looks(walk.plan.find("identification"))
    walk.next("identification", **identification(walk.world))
    mine = identification(walk.world) | {"name": "Mine", "looks": older}
    answer = walk.browser.post(walk.url("identification"), mine)
    assert answer.status_code == 409
    assert "was changed in another tab" in answer.text
    assert "Mine" in answer.text
    assert "Brauer Antriebe" in answer.text
    assert walk.draft.answers["identification"]["name"] == ["Brauer Antriebe"]
    same = identification(walk.world) | {"looks": older}
    assert walk.browser.post(walk.url("identification"), same).status_code == 303
    assert (
        walk.browser.post(walk.url("identification"), mine | {"looks": walk.plan.looks(walk.plan.find("identification"))}).status_code
        == 303
    )
    assert walk.draft.answers["identification"]["name"] == ["Mine"]


def test_a_type_changed_in_another_tab_is_said_before_anything_is_kept(walk):
    walk.start()
    walk.next("type", company_type=walk.world.gmbh.pk, category=walk.world.small.pk)
    older = walk.plan.looks(walk.plan.find("identification"))
    walk.next("type", company_type=walk.world.person.pk, category=walk.world.small.pk)
    answer = walk.browser.post(walk.url("identification"), identification(walk.world) | {"looks": older})
    assert answer.status_code == 409
    assert "identification" not in walk.draft.answers


def test_no_page_of_a_draft_writes_anything(walk):
    """Trial V16; nothing is saved before Finish (invariant 22)."""
    walk.fill()
    before = dump()
    for step in walk.plan.steps:
        assert walk.browser.get(step.url).status_code == 200
    walk.browser.get(START)
    assert dump() == before
    assert not Client.objects.exists()
    assert not Company.objects.exists()
    assert not Contact.objects.exists()
