"""Quotes and projects go where their client and its people go: merges and back, moves, erasure (XD1, XD33, invariant 6)."""

import json

import pytest
from django.core import serializers
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from clientdesk.ledger import take_back
from clientdesk.merging import Merging
from clientdesk.models import Change
from clientdesk.personal import erasing
from clientdesk.personal.subject import dossier, person
from clients.merging import MERGER as CLIENTS
from clients.models import Client
from contacts.moving import Moving
from jobs import files
from jobs.merging import LeftWork, WorkOfContact
from jobs.models import Document, Project, ProjectContact, Quote, QuoteContact, QuoteLine
from tests.quoting import LINES


@pytest.fixture
def berg(ada):
    return ada.client.contacts.register(ada.client, first_name="Idalie", last_name="Krähenbühl", email="ida@brauer.example")


def test_quotes_and_projects_go_along_when_two_clients_become_one_and_back(make_quote, make_project, make_client, make_staff):
    loser, winner, by = make_client("Brauer alt"), make_client("Nordlicht"), make_staff("manager")
    sales, same = loser.departments.create(name="Sales"), winner.departments.create(name="Sales")
    who = loser.contacts.register(loser, last_name="Berg", email="berg@brauer.example")
    made = [make(client=loser, department=sales, contact=who) for make in (make_quote, make_project)]
    merge = CLIENTS.merge(winner.pk, loser.pk, by, {}, {one.pk: str(one.version) for one in Client.objects.all()})
    for item in made:
        item.refresh_from_db()
        assert (item.client, item.department, item.office.client, item.contact.client) == (winner, same, winner, winner)
    CLIENTS.undo(merge.pk, by)
    for item in made:
        item.refresh_from_db()
        assert (item.client_id, item.department_id, item.office.client_id, item.contact.client_id) == (
            loser.pk,
            sales.pk,
            loser.pk,
            loser.pk,
        )


def test_quotes_and_projects_name_the_contact_that_stays_once(make_quote, make_project, ada, berg):
    made = [make(contact=berg, others=[ada]) for make in (make_quote, make_project)] + [make_quote(others=[berg])]
    merging = Merging(ada, berg)
    with transaction.atomic():
        WorkOfContact().move(merging)
    for item in made:
        item.refresh_from_db()
        assert item.contact == ada
    assert not QuoteContact.objects.exists()
    assert not ProjectContact.objects.exists()
    take_back(merging.ledger.steps)
    assert (QuoteContact.objects.count(), ProjectContact.objects.count()) == (2, 1)


def test_who_goes_to_another_client_is_no_longer_named_and_each_kind_is_said(make_quote, make_project, make_client, ada, berg):
    quote, project, target = make_quote(), make_project(contact=berg, others=[ada]), make_client("Nordlicht")
    assert [said.sentence for said in LeftWork().says(ada, target)] == [
        "1 quote stays with Brauer Antriebe and does not name Ada Krämer any more.",
        "1 project stays with Brauer Antriebe and does not name Ada Krämer any more.",
    ]
    with transaction.atomic():
        LeftWork().move(Moving(ada, target))
    quote.refresh_from_db()
    assert (quote.client, quote.contact, project.links.count()) == (ada.client, None, 0)


def test_the_erasure_of_a_contact_takes_its_name_out_of_quotes_projects_and_files_and_leaves_the_amounts(
    make_quote, make_project, make_staff, ada, berg, django_capture_on_commit_callbacks
):
    lines = [*LINES, ("Talk with Idalie Krähenbühl", "1", "80", "19")]
    quote = make_quote("Manual for Idalie Krähenbühl", contact=berg, lines=lines, internal_notes="Ring ida@brauer.example")
    other = make_quote("Manual of the fan", client_notes="As Idalie Krähenbühl said")
    make_project(contact=berg, description="Ask Idalie Krähenbühl")
    file = files.add(quote, ContentFile(b"x", "Idalie Krähenbühl.pdf"), by=None)
    kept = files.add(other, ContentFile(b"y", "Manual.pdf"), by=None)
    subject = person(berg, "Erased contact")
    told = json.dumps([[table.key, table.rows] for table in dossier(subject)], default=str)
    assert "Ring ida@brauer.example" in told
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(person(berg, "Erased contact"), make_staff("administrator"))
    models = (Quote, QuoteLine, Project, Document, Change)
    left = serializers.serialize("json", [row for model in models for row in model.objects.all()], ensure_ascii=False).casefold()
    assert "krähenbühl" not in left
    assert "ida@brauer" not in left
    assert Quote.objects.get(pk=quote.pk).total == quote.total
    assert Quote.objects.get(pk=other.pk).name == "Manual of the fan"
    assert [document.pk for document in Document.objects.all()] == [kept.pk]
    assert not default_storage.exists(file.file.name)


def test_an_individual_leaves_amounts_and_the_bill_without_a_name(make_client, make_quote, make_project, make_staff):
    client = make_client("Idalie", kind="individual", first_name="Idalie", last_name="Krähenbühl", email="i@k.example")
    contact = client.contacts.get()
    quote, project = make_quote("Letters", client=client, contact=contact), make_project("Letters", client=client, contact=contact)
    files.add(project, ContentFile(b"x", "Letter.pdf"), by=None, kind="deliverable")
    bill = files.add(project, ContentFile(b"y", "Bill Idalie.pdf"), by=None, kind="invoice", number="R-1")
    erasing.erase(person(client, "Erased client"), make_staff("administrator"))
    quote.refresh_from_db()
    assert (quote.name, quote.net, quote.lines.get().text) == ("Erased", quote.net, "Erased")
    assert [(one.pk, one.filename, one.number) for one in Document.objects.all()] == [(bill.pk, "Erased", "R-1")]
