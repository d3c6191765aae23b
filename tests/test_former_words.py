"""A file that was filled in with an older template names entries as they were called then: what became of them is said and suggested."""

import pytest
from django.utils import timezone

from clientdesk.rights import Role
from clients.models import Category, Client, ClientIndustry, CustomField, Industry
from intake import template_file
from intake.exporting import rows as exported_rows
from intake.kinds import resource
from intake.models import ImportRun
from tests.importing import csv_bytes, planned

KEYS = ("name", "legal_name", "category")


def said(text: str, by) -> str:
    """Return what the review says of a row with the category `text`."""
    row = planned(csv_bytes([{"name": "Aalto", "legal_name": "Aalto Oy", "category": text}], KEYS), by=by).rows.get()
    return (row.errors or {}).get("category", [""])[0]


@pytest.fixture
def boss(make_staff, headquarters):
    return make_staff(Role.MANAGER)


@pytest.fixture
def once(boss) -> Category:
    """A category that was called “Prime” and is “Important” now."""
    category = Category.objects.create(name="Prime")
    category.name = "Important"
    category.save()
    return category


def test_a_renamed_entry_is_suggested_by_its_new_name(client, boss, once):
    assert said("prime", boss) == "“prime” is no category. It was renamed since. Use “Important”."
    client.force_login(boss)
    assert "Use “Important”" in client.get(f"/import/{ImportRun.objects.get().pk}/review/").text


def test_an_entry_that_was_renamed_and_back_is_an_entry(boss, once):
    once.name = "Prime"
    once.save()
    assert said("Prime", boss) == ""


def test_a_deleted_entry_is_called_so(boss, once):
    once.delete()
    assert "“Important” is no category. It was deleted on " in said("Important", boss)
    assert "It was deleted on " in said("Prime ", boss)


def test_a_renamed_entry_that_is_out_of_use_is_not_suggested(boss, once):
    once.active = False
    once.save()
    assert "renamed" not in said("Prime", boss)


def test_what_was_renamed_after_an_export_for_editing_is_no_edit(boss, make_client):
    """The mark of each row says when it was exported."""
    category, industries = Category.objects.create(name="Prime"), [Industry.objects.create(name=name) for name in ("Energy", "Law")]
    client = make_client("Aalto", category=category)
    for industry in industries:
        ClientIndustry.objects.create(client=client, industry=industry)
    source = resource("corporate")
    source.prepare(boss)
    [cells] = exported_rows("corporate", source.columns(), Client, [client.pk], timezone.now())
    category.name, industries[0].name = "Important", "Power"
    category.save()
    industries[0].save()
    row = dict(zip([column.key for column in source.columns()], cells, strict=False)) | {"id": cells[-2], "mark": cells[-1]}
    assert (row["category"], row["industries"]) == ("Prime", "Energy, Law")
    marks = {"id": "ClientDesk ID", "mark": "ClientDesk version"}
    run = planned(csv_bytes([row], more=marks), by=boss)
    assert (run.rows.get().verdict, run.rows.get().errors) == ("unchanged", None)
    edited = planned(csv_bytes([row | {"industries": "Energy"}], more=marks), by=boss).rows.get()
    assert edited.errors == {"industries": ["“Energy” is no industry. It was renamed since. Use “Power”."]}


def test_an_older_template_is_known_and_what_it_lacks_is_named(boss):
    """The stamp in the properties of the workbook."""
    content = template_file.make("corporate", "xlsx", filled=True)
    run = planned(content, "template.xlsx", boss)
    assert run.found["template"] == template_file.stamp("corporate")
    assert not any("older" in note for note in run.notes)
    CustomField.objects.create(entity="client", key="memo", label="Memo", kind="text")
    run.discard()
    run = planned(content, "template.xlsx", boss)
    assert "This file was made from an older template. Columns of today that it lacks: “Memo”." in run.notes


def test_a_word_that_never_was_is_as_unknown_as_before(boss, once):
    assert said("Nonsense", boss) == "“Nonsense” is no category. Use one of: Important."
