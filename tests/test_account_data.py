"""The tab Account data of a contact (X49 to X64, S4, decisions 12 and 17, invariants 7, 8, 11, 20)."""

import pytest
from django.urls import reverse

from clientdesk.models import AccessLink
from clientdesk.rights import Role
from contacts.models import Contact
from portal.models import ClientAccess, ContactAccess, Level
from portal.rights import MEMBER, Right, default_rights
from tests.doors import activated, fresh_brakes, invited, is_in, sign_in  # noqa: F401
from tests.quoting import quote_in
from tests.test_versions import form_of


def tab(contact: Contact) -> str:
    return reverse("access:account", args=[contact.pk])


def form_url(contact: Contact) -> str:
    return reverse("access:edit_account", args=[contact.pk])


def access_of(contact: Contact) -> ContactAccess:
    return ContactAccess.objects.get(contact=contact)


def save(browser, contact: Contact, **changes):
    """Open the form, change it and send it; a change to None leaves the field out."""
    body = form_of(browser.get(form_url(contact))) | changes
    return browser.post(form_url(contact), {name: value for name, value in body.items() if value is not None})


def lacking(client, *rights: Right) -> ClientAccess:
    """Let `client` have the defaults without `rights`."""
    held = Right(default_rights())
    for right in rights:
        held &= ~right
    return ClientAccess.objects.create(client=client, rights=int(held))


# --- the switch -----------------------------------------------------------------------------------
def test_without_access_the_page_has_the_switch_and_nothing_that_belongs_to_it(ada, manager):
    page = manager.get(form_url(ada)).text

    assert 'role="switch"' in page
    for name in ("level", "may_decide_quotes", "rights", "default_office"):
        assert f'name="{name}"' not in page
    assert "Rights in the portal" not in manager.get(tab(ada)).text


def test_a_page_explains_levels_and_offices_and_the_field_leads_to_it(ada, manager):
    """X58."""
    invited(ada)
    guide = reverse("access:levels")
    assert f'href="{guide}"' in manager.get(form_url(ada)).text
    page = manager.get(guide).text
    for heading in ("What each level shows", "Offices of a contact person", "What bounds a level"):
        assert f">{heading}</h2>" in page
    assert all(f"<dt>{level.label}</dt>" in page for level in Level)


def test_what_is_posted_for_an_access_that_is_not_allowed_is_ignored(ada, manager):
    answer = save(manager, ada, allowed="on", level=Level.ALL_OFFICES, may_decide_quotes="True", rights=["INVOICES_VIEW"])

    access = access_of(ada)
    assert answer.headers["Location"] == form_url(ada)
    assert (access.allowed, access.level, access.may_decide_quotes, Right(access.rights)) == (True, Level.ONLY_RELATED, False, MEMBER)


def test_switched_off_the_running_session_ends_and_links_die_but_what_was_chosen_stays(ada, manager):
    browser = activated(ada)
    ContactAccess.objects.update(level=Level.ALL_OFFICES)

    save(manager, ada, allowed=None, level=Level.DEPARTMENT, rights=["INVOICES_DOWNLOAD"])

    assert not is_in(browser)
    assert sign_in(ada.email).status_code == 422
    assert not AccessLink.objects.unspent().exists()
    assert (access_of(ada).allowed, access_of(ada).level, Right(access_of(ada).rights)) == (False, Level.ALL_OFFICES, MEMBER)


def test_a_contact_without_address_or_outside_its_default_office_cannot_be_let_in(ada, manager):
    """Invariant 7."""
    Contact.objects.filter(pk=ada.pk).update(email="")
    assert "has no e-mail address to sign in with" in save(manager, ada, allowed="on").text

    Contact.objects.filter(pk=ada.pk).update(email="ada@brauer.example")
    ada.contact_offices.all().delete()
    answer = save(manager, ada, allowed="on")

    assert answer.status_code == 422
    assert "does not belong to its default office" in answer.text
    assert not ContactAccess.objects.filter(allowed=True).exists()


