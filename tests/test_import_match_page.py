"""The match step in the browser: what is missing, double or in doubt is a question; what was confirmed comes back (D13, V28)."""

import gzip

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clients.models import CustomField
from intake import planning
from intake.models import ImportRun, KnownHeaders
from intake.remembering import fingerprint
from tests.importing import csv_bytes, planned, rows_of, work_off

HEADERS = ["Firma", "Full name", "Mail", "Kontakt", "Kunde seit", "Spalte X"]
SAMPLES = [["Brauer Antriebe"], ["Brauer GmbH"], ["info@brauer.example"], ["+49 711 5550120", "030 5550100"], ["09/01/08", "10/02/09"], []]
FOUND = {
    "kind": "csv",
    "encoding": "cp1252",
    "encodings": [
        {"value": "cp1252", "label": "Western European", "sample": ["Grünwald", "£ódŸ"]},
        {"value": "cp1250", "label": "Central European", "sample": ["Grünwald", "Łódź"]},
    ],
    "delimiter": ";",
    "delimiters": [{"value": ";", "label": "semicolon", "columns": 6}, {"value": "\t", "label": "tab", "columns": 1}],
    "header_row": 2,
    "first_rows": [{"row": 1, "texts": ["Kunden 2026"]}, {"row": 2, "texts": HEADERS}],
}


@pytest.fixture
def replanned(monkeypatch) -> list[tuple[str, bool]]:
    """What was planned anew: (state of the run before, whether the file is read anew)."""
    asked = []

    def replan(run, by, *, reread=False, seen=None):
        if run.state not in {ImportRun.State.MATCHING, ImportRun.State.REVIEW}:
            return False
        asked.append((run.state, reread))
        run.state = ImportRun.State.READING
        run.save()
        return True

    monkeypatch.setattr(planning, "replan", replan, raising=False)
    return asked


@pytest.fixture
def make_run(db):
    """Return a function that makes a run whose headers wait for a person."""

    def make(headers=HEADERS, samples=SAMPLES, **fields) -> ImportRun:
        return ImportRun.objects.create(
            filename="kunden.csv",
            headers=headers,
            samples=samples,
            **({"state": ImportRun.State.MATCHING, "sha256": str(headers)[:64]} | fields),
        )

    return make


def url(run: ImportRun, name: str = "match") -> str:
    return reverse(f"intake:{name}", args=[run.pk])


def posted(run: ImportRun, keys: dict[int, str], **more: str) -> dict[str, str]:
    """Return what the page of `run` sends with these fields chosen."""
    return {"headers": fingerprint(run.headers)} | {f"column_{place}": key for place, key in keys.items()} | more


@pytest.fixture
def since(db) -> CustomField:
    return CustomField.objects.create(entity="client", key="since", label="Customer since", kind="date")


def test_the_page_shows_each_column_with_its_values_and_what_it_is_taken_for(make_run, manager, since):
    page = manager.get(url(make_run(found=FOUND)))
    assert page.status_code == 200
    for said in ("info@brauer.example", "Another word for it", "By its values: looks like phone numbers", "Nothing is saved yet"):
        assert said in page.text
    form = page.context["form"]
    assert [form[f"column_{place}"].value() for place in range(6)] == ["name", "legal_name", "email", "phone", "custom:since", ""]


def test_required_fields_come_first_in_the_choice_and_nothing_is_a_choice(make_run, manager, since):
    page = manager.get(url(make_run()))
    select = page.text.partition('id="id_column_0"')[2].partition("</select>")[0]
    assert (
        select.index(">Do not import<")
        < select.index('label="Required"')
        < select.index(">Legal name<")
        < select.index('label="Other fields"')
    )
    assert (
        select.index('label="Other fields"')
        < select.index(">City<")
        < select.index('label="Custom fields"')
        < select.index(">Customer since<")
    )
    assert '<option value="name" selected>' in select


