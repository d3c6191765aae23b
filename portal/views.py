"""What a contact person sees."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clientdesk.preferences import Style
from clients import custom
from clients.models import CustomField
from contacts.formats import style_of
from contacts.models import Contact

MORNING, EVENING = 12, 18


def home(request: HttpRequest) -> HttpResponse:
    """S7, Home: the contact's own data, who helps, and what will come."""
    contact = request.access.contact
    style = style_of(contact)
    context = {
        "contact": contact,
        "access": request.access,
        "client_name": request.access.client_name,
        "branch": contact.client.branch,
        "address": contact.mailing_address,
        "custom_facts": _custom_facts(contact, style),
        "greeting": _greeting(contact.first_name or contact.full_name, style.now().hour),
    }
    return render(request, "portal/home.html", context)


def _custom_facts(contact: Contact, style: Style) -> list[tuple[str, str]]:
    """Return label and value in words of the custom fields of `contact` and of its client that staff let it see (XD23)."""
    client, facts = contact.client, []
    for entity, record in ((CustomField.Entity.CONTACT, contact), (CustomField.Entity.CLIENT, client)):
        for field in custom.asked(entity, client.company_type_id, client.category_id):
            if field.visible_in_portal and (words := custom.shown(field, record.custom.get(field.key), style)):
                facts.append((field.label, words))
    return facts


def _greeting(name: str, hour: int) -> str:
    if hour < MORNING:
        return _("Good morning, %(name)s") % {"name": name}
    if hour < EVENING:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}
