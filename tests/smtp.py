"""Mail servers as they are met in life: up, slow, refusing, cutting off, silent, gone. All but the last two are real SMTP."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Letter:
    """One mail that the server has taken."""

    sender: str
    recipients: list[str]
    parsed: EmailMessage

    @property
    def message_id(self) -> str:
        return str(self.parsed["Message-ID"])

    @property
    def text(self) -> str:
        body = self.parsed.get_body(("plain",))
        return body.get_content() if body else ""


@dataclass
class Postbox:
    """A mail server's behaviour and what it has taken so far; a test changes it at any time."""

    port: int
    taken: list[Letter] = field(default_factory=list)
    connections: int = 0
    seconds: float = 0
    refusals: dict[str, str] = field(default_factory=dict)
    data_answer: str = ""
    cut_off: Callable[[Letter], bool] | None = None

    @property
    def url(self) -> str:
        """The server as EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_EHLO(self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if answer := self.refusals.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.seconds)
        if self.data_answer:
            return self.data_answer
        letter = Letter(envelope.mail_from, list(envelope.rcpt_tos), message_from_bytes(envelope.original_content, policy=policy.default))
        self.taken.append(letter)
        if self.cut_off and self.cut_off(letter):
            server.transport.abort()
        return "250 OK"


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def mailers(port: int, timeout: float = 2) -> dict[str, dict]:
    """Return settings.MAILERS for a mail server on `port` of this machine."""
    return {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": timeout},
        }
    }


@pytest.fixture
def start_postbox() -> Iterator[Callable[..., Postbox]]:
    """Return a function that starts a mail server, on a given port if it is to come back."""
    running: list[Controller] = []

    def start(port: int = 0) -> Postbox:
        postbox = Postbox(port or free_port())
        controller = Controller(postbox, hostname="127.0.0.1", port=postbox.port)
        controller.start()
        running.append(controller)
        return postbox

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def postbox(start_postbox, settings) -> Postbox:
    """A mail server that is up and that this test's settings name."""
    server = start_postbox()
    settings.MAILERS = mailers(server.port)
    return server


@pytest.fixture
def silent_server() -> Iterator[socket.socket]:
    """A mail server that accepts connections and never says a word; nobody has connected while `accept` would block."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(50)
        yield listening
