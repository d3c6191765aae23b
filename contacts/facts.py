"""What the tab Main data of a contact's profile shows: lines of label and value, in the order of the form."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from clientdesk.languages import language_name
from clients.facts import Fact, day, more_mails, more_phones, phone, yes_no
from contacts.models import Contact


def person(contact: Contact) -> list[Fact]:
    """Return who the contact is (X34, XD22)."""
    return [
        Fact(_("First name"), contact.first_name, "first_name"),
        Fact(_("Last name"), contact.last_name),
        Fact(_("Gender"), contact.get_gender_display(), "gender"),
        Fact(_("Position"), contact.position, "position"),
        Fact(_("Language"), language_name(contact.language) if contact.language else "", "language"),
        Fact(_("Mother tongues"), ", ".join(language_name(code) for code in contact.mother_tongues), "mother_tongues"),
        Fact(_("External ID"), contact.external_id, "external_id"),
    ]


def reaching(contact: Contact) -> list[Fact]:
    """Return how the contact is reached (XD22)."""
    mails, phones = more_mails(contact), more_phones(contact)
    number, mobile, fax = phone(contact.phone), phone(contact.mobile), phone(contact.fax)
    return [
        Fact(_("E-mail"), contact.email, "email", f"mailto:{contact.email}"),
        *([Fact(_("More e-mail addresses"), "", many=mails)] if mails else []),
        Fact(_("No CRM e-mails"), _no_crm_emails(contact)),
        Fact(_("Phone"), number.value, "phone", number.url),
        Fact(_("Mobile"), mobile.value, "mobile", mobile.url),
        Fact(_("May be sent text messages"), yes_no(contact.sms_enabled)),
        Fact(_("Fax"), fax.value, "fax"),
        *([Fact(_("More phones"), "", many=phones)] if phones else []),
    ]


def _no_crm_emails(contact: Contact) -> str:
    if contact.is_unwanted:
        return _("Yes: somebody who had this address before wanted none")
    return yes_no(contact.no_crm_emails)


def noted(contact: Contact, custom: Iterable[tuple[str, str]]) -> list[Fact]:
    """Return the custom fields, as (label, words), and the notes."""
    return [*(Fact(label, words) for label, words in custom), Fact(_("Notes"), contact.notes, "notes")]


def sales(contact: Contact) -> list[Fact]:
    """Return the sales data of the person (X39), nothing where there are none: most contacts have only their client's."""
    if not (contact.lead_source or contact.first_contact_on or contact.sales_notes):
        return []
    return [
        Fact(_("Lead source"), contact.lead_source, "lead_source"),
        Fact(_("First contact"), day(contact.first_contact_on), "first_contact_on"),
        Fact(_("Sales notes"), contact.sales_notes, "sales_notes"),
    ]
