"""The clients list as a file: exactly what is shown, streamed, and nothing a spreadsheet program would run (S1, SD9; V17, V18)."""

import csv
import io
import re
import tracemalloc
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from clientdesk import list_memory
from clientdesk.models import User
from clientdesk.rights import Role
from clientdesk.spreadsheets import restore
from clientdesk.tables import exporting
from clients.columns import ClientColumns
from clients.models import Category, Client, CustomField
from tests.doors import dump

LIST, EXPORT, COLUMNS = "/clients/", "/clients/export/", "/clients/columns/"


@pytest.fixture
def three(make_client) -> list[Client]:
    return [
        make_client("Aalto", country="FI", city="Espoo"),
        make_client("Brauer"),
        make_client("Elena", kind="individual", last_name="Elena", email="elena@home.example"),
    ]


def rows(browser, address: str = "view=all", kind: str = "csv") -> list[list]:
    """Return head and rows of the file that the export of `address` gives."""
    answer = browser.get(f"{EXPORT}?{address}&format={kind}")
    assert answer.status_code == 200
    content = answer.getvalue()
    if kind == "xlsx":
        return [list(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


STANDARD = [
    *("Client", "Number", "Status", "Category", "Branch", "Country", "Primary contact", "E-mail of the primary contact", "Phone", "Portal"),
    "Jobs to do",
]


def test_the_file_holds_the_columns_and_rows_of_the_list(desk, three, ada):
    found = rows(desk)
    assert found[0] == STANDARD
    assert found[1] == ["Aalto", "C-00001", "Active", "", "Berlin", "Finland", "", "", "", "", "0"]
    assert [row[0] for row in found[1:]] == [row.client.name for row in desk.get(f"{LIST}?view=all").context["rows"]]
    row = next(row for row in found if row[0] == "Brauer Antriebe")
    assert row[6:] == ["Ada Krämer", "ada@brauer.example", "", "No access", "0"]


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("view=individual", ["Elena"]),
        ("kind=corporate&sort=-name", ["Brauer", "Aalto"]),
        ("q=aalto", ["Aalto"]),
        ("country=FI&status=active", ["Aalto"]),
        ("view=inactive", []),
        ("sort=-number&unknown=1", ["Elena", "Brauer", "Aalto"]),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_filters_view_and_order_are_those_of_the_list(desk, three, address, names, kind):
    assert [row[0] for row in rows(desk, address, kind)[1:]] == names


def test_a_file_reads_less_and_says_of_each_client_what_the_list_says(three, ada):
    room = CustomField.objects.create(entity="client", key="room", label="Room", kind="text")
    Client.objects.filter(name="Aalto").update(category=Category.objects.create(name="Publishing"), custom={room.key: "4"})
    columns = ClientColumns({column.name for column in ClientColumns().all} - {"sales_person"})
    columns.has_words = False

    def cells(read) -> list[list]:
        found = columns.rows(list(read(Client.objects.order_by("pk"))))
        return [[columns.in_files(column.name, row) for column in columns.shown if column.name != "shortcuts"] for row in found]

    read = cells(columns.read_for_files)
    assert read == cells(columns.read)
    assert ["4"] in read[0]
    assert ["Ada Krämer", "ada@brauer.example"] in read[3]


def test_a_saved_view_is_exported_with_its_own_columns(desk, three):
    desk.post(COLUMNS, {"column": ["city"]})
    desk.post("/clients/views/save/?kind=corporate", {"name": "Companies"})
    desk.post(COLUMNS, {"standard": "1"})
    saved = re.search(r"\?saved=\d+", desk.get(LIST).text)[0].lstrip("?")
    assert rows(desk, saved) == [["Client", "City"], ["Aalto", "Espoo"], ["Brauer", ""]]
    assert rows(desk, "view=all")[0] == STANDARD


def test_chosen_columns_come_in_the_order_of_the_list_with_typed_values(desk, make_client):
    for key, kind in (("rating", "number"), ("since", "date"), ("called", "moment"), ("vip", "checkbox"), ("tags", "choices")):
        CustomField.objects.create(entity="client", key=key, label=key.title(), kind=kind, options=["a", "b"])
    values = {"rating": "4.50", "since": "2020-02-29", "called": "2026-01-02T10:00:00Z", "vip": True, "tags": ["a", "b"]}
    make_client("Aalto", custom=values)
    wanted = [f"custom:{key}" for key in values]
    desk.post(COLUMNS, {"column": ["created", *wanted]})
    head, row = rows(desk, "view=all", "xlsx")
    assert head == ["Client", "Created", "Called", "Rating", "Since", "Tags", "Vip"]
    today = timezone.localdate()
    assert row == [
        "Aalto",
        datetime(today.year, today.month, today.day),
        datetime(2026, 1, 2, 11, 0),
        4.5,
        datetime(2020, 2, 29),
        "a, b",
        "Yes",
    ]
    assert rows(desk)[1][1] == today.isoformat()


def test_picked_rows_alone_are_exported(desk, three):
    picks = f"query=view%3Dall&pick={three[0].pk}&pick={three[2].pk}&pick=999999&pick=x"
    assert [row[0] for row in rows(desk, picks)[1:]] == ["Aalto", "Elena"]
    assert [row[0] for row in rows(desk, "query=kind%3Dcorporate&all=1")[1:]] == ["Aalto", "Brauer"]


def test_nothing_picked_leads_back_with_a_sentence(desk, three):
    page = desk.get(f"{EXPORT}?query=kind%3Dindividual&format=xlsx", follow=True)
    assert page.redirect_chain == [(f"{LIST}?view=all&kind=individual", 303)]
    assert "Select at least one client to export." in page.text


def test_a_hidden_client_is_in_no_file(desk, three, make_staff):
    """XD33: not by the list, not by its key."""
    three[0].restricted_to_responsible, three[0].sales_person = True, make_staff(Role.MANAGER)
    three[0].save()
    assert "Aalto" not in [row[0] for row in rows(desk)]
    assert rows(desk, f"query=&pick={three[0].pk}&pick={three[1].pk}")[1:] == [rows(desk, "q=Brauer")[1]]


def test_the_file_is_named_by_its_day_and_never_shown_by_a_browser(desk, three):
    for kind, content_type in exporting.FORMATS.items():
        answer = desk.get(f"{EXPORT}?format={kind}")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="clients-{timezone.localdate()}.{kind}"'
        assert answer.headers["Content-Type"] == content_type
        assert answer.headers["Cache-Control"] == "no-store"
    assert desk.get(f"{EXPORT}?format=exe").headers["Content-Disposition"].endswith('.xlsx"')


def test_whoever_may_not_export_gets_nothing(make_staff, as_user, three, monkeypatch):
    monkeypatch.setitem(__import__("clientdesk.rights", fromlist=["ROLES"]).ROLES, Role.READER, frozenset({"view"}))
    reader = as_user(make_staff(Role.READER))
    before = dump()
    assert reader.get(EXPORT).status_code == 403
    assert dump() == before
    assert "export-menu" not in reader.get(LIST).text


@pytest.mark.parametrize(
    "text", ["=1+1", "+49 30", "-5", "@sum(a1)", "\t=1", "'=1", "＝1+1", "{{7*7}}", "<b>x</b>", 'a"b;c,d', "שלום", "\u202eabc"]
)
def test_what_looks_like_a_formula_comes_out_as_text_and_back_as_it_was(desk, headquarters, text):
    """V17, V18: the CSV neutralises, and its way back is exact; the workbook stores texts."""
    Client.objects.create(number="N1", name="Aalto", legal_name="x", branch=headquarters, contract_number=text, city=text)
    desk.post(COLUMNS, {"column": ["city", "contract_number"]})
    [city, contract] = rows(desk)[1][1:]
    assert restore(city) == restore(contract) == text
    assert not re.match(r"[=+\-@\t＝]", city)
    workbook = load_workbook(io.BytesIO(desk.get(f"{EXPORT}?view=all").getvalue()))
    cell = workbook.active["B2"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_every_naughty_string_survives(desk, headquarters):
    signs = "=+-@'\"\t\r\n,;|<>&{}%$`\\ ＝＋－＠é株שª👩‍👩‍👧\u200b\u202e\ufeff\x0b\x1f_x0041_"
    texts = [f"{first}{second}1{first}" for first in signs for second in signs[:24]]
    Client.objects.bulk_create(
        Client(number=f"N{n}", name=f"N{n:04}", name_key=f"n{n:04}", legal_name="x", branch=headquarters, contract_number=text)
        for n, text in enumerate(texts)
    )
    desk.post(COLUMNS, {"column": ["contract_number"]})
    assert [restore(row[1]) for row in rows(desk)[1:]] == texts


def test_a_file_has_every_client_once_and_asks_once_a_batch(desk, headquarters, monkeypatch):
    monkeypatch.setattr(exporting, "BATCH", 50)
    crowd(headquarters, 230)
    with CaptureQueriesContext(connection) as asked:
        found = rows(desk, "sort=status")
    assert len({row[1] for row in found[1:]}) == len(found) - 1 == 230
    assert len([query for query in asked if 'FROM "clients_client"' in query["sql"] and '"clients_branch"."name"' in query["sql"]]) == 5


def test_the_first_piece_leaves_before_the_rows_are_read_and_memory_stays(desk, headquarters, monkeypatch):
    monkeypatch.setattr(exporting, "BATCH", 200)
    crowd(headquarters, 4000)
    for kind in ("csv", "xlsx"):
        with CaptureQueriesContext(connection) as asked:
            content = desk.get(f"{EXPORT}?view=all&format={kind}").streaming_content
            assert next(content)
            before = len([query for query in asked if "primary" in query["sql"]])
        assert before == 0
        peaks = []
        tracemalloc.start()
        for part in range(2):
            tracemalloc.reset_peak()
            for _piece in zip(range(5), content, strict=False) if part == 0 else content:
                pass
            peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert peaks[1] < 20 * 2**20


def test_a_sheet_that_would_be_too_long_is_refused_before_it_begins(desk, three, monkeypatch):
    monkeypatch.setattr(exporting, "SHEET_ROWS", 3)
    page = desk.get(f"{EXPORT}?view=all&format=xlsx", follow=True)
    assert "Export them as a CSV file" in page.text
    assert len(rows(desk)) == 4


def test_exporting_does_not_move_the_place_in_the_list(desk, three):
    desk.get(f"{LIST}?q=aalto")
    rows(desk, "view=individual")
    user = User.objects.get(role=Role.DESK)
    assert list_memory.recall(user, "clients").query == "view=all&q=aalto"


def crowd(branch, count: int) -> None:
    """Add `count` clients at once."""
    Client.objects.bulk_create(
        Client(number=f"M{n}", name=f"Many {n:05}", name_key=f"many {n:05}", search_key="many", legal_name="x", branch=branch)
        for n in range(count)
    )
