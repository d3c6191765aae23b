"""A mail is made of values only: text and HTML, links on the configured address, headers that nobody can write into."""

from datetime import UTC, datetime

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils.module_loading import import_string

from clientdesk import mail, outbox
from clientdesk.models import AccessLink
from tests.smtp import Letter

TEMPLATES = {
    "note.subject.txt": "News for {{ name }}",
    "note.txt": """{% extends "emails/base.txt" %}{% block content %}Dear {{ name }},



{{ url }}
{{ when|date:"j F Y, H:i T" }}{% endblock %}""",
    "note.html": """{% extends "emails/base.html" %}{% block content %}<h1>{{ name }}</h1>
{% if url %}<a class="button" href="{{ url }}">Go</a>{% endif %}{% endblock %}""",
}


@pytest.fixture(autouse=True)
def templates(settings, tmp_path):
    folder = tmp_path / "emails"
    folder.mkdir()
    for name, text in TEMPLATES.items():
        (folder / name).write_text(text)
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [engine | {"DIRS": [tmp_path, *engine["DIRS"]]}]
    settings.PUBLIC_BASE_URL = "https://desk.example"
    settings.COMPANY_NAME = "Nordwort GmbH"


def note(name: str = "Ada", to: str = "ada@brauer.example", **values) -> EmailMultiAlternatives:
    return mail.build("note", to, {"name": name} | values)


def html(message: EmailMultiAlternatives) -> str:
    [(content, kind)] = message.alternatives
    assert kind == "text/html"
    return str(content)


def test_every_kind_of_mail_has_its_builder_and_every_mail_its_subject_text_and_html(settings):
    for builder in settings.MAILS.values():
        assert callable(import_string(builder))
    files = {file.name for file in (settings.BASE_DIR / "templates" / "emails").iterdir()} - {"base.txt", "base.html"}
    names = {name.partition(".")[0] for name in files}
    assert files == {f"{name}{end}" for name in names for end in (".subject.txt", ".txt", ".html")}


def test_a_mail_has_text_and_html_and_names_its_sender(settings):
    message = note()

    assert message.subject == "News for Ada"
    assert message.from_email == settings.MAIL_FROM
    assert message.body.startswith("Dear Ada,\n\n")
    assert "\n\n\n" not in message.body
    assert "Nordwort GmbH" in message.body
    assert "https://desk.example" in message.body
    assert "<h1" in html(message)
    assert "Nordwort GmbH" in html(message)


def test_the_look_is_written_into_the_elements_because_mail_programs_drop_style_sheets():
    message = mail.build("note", "ada@brauer.example", {"name": "Ada", "url": "https://desk.example/x/"})

    assert "<style" not in html(message)
    assert 'class="button" href="https://desk.example/x/" style="' in html(message)


LITERAL = ["{{ 7|add:7 }}", "{% now 'Y' %}", "{settings} %s {0.__class__}", "<b>Ada</b> & “Co”", "&amp;"]


@pytest.mark.parametrize("name", LITERAL)
def test_a_value_is_never_read_as_a_template_nor_as_html(name):
    message = note(name)

    assert name in message.subject
    assert f"Dear {name}," in message.body
    assert "<b>" not in html(message)
    assert "{{ 7" not in name or "{{ 7|add:7 }}" in html(message)


def test_a_moment_is_told_in_the_time_zone_of_the_reader():
    moment = datetime(2026, 11, 29, 13, 5, tzinfo=UTC)

    assert "29 November 2026, 14:05 CET" in note(when=moment).body
    tokyo = mail.build("note", "ada@brauer.example", {"name": "Ada", "when": moment}, time_zone="Asia/Tokyo")
    assert "29 November 2026, 22:05 JST" in tokyo.body


def test_a_link_stands_on_the_configured_address(make_staff):
    link = AccessLink.objects.issue(make_staff(), AccessLink.Purpose.INVITATION)

    message = mail.build("note", "ada@brauer.example", {"name": "Ada"}, link=link)

    assert f"https://desk.example/account/link/{link.token}/" in message.body
    assert f'href="https://desk.example/account/link/{link.token}/"' in html(message)


def test_a_record_is_refused_because_its_internal_name_would_be_printed(brauer):
    with pytest.raises(TypeError, match="client"):
        mail.build("note", "ada@brauer.example", {"client": brauer})


BREAKS = ["\r", "\n", "\r\n", "\x00", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"]
INJECTED = [f"Ada{sign}Bcc: mallory@evil.example" for sign in BREAKS] + [f"Ada{sign}{sign}<p>body</p>" for sign in BREAKS]


@pytest.mark.django_db
@pytest.mark.parametrize("name", INJECTED)
def test_nothing_in_a_name_reaches_the_headers_or_adds_a_recipient(postbox, settings, name):
    settings.MAILS = settings.MAILS | {"note": "tests.test_mail.note_for_name"}
    outbox.queue("note", "ada@brauer.example", about={"codes": [ord(sign) for sign in name]})

    assert outbox.send_due() == 1

    [letter] = postbox.taken
    assert letter.recipients == ["ada@brauer.example"]
    assert len(letter.parsed.keys()) == len({*letter.parsed.keys()}), "no header stands there twice"
    assert "Bcc" not in letter.parsed
    assert str(letter.parsed["Subject"]).startswith("News for Ada ")


def note_for_name(row) -> EmailMultiAlternatives:
    return note("".join(chr(code) for code in row.about["codes"]), row.to)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Ада Крамер", "江田 愛", "آدا كرامر", "Zoë O’Brien-Müller", "Ada " + "x" * 400])
def test_names_of_all_scripts_arrive_as_they_are(postbox, settings, name):
    settings.MAILS = settings.MAILS | {"note": "tests.test_mail.note_for_name"}
    outbox.queue("note", "ada@brauer.example", about={"codes": [ord(sign) for sign in name]})
    outbox.send_due()

    letter: Letter = postbox.taken[0]
    assert str(letter.parsed["Subject"]) == f"News for {name}"[: mail.SUBJECT_LENGTH]
    assert f"Dear {name}," in letter.text


@pytest.mark.parametrize("address", ["ada@brauer.example", "ada+desk@brauer.example", "o'brien@brauer.example", "ada@bräuer.example"])
def test_ordinary_addresses_are_taken(address):
    assert mail.checked(address) == address
