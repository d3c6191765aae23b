"""What the tests of the wizard share: a world of types and categories, and a person who walks through the steps."""

from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from clientdesk.models import User
from clients.models import Branch, Category, Client, CompanyType
from intake.models import ClientDraft
from intake.wizard.plan import Plan

START = "/clients/new/"


@dataclass
class World:
    """The settings lists of these tests."""

    branch: Branch
    gmbh: CompanyType
    plain: CompanyType
    person: CompanyType
    key_account: Category
    small: Category


@pytest.fixture
def wizard_lists(headquarters) -> World:
    return World(
        branch=headquarters,
        gmbh=CompanyType.objects.create(name="GmbH", id_mask="CONT-{seq:4}", steps=["address", "contacts"], position=1),
        plain=CompanyType.objects.create(name="Association", position=2),
        person=CompanyType.objects.create(name="Freelancer", fits="individual", steps=["address", "contacts"], position=3),
        key_account=Category.objects.create(name="Key account", required_documents=["Trade licence"], position=1),
        small=Category.objects.create(name="Small", position=2),
    )


class Walk:
    """One person in one browser with one draft."""

    def __init__(self, browser: Browser, user: User, world: World) -> None:
        self.browser, self.user, self.world = browser, user, world
        self.pk = 0

    @property
    def draft(self) -> ClientDraft:
        return ClientDraft.objects.get(pk=self.pk)

    @property
    def plan(self) -> Plan:
        return Plan(self.draft, self.user)

    @property
    def titles(self) -> list[str]:
        return [step.title for step in self.plan.steps]

    def url(self, step: str) -> str:
        return f"{START}{self.pk}/{step}/"

    def start(self, **posted):
        """Press a start button and return the page that follows."""
        answer = self.browser.post(START, {"way": "new"} | posted)
        assert answer.status_code == 303, answer.text
        self.pk = int(answer.headers["Location"].split("/")[3])
        return self.browser.get(answer.headers["Location"])

    def post(self, step: str, **fields):
        """Send a step as a browser would."""
        looks = self.plan.looks(found) if (found := self.plan.find(step)) else ""
        return self.browser.post(self.url(step), {"looks": looks} | fields)

    def next(self, step: str, **fields) -> str:
        """Send a step that must pass and return where it leads."""
        answer = self.post(step, **fields)
        assert answer.status_code == 303, (answer.status_code, errors(answer))
        return answer.headers["Location"]

    def finish(self):
        """Press Finish."""
        return self.post("review", finish="1")

    def made(self) -> Client:
        """Press Finish, which must work, and return the client."""
        answer = self.finish()
        assert answer.headers.get("Location") == self.url("done"), answer.headers.get("Location")
        return Client.objects.get(pk=self.draft.client_id)

    def fill(self, **changed) -> None:
        """Answer every step of a corporate client with contacts and a document."""
        self.start()
        self.next("type", company_type=self.world.gmbh.pk, category=self.world.key_account.pk)
        self.next("identification", **identification(self.world) | changed)
        self.next("address", street="Hafenstr. 1", postal_code="10115", city="Berlin")
        self.next("contacts", **two_contacts())
        self.next("documents", document0=paper())


def identification(world: World) -> dict[str, object]:
    return {
        "name": "Brauer Antriebe",
        "legal_name": "Brauer & Söhne GmbH",
        "email": "info@brauer.example",
        "country": "DE",
        "branch": world.branch.pk,
    }


def two_contacts() -> dict[str, object]:
    return {
        "contacts": "2",
        "primary": "1",
        "contact0-first_name": "Ada",
        "contact0-last_name": "Krämer",
        "contact0-email": "ada@brauer.example",
        "contact1-first_name": "Ben",
        "contact1-last_name": "Ott",
        "contact1-email": "ben@brauer.example",
        "contact1-portal": "on",
    }


def paper(name: str = "licence.pdf", content: bytes = b"%PDF-1.7 licence") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def errors(answer) -> object:
    """Return what a refused page complains about."""
    form = answer.context["form"] if answer.context and "form" in answer.context else None
    return getattr(form, "errors", answer.headers.get("Location"))


@pytest.fixture
def walk(make_staff, as_user, wizard_lists) -> Walk:
    """A Desk user at the wizard."""
    user = make_staff()
    return Walk(as_user(user), user, wizard_lists)
