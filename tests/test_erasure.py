"""Erasing a person's data leaves no trace of who it was, and the facts of the accounts (XD1; issue 3, point 8)."""

import json
import re
from pathlib import Path
from uuid import uuid4

import pytest
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from clientdesk import history
from clientdesk.models import Change, LegalHold, ListMemory, LongRun, Merge, OutgoingMail, SavedView, User
from clientdesk.personal import erasing, holds
from clientdesk.rights import Role
from clients.models import Client, ClientDocument, ClientFormats, CustomField, DuplicatePair
from contacts.crm.mailing import Recipients
from contacts.crm.mailing import send as send_crm
from contacts.models import Contact, ContactFormats, CrmAction, SocialAccount, SocialNetwork
from intake.models import ClientDraft, DraftFile, ImportRun, StagedRow
from portal.models import ContactAccess
from tests.doors import activated, dump, fresh_brakes, is_in  # noqa: F401
from tests.importing import csv_bytes, imported, planned

# What must be found nowhere afterwards: what only this person is called, whole or in parts, as it was and as it is.
TRACES = [
    "krähenbühl",
    "krahenbuhl",
    "kr\\u00e4henb",
    "idalie",
    "ida.k@post.example",
    "ida.alt@post.example",
    "5550142",
    "5550177",
    "Rabenweg",
]


@pytest.fixture
def administrator(make_staff, as_user):
    return as_user(make_staff(Role.ADMINISTRATOR))


