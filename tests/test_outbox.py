"""Mail leaves through the outbox: nothing is lost, nothing is sent twice, and no request ever waits for a mail server."""

import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from clientdesk import outbox
from clientdesk.models import AccessLink, OutgoingMail
from tests.smtp import free_port, mailers

pytestmark = pytest.mark.django_db
State = OutgoingMail.State


@pytest.fixture(autouse=True)
def kinds(settings):
    settings.MAILS = settings.MAILS | {"letter": "tests.letters.letter", "letter_with_link": "tests.letters.letter_with_link"}


def queue(number: int = 0, **about) -> OutgoingMail:
    return outbox.queue("letter", f"person{number}@brauer.example", about={"number": number} | about)


def states() -> list[str]:
    return list(OutgoingMail.objects.order_by("id").values_list("state", flat=True))


def hours_pass(hours: float) -> None:
    """Make every mail as old, and every pause as long ago, as if `hours` had passed."""
    passed = timedelta(hours=hours)
    for mail in OutgoingMail.objects.all():
        OutgoingMail.objects.filter(pk=mail.pk).update(
            queued_at=mail.queued_at - passed,
            next_try_at=mail.next_try_at - passed,
            claimed_until=mail.claimed_until and mail.claimed_until - passed,
        )


def test_a_mail_that_the_server_took_is_sent_and_never_sent_again(postbox):
    mail = queue()

    assert outbox.send_due() == 1
    assert outbox.send_due() == 0

    mail.refresh_from_db()
    assert (mail.state, mail.error, mail.status) == (State.SENT, "", "Sent.")
    assert mail.sent_at
    [letter] = postbox.taken
    assert (letter.message_id, letter.recipients) == (mail.message_id, ["person0@brauer.example"])


def test_a_batch_takes_one_connection(postbox):
    for number in range(7):
        queue(number)

    assert outbox.send_due() == 7
    assert postbox.connections == 1


def test_a_mail_whose_cause_is_rolled_back_never_leaves(postbox):
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)

    assert outbox.send_due() == 0
    assert postbox.taken == []


def test_queueing_never_touches_the_mail_server(silent_server, settings):
    settings.MAILERS = mailers(silent_server.getsockname()[1])
    silent_server.setblocking(False)
    began = time.monotonic()

    for number in range(50):
        queue(number)

    assert time.monotonic() - began < 2
    with pytest.raises(BlockingIOError):
        silent_server.accept()


def test_a_silent_server_costs_one_timeout_and_no_mail(silent_server, settings, start_postbox):
    settings.MAILERS = mailers(silent_server.getsockname()[1], timeout=0.3)
    queue(1), queue(2)
    began = time.monotonic()

    assert outbox.send_due() == 0
    assert time.monotonic() - began < 3
    silent_server.setblocking(False)
    silent_server.accept()[0].close()
    with pytest.raises(BlockingIOError):
        silent_server.accept()
    assert states() == [State.QUEUED] * 2
    assert "does not answer" in OutgoingMail.objects.first().status

    settings.MAILERS = mailers((back := start_postbox()).port)
    hours_pass(1)
    assert outbox.send_due() == 2
    assert [letter.text.strip() for letter in back.taken] == ["Number 1", "Number 2"]


def test_a_server_that_hangs_after_the_text_costs_one_timeout_and_the_mail_stays(postbox, settings):
    settings.MAILERS = mailers(postbox.port, timeout=0.3)
    postbox.seconds = 1.5
    queue(1), queue(2)
    began = time.monotonic()

    assert outbox.send_due() == 0

    assert time.monotonic() - began < 3
    assert postbox.connections == 1
    first, second = OutgoingMail.objects.order_by("id")
    assert (first.attempts, second.attempts) == (1, 0)
    assert second.next_try_at <= timezone.now()
    assert first.claimed_until is second.claimed_until is None


