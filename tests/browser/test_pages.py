"""Every page and error state, in both themes, wide and narrow: no accessibility violation, no sideways scroll at 320 px."""

import re

import pytest
from playwright.sync_api import Page

from clientdesk.management.commands.list_routes import routes
from tests.browser.watching import ALL_LOOKS, LOOKS, check, violations

CLIENT, CONTACT, ANNA = 1, 1, "anna.lindholm@gruenwald.example"

# Route name -> (who, address); the demo company and its primary contact have key 1.
PAGES = {
    "account_login": ("", "/account/sign-in/"),
    "account_logout": ("desk", "/account/sign-out/"),
    "account_reauthenticate": ("desk", "/account/confirm-password/"),
    "account:forgot": ("", "/account/forgot-password/"),
    "account:forgot_done": ("", "/account/forgot-password/sent/"),
    "account:security": ("desk", "/account/security/"),
    "account:password": ("desk", "/account/security/password/"),
    "account:address": ("desk", "/account/security/address/"),
    "account:add_app": ("desk", "/account/security/app/"),
    "account:add_passkey": ("desk", "/account/security/passkey/"),
    "account:set_up": ("desk", "/account/security/set-up/"),
    "account:link": ("", "/account/link/no-such-token/"),
    "account:new_link": ("", "/account/new-link/"),
    "home": ("manager", "/"),
    "search": ("desk", "/search/?q=an"),
    "profile": ("desk", "/profile/"),
    "clients:list": ("manager", "/clients/"),
    "clients:bulk": ("desk", "/clients/bulk/?action=inactive&pick=1"),
    "clients:choose": ("desk", "/clients/choose/"),
    "clients:add": ("manager", "/clients/add/?kind=corporate"),
    "clients:save_view": ("manager", "/clients/views/save/?kind=corporate"),
    "wizard:start": ("desk", "/clients/new/"),
    "wizard:companies": ("desk", "/clients/new/companies/"),
    "clients:detail": ("manager", "/clients/1/"),
    "clients:edit": ("manager", "/clients/1/edit/"),
    "clients:identification": ("manager", "/clients/1/identification/"),
    "clients:edit_identification": ("manager", "/clients/1/identification/edit/"),
    "clients:addresses": ("manager", "/clients/1/addresses/"),
    "clients:edit_addresses": ("manager", "/clients/1/addresses/edit/"),
    "clients:preferences": ("manager", "/clients/1/preferences/"),
    "clients:edit_preferences": ("manager", "/clients/1/preferences/edit/"),
    "clients:change_photo": ("manager", "/clients/1/photo/change/"),
    "clients:documents": ("manager", "/clients/1/documents/"),
    "clients:add_document": ("manager", "/clients/1/documents/add/"),
    "clients:history": ("manager", "/clients/1/history/"),
    "clients:duplicates": ("manager", "/clients/duplicates/"),
    "clients:merge": ("manager", "/clients/merge/1/2/"),
    "clients:merge_with": ("manager", "/clients/1/merge/"),
    "clients:as_of": ("manager", "/clients/1/history/as-of/"),
    "clients:dossier": ("manager", "/clients/1/dossier/"),
    "clients:erase": ("administrator", "/clients/1/erase/"),
    "clients:hold": ("manager", "/clients/1/hold/"),
    "contacts:social": ("manager", "/contacts/1/social/"),
    "contacts:edit_social": ("manager", "/contacts/1/social/edit/"),
    "contacts:address": ("manager", "/contacts/1/address/"),
    "contacts:edit_address": ("manager", "/contacts/1/address/edit/"),
    "contacts:preferences": ("manager", "/contacts/1/preferences/"),
    "contacts:edit_preferences": ("manager", "/contacts/1/preferences/edit/"),
    "contacts:change_photo": ("manager", "/contacts/1/photo/change/"),
    "contacts:remove_photo": ("manager", "/contacts/1/photo/remove/"),
    "contacts:history": ("manager", "/contacts/1/history/"),
    "contacts:dossier": ("manager", "/contacts/1/dossier/"),
    "contacts:erase": ("administrator", "/contacts/1/erase/"),
    "contacts:hold": ("manager", "/contacts/1/hold/"),
    "companies:list": ("manager", "/companies/"),
    "companies:add": ("manager", "/companies/add/"),
    "companies:detail": ("manager", "/companies/1/"),
    "companies:edit": ("manager", "/companies/1/edit/"),
    "contacts:of_client": ("manager", "/clients/1/contacts/"),
    "contacts:add": ("manager", "/clients/1/contacts/add/"),
    "contacts:offices": ("manager", "/clients/1/offices/"),
    "contacts:add_office": ("manager", "/clients/1/offices/add/"),
    "contacts:office": ("manager", "/offices/2/"),
    "contacts:edit_office": ("manager", "/offices/2/edit/"),
    "contacts:delete_office": ("manager", "/offices/2/delete/"),
    "contacts:departments": ("manager", "/clients/1/departments/"),
    "contacts:add_department": ("manager", "/clients/1/departments/add/"),
    "contacts:department": ("manager", "/departments/1/"),
    "contacts:edit_department": ("manager", "/departments/1/edit/"),
    "contacts:delete_department": ("manager", "/departments/1/delete/"),
    "contacts:edit_offices": ("manager", "/contacts/1/offices/"),
    "contacts:list": ("manager", "/contacts/"),
    "contacts:bulk": ("manager", "/contacts/bulk/?action=deactivate&pick=1&pick=2&pick=3"),
    "contacts:save_view": ("manager", "/contacts/views/save/?view=no-email"),
    "contacts:duplicates": ("manager", "/contacts/duplicates/"),
    "contacts:merge": ("manager", "/contacts/merge/1/2/"),
    "contacts:merge_with": ("manager", "/contacts/1/merge/"),
    "contacts:move": ("manager", "/contacts/1/move/?q=a"),
    "contacts:move_to": ("manager", "/contacts/1/move/3/"),
    "contacts:detail": ("manager", "/contacts/1/"),
    "contacts:edit": ("manager", "/contacts/1/edit/"),
    "crm:list": ("desk", "/crm/?view=everybody"),
    "crm:add": ("desk", "/crm/add/?contact=1"),
    "crm:calendar": ("desk", "/crm/calendar/"),
    "crm:feed": ("desk", "/crm/calendar/address/"),
    "crm:mail": ("desk", "/crm/mail/?contact=1&contact=2"),
    "crm:detail": ("desk", "/crm/3/"),
    "crm:edit": ("desk", "/crm/3/edit/"),
    "crm:postpone": ("desk", "/crm/3/postpone/"),
    "crm:of_contact": ("desk", "/contacts/1/crm/"),
    "crm:of_client": ("desk", "/clients/1/crm/"),
    "crm_open:stop": ("", "/account/no-crm-mails/no-such-token/"),
    "jobs:list": ("reader", "/jobs/?view=all"),
    "job_report:list": ("desk", "/reports/jobs/?client=1"),
    "jobs:add": ("desk", "/jobs/add/?client=1"),
    "jobs:detail": ("desk", "/jobs/5/"),
    "jobs:edit": ("desk", "/jobs/5/edit/"),
    "jobs:assign": ("desk", "/jobs/1/assign/"),
    "jobs:board": ("desk", "/jobs/board/"),
    "jobs:calendar": ("desk", "/jobs/calendar/"),
    "jobs:send_docket": ("desk", "/jobs/5/docket/send/"),
    "jobs:add_note": ("desk", "/jobs/5/note/"),
    "jobs:sign": ("desk", "/jobs/5/sign/"),
    "jobs:add_session": ("desk", "/jobs/5/sessions/add/"),
    "jobs:add_file": ("desk", "/jobs/5/files/add/"),
    "jobs:add_invoice": ("desk", "/jobs/5/invoices/add/"),
    "jobs:client_work": ("desk", "/clients/1/work/"),
    "jobs:release_file": ("desk", "/files/2/release/"),
    "quotes:list": ("reader", "/quotes/?view=all"),
    "quotes:add": ("desk", "/quotes/add/?client=1"),
    "quotes:detail": ("desk", "/quotes/1/"),
    "quotes:edit": ("desk", "/quotes/2/edit/"),
    "quotes:send": ("desk", "/quotes/2/send/"),
    "quotes:reject": ("desk", "/quotes/2/reject/"),
    "projects:list": ("reader", "/projects/?view=all"),
    "projects:add": ("desk", "/projects/add/?client=1"),
    "projects:detail": ("desk", "/projects/1/"),
    "projects:edit": ("desk", "/projects/1/edit/"),
    "projects:add_deliverable": ("desk", "/projects/1/deliverables/add/"),
    "jobs:client_times": ("desk", "/clients/1/sla/"),
    "jobs:edit_client_times": ("desk", "/clients/1/sla/edit/"),
    "jobs:system_times": ("administrator", "/settings/sla/"),
    "jobs:calendars": ("administrator", "/settings/business-hours/"),
    "jobs:edit_calendar": ("administrator", "/settings/business-hours/1/edit/"),
    "staff:list": ("administrator", "/settings/staff/"),
    "staff:add": ("administrator", "/settings/staff/add/"),
    "staff:edit": ("administrator", "/settings/staff/1/edit/"),
    "settings:index": ("administrator", "/settings/"),
    "settings:list": ("administrator", "/settings/categories/"),
    "settings:add": ("administrator", "/settings/categories/add/"),
    "settings:edit": ("administrator", "/settings/categories/5/edit/"),
    "settings:delete": ("administrator", "/settings/categories/5/delete/"),
    "settings:change_logo": ("administrator", "/settings/branches/1/logo/change/"),
    "settings:custom_fields": ("administrator", "/settings/custom-fields/"),
    "settings:add_custom_field": ("administrator", "/settings/custom-fields/add/"),
    "settings:edit_custom_field": ("administrator", "/settings/custom-fields/4/edit/"),
    "settings:delete_custom_field": ("administrator", "/settings/custom-fields/4/delete/"),
    "intake:upload": ("manager", "/import/"),
    "intake:history": ("manager", "/import/history/"),
    "intake:help": ("manager", "/import/help/"),
    "access:account": ("manager", "/contacts/1/account/"),
    "access:edit_account": ("manager", "/contacts/1/account/edit/?preset=moderator"),
    "access:client_rights": ("manager", "/clients/1/portal-rights/"),
    "access:edit_client_rights": ("manager", "/clients/1/portal-rights/edit/"),
    "access:reach_jobs": ("manager", "/contacts/1/reach/jobs/?view=all"),
    "access:reach_quotes": ("reader", "/contacts/1/reach/"),
    "access:why": ("manager", "/contacts/1/why/?item=J-00001"),
    "access:job_viewers": ("manager", "/jobs/1/who-sees/"),
    "access:bulk_invite": ("manager", "/contacts/invite/?pick=1&pick=2&pick=3"),
    "access:bulk_invite_primary": ("manager", "/clients/invite/?pick=1&pick=2"),
    "access:levels": ("reader", "/contacts/access-levels/"),
    "access:default_rights": ("administrator", "/settings/portal-rights/"),
    "access:portal_users": ("manager", "/settings/portal-users/"),
    "portal:home": (ANNA, "/portal/"),
    "portal:quotes": (ANNA, "/portal/quotes/"),
    "portal:quote": (ANNA, "/portal/quotes/1/"),
    "portal:accept": (ANNA, "/portal/quotes/1/accept/"),
    "portal:projects": (ANNA, "/portal/projects/"),
    "portal:project": (ANNA, "/portal/projects/1/"),
    "portal:add_project_file": (ANNA, "/portal/projects/1/files/add/"),
    "jobs:bulk": ("desk", "/jobs/bulk/?action=cancel&pick=1&pick=2&pick=3&pick=9"),
    "portal:review": (ANNA, "/portal/projects/3/feedback/"),
    "portal:jobs": (ANNA, "/portal/jobs/"),
    "portal:job": (ANNA, "/portal/jobs/1/"),
    "portal:request_quote": (ANNA, "/portal/quotes/request/"),
    "portal:request_job": (ANNA, "/portal/jobs/request/"),
    "portal:files": (ANNA, "/portal/files/"),
    "portal:colleagues": (ANNA, "/portal/colleagues/"),
    "portal:company": (ANNA, "/portal/company/"),
    "portal:report": (ANNA, "/portal/report/"),
    "portal:edit_company": (ANNA, "/portal/company/edit/"),
    "portal:search": (ANNA, "/portal/search/?q=anna"),
    "portal:profile": (ANNA, "/portal/profile/"),
    "portal:edit_profile": (ANNA, "/portal/profile/edit/"),
    "portal:edit_mails": (ANNA, "/portal/profile/e-mails/"),
    "portal:edit_address": (ANNA, "/portal/profile/address/"),
    "portal:edit_formats": (ANNA, "/portal/profile/formats/"),
}
# No page of their own, or seen in a journey because they need something done before.
NO_PAGE = {
    "access:invite_run": "test_account_journey.py",
    "account:set_password": "test_a_new_password",
    "account:passkey": "an answer to a script",
    **dict.fromkeys(("mfa_authenticate", "account:codes", "account:confirm_address", "account:rename_passkey"), "test_security_journey.py"),
    **dict.fromkeys(("mfa_reauthenticate", "mfa_reauthenticate_webauthn"), "the page of a second step with other words"),
    "access:reach_projects": "the page of the jobs that an account reaches, with other words",
    **dict.fromkeys(("access:quote_viewers", "access:project_viewers"), "the page of who sees a job, with other words"),
    "clients:similar": "a piece of Add client",
    "crm:event": "a file",
    "crm_open:calendar": "a file",
    "clients:merged": "test_merge_journey.py",
    "contacts:merged": "the page of a merge of clients with other words",
    "contacts:export": "a file",
    **dict.fromkeys(("contacts:bulk_run", "jobs:bulk_run"), "the page of an act on clients with other words"),
    "contacts:rename_view": "the page of a view of clients with other words",
    "jobs:export": "a file",
    "jobs:signature": "a picture",
    "jobs:docket": "a file",
    **dict.fromkeys(("jobs:add_part", "jobs:add_check"), "the page of another small form with other words"),
    **dict.fromkeys(("jobs:edit_session", "jobs:edit_part"), "the page of another small form with other words"),
    **dict.fromkeys(("jobs:remove_session", "jobs:remove_part", "jobs:remove_check", "jobs:remove_signature"), "test_work_journey.py"),
    **dict.fromkeys(("jobs:export", "job_report:export"), "a file"),
    "jobs:find_client": "a piece of the filter of lists of jobs",
    **dict.fromkeys(("job_report:save_view", "job_report:rename_view"), "the page of a view of clients with other words"),
    **dict.fromkeys(("jobs:save_view", "jobs:rename_view"), "the page of a view of clients with other words"),
    **dict.fromkeys(("jobs:file", "quotes:export", "quotes:pdf", "projects:export"), "a file"),
    **dict.fromkeys(
        (f"{kind}:{page}" for kind in ("quotes", "projects") for page in ("save_view", "rename_view")),
        "the page of a view of clients with other words",
    ),
    **dict.fromkeys(("quotes:prepare", "quotes:approve", "quotes:revise"), "quotes:send with other words"),
    **dict.fromkeys(("projects:close", "projects:cancel", "projects:reopen"), "quotes:send with other words"),
    **dict.fromkeys(("quotes:add_file", "projects:add_file", "projects:add_invoice"), "jobs:add_file with other words"),
    "jobs:send_file": "jobs:release_file with other words",
    **dict.fromkeys(("jobs:resolve", "jobs:close"), "test_jobs_journey.py"),
    **dict.fromkeys(
        ("jobs:accept", "jobs:release", "jobs:reopen", "jobs:cancel", "jobs:reopen_cancelled"),
        "the page of another gesture with other words",
    ),
    "clients:photo": "a picture",
    "contacts:photo": "a picture",
    "clients:document": "a file",
    "clients:undo_change": "test_history_journey.py",
    "clients:export": "a file",
    **dict.fromkeys(("companies:export", "crm:export", "access:export_portal_users", "intake:export_history"), "a file"),
    "clients:bulk_run": "test_clients_list_journey.py",
    "clients:rename_view": "test_clients_list_journey.py",
    "companies:search": "a piece of Add company",
    "settings:logo": "a picture",
    "access:remove_factors": "contacts:deactivate with other words; nobody of the demo has a second factor",
    "settings:brand_css": "a stylesheet",
    "portal:brand_css": "a stylesheet",
    "portal:brand_mark": "a picture",
    "front:brand_css": "a stylesheet",
    "front:brand_mark": "a picture",
    "intake:match": "test_import_match_journey.py",
    "intake:template": "a file",
    "intake:sample": "a file",
    **dict.fromkeys(("intake:export_corporate", "intake:export_tree", "intake:export_individual", "intake:export_contact"), "a file"),
    "intake:undo": "test_import_undo_journey.py",
    **dict.fromkeys(("wizard:resume", "wizard:step", "wizard:done"), "test_wizard_journey.py"),
    "demo_mails": "only where DEBUG is on",
    **dict.fromkeys(("portal:quote_paper", "portal:export_report", "portal:deliverables", "portal:download"), "a file"),
    **dict.fromkeys(("portal:add_quote_file", "portal:add_job_file"), "the page of files of a project with other words"),
    **dict.fromkeys(("portal:add_colleague", "portal:edit_colleague", "portal:edit_job"), "the page of company data with other words"),
    **dict.fromkeys(("portal:replace_file", "portal:withdraw_file"), "the pages of adding files and of cancelling with other words"),
    **dict.fromkeys(("portal:reject", "portal:cancel_job"), "test_portal_work_journey.py"),
    **dict.fromkeys(
        ("intake:run", "intake:review", "intake:mode", "intake:progress", "intake:result", "intake:failed", "intake:errors"),
        "test_import_journey.py",
    ),
    "intake:error_book": "the page of other long work with other words",
    **dict.fromkeys(("intake:edit_row", "intake:values"), "test_import_correcting.py"),
    "intake:tree": "test_import_kinds.py",
}
MORE = {
    "the clients list without a match": ("reader", "/clients/?q=zzzz"),
    "the clients list of individuals": ("manager", "/clients/?view=individual"),
    "a client with a long name": ("manager", "/search/?q=anlagenbau"),
    "contacts without a match": ("reader", "/contacts/?q=zzzz"),
    "actions without a match": ("reader", "/crm/?view=everybody&q=zzzz"),
    "a week of the calendar": ("desk", "/crm/calendar/?view=week"),
    "the client of an action": ("desk", "/crm/add/?q=an"),
    "the client of a job, one not found": ("desk", "/jobs/add/?client=999999&q=an"),
    "a closed job": ("reader", "/jobs/9/"),
    "a month of jobs": ("desk", "/jobs/calendar/?view=month"),
    "a report without a match": ("reader", "/reports/jobs/?view=all&q=zzzz"),
    "which client a list of jobs is about": ("reader", "/jobs/?client_words=e"),
    "jobs without a match": ("reader", "/jobs/?view=all&q=zzzz"),
    "contacts out of use": ("manager", "/contacts/?view=deactivated"),
    "a search without a match": ("reader", "/search/?q=zzzz"),
    **{
        f"the settings list {name}": ("administrator", f"/settings/{name}/")
        for name in ("branches", "company-types", "industries", "lead-sources", "positions", "social-networks", "job-types")
    },
    "a branch": ("administrator", "/settings/branches/2/edit/"),
    "a company type": ("administrator", "/settings/company-types/9/edit/"),
    "a social network": ("administrator", "/settings/social-networks/1/edit/"),
    "a settings list without a match": ("administrator", "/settings/industries/?q=zzzz"),
    "an entry that nothing refers to": ("administrator", "/settings/job-types/1/delete/"),
    "a page that is missing": ("reader", "/clients/999999/"),
    "a page that is not allowed": ("reader", "/clients/add/"),
    "sign-in and security of a contact": (ANNA, "/account/security/"),
    "a staff page as a contact": (ANNA, "/clients/"),
    "an address that nobody knows": ("desk", "/nowhere/"),
    "an address that nobody knows, signed out": ("", "/account/nowhere/"),
}