@pytest.fixture(autouse=True)
def after_commit(monkeypatch):
    """What waits for the commit happens at once: the transaction of a test has none."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act, **how: act())


def by_form(make_client) -> Client:
    CustomField.objects.create(entity="client", key="nick", label="Nickname", kind="text")
    return make_client(
        "Idalie Krähenbühl",
        kind="individual",
        legal_name="Idalie Krähenbühl",
        email="ida.k@post.example",
        phone="+49305550142",
        street="Rabenweg 7",
        first_name="Idalie",
        last_name="Krähenbühl",
        custom={"nick": "Idalie"},
    )


def lived(client: Client, make_staff, settings) -> None:
    """Let everything happen to `client` that leaves data of the person somewhere."""
    staff = make_staff(Role.MANAGER, email="boss@desk.example")
    client.refresh_from_db()
    client.email, client.more_emails = "ida.alt@post.example", [{"address": "ida.alt@post.example", "cc": True}]
    client.notes, client.mobile = "Idalie Krähenbühl likes tea.", "+49305550177"
    client.save()
    client.email = "ida.k@post.example"
    client.photo = default_storage.save("pictures/clients/ida.webp", ContentFile(b"Idalie"))
    client.save()
    name = default_storage.save("clients/paper", ContentFile("Rabenweg 7, Krähenbühl".encode()))
    ClientDocument.objects.create(client=client, filename="Krähenbühl.pdf", file=name, size=3)
    ClientFormats.objects.create(client=client, use_own=True)
    # Nobody sees the one office of a person, but it may hold what it held before the client became an individual.
    office = client.offices.get()
    office.street, office.email, office.phone = "Rabenweg 7", "ida.alt@post.example", "+49305550177"
    office.save()
    contact = client.contacts.get()
    contact.email, contact.notes, contact.phone = "ida.k@post.example", "Idalie", "+49305550142"
    contact.more_emails = [{"address": "ida.alt@post.example", "cc": False}]
    contact.more_phones = [{"number": "+49305550177", "note": "Idalie"}]
    contact.mother_tongues, contact.gender, contact.external_id = ["de"], "female", "Idalie"
    contact.sales_notes = "Met Idalie in the Rabenweg"
    contact.use_client_address, contact.street = False, "Rabenweg 8"
    contact.photo = default_storage.save("pictures/contacts/ida.webp", ContentFile(b"Idalie"))
    contact.save()
    network = SocialNetwork.objects.create(name="LinkedIn", prefix="https://www.linkedin.com/in/")
    for names in (["idalie"], ["idalie-k", "idalie.krähenbühl"], ["idalie.krähenbühl"]):
        SocialAccount.objects.put(contact, [{"network": network.pk, "handle": name, "preferred": False} for name in names])
    ContactFormats.objects.create(contact=contact, use_own=True, date_format="DD.MM.YYYY")
    activated(contact)
    access = ContactAccess.objects.get(contact=contact)
    access.send_reset(by=staff)
    access.want_address("idalie.new@post.example", staff)
    WebAuthn.add(access.user, "Phone of Idalie", {})
    OutgoingMail.objects.create(kind="link_wanted", to="IDA.K@post.example", about={"asked": "ida.k@post.example"})
    Path(settings.DEMO_MAILS).mkdir(parents=True, exist_ok=True)
    (Path(settings.DEMO_MAILS) / "m1.eml").write_text("To: ida.k@post.example\n\nHello Idalie")
    (Path(settings.DEMO_MAILS) / "m2.eml").write_text("To: else@post.example\n\nHello")
    SavedView.objects.create(owner=staff, page="clients", name="Idalie Krähenbühl", query="q=Idalie+Kr%C3%A4henb%C3%BChl&status=active")
    ListMemory.objects.create(user=staff, page="clients", query="q=ida.k%40post.example")
    LongRun.objects.create(kind="clients_bulk", owner=staff, state="done", order={"column": "branch", "query": "q=ida.k%40post.example"})
    draft = ClientDraft.objects.create(owner=staff, answers={"main": {"email": ["ida.k@post.example"]}}, expires_at=timezone.now())
    DraftFile.objects.create(
        draft=draft, requirement="ID", filename="x", file=default_storage.save("drafts/1", ContentFile("Krähenbühl".encode()))
    )
    kind = ContentType.objects.get_for_model(Client)
    old = LegalHold.objects.create(content_type=kind, object_id=client.pk, reason="Lawsuit of Idalie Krähenbühl")
    holds.lift(client, staff)
    contact = client.contacts.get()
    CrmAction.objects.create(client=client, contact=contact, kind="memo", subject="Idalie called", body="Krähenbühl lives at Rabenweg 7")
    CrmAction.objects.create(client=client, kind="memo", subject="Rabenweg")
    other = Client.objects.exclude(pk=client.pk).first() or client
    CrmAction.objects.create(client=other, kind="memo", subject="Ask Idalie Krähenbühl", body="")
    recipients = Recipients(staff, [contact.pk])
    assert send_crm(recipients, uuid4(), "Hello {full_name}", "Hello {full_name}, Rabenweg") == 1
    assert old.pk


def left_behind(settings) -> list[str]:
    """Return the traces that are still somewhere: in any table, in any file of ours, in any file's name."""
    texts = [dump()]
    for folder in (settings.MEDIA_ROOT, settings.DEMO_MAILS):
        texts += [str(path) for path in Path(folder).rglob("*")]
        texts += [path.read_bytes().decode(errors="replace") for path in Path(folder).rglob("*") if path.is_file()]
    everything = "\n".join(texts).casefold()
    return [trace for trace in TRACES if trace.casefold() in everything]


def erase(browser, record, **typed):
    name = "clients:erase" if isinstance(record, Client) else "contacts:erase"
    return browser.post(reverse(name, args=[record.pk]), {"typed": getattr(record, "number", "") or record.last_name} | typed)


def test_nothing_is_left_of_a_client_made_by_form_changed_invited_and_written_to(administrator, make_client, make_staff, settings):
    client = by_form(make_client)
    lived(client, make_staff, settings)
    assert set(left_behind(settings)) == set(TRACES) - {"krähenbühl", "idalie k."} | ({"krähenbühl"} & set(left_behind(settings)))
    before = Change.objects.count()

    assert erase(administrator, client).status_code == 303

    assert left_behind(settings) == []
    assert Change.objects.count() == before + 1
    assert (Path(settings.DEMO_MAILS) / "m2.eml").exists()