def test_a_server_that_is_gone_for_days_loses_nothing_and_gets_each_mail_once(settings, start_postbox):
    settings.MAILERS = mailers(port := free_port())
    for number in range(5):
        queue(number)

    for _ in range(20):
        assert outbox.send_due() == 0
        hours_pass(5)
    assert states() == [State.QUEUED] * 5

    back = start_postbox(port)
    assert outbox.send_due() == 5
    hours_pass(1)
    assert outbox.send_due() == 0
    assert sorted(letter.text.strip() for letter in back.taken) == [f"Number {number}" for number in range(5)]


def test_after_five_days_a_mail_is_given_up_with_the_reason(settings):
    settings.MAILERS = mailers(free_port())
    mail = queue()
    hours_pass(5 * 24 + 1)

    outbox.send_due()

    mail.refresh_from_db()
    assert mail.state == State.FAILED
    assert mail.status.startswith("Not sent: The mail server does not answer")


REFUSALS = [
    ("550 5.1.1 No such mailbox", State.FAILED, "550 5.1.1 No such mailbox"),
    ("553 5.1.3 Bad address", State.FAILED, "553"),
    ("450 4.2.1 Mailbox busy", State.QUEUED, "450 4.2.1 Mailbox busy"),
    ("451 4.7.1 Greylisted", State.QUEUED, "451"),
]


@pytest.mark.parametrize(("answer", "state", "reason"), REFUSALS)
def test_a_refused_recipient_fails_for_good_or_waits_and_never_holds_up_others(postbox, answer, state, reason):
    postbox.refusals["person1@brauer.example"] = answer
    for number in range(3):
        queue(number)

    assert outbox.send_due() == 2

    assert states() == [State.SENT, state, State.SENT]
    refused = OutgoingMail.objects.get(to="person1@brauer.example")
    assert reason in refused.error
    assert reason in refused.status
    assert postbox.connections == 1
    if state == State.QUEUED:
        postbox.refusals.clear()
        assert outbox.send_due() == 0, "it waits for a while"
        hours_pass(1)
        assert outbox.send_due() == 1
        refused.refresh_from_db()
        assert (refused.state, refused.error) == (State.SENT, "")


@pytest.mark.parametrize(("answer", "state"), [("554 5.7.1 Spam", State.FAILED), ("452 4.3.1 Disk full", State.QUEUED)])
def test_a_refused_text_fails_for_good_or_waits(postbox, answer, state):
    postbox.data_answer = answer
    queue()

    assert outbox.send_due() == 0
    assert states() == [state]
    assert answer in OutgoingMail.objects.get().error


def test_a_server_that_puts_us_off_is_asked_less_and_less_often(postbox):
    postbox.refusals["person0@brauer.example"] = "450 4.2.1 Mailbox busy"
    mail = queue()
    pauses = []
    for _ in range(10):
        outbox.send_due()
        mail.refresh_from_db()
        pauses.append(round((mail.next_try_at - timezone.now()) / timedelta(seconds=1)))
        OutgoingMail.objects.update(next_try_at=timezone.now())

    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900]


def test_a_server_that_closes_in_the_middle_gets_the_rest_later(postbox):
    postbox.refusals["person1@brauer.example"] = "421 4.3.2 Closing"
    for number in range(3):
        queue(number)

    assert outbox.send_due() == 1
    assert states() == [State.SENT, State.QUEUED, State.QUEUED]
    assert OutgoingMail.objects.get(to="person2@brauer.example").attempts == 0

    postbox.refusals.clear()
    hours_pass(1)
    assert outbox.send_due() == 2
    assert len(postbox.taken) == 3


def test_a_cut_after_the_server_accepted_repeats_the_same_message_with_the_same_link(postbox, make_staff):
    make_staff(email="ingrid@desk.example")
    mail = outbox.queue("letter_with_link", "ingrid@desk.example")
    postbox.cut_off = lambda letter: len(postbox.taken) == 1

    assert outbox.send_due() == 0
    hours_pass(1 / 60)
    assert outbox.send_due() == 1

    first, second = postbox.taken
    assert first.message_id == second.message_id == mail.message_id
    assert first.text == second.text
    assert AccessLink.objects.count() == 1