# One page of each build, looked at in both themes at both widths: the shell, a list, tabs and cards, a form, settings, the portal.
FULLY = {
    "/account/sign-in/", "/clients/", "/clients/1/", "/clients/1/identification/edit/", "/contacts/", "/contacts/1/", "/crm/calendar/",
    "/import/", "/settings/staff/", "/portal/", "/clients/duplicates/", "/search/?q=an",
}  # fmt: skip


def test_the_pages_that_are_looked_at_in_every_look_are_pages():
    assert {address for _who, address in PAGES.values()} >= FULLY


def test_every_page_is_looked_at():
    """A new address must be entered above, or say why it has no page."""
    pages = {route.name for route in routes() if "GET" in route.methods}
    assert pages == set(PAGES) | set(NO_PAGE)


@pytest.mark.parametrize(("who", "address"), (PAGES | MORE).values(), ids=(PAGES | MORE).keys())
def test_a_page_can_be_used_by_everybody(look_in, who, address):
    page = look_in(who)
    page.goto(address)
    check(page, ALL_LOOKS if address in FULLY else LOOKS)


@pytest.mark.parametrize("width", [768, 1024, 1280, 1440, 1680, 1920])
def test_all_rows_of_the_clients_list_have_the_height_of_two_lines_and_nothing_is_cut_off(visit, width):
    page = visit("manager")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/clients/?view=all")
    heights = page.locator("tbody tr").evaluate_all("rows => rows.map(row => Math.round(row.getBoundingClientRect().height))")
    assert len(heights) > 20
    assert set(heights) == {52}
    assert page.locator(".table-wrap").evaluate("wrap => wrap.scrollWidth <= wrap.clientWidth")