def test_the_facts_of_the_accounts_stay(administrator, make_client, headquarters):
    client = by_form(make_client)
    made, number = client.created_at, client.number
    erase(administrator, client)
    client = Client.objects.get(pk=client.pk)
    assert (client.name, client.legal_name) == (f"Erased client {number}", f"Erased client {number}")
    assert (client.number, client.created_at, client.kind, client.country) == (number, made, "individual", "DE")
    assert (client.branch, client.status) == (headquarters, "inactive")
    assert client.erased_at
    contact = client.contacts.get()
    assert (contact.full_name, contact.active, contact.is_primary, contact.email) == (f"Erased contact {contact.pk}", False, False, "")
    with pytest.raises(ValidationError, match="were erased"):
        client.full_clean()


def test_an_erased_record_takes_no_new_data(administrator, make_client):
    client = by_form(make_client)
    erase(administrator, client)
    for record, name in ((client, "clients:edit"), (client.contacts.get(), "contacts:edit")):
        address = reverse(name, args=[record.pk])
        form = administrator.get(address).context["form"]
        posted = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, [], "")}
        answer = administrator.post(address, posted | {"notes": "Idalie again"})
        assert answer.status_code == 422
        assert "were erased. It stays as it is." in answer.text


def test_the_portal_closes_and_the_session_ends(administrator, make_client):
    client = by_form(make_client)
    contact = client.contacts.get()
    browser = activated(contact)
    assert is_in(browser)
    erase(administrator, client)
    assert not is_in(browser)
    user = User.objects.get(access__contact=contact)
    assert (user.is_active, user.has_usable_password(), user.full_name) == (False, False, "")
    assert user.email.endswith("@erased.invalid")


def test_the_history_keeps_its_entries_without_values_and_tells_who_erased(administrator, make_client):
    client = by_form(make_client)
    client.notes = "Idalie"
    client.status = "potential"
    client.save()
    erase(administrator, client)
    page = administrator.get(reverse("clients:history", args=[client.pk]))
    assert page.status_code == 200
    assert "Administrator Dahl</b> erased the personal data" in page.text
    change = next(one for one in history.changes_of(client) if "notes" in one.changes)
    assert change.changes["notes"] == [None, None]
    assert change.changes["status"] == ["active", "potential"]
    assert not any(entry.can_be_undone for entry in page.context["entries"])
    undo = reverse("clients:undo_change", args=[client.pk, change.pk])
    assert "The values of before were erased." in administrator.get(undo).text
    past = administrator.get(reverse("clients:as_of", args=[client.pk]), {"on": timezone.localdate().isoformat()})
    assert past.status_code == 200
    last = history.changes_of(client)[0]
    assert set(last.changes) == {"erased_at"}
    assert last.actor_email == "administrator@desk.example"


ROWS = [
    {"name": "Idalie Krähenbühl", "legal_name": "Idalie Krähenbühl", "email": "ida.k@post.example", "phone": "+49 30 5550142"},
    {"name": "Grünwald Pharma", "legal_name": "Grünwald Pharma GmbH", "email": "g@gruenwald.example"},
    {"name": "", "legal_name": "", "email": "ida.k@post.example"},
]


def imported_person(headquarters, boss) -> tuple[Client, ImportRun]:
    run = imported(csv_bytes([row | {"country": "DE", "branch": "Berlin"} for row in ROWS]), "Krähenbühl Idalie.csv", boss)
    shown = {"first_rows": [{"row": 2, "texts": ["Idalie Krähenbühl"]}], "encodings": [{"sample": ["Idalie Krähenbühl"]}]}
    ImportRun.objects.filter(pk=run.pk).update(samples=[["Idalie Krähenbühl"]], found=shown)
    client = Client.objects.get(email="ida.k@post.example", name__startswith="Idalie")
    client.kind = Client.Kind.INDIVIDUAL
    client.save()
    client.contacts.register(client, first_name="Idalie", last_name="Krähenbühl", email="ida.k@post.example")
    return client, run


