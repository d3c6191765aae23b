"""`make shots`: pictures of the main pages in both themes, wide and narrow, to be looked at by a person. They go to shots/."""

import shutil
import sys
import tempfile
from pathlib import Path

import django
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.installation import ROOT, Installation

SIZES = {"wide": (1440, 900), "narrow": (360, 780)}
PAGES = {
    "sign-in": ("", "/account/sign-in/"),
    "home": ("manager", "/"),
    "clients": ("manager", "/clients/"),
    "clients-none": ("manager", "/clients/?q=zzzz"),
    "add-client": ("manager", "/clients/add/?kind=corporate"),
    "client": ("manager", "/clients/1/"),
    "client-contacts": ("manager", "/clients/1/contacts/"),
    "client-identification": ("manager", "/clients/1/identification/"),
    "edit-identification": ("manager", "/clients/1/identification/edit/"),
    "client-addresses": ("manager", "/clients/1/addresses/"),
    "client-preferences": ("manager", "/clients/1/preferences/edit/"),
    "client-documents": ("manager", "/clients/1/documents/"),
    "client-history": ("manager", "/clients/3/history/"),
    "choose": ("manager", "/clients/choose/"),
    "wizard": ("manager", "/clients/new/"),
    "companies": ("manager", "/companies/"),
    "duplicates": ("manager", "/clients/duplicates/"),
    "merge": ("manager", "/clients/merge/1/2/"),
    "bulk": ("manager", "/clients/bulk/?action=inactive&pick=1&pick=2"),
    "offices": ("manager", "/clients/1/offices/"),
    "office": ("manager", "/offices/2/"),
    "departments": ("manager", "/clients/1/departments/"),
    "contact-offices": ("manager", "/contacts/2/offices/"),
    "contacts": ("manager", "/contacts/"),
    "contact-duplicates": ("manager", "/contacts/duplicates/"),
    "contact-merge": ("manager", "/contacts/merge/1/2/"),
    "contact-move": ("manager", "/contacts/2/move/3/"),
    "contacts-bulk": ("manager", "/contacts/bulk/?action=deactivate&pick=1&pick=2"),
    "contact": ("manager", "/contacts/1/"),
    "contact-edit": ("manager", "/contacts/1/edit/"),
    "contact-social": ("manager", "/contacts/1/social/"),
    "contact-social-edit": ("manager", "/contacts/1/social/edit/"),
    "contact-address": ("manager", "/contacts/1/address/"),
    "contact-address-edit": ("manager", "/contacts/1/address/edit/"),
    "contact-preferences": ("manager", "/contacts/1/preferences/"),
    "contact-preferences-edit": ("manager", "/contacts/1/preferences/edit/"),
    "contact-photo": ("manager", "/contacts/1/photo/change/"),
    "crm": ("desk", "/crm/?view=planned"),
    "crm-calendar": ("desk", "/crm/calendar/"),
    "crm-mail": ("desk", "/crm/mail/?contact=1&contact=2"),
    "contact-crm": ("desk", "/contacts/1/crm/"),
    "jobs": ("desk", "/jobs/?view=all"),
    "job-report": ("desk", "/reports/jobs/?client=1"),
    "job": ("desk", "/jobs/5/"),
    "job-add": ("desk", "/jobs/add/?client=1"),
    "client-sla": ("desk", "/clients/1/sla/"),
    "dossier": ("manager", "/contacts/1/dossier/"),
    "erase": ("administrator", "/contacts/1/erase/"),
    "staff-users": ("administrator", "/settings/staff/"),
    "portal-users": ("administrator", "/settings/portal-users/"),
    "settings": ("administrator", "/settings/"),
    "categories": ("administrator", "/settings/categories/"),
    "custom-fields": ("administrator", "/settings/custom-fields/"),
    "import": ("manager", "/import/"),
    "portal": ("anna.lindholm@gruenwald.example", "/portal/"),
    "portal-quotes": ("anna.lindholm@gruenwald.example", "/portal/quotes/"),
    "portal-quote": ("anna.lindholm@gruenwald.example", "/portal/quotes/1/"),
    "portal-project": ("anna.lindholm@gruenwald.example", "/portal/projects/1/"),
    "portal-request": ("anna.lindholm@gruenwald.example", "/portal/jobs/request/"),
    "search": ("manager", "/search/?q=brauer"),
    "not-found": ("desk", "/clients/999999/"),
}


def main(folder: Path) -> None:
    """Take every picture into `folder`."""
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        installation = Installation(Path(data))
        try:
            installation.start()
            chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"))
            for who in dict.fromkeys(who for who, _ in PAGES.values()):
                for size, (width, height) in SIZES.items():
                    _take(chromium, installation, who, folder, size, {"width": width, "height": height})
            chromium.close()
        finally:
            installation.stop()


def _take(chromium: Browser, installation: Installation, who: str, folder: Path, size: str, viewport: dict[str, int]) -> None:
    context = chromium.new_context(base_url=installation.url, viewport=viewport, reduced_motion="reduce")
    page = context.new_page()
    if who:
        _sign_in(page, who)
    for name, (person, address) in PAGES.items():
        if person != who:
            continue
        page.goto(address)
        _both_themes(page, folder, f"{name}-{size}")
        if name == "client-contacts":
            page.get_by_role("link", name="Add contact person").first.click()
            page.get_by_role("dialog").wait_for()
            _both_themes(page, folder, f"add-contact-{size}")
        if name == "add-client":
            page.get_by_label("Name", exact=True).fill("Acme & Sons")
            page.get_by_role("button", name="Continue").click()
            _both_themes(page, folder, f"add-client-refused-{size}")
        if name == "wizard":
            page.get_by_role("button", name="New client").click()
            page.get_by_label("Company type").select_option(label="Public company")
            page.get_by_label("Category").select_option(label="Public sector")
            page.get_by_role("button", name="Next").click()
            _both_themes(page, folder, f"wizard-identification-{size}")
        if name == "import":
            _import(page, folder, size)
    context.close()


def _import(page: Page, folder: Path, size: str) -> None:
    """Upload the filled sample with some wrong rows and picture each step."""
    from intake.demo.rows import KEYS, rows

    path = folder / "clients.csv"
    labels = ["Name", "Legal name", "External ID", "Status", "E-mail", "Phone", "Website", "Country", "Branch", "Category", "Company type"]
    lines = [labels, *([f'"{row[key]}"' for key in KEYS[: len(labels)]] for row in rows(140, seed=len(size)))]
    path.write_text("\n".join(",".join(line) for line in lines), encoding="utf-8")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Read file").click()
    page.get_by_role("heading", name="Review").wait_for(timeout=60_000)
    page.goto(page.url.partition("?")[0] + "?show=all")
    _both_themes(page, folder, f"import-review-{size}")
    page.get_by_role("link", name="Next: import mode").click()
    _both_themes(page, folder, f"import-mode-{size}")
    page.get_by_role("button", name="Start import").click()
    page.get_by_role("heading", name="Import finished").wait_for(timeout=60_000)
    _both_themes(page, folder, f"import-result-{size}")


def _sign_in(page: Page, who: str) -> None:
    from intake.management.commands.demo import PASSPHRASE, address

    page.goto("/account/sign-in/")
    page.get_by_label("E-mail").fill(who if "@" in who else address(who))
    page.locator("input[name=password]").fill(PASSPHRASE)
    with page.expect_navigation():
        page.locator("input[name=password]").press("Enter")


def _both_themes(page: Page, folder: Path, name: str) -> None:
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.screenshot(path=folder / f"{name}-{theme}.png")


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "shots")