# --- level and rights --------------------------------------------------------------------------------
def test_the_level_is_one_of_four_and_the_narrowest_at_first(ada, manager):
    invited(ada)
    form = manager.get(form_url(ada)).context["form"]

    assert [key for key, _label in form.fields["level"].choices] == [level.value for level in Level]
    assert form["level"].value() == Level.ONLY_RELATED
    assert save(manager, ada, level="everything").status_code == 422


def test_each_box_toggles_one_right(ada, manager):
    invited(ada)
    assert save(manager, ada, rights=["JOBS_VIEW", "JOBS_ADD"], may_decide_quotes="True", level=Level.DEFAULT_OFFICE).status_code == 303

    access = access_of(ada)
    assert Right(access.rights) == Right.JOBS_VIEW | Right.JOBS_ADD
    assert (access.level, access.may_decide_quotes) == (Level.DEFAULT_OFFICE, True)
    assert access.may(Right.QUOTES_DECIDE)


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        (["JOBS_VIEW", "JOBS_ADD"], "Not allowed for Brauer Antriebe GmbH: Jobs: Add."),
        (["QUOTES_ADD"], "Tick View as well, or untick: Quotes: Add."),
        (["QUOTES_SELL"], "“QUOTES_SELL” is no right of the portal."),
        (["QUOTES_DECIDE"], "“QUOTES_DECIDE” is no right of the portal."),
    ],
)
def test_what_a_contact_cannot_be_granted_is_refused_with_a_sentence(posted, sentence, ada, manager):
    invited(ada)
    lacking(ada.client, Right.JOBS_ADD)

    answer = save(manager, ada, rights=posted)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert Right(access_of(ada).rights) == MEMBER


def test_a_right_that_the_client_lacks_is_a_lock_and_stays_granted(ada, manager):
    """X64: it comes back with the right of the client."""
    invited(ada)
    lacking(ada.client, Right.JOBS_ADD)
    page = manager.get(form_url(ada)).text
    assert 'value="JOBS_ADD"' not in page
    assert "Jobs: Add: not allowed for Brauer Antriebe GmbH, granted before" in page

    assert save(manager, ada, rights=["JOBS_VIEW"]).status_code == 303

    assert Right(access_of(ada).rights) == Right.JOBS_VIEW | Right.JOBS_ADD
    assert not access_of(ada).may(Right.JOBS_ADD)


def test_deciding_quotes_is_no_choice_where_the_client_may_not(ada, manager):
    invited(ada)
    ContactAccess.objects.update(may_decide_quotes=True)
    lacking(ada.client, Right.QUOTES_DECIDE)
    assert 'name="may_decide_quotes"' not in manager.get(form_url(ada)).text

    assert "may not accept or reject quotes" in save(manager, ada, may_decide_quotes="True").text
    assert save(manager, ada, level=Level.DEPARTMENT).status_code == 303
    assert access_of(ada).may_decide_quotes


@pytest.mark.parametrize(
    ("preset", "level", "decides", "has", "lacks"),
    [
        ("member", Level.ONLY_RELATED, False, Right.QUOTES_ADD, Right.JOBS_CANCEL),
        ("moderator", Level.DEFAULT_OFFICE, True, Right.JOBS_CANCEL, Right.COMPANY_EDIT),
        ("administrator", Level.ALL_OFFICES, True, Right.COMPANY_EDIT, Right.REPORTS_VIEW),
        ("all", Level.ONLY_RELATED, False, Right.COMPANY_EDIT, Right.REPORTS_VIEW),
    ],
)
def test_a_preset_fills_in_what_the_client_may_and_saves_nothing(preset, level, decides, has, lacks, ada, manager):
    invited(ada)
    ClientAccess.objects.create(client=ada.client, rights=int(~Right(0) & ~Right.REPORTS_VIEW & ~Right.REPORTS_DOWNLOAD))
    page = manager.get(f"{form_url(ada)}?preset={preset}")
    assert Right(access_of(ada).rights) == MEMBER
    assert 'data-dirty="unsaved"' in page.text

    assert manager.post(form_url(ada), form_of(page)).status_code == 303

    access = access_of(ada)
    assert (access.level, access.may_decide_quotes) == (level, decides)
    assert has in Right(access.rights)
    assert lacks not in Right(access.rights)