def test_nothing_is_left_of_a_client_that_came_with_an_import(administrator, headquarters, make_staff, settings):
    client, run = imported_person(headquarters, make_staff(Role.MANAGER, email="boss@desk.example"))
    others = list(Client.objects.exclude(pk=client.pk).values_list("name", flat=True))
    erase(administrator, client)
    assert left_behind(settings) == []
    run.refresh_from_db()
    assert not run.file
    assert [row.raw for row in StagedRow.objects.filter(run=run, target_id=client.pk)] == [[""] * len(run.headers)]
    assert any("Grünwald" in json.dumps(row.raw, ensure_ascii=False) for row in StagedRow.objects.filter(run=run))
    assert "The uploaded file was deleted" in administrator.get(reverse("intake:result", args=[run.pk])).text
    assert others == list(Client.objects.exclude(pk=client.pk).values_list("name", flat=True))


def test_an_import_that_is_not_over_and_names_the_person_refuses(administrator, make_client, headquarters):
    client = by_form(make_client)
    planned(csv_bytes([ROWS[0] | {"name": "Other", "country": "DE", "branch": "Berlin"}]))
    before = dump()
    page = erase(administrator, client)
    assert page.status_code == 422
    assert "is not over and names this person in row" in page.text
    assert dump() == before


@pytest.mark.parametrize("typed", ["", "C-99999", "Krähenbühl", "' OR 1=1"])
def test_without_the_number_nothing_is_erased(administrator, make_client, typed):
    client = by_form(make_client)
    before = dump()
    page = erase(administrator, client, typed=typed)
    assert page.status_code == 422
    assert "Error: " in page.text
    assert dump() == before


@pytest.mark.parametrize("role", [Role.READER, Role.DESK, Role.MANAGER])
def test_only_administrators_erase(role, make_staff, as_user, make_client):
    client, browser = by_form(make_client), as_user(make_staff(role))
    before = dump()
    assert erase(browser, client).status_code == 403
    assert dump() == before
    assert Client.objects.get(pk=client.pk).erased_at is None


def test_a_company_is_not_a_person(administrator, brauer, ada):
    page = erase(administrator, brauer)
    assert page.status_code == 422
    assert "is a company, not a person" in page.text


def test_pressed_twice_it_happens_once(administrator, make_client):
    client = by_form(make_client)
    assert erase(administrator, client).status_code == 303
    before = dump()
    assert erase(administrator, client).status_code == 303
    assert dump() == before


def test_files_that_a_dying_process_left_go_when_it_is_pressed_again(administrator, make_client, make_staff, settings, monkeypatch):
    client = by_form(make_client)
    lived(client, make_staff, settings)
    with monkeypatch.context() as patch:
        patch.setattr(erasing, "remove_files", lambda names, paths: None)
        erase(administrator, client)
    assert default_storage.exists("clients/paper")
    erase(administrator, client)
    assert not default_storage.exists("clients/paper")
    assert not default_storage.exists("pictures/clients/ida.webp")


def test_an_error_half_way_changes_nothing(administrator, make_client, make_staff, settings, monkeypatch):
    """One transaction: all or nothing."""
    client = by_form(make_client)
    lived(client, make_staff, settings)
    monkeypatch.setattr("clientdesk.personal.erasing._tell", lambda erasure: 1 / 0)
    before = dump()
    administrator.raise_request_exception = False
    assert erase(administrator, client).status_code == 500
    assert dump() == before
    assert default_storage.exists("clients/paper")


# --- a contact of a company ----------------------------------------------------------------------------------


@pytest.fixture
def ida(brauer) -> Contact:
    contact = brauer.contacts.register(brauer, first_name="Idalie", last_name="Krähenbühl", email="ida.alt@post.example")
    contact.email, contact.phone, contact.notes = "ida.k@post.example", "+49305550142", "Rabenweg"
    contact.save()
    return contact


def test_nothing_is_left_of_a_contact_and_its_company_stays(administrator, brauer, ida, settings):
    activated(ida)
    assert left_behind(settings)
    assert erase(administrator, ida).status_code == 303
    assert left_behind(settings) == []
    brauer.refresh_from_db()
    assert (brauer.name, brauer.email) == ("Brauer Antriebe", "info@brauer.example")
    assert f"Contact person added: Erased contact {ida.pk}" in administrator.get(reverse("clients:history", args=[brauer.pk])).text
    assert administrator.get(reverse("contacts:detail", args=[ida.pk])).status_code == 200