def refused(page: Page, button: str) -> None:
    """Send the form as it is and look at the page that refuses it."""
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()
    assert page.title().startswith("Error: ")
    check(page, LOOKS)


@pytest.mark.parametrize(
    ("who", "address", "button", "typed"),
    [
        ("", "/account/sign-in/", "Sign in", {"E-mail": "nobody@desk.example", "Password": "wrong"}),
        ("", "/account/forgot-password/", "Send link", {"E-mail": "nobody"}),
        ("", "/account/new-link/", "Ask for a new link", {"E-mail": ""}),
        ("desk", "/clients/add/?kind=corporate", "Continue", {"Name": "Acme & Sons", "Main contact e-mail": "acme"}),
        ("desk", "/clients/1/edit/", "Save client", {"Name": ""}),
        ("desk", "/clients/1/identification/edit/", "Save identification", {"Tax number": "DE 1", "Name": ""}),
        ("desk", "/clients/1/addresses/edit/", "Save addresses", {"Phone": "12", "E-mail": "nobody"}),
        ("desk", "/clients/1/photo/change/", "Save picture", {}),
        ("desk", "/clients/1/documents/", "Add document", {}),
        ("desk", "/clients/1/contacts/add/", "Add contact person", {"E-mail": "ada@"}),
        ("desk", "/contacts/1/edit/", "Save contact", {"Last name": ""}),
        ("desk", "/contacts/1/social/edit/", "Save social accounts", {"Name or address there": "javascript:alert(1)"}),
        ("desk", "/contacts/1/photo/change/", "Save picture", {}),
        ("desk", "/companies/add/", "Add company", {"Registered name": ""}),
        ("desk", "/crm/add/?client=1", "Add CRM action", {"Subject": ""}),
        ("desk", "/crm/mail/?contact=1", "Send e-mail", {"Subject": "", "Text": "{unknown}"}),
        ("desk", "/profile/", "Save profile", {"First name": "x" * 101}),
        ("administrator", "/settings/staff/add/", "Send invitation", {"E-mail": "anna.lindholm@gruenwald.example"}),
        ("administrator", "/settings/branches/add/", "Add branch", {"Name": "Berlin & <b>", "E-mail": "berlin@"}),
        ("administrator", "/settings/custom-fields/add/", "Add custom field", {"Label": "Employees"}),
        ("manager", "/import/", "Read file", {}),
    ],
    ids=lambda value: value if isinstance(value, str) and "/" in value else "",
)
def test_a_refused_form_can_be_used_by_everybody(visit, who, address, button, typed):
    page = visit(who)
    page.goto(address)
    for label, text in typed.items():
        field = page.get_by_label(re.compile(f"^{label}")).first
        field.evaluate("field => field.removeAttribute('maxlength')")
        field.fill(text)
    refused(page, button)


