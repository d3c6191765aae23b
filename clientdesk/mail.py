"""Mails are made here: `build(name, to, context)` gives a message with text and HTML from templates/emails/.

One file name convention: `<name>.subject.txt`, `<name>.txt`, `<name>.html`. Only values reach the templates, never records,
and a value is never read as a template (trial V20).
"""

import re
from collections.abc import Mapping
from email.message import MIMEPart

import css_inline
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db.models import Model
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clientdesk import pictures
from clientdesk.models import AccessLink

# Everything that some program takes for the end of a line or that no header may hold, half characters included.
_BREAKS = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff]+")
_CONTROLS = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\ud800-\\udfff]")
_EMPTY_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")
SUBJECT_LENGTH = 200
# A mark is shown 40 pixels high; screens of twice the density show each of these.
_MARK_HEIGHT, _MARK_ID = 80, "mark@clientdesk"


class Unsendable(Exception):
    """This mail can never be sent; the text is the sentence that staff read."""


class Unwanted(Exception):
    """Whom this mail is for chose not to get such mails; the text is the sentence that staff read."""


def build(
    name: str,
    to: str,
    context: Mapping[str, object],
    *,
    link: AccessLink | None = None,
    language: str = "",
    time_zone: str = "",
    reply_to: str = "",
) -> EmailMultiAlternatives:
    """Return the mail `name` to the one address `to`, as text and HTML, in `language` (default: the one that is spoken) and `time_zone`
    (default: the product's).

    `context` holds plain values: a record in it is refused with TypeError, because its internal name would sooner or later
    be printed (X8). Unless `reply_to` is given, answers go to that of `context`, if it has one (see `letterhead`). With a `link`
    the templates also get its `url`. Raises Unsendable for a bad address.
    """
    if records := [key for key, value in context.items() if isinstance(value, Model)]:
        raise TypeError(f"A mail takes plain values, not records: {', '.join(records)}")
    mark = pictures.as_png(str(context.get("mark") or ""), _MARK_HEIGHT)
    values = {"company_name": settings.COMPANY_NAME, "base_url": settings.PUBLIC_BASE_URL, **context, "mark": _MARK_ID if mark else ""}
    answers = reply_to or str(context.get("reply_to") or "")
    if link:
        values |= {"url": absolute(reverse("account:link", args=[link.token]))}
    with translation.override(language or translation.get_language()), timezone.override(time_zone or settings.TIME_ZONE):
        subject = one_line(_plain(f"emails/{name}.subject.txt", values))[:SUBJECT_LENGTH]
        message = EmailMultiAlternatives(
            subject,
            _EMPTY_LINES.sub("\n\n", _CONTROLS.sub(" ", _plain(f"emails/{name}.txt", values))).strip() + "\n",
            settings.MAIL_FROM,
            [checked(to)],
            reply_to=[checked(answers)] if answers else None,
            headers={"Auto-Submitted": "auto-generated"},
        )
        html = _CONTROLS.sub(" ", get_template(f"emails/{name}.html").render(values | {"subject": subject}))
    message.attach_alternative(css_inline.inline(html, load_remote_stylesheets=False), "text/html")
    if mark:
        message.attach(_inline(mark))
    return message


def _inline(mark: bytes) -> MIMEPart:
    """Return the part of a mail that its HTML shows: nothing is fetched from anywhere when the mail is read."""
    part = MIMEPart()
    part.set_content(mark, maintype="image", subtype="png", disposition="inline", filename="mark.png", cid=f"<{_MARK_ID}>")
    return part


def absolute(path: str) -> str:
    """Return the whole address of `path` on PUBLIC_BASE_URL; what a request calls itself is never trusted (trial V1)."""
    return f"{settings.PUBLIC_BASE_URL}{path}"


def one_line(text: str) -> str:
    """Return `text` as one line that a header may hold (trial V37)."""
    return " ".join(_BREAKS.sub(" ", text).split())


def checked(address: str) -> str:
    """Return `address` if it is one mail address that every server understands, else raise Unsendable.

    One at a time: a single text such as `a@b.test, c@d.test` is two recipients to a mail server.
    """
    local, _at, domain = address.rpartition("@")
    if len(address) > 254 or not local.isascii() or not domain or re.search(r'[\s"<>,;()]', address) or _BREAKS.search(address):
        raise Unsendable(_unusable(address))
    try:
        validate_email(address)
    except ValidationError as error:
        raise Unsendable(_unusable(address)) from error
    return address


def _unusable(address: str) -> str:
    return _("“%(address)s” is not one complete e-mail address.") % {"address": one_line(address)[:254]}


def _plain(name: str, values: dict[str, object]) -> str:
    """Render a text template without HTML escaping."""
    return get_template(name).template.render(Context(values, autoescape=False)).replace("\r\n", "\n")