def test_a_primary_contact_names_who_follows(administrator, brauer, ida):
    """Invariant 3."""
    ole = brauer.contacts.register(brauer, first_name="Ole", last_name="Berg")
    before = dump()
    assert erase(administrator, ida).status_code == 422
    assert "Choose who is the primary contact from now on." in erase(administrator, ida).text
    assert erase(administrator, ida, successor="999").status_code == 422
    assert dump() == before
    assert erase(administrator, ida, successor=ole.pk).status_code == 303
    assert list(brauer.contacts.filter(is_primary=True)) == [ole]


def test_the_contact_of_an_individual_goes_with_the_client(administrator, make_client):
    client = by_form(make_client)
    page = erase(administrator, client.contacts.get())
    assert page.status_code == 422
    assert "Erase the client, its contact goes with it." in page.text


def test_others_with_a_similar_name_stay(administrator, brauer, ida):
    other = brauer.contacts.register(brauer, first_name="Ole", last_name="Krähenbühl", email="ole@post.example")
    erase(administrator, ida, successor=other.pk)
    other.refresh_from_db()
    assert (other.full_name, other.email) == ("Ole Krähenbühl", "ole@post.example")
    change = history.changes_of(other).last()
    assert change.changes["last_name"] == [None, "Krähenbühl"]


def test_a_merge_that_holds_the_person_forgets_it(administrator, make_client, settings):
    client = by_form(make_client)
    other = make_client("Idalie K", kind="individual", first_name="Idalie", last_name="Krähenbühl", email="ida.alt@post.example")
    pair = DuplicatePair.objects.create(first=client, second=other, reasons=[["email", "ida.k@post.example"]])
    kind = ContentType.objects.get_for_model(Client)
    merge = Merge.objects.create(
        content_type=kind,
        winner_id=client.pk,
        loser_id=other.pk,
        loser_name="Idalie K",
        loser_name_key="idalie k",
        loser_number=other.number,
        steps=[{"do": "delete", "values": {"name": "Idalie Krähenbühl"}}],
    )
    other.contacts.all().delete()
    other.offices.all().delete()
    other.delete()
    erase(administrator, client)
    merge.refresh_from_db()
    assert (merge.steps, merge.loser_number) == ([], other.number)
    assert not DuplicatePair.objects.filter(pk=pair.pk).exists()
    assert left_behind(settings) == []


def test_the_confirm_page_shows_what_is_held_and_what_stays(administrator, make_client, make_staff, settings):
    client = by_form(make_client)
    lived(client, make_staff, settings)
    page = administrator.get(reverse("clients:erase", args=[client.pk]))
    for text in ("What will be erased", "What stays, without a name", "Krähenbühl.pdf", client.number, "ida.alt@post.example"):
        assert text in page.text


def test_the_number_of_statements_does_not_grow_with_the_history(administrator, make_client, django_assert_max_num_queries):
    client = by_form(make_client)
    for number in range(30):
        client.notes = f"Idalie {number}"
        client.save()
    with django_assert_max_num_queries(180):
        erase(administrator, client)


def test_a_client_that_was_really_merged_is_erased_with_all_that_it_was(administrator, make_client, make_staff, as_user, settings):
    """By the page of merging, with contacts, offices and documents of both; the merge says why it cannot be undone any more."""
    client = by_form(make_client)
    other = make_client("Ida K", kind="individual", first_name="Idalie", last_name="Krähenbühl", email="ida.alt@post.example")
    address = reverse("clients:merge", args=[client.pk, other.pk])
    page = administrator.get(address)
    assert page.status_code == 200
    inputs = re.findall(r'<input type="hidden" name="(version[^"]*|[^"]*version[^"]*)" value="(\d+)"', page.text)
    answer = administrator.post(address, dict(inputs) | {"confirm": "1"})
    assert answer.status_code == 303, answer.content.decode()[:500]
    merge = Merge.objects.get()

    assert erase(administrator, Client.objects.get(pk=merge.winner_id)).status_code == 303

    assert left_behind(settings) == []
    merge.refresh_from_db()
    assert merge.loser_number in {client.number, other.number}
    assert "Personal data were erased" in administrator.get(reverse("clients:merged", args=[merge.pk])).text
