"""The demo data: made once for all of these tests, which take back what they do."""

from collections.abc import Iterator

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import override_settings

from clientdesk import preferences
from clientdesk.models import Change, User
from clientdesk.rights import Role
from clients.models import Category, Client, Company, CustomField, DuplicatePair
from contacts.models import Contact, ContactFormats, Office, SocialAccount
from intake.management.commands.demo import PASSPHRASE
from tests.test_commands import run

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[str]:
    """What the command printed; its data are there until the last of these tests ended."""
    places = {"MEDIA_ROOT": tmp_path_factory.mktemp("media"), "DEMO_MAILS": tmp_path_factory.mktemp("mails")}
    with django_db_blocker.unblock(), override_settings(DEBUG=True, **places), transaction.atomic():
        yield run("demo")
        transaction.set_rollback(True)


def test_demo_prints_sign_ins_that_work(demo):
    for role in Role.values:
        assert f"{role}@desk.example" in demo
        assert User.objects.by_address(f"{role}@desk.example").check_password(PASSPHRASE)
    assert "anna.lindholm@gruenwald.example" in demo
    assert PASSPHRASE in demo


def test_demo_data_are_what_forms_would_accept(demo):
    for record in [*Client.objects.all(), *Office.objects.all(), *Contact.objects.all()]:
        record.full_clean()


def test_demo_shows_what_pages_must_bear(demo):
    assert Client.objects.filter(contacts=None).exists()
    assert Client.objects.filter(email="").exists()
    assert max(len(name) for name in Client.objects.values_list("name", flat=True)) > 90
    assert Contact.objects.filter(client__name="Fjordkraft Offshore").count() == 40
    assert {"active", "potential", "inactive"} == set(Client.objects.values_list("status", flat=True))
    letters = "".join(Client.objects.values_list("name", flat=True))
    assert all(any(low <= sign <= high for sign in letters) for low, high in ["אي", "Ая", "Αω", "一龥", "가힣", "अह"])


def test_demo_shows_what_the_profile_the_lists_and_the_radar_have_to_show(demo):
    assert Category.objects.exclude(parent=None).exists()
    assert CustomField.objects.exists()
    assert Client.objects.exclude(custom={}).exclude(sales_person=None).filter(client_industries__isnull=False).exists()
    assert Client.objects.get(restricted_to_responsible=True).sales_person is not None
    assert Company.objects.without_client().count() == 3
    assert DuplicatePair.objects.filter(state=DuplicatePair.State.OPEN).count() == 2
    assert not Client.objects.filter(kind="corporate", company=None).exists()


def test_demo_fills_the_profiles_of_contacts(demo):
    for account in SocialAccount.objects.select_related("network"):
        account.full_clean()
        assert not account.network.prefix or account.url.startswith("https://")
    assert SocialAccount.objects.filter(preferred=True).count() > 5
    assert Contact.objects.exclude(photo="").exists()
    assert Contact.objects.filter(use_client_address=False).exclude(street="").exists()
    assert Contact.objects.exclude(mother_tongues=[]).exists()
    assert {formats.date_format for formats in ContactFormats.objects.filter(use_own=True)} <= set(preferences.DATES)
    assert ContactFormats.objects.exists()


def test_a_second_demo_adds_nothing_unless_told(demo):
    before = Client.objects.count()
    assert "clients already" in run("demo")
    assert Client.objects.count() == before
    run("demo", add=True, seed=2)
    assert Client.objects.count() == before + 60


def test_demo_clients_have_a_history(demo):
    assert Change.objects.filter(content_type=ContentType.objects.get_for_model(Client)).exists()
