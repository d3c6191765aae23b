"""Hostile answers in every step of the wizard: shown as they are or refused with a sentence, never an error of ours (trial C01, V19)."""

import pytest

from clients.models import Client, CustomField
from tests.doors import fresh_brakes  # noqa: F401
from tests.wizarding import identification, paper

pytestmark = pytest.mark.usefixtures("wizard_lists")
PAYLOADS = [
    "<script>alert(1)</script>",
    "{{7*7}} {settings} %s %(x)s",
    "'\"; DROP TABLE clients_client; --",
    "\u202eabc\u2066\u200f شركة",
    "a\x00b\r\nBcc: x@y.test",
    "\ud7ff\uffff\U0010ffff 👩‍👩‍👧",
    "9" * 400,
    "1e999999",
    "٣ NaN",
    "0001-01-01",
    "x" * 20_000,
]


@pytest.fixture
def asked(walk) -> list[str]:
    """A draft that asks every step there is, answered up to the review."""
    walk.world.gmbh.steps, walk.world.gmbh.id_mask = ["address", "sales", "contacts"], ""
    walk.world.gmbh.save()
    walk.world.key_account.extra_step = "Compliance"
    walk.world.key_account.save()
    for kind in CustomField.Kind.values:
        CustomField.objects.create(
            entity="client", key=kind, label=f"Own {kind}", kind=kind, options=["A", "B"], category=walk.world.key_account
        )
    walk.start()
    walk.next("type", company_type=walk.world.gmbh.pk, category=walk.world.key_account.pk)
    walk.next("identification", **identification(walk.world))
    for step in ("address", "sales", "contacts", "more"):
        walk.next(step)
    walk.next("documents", document0=paper())
    return [step.slug for step in walk.plan.steps[:-1]]


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_hostile_text_in_every_field_of_every_step_is_no_error_of_ours(walk, asked, payload):
    for slug in reversed(asked):
        step = walk.plan.find(slug)
        names = list(step.form().fields)
        for how in ({}, *({button: payload} for button in step.buttons)):
            answer = walk.post(slug, **dict.fromkeys(names, payload) | how)
            assert answer.status_code in (303, 422), (slug, how)
            assert "<script>alert" not in answer.text
        for address in ("", "?check=1"):
            page = walk.browser.get(walk.url(slug) + address)
            assert page.status_code in (200, 302)
            assert "<script>alert" not in page.text
    assert walk.browser.get("/clients/new/").status_code == 200
    assert walk.browser.post("/clients/new/", {"way": payload, "key": payload}).status_code == 303
    assert walk.browser.get(walk.url("review")).status_code in (200, 302)
    assert walk.finish().status_code == 303
    assert Client.objects.count() <= 1


@pytest.mark.parametrize("payload", ["'; DROP TABLE", "<b>{{7*7}}</b> & Co.", "شركة النور", "👩‍👩‍👧"])
def test_what_may_be_anything_arrives_as_it_was_typed(walk, asked, payload):
    walk.next("identification", **identification(walk.world) | {"legal_name": payload})
    walk.next("address", city=payload, street=payload)
    walk.next("sales", sales_notes=payload)
    client = walk.made()
    assert (client.legal_name, client.city, client.sales_notes) == (payload, payload, payload)
    assert "<b>{{7*7}}" not in walk.browser.get(walk.url("done")).text