def test_columns_without_values_and_match_are_named_and_shown_when_asked_for(make_run, manager):
    run = make_run()
    page = manager.get(url(run)).text
    assert "1 column without values is left out: Spalte X." in page
    assert 'name="column_5"' not in page
    assert 'name="column_5"' in manager.get(url(run) + "?all=1").text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Name,City\nA,B\n", "The column “Legal name” is missing. Choose which column holds it, or add it to the file."),
        ("Name,Legal name,Mail,E-mail\nA,B,C,D\n", "The headers “Mail”, “E-mail” all mean “Main contact e-mail”. Keep one of them."),
        (
            "Name,Legal name,Kontakt\nA,B,a@b.example\n",
            "“Kontakt” is taken for “Main contact e-mail” because it looks like e-mail addresses.",
        ),
        (
            "Name,Legal name,Customer since\nA,B,09/01/08\n",
            "The texts beneath “Customer since” can be read in two ways as “Customer since”.",
        ),
    ],
)
def test_what_is_in_doubt_stops_the_file_and_is_asked_before_its_rows_are_read(manager, brauer, since, content, said):
    run = planned(content.encode())
    assert (run.state, run.rows_read) == ("matching", 0)
    page = manager.get(run.get_absolute_url(), follow=True)
    assert page.redirect_chain[-1][0] == url(run)
    assert said in page.text


@pytest.mark.parametrize("content", ["Name,Legal name,Wetter\nA,B,sunny\n", "Legal name,Notes\nA & B,x\n", "External ID,Notes\n7,x\n"])
def test_where_everything_is_sure_the_step_is_skipped(brauer, content):
    assert planned(content.encode()).state == "review"


def test_that_a_name_is_made_from_the_legal_name_is_said(make_run, manager):
    assert "“Name” is made from “Legal name” for each new client." in manager.get(url(make_run(["Legal name"], [["x"]]))).text


def test_a_confirmed_match_reads_the_rows_and_the_next_file_like_it_is_not_asked_about(manager, brauer, since):
    content = "Kurz,Lang,Seit\nCastell Optik,Castell Optik AG,%s\n"
    run = planned((content % "09/01/08").encode())
    manager.post(url(run), posted(run, {0: "name", 1: "legal_name", 2: "custom:since"}, reading_2="mdy"))
    work_off()
    run.refresh_from_db()
    assert (run.state, run.counts, rows_of(run)[0].values["custom:since"]) == ("review", {"new": 1}, "2008-09-01")
    later = planned((content % "10/02/09").encode())
    assert (later.state, later.mapping, later.options) == ("review", run.mapping, {"dates": {"custom:since": "mdy"}})


def test_a_match_that_is_changed_from_the_review_judges_the_rows_anew(manager, brauer):
    run = planned(b"Name,Legal name,Wetter\nCastell Optik,Castell Optik AG,Jena\n")
    manager.post(url(run), posted(run, {0: "name", 1: "legal_name", 2: "city"}))
    work_off()
    assert rows_of(run)[0].values["city"] == "Jena"


def test_another_encoding_reads_the_file_anew_and_is_right_for_the_next_one(manager, brauer):
    content = "Name;Legal name;Wetter\r\nA;Łódź Żar sp. z o.o.;x\r\n".encode("cp1250")
    run = planned(content)
    ImportRun.objects.filter(pk=run.pk).update(found=run.found | {"encodings": [{"value": "cp1250", "label": "Central European"}]})
    manager.post(url(run, "reread"), {"encoding": "cp1250"})
    work_off()
    run.refresh_from_db()
    assert (run.state, run.found["encoding"], run.samples[1]) == ("review", "cp1250", ["Łódź Żar sp. z o.o."])


def test_a_double_field_is_shown_at_both_columns_with_the_other_one_named(make_run, manager):
    rows = manager.get(url(make_run(["Name", "Legal name", "Mail", "E-mail"], [["x"]] * 4))).context["rows"]
    assert [(row.field.value(), row.warning) for row in rows[2:]] == [
        ("email", "“E-mail” holds the same field. Keep one of them."),
        ("email", "“Mail” holds the same field. Keep one of them."),
    ]


