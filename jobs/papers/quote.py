"""A quote as a PDF (X9): our branch, the client's legal name, lines, tax by rate, total, until when it holds."""

from decimal import Decimal

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from clientdesk.languages import spoken
from clientdesk.preferences import Style
from clients.letterhead import letterhead, postal_lines
from clients.models import Branch
from jobs.models import Quote, QuoteLine
from jobs.models.quote import taxes_of
from jobs.papers.typesetting import drawn, typeset


def quote_pdf(quote: Quote, style: Style) -> bytes:
    """Return `quote` as its contact reads it: days, numbers and money by `style`. The internal name of the client is not on it (X8)."""
    with translation.override(spoken(style.language)):
        return typeset("quote", _told(quote, style), quote.sent_at or quote.updated_at)


def _told(quote: Quote, style: Style) -> dict[str, object]:
    lines = list(quote.lines.all())
    until = _("You can accept this quote until %(day)s.") % {"day": style.date(quote.expires_on)} if quote.expires_on else ""
    return {
        "title": _("Quote %(number)s") % {"number": quote.number},
        "subtitle": quote.name,
        "number": quote.number,
        "sender": sender(quote.client.branch),
        "recipient": _recipient(quote),
        "facts": _facts(quote, style),
        "labels": {
            "recipient": _("For"),
            "position": _("No."),
            "text": _("Description"),
            "quantity": _("Quantity"),
            "unit_price": _("Unit price"),
            "tax": _("Tax"),
            "amount": _("Amount"),
            "net": _("Total without tax"),
            "total": _("Total"),
        },
        "lines": [_line(line, quote.currency, style) for line in lines],
        "net": style.money(quote.net, quote.currency),
        "taxes": [
            {"label": _("Tax %(rate)s") % {"rate": _rate(one.rate, style)}, "amount": style.money(one.tax, quote.currency)}
            for one in taxes_of(lines)
            if one.rate
        ],
        "total": style.money(quote.total, quote.currency),
        "terms": [part for part in quote.terms.split("\n") if part.strip()],
        "until": until,
    }


def sender(branch: Branch) -> dict[str, object]:
    """Return in whose name a paper is written: `name`, `lines` beside it, `foot` at the end of each page, its `logo` and `colour`."""
    found = letterhead(branch)
    name, address = str(found["sender_name"] or settings.COMPANY_NAME), list(found["sender_lines"])
    reached = [text for text in (branch.email, branch.phone.as_international if branch.phone else "") if text]
    return {
        "name": name,
        "lines": [*address, *reached],
        "foot": [text for text in (name, ", ".join(address), branch.email) if text],
        "logo": drawn(branch.logo),
        "colour": found.get("accent", ""),
    }


def _recipient(quote: Quote) -> list[str]:
    """Return the lines of whom it is for; the address is that of the contact, which may be the client's (invariant 16)."""
    contact, client = quote.contact, quote.client
    person = contact.full_name if contact and contact.full_name != client.legal_name else ""
    address = contact.mailing_address if contact else client
    return [text for text in (client.legal_name, person, *postal_lines(address)) if text]


def _facts(quote: Quote, style: Style) -> list[list[str]]:
    found = [
        (_("Date"), style.date(quote.sent_at or quote.created_at)),
        (_("Valid until"), style.date(quote.expires_on) if quote.expires_on else ""),
        (_("Delivery"), style.date(quote.deadline) if quote.deadline else ""),
        (_("Your reference"), quote.client_reference),
    ]
    return [[label, value] for label, value in found if value]


def _line(line: QuoteLine, currency: str, style: Style) -> dict[str, str]:
    quantity = style.number(line.quantity.normalize())
    return {
        "text": line.text,
        "quantity": f"{quantity} {line.unit}".strip(),
        "unit_price": style.money(line.unit_price, currency),
        "tax_rate": _rate(line.tax_rate, style) if line.tax_rate else "–",
        "amount": style.money(line.net, currency),
    }


def _rate(rate: Decimal, style: Style) -> str:
    return f"{style.number(rate.normalize())} %"