def test_the_default_office_is_one_of_the_contacts_own(ada, manager):
    invited(ada)
    plant, store = (ada.client.offices.create(name=name) for name in ("Leipzig plant", "Store"))
    ada.assign_offices([ada.default_office, plant], ada.default_office)

    assert save(manager, ada, default_office=store.pk).status_code == 422
    assert save(manager, ada, default_office=plant.pk).status_code == 303

    ada.refresh_from_db()
    assert ada.default_office == plant
    assert ada.contact_offices.count() == 2


def test_the_page_says_what_a_level_means_for_this_person(ada, manager):
    invited(ada)
    page = manager.get(form_url(ada)).text
    assert "Nothing: this person has no department." in page
    assert "Everything of the default office Headquarters." in page


def test_each_level_says_how_much_it_is_today(ada, manager, make_quote, make_project):
    invited(ada)
    otto = ada.client.contacts.register(ada.client, last_name="Brauer")
    for name, contact in (("One", ada), ("Two", otto), ("Not sent", ada)):
        quote_in(make_quote(name, contact=contact), "pending" if name == "Not sent" else "sent")
    make_project("Three", contact=otto)

    page = manager.get(form_url(ada))

    said = {meaning.level: meaning.today for meaning in page.context["meanings"]}
    assert said[Level.ONLY_RELATED] == "Today that is 1 quote, 0 projects and 0 jobs."
    assert said[Level.DEFAULT_OFFICE] == said[Level.ALL_OFFICES] == "Today that is 2 quotes, 1 project and 0 jobs."
    assert said[Level.DEPARTMENT] == ""
    ContactAccess.objects.update(rights=int(Right.QUOTES_VIEW))
    assert [count for _label, count in manager.get(tab(ada)).context["seen"]] == ["1", "", ""]


# --- who, and how -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "may_change", "may_send"), [(Role.READER, False, False), (Role.DESK, False, True), (Role.MANAGER, True, True)]
)
def test_who_may_look_change_and_send(role, may_change, may_send, ada, make_staff, as_user):
    activated(ada)
    browser = as_user(make_staff(role))
    page = browser.get(tab(ada)).text

    assert (form_url(ada) in page) == may_change
    assert (reverse("access:withdraw", args=[ada.pk]) in page) == may_send
    assert browser.get(form_url(ada)).status_code == (200 if may_change else 403)
    assert browser.post(reverse("access:sign_out", args=[ada.pk])).status_code == (303 if may_send else 403)


def test_signed_out_everywhere_the_password_still_opens(ada, desk):
    browser = activated(ada)
    assert len(desk.get(tab(ada)).context["sign_ins"].sessions) == 1
    desk.post(reverse("access:sign_out", args=[ada.pk]))

    assert not is_in(browser)
    assert "Signed in now" not in desk.get(tab(ada)).text
    assert sign_in(ada.email).status_code == 302


def test_a_withdrawn_invitation_leads_nowhere_and_is_called_so(ada, desk):
    path = invited(ada)
    answer = desk.post(reverse("access:withdraw", args=[ada.pk]), follow=True).text
    assert "The invitation of Ada Krämer was withdrawn." in answer
    assert "Invitation withdrawn" in answer

    assert desk.get(path).status_code == 410
    assert "Send welcome e-mail again" in answer


def test_the_last_sign_ins_and_mails_are_shown_and_cannot_be_posted(ada, manager):
    """X50, X51, X61, invariant 20."""
    activated(ada)
    sign_in(ada.email, "not the right password at all")
    manager.post(reverse("access:send_reset", args=[ada.pk]))
    shown = manager.get(tab(ada)).context["sign_ins"]
    assert shown.last
    assert shown.last_failed
    assert shown.reset_sent

    save(manager, ada, level=Level.DEPARTMENT, last_login="1999-01-01", accepted_at="1999-01-01", invited_at="1999-01-01")

    assert manager.get(tab(ada)).context["sign_ins"] == shown
    assert access_of(ada).accepted_at.year > 1999