def test_a_conflict_shows_both_values(visit):
    first, second = visit("desk"), visit("manager")
    for page in (first, second):
        page.goto("/clients/2/edit/")
    first.get_by_label("Notes").fill("Written first.")
    second.get_by_label("Notes").fill("Written second.")
    for page in (first, second):
        with page.expect_navigation():
            page.locator("main form [type=submit]").first.click()
    assert "Written first." in second.inner_text("main")
    assert "Written second." in second.inner_text("main")
    check(second, LOOKS)


def test_the_open_dialog_and_menus_can_be_used_by_everybody(visit):
    page = visit("manager")
    page.goto("/clients/1/contacts/")
    page.get_by_role("link", name="Add contact person").first.click()
    page.get_by_role("dialog").wait_for()
    check(page, LOOKS)
    page.keyboard.press("Escape")
    for menu in ("Create new", "Account of"):
        page.get_by_role("button", name=menu).first.click()
        check(page, LOOKS)
        page.keyboard.press("Escape")


def test_a_new_password(visit, installation):
    link = installation.manage("create_staff", "new@desk.example", "--role=reader", "--first-name=Noor").strip()
    page = visit()
    page.goto(link)
    check(page, LOOKS)
    page.get_by_label("New password").fill("short")
    refused(page, "Set password and sign in")


def test_the_look_itself_finds_faults(visit):
    page = visit()
    page.goto("about:blank")
    page.set_content("<input><p class=wide>x</p>")
    assert any("label" in line for line in violations(page))


def test_the_look_itself_finds_faint_texts_however_often_it_looks(visit):
    page = visit()
    page.goto("about:blank")
    page.set_content("<html lang=en><title>x</title><main><h1>x</h1><p>Dark</p><p>Dark</p></main>")
    assert violations(page) == violations(page) == []
    for style in ("color: #aaa", "background: #333", "font-size: 9px; opacity: 0.4"):
        page.evaluate("style => document.querySelectorAll('p')[1].setAttribute('style', style)", style)
        for _ in range(2):
            assert [line.split(":")[0] for line in violations(page)] == ["color-contrast"], style