def test_what_is_chosen_is_kept_remembered_and_planned(make_run, manager, replanned, since):
    run = make_run(problems=["x"])
    answer = manager.post(url(run), posted(run, {0: "name", 1: "legal_name", 4: "custom:since"}, reading_4="mdy"))
    assert (answer.status_code, answer["Location"]) == (303, run.get_absolute_url())
    run.refresh_from_db()
    assert (run.mapping, run.is_matched, run.problems) == ([[0, "name"], [1, "legal_name"], [4, "custom:since"]], True, [])
    assert run.options == {"dates": {"custom:since": "mdy"}}
    assert replanned == [("matching", False)]
    again = manager.get(url(make_run(sha256="another"))).context
    assert [row.field.value() for row in again["rows"]] == ["name", "legal_name", "", "", "custom:since"]


def test_a_column_that_was_left_out_last_time_stays_left_out_and_says_as_last_time_where_it_was_chosen(make_run, manager, replanned, db):
    run = make_run()
    manager.post(url(run), posted(run, {0: "name", 1: "legal_name", 3: "notes"}))
    rows = {row.title: row for row in manager.get(url(make_run(sha256="another"))).context["rows"]}
    assert (rows["Kontakt"].field.value(), rows["Kontakt"].how) == ("notes", "As last time")
    assert rows["Mail"].field.value() == ""


@pytest.mark.parametrize(
    ("keys", "more", "said"),
    [
        ({0: "name", 1: "name"}, {}, "“Name” is chosen for “Firma”, too. Keep it for one of them."),
        ({0: "name"}, {}, "The column “Legal name” is missing. Choose which column holds it"),
        ({1: "legal_name", 4: "custom:since"}, {}, "“09/01/08” can be read in two ways."),
        ({1: "legal_name", 4: "custom:since"}, {"reading_4": "xyz"}, "Select a valid choice."),
        ({1: "legal_name", 2: "nonsense"}, {}, "Select a valid choice."),
    ],
)
def test_a_choice_that_cannot_be_is_refused_with_the_reason_and_what_was_chosen_stays(
    make_run, manager, replanned, since, keys, more, said
):
    run = make_run()
    answer = manager.post(url(run), posted(run, keys, **more))
    assert answer.status_code == 422
    assert said in answer.text
    assert "<title>Error: " in answer.text
    assert answer.context["form"]["column_0"].value() == keys.get(0)
    run.refresh_from_db()
    assert (run.mapping, run.is_matched, replanned) == ([], False, [])
    assert not KnownHeaders.objects.exists()


def test_from_the_review_the_match_can_be_opened_and_changed(make_run, manager, replanned):
    run = make_run(state="review", mapping=[[0, "legal_name"]], is_matched=True, rows_read=3)
    page = manager.get(url(run))
    assert [row.field.value() for row in page.context["rows"]] == ["legal_name", "", "", "", ""]
    assert page.context["rows"][0].how == "Chosen by a person"
    manager.post(url(run), posted(run, {1: "legal_name"}))
    assert replanned == [("review", False)]


@pytest.mark.parametrize("state", ["uploaded", "reading", "applying", "done", "failed", "cancelled"])
def test_a_page_of_an_import_that_went_on_leads_to_where_it_stands(make_run, manager, replanned, state):
    run = make_run(found=FOUND)
    ImportRun.objects.filter(pk=run.pk).update(state=state)
    assert manager.get(url(run))["Location"] == run.get_absolute_url()
    for name, sent in (("match", posted(run, {0: "name", 1: "legal_name"})), ("reread", {"encoding": "cp1250"})):
        answer = manager.post(url(run, name), sent)
        assert (answer.status_code, answer["Location"]) == (303, run.get_absolute_url())
    assert replanned == []


def test_an_import_that_starts_while_the_page_is_sent_is_not_touched(make_run, manager, monkeypatch):
    monkeypatch.setattr(planning, "replan", lambda run, by, *, reread=False, seen=None: False, raising=False)
    run = make_run()
    page = manager.post(url(run), posted(run, {0: "name", 1: "legal_name"}), follow=True)
    assert "went on meanwhile" in page.text
    assert not KnownHeaders.objects.exists()
    assert ImportRun.objects.get(pk=run.pk).mapping == []


