"""The history of a client tells of what hangs on it, in words (issue 3, point 7; S3 History)."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clientdesk import history
from clientdesk.models import Change, LegalHold, LongRun, Merge, User
from clients.models import Client, ClientDocument, ClientFormats, ClientIndustry, CustomField, Industry, Responsible
from portal.models import ClientAccess
from portal.rights import Right


def page_of(client, browser, query=""):
    return browser.get(reverse("clients:history", args=[client.pk]) + query)


def headlines(page) -> list[str]:
    return [entry.headline for entry in page.context["entries"] if entry.headline]


def hang(client: Client) -> list[str]:
    """Change everything that hangs on `client` and return the headlines that its history has for it, oldest first."""
    user = User.objects.first()
    industry = ClientIndustry.objects.create(client=client, industry=Industry.objects.create(name="Medical technology"))
    responsible = Responsible.objects.create(client=client, user=user)
    document = ClientDocument.objects.create(client=client, filename="contract <b>.pdf", file=ContentFile(b"x", "kept"))
    formats = ClientFormats.objects.create(client=client, use_own=True, date_format="Y-m-d")
    formats.date_format = "d.m.Y"
    formats.save()
    access = ClientAccess.objects.create(client=client, rights=int(Right.QUOTES_VIEW))
    access.rights = int(Right.QUOTES_VIEW | Right.JOBS_VIEW | Right.JOBS_ADD)
    access.save()
    office = client.offices.create(name="Lisbon")
    office.city = "Lisboa"
    office.save()
    department = client.departments.create(name="Purchasing", office=office)
    department.deactivate()
    client.contacts.register(client, first_name="Ada", last_name="Krämer")
    for record in (industry, responsible, document):
        record.delete()
    company = client.company
    company.registration_number = "HRB 7"
    company.save()
    return [
        "Industry added: Medical technology",
        f"Person responsible added: {user}",
        "Document added: contract <b>.pdf",
        "Formats set",
        "Formats changed",
        "Portal rights set",
        "Portal rights changed",
        "Office added: Lisbon",
        "Office changed: Lisbon",
        "Department added: Purchasing",
        "Department changed: Purchasing",
        "Contact person added: Ada Krämer",
        "Industry removed: Medical technology",
        f"Person responsible removed: {user}",
        "Document removed: contract <b>.pdf",
        "Company changed: Brauer Antriebe GmbH",
    ]


def test_everything_that_hangs_on_a_client_is_told(desk, brauer):
    expected = hang(brauer)
    page = page_of(brauer, desk)
    assert headlines(page)[::-1] == expected
    assert "Industry added: Medical technology" in page.text
    assert "contract &lt;b&gt;.pdf" in page.text
    lines = {entry.headline: [(line.label, line.old, line.new) for line in entry.lines] for entry in page.context["entries"]}
    assert lines["Office changed: Lisbon"] == [("City", "", "Lisboa")]
    assert lines["Formats changed"] == [("Date", "Y-m-d", "d.m.Y")]
    assert lines["Portal rights changed"] == [("Rights", "Quotes: View", "Quotes: View; Jobs: View, Add")]
    assert lines["Company changed: Brauer Antriebe GmbH"] == [("Registration number", "", "HRB 7")]
    assert lines["Industry added: Medical technology"] == []


def test_a_company_that_follows_its_client_and_the_headquarters_tell_nothing_new(desk, brauer):
    brauer.legal_name = "Brauer AG"
    brauer.save()
    assert headlines(page_of(brauer, desk)) == []


def test_the_history_of_another_client_does_not_tell_of_it(desk, brauer, make_client):
    hang(brauer)
    assert headlines(page_of(make_client("Grünwald Pharma"), desk)) == []


def test_holds_and_merges_are_told(desk, brauer):
    kind = ContentType.objects.get_for_model(Client)
    merge = Merge.objects.create(
        content_type=kind, winner_id=brauer.pk, loser_id=99, loser_name="Brauer alt", loser_name_key="brauer alt", loser_number="C-00012"
    )
    hold = LegalHold.objects.create(content_type=kind, object_id=brauer.pk, reason="Lawsuit 7")
    hold.lifted_at = timezone.now()
    hold.save()
    merge.undone_at = timezone.now()
    merge.save()
    assert headlines(page_of(brauer, desk))[::-1] == [
        "C-00012 Brauer alt was merged into this record",
        "Legal hold placed: Lawsuit 7",
        "Legal hold lifted",
        "The merge of Brauer alt was undone",
    ]


LISTS = [
    ("more_emails", [], [{"address": "a@b.example", "cc": True}], "", "a@b.example (gets copies)"),
    (
        "more_emails",
        [{"address": "a@b.example", "cc": False}, {"address": "c@d.example", "cc": False}],
        [{"address": "c@d.example", "cc": False}, {"address": "e@f.example", "cc": False}],
        "a@b.example",
        "e@f.example",
    ),
    ("more_phones", [], [{"number": "+49301234567", "note": "night"}], "", "+49301234567 · night"),
    ("more_websites", [{"url": "https://a.example"}], [], "https://a.example", ""),
]


@pytest.mark.parametrize(("field", "before", "after", "old", "new"), LISTS)
def test_lists_are_told_entry_by_entry(brauer, field, before, after, old, new):
    setattr(brauer, field, before)
    brauer.save()
    setattr(brauer, field, after)
    brauer.save()
    (line,) = history.entries(history.changes_of(brauer)[:1], Client)[0].lines
    assert (line.old, line.new) == (old, new)
    assert "{" not in line.old + line.new


def test_custom_fields_are_told_by_their_label_one_by_one(brauer):
    CustomField.objects.create(entity="client", key="tier", label="Service tier", kind="choice", options=["Gold", "Silver"])
    CustomField.objects.create(entity="client", key="vip", label="VIP", kind="checkbox")
    brauer.custom = {"tier": "Gold", "vip": True, "old_key": "x"}
    brauer.save()
    brauer.custom = {"tier": "Silver", "vip": True}
    brauer.save()
    second, first = history.entries(history.changes_of(brauer)[:2], Client)
    assert {(line.label, line.old, line.new) for line in first.lines} == {
        ("Service tier", "", "Gold"),
        ("VIP", "", "Yes"),
        ("old_key", "", "x"),
    }
    assert {(line.label, line.old, line.new) for line in second.lines} == {("Service tier", "Gold", "Silver"), ("old_key", "x", "")}


def test_it_is_filtered_by_part_person_and_day(desk, manager, brauer):
    hang(brauer)
    run = LongRun.objects.create(kind="import_apply")
    kind = ContentType.objects.get_for_model(Client)
    told = {"object_pk": str(brauer.pk), "object_repr": "B", "changes": {"notes": ["", "imported"]}}
    Change.objects.create(content_type=kind, object_id=brauer.pk, action=Change.Action.UPDATE, run=run, **told)
    manager.post(reverse("clients:deactivate", args=[brauer.pk]))
    who = User.objects.get(email="manager@desk.example")
    today = timezone.localdate()

    assert set(headlines(page_of(brauer, desk, "?field=clientindustry"))) == {
        "Industry added: Medical technology",
        "Industry removed: Medical technology",
    }
    (entry,) = page_of(brauer, desk, f"?who={who.pk}").context["entries"]
    assert (entry.who, entry.fields) == ("Manager Dahl", "Status")
    (entry,) = page_of(brauer, desk, "?who=import").context["entries"]
    assert entry.fields == "Notes"
    everything = len(page_of(brauer, desk).context["entries"])
    assert len(page_of(brauer, desk, f"?since={today}&until={today}").context["entries"]) == everything
    assert "No such change" in page_of(brauer, desk, f"?until={today.replace(year=today.year - 1)}").text
    for nonsense in ("?since=yesterday", "?until=9999-99-99", "?who=0%00", "?field=password", "?since=٢٠٢٦-٠١-٠١", "?until=9999-12-31"):
        assert len(page_of(brauer, desk, nonsense).context["entries"]) == everything


def test_the_number_of_queries_does_not_grow_with_the_history(desk, brauer, make_staff):
    def grow(rounds: int) -> None:
        for number in range(rounds):
            industry = Industry.objects.create(name=f"Industry {Industry.objects.count()}")
            ClientIndustry.objects.create(client=brauer, industry=industry)
            responsible = Responsible.objects.create(client=brauer, user=make_staff(email=f"s{User.objects.count()}@desk.example"))
            responsible.delete()
            brauer.custom = {"tier": str(number)}
            brauer.save()

    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert page_of(brauer, desk).status_code == 200
        return len(made)

    grow(2)
    page_of(brauer, desk)
    before = queries()
    grow(12)
    assert queries() <= before
    assert before < 25