def test_a_link_that_ran_out_while_the_server_was_away_is_made_anew(postbox, settings, make_staff, time_machine):
    make_staff(email="ingrid@desk.example")
    outbox.queue("letter_with_link", "ingrid@desk.example")
    postbox.data_answer = "452 4.3.1 Disk full"
    outbox.send_due()
    postbox.data_answer = ""
    time_machine.move_to(timezone.now() + timedelta(hours=3))

    assert outbox.send_due() == 1
    assert AccessLink.objects.unspent().get().token in postbox.taken[0].text


def test_a_link_that_was_replaced_meanwhile_is_never_sent(postbox, make_staff):
    ingrid = make_staff(email="ingrid@desk.example")
    mail = outbox.queue("letter_with_link", "ingrid@desk.example", link=AccessLink.objects.issue(ingrid, "invitation"))
    AccessLink.objects.issue(ingrid, "invitation")

    assert outbox.send_due() == 0
    mail.refresh_from_db()
    assert mail.state == State.DROPPED
    assert postbox.taken == []


@pytest.mark.parametrize(("fate", "state"), [("drop", State.DROPPED), ("break", State.QUEUED)])
def test_a_mail_that_cannot_be_built_never_holds_up_others(postbox, fate, state):
    queue(0, fate=fate)
    queue(1)

    assert outbox.send_due() == 1
    assert states() == [state, State.SENT]


def test_an_error_while_building_is_named_without_what_was_in_it(postbox):
    mail = queue(0, fate="break")
    outbox.send_due()

    mail.refresh_from_db()
    assert mail.error == "The mail could not be written (RuntimeError)."


ODD_ADDRESSES = [
    "",
    "nobody",
    "a@b.test, c@d.test",
    "a@b.test\r\nBcc: c@d.test",
    "a@b.test\u2028c@d.test",
    '"a b"@d.test',
    "jörg@d.test",
    "ſam@d.test",
    "a@d.test>",
    "Ada <a@d.test>",
    "x" * 250 + "@brauer.example",
]


@pytest.mark.parametrize("address", ODD_ADDRESSES)
def test_what_is_no_single_address_is_queued_alike_and_then_refused_with_a_sentence(postbox, address):
    mail = outbox.queue("letter", address)
    assert outbox.send_due() == 0

    mail.refresh_from_db()
    assert mail.state == State.FAILED
    assert mail.error.endswith("is not one complete e-mail address.") or mail.error == "The mail has no address."
    assert postbox.taken == []


def test_a_mail_that_another_worker_holds_is_left_alone_until_its_lease_ends(postbox):
    mail = queue()
    OutgoingMail.objects.update(claimed_by="other", claimed_until=timezone.now() + timedelta(seconds=20))
    assert outbox.send_due() == 0

    OutgoingMail.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert outbox.send_due() == 1
    mail.refresh_from_db()
    assert mail.state == State.SENT


def test_a_mail_that_was_taken_over_meanwhile_is_not_sent_a_second_time(postbox):
    queue(1), queue(2)

    def taken_over() -> bool:
        OutgoingMail.objects.filter(about__number=2).update(claimed_by="other")
        return False

    assert outbox.send_batch("slow one", stop=taken_over).sent == 1
    assert [letter.text.strip() for letter in postbox.taken] == ["Number 1"]


def test_told_to_stop_the_rest_of_a_batch_is_free_for_others_at_once(postbox):
    for number in range(3):
        queue(number)

    assert outbox.send_batch("worker", stop=lambda: len(postbox.taken) == 1).sent == 1
    assert OutgoingMail.objects.due().count() == 2


def test_the_lease_is_longer_than_the_mail_server_may_take(settings):
    settings.EMAIL_TIMEOUT_SECONDS = 40
    assert outbox.lease() > timedelta(seconds=80)


def test_a_kind_that_nobody_declared_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="No such kind of mail"):
        outbox.queue("nonsense", "a@b.test")