def test_a_page_of_other_headers_does_not_match_them(make_run, manager, replanned):
    run = make_run()
    sent = posted(run, {0: "name", 1: "legal_name"})
    ImportRun.objects.filter(pk=run.pk).update(headers=["Legal name", "Firma"])
    assert manager.post(url(run), sent).status_code == 303
    assert replanned == []


@pytest.mark.parametrize(
    ("sent", "before", "after"),
    [
        ({"encoding": "cp1250"}, {"header_row": 2}, {"header_row": 2, "encoding": "cp1250"}),
        ({"delimiter": "\t"}, {"header_row": 2, "encoding": "cp1250"}, {"delimiter": "\t", "encoding": "cp1250"}),
        ({"header_row": "1"}, {}, {"header_row": 1}),
        ({"sheet": "Alt"}, {"header_row": 2, "dates": {"a": "dmy"}}, {"sheet": "Alt", "dates": {"a": "dmy"}}),
    ],
)
def test_the_reading_is_changed_with_one_click_and_the_file_read_anew(make_run, manager, replanned, sent, before, after):
    run = make_run(found=FOUND | {"sheet": "Neu", "sheets": ["Neu", "Alt"]}, options=before, is_matched=True)
    assert manager.post(url(run, "reread"), sent).status_code == 303
    run.refresh_from_db()
    assert (run.options, run.is_matched, replanned) == (after, False, [("matching", True)])


@pytest.mark.parametrize("sent", [{"encoding": "utf-7"}, {"sheet": "Other"}, {"header_row": "99"}, {"kind": "xlsx"}, {}])
def test_what_was_not_offered_is_not_read(make_run, manager, replanned, sent):
    run = make_run(found=FOUND, options={"encoding": "cp1252"})
    assert manager.post(url(run, "reread"), sent).status_code == 303
    run.refresh_from_db()
    assert (run.options, replanned) == ({"encoding": "cp1252"}, [])


def test_each_way_to_read_is_offered_with_what_tells_them_apart(make_run, manager):
    page = manager.get(url(make_run(found=FOUND))).text
    for said in ("Grünwald · Łódź", '<button class="btn sm" type="submit" name="encoding" value="cp1250">', "1 column", "Kunden 2026"):
        assert said in page
    assert 'value="cp1252"' not in page
    assert "<details" in page
    assert "<details" not in manager.get(url(make_run(sha256="another"))).text


def test_hostile_headers_and_values_are_text(make_run, manager):
    nasty = "<script>alert(1)</script>"
    page = manager.get(url(make_run([nasty, "Legal name"], [[nasty, "{{7*7}}"], ["x"]], found={"encoding": nasty, "sheets": [nasty, "b"]})))
    assert nasty not in page.text
    assert "&lt;script&gt;" in page.text


def test_the_widest_file_has_a_page_of_bearable_size_in_few_statements(make_run, manager, django_assert_max_num_queries):
    run = make_run([f"Header {number}" for number in range(256)], [["x"]] * 256)
    with django_assert_max_num_queries(12):
        page = manager.get(url(run))
    # 256 selects of every column that a client has; they are all alike, so that little of it travels.
    assert len(page.content) < 820_000
    assert len(gzip.compress(page.content)) < 40_000


def test_a_column_that_nobody_knows_is_asked_about_once_and_left_out_by_a_feed(manager, headquarters):
    content = csv_bytes([{"name": "A", "legal_name": "x", "shoe": "44"}], ("name", "legal_name"), {"shoe": "Shoe size"})
    manager.post(reverse("intake:upload"), {"kind": "corporate", "file": SimpleUploadedFile("a.csv", content)})
    work_off()
    run = ImportRun.objects.get()
    assert (run.state, run.problems) == ("matching", ["The column “Shoe size” is not known. Say what it is, or leave it out."])
    page = manager.get(reverse("intake:match", args=[run.pk])).text
    assert "Shoe size” is not known" in page
    again = planned(content + b"B,x,45\n")
    assert (again.state, again.counts) == ("review", {"new": 2})
