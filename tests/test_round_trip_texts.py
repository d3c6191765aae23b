"""Whatever text a record holds, its export is no formula, and imported again it changes nothing (V17, V18, D03)."""

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from clientdesk.rights import Role
from clients.models import Branch, Client, CustomField
from intake.models import ImportRun
from tests.importing import planned, rows_of

EXPORT = "/import/export/corporate/?view=all"
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "'=", "''+")
PAYLOADS = [
    *(f"{start}{rest}" for start in STARTS for rest in ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x.example","y")')),
    "DDE(\"cmd\";\"/C calc\";\"x\")", "|cmd", "%0A=1+1", "_x003D_1+1", "_x000D_", "a_x000D_\nb", "_x005F_x000D_", "0001", "1e5", "1.0",
    "TRUE", "#N/A", "(clear)", "  two  spaces ", "tab\there", "line\r\nend\rmore\n", "\u202eabc", "שלום", "مرحبا", "👩‍👩‍👧‍👦", "e\u0301",
    "<b>&amp;</b>", "\x07bell", "\ufeffmark", "\u200b", "\x0b", "ＡＢＣ", "'", "''", '"', ",", ";", "31.02.2020", "x" * 400,
]  # fmt: skip
TEXTS = ("street", "city", "contract_number", "notes", "province", "tax_number", "website", "email")


@pytest.fixture
def boss(client, make_staff):
    """A manager who is signed in, as `client`."""
    CustomField.objects.create(entity="client", key="memo", label="Memo", kind="text")
    staff = make_staff(Role.MANAGER)
    client.force_login(staff)
    return staff


def make_clients(branch: Branch, texts: list[str]) -> None:
    """Make a client for each of `texts`, which stands in each of its text fields as far as it fits."""
    fits = {name: Client._meta.get_field(name).max_length or 400 for name in TEXTS}
    for number, text in enumerate(texts):
        values = {name: text[:most] for name, most in fits.items()}
        Client.objects.create(
            name=f"C {number}",
            number=f"N{number}",
            legal_name=text[:200] or "x",
            branch=branch,
            custom={"memo": text} if text else {},
            **values,
        )


def came_back(browser, boss) -> ImportRun:
    """Return the run of the whole list, exported and uploaded as it is; none of it is a formula."""
    content = browser.get(EXPORT).getvalue()
    cells = [cell for row in load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    return planned(content, "c.xlsx", boss)


def test_no_payload_becomes_a_formula_or_a_change(client, boss, headquarters):
    make_clients(headquarters, PAYLOADS)
    run = came_back(client, boss)
    assert run.counts == {"unchanged": len(PAYLOADS)}, [
        (row.raw, row.errors, row.changes) for row in rows_of(run) if row.verdict != "unchanged"
    ]
    assert {(row.errors, row.warnings) for row in rows_of(run)} == {(None, None)}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60), min_size=1, max_size=25))
def test_no_text_becomes_a_change(client, boss, headquarters, texts):
    ImportRun.objects.all().delete()
    Client.objects.all().delete()
    make_clients(headquarters, texts)
    assert came_back(client, boss).counts == {"unchanged": len(texts)}
