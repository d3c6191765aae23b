"""Columns of a client that say where letters go and how else it is reached: correspondence address, further addresses (XD5 to XD7)."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from clients.forms.addresses import POST, AddressesForm
from intake.cells import ChoiceWidget, FormFieldWidget
from intake.column import Column
from intake.countries import country_words
from intake.person_cells import TickWidget
from intake.row_cells import RowsWidget

# The words of one notation, for clients and people alike.
MORE_EMAILS_HELP = _("With semicolons between them; (CC) behind each that is used for CC: a@b.example (CC); c@d.example")
MORE_PHONES_HELP = _("With semicolons between them; a note may stand in brackets behind each: +49 30 901820 (Office); +49 171 901820")
MORE_EMAILS_ALIASES = ["More e-mails", "More emails", "Additional e-mails", "Additional emails", "Further e-mails", "Other emails",
                       "Weitere E-Mails", "Weitere E-Mail-Adressen", "Autres adresses e-mail", "Otros correos",
                       "Outros e-mails"]  # fmt: skip
MORE_PHONES_ALIASES = ["More phone numbers", "Additional phones", "Additional phone numbers", "Further phones", "Other phones",
                       "Weitere Telefonnummern", "Weitere Telefone", "Autres téléphones", "Otros teléfonos",
                       "Outros telefones"]  # fmt: skip
SMS_ALIASES = ["SMS", "SMS enabled", "Text messages", "SMS erlaubt"]

_LABELS = {
    "post_street": _("Correspondence street"),
    "post_street2": _("Correspondence address line 2"),
    "post_postal_code": _("Correspondence postal code"),
    "post_city": _("Correspondence city"),
    "post_province": _("Correspondence province"),
    "post_country": _("Correspondence country"),
}
_ALIASES = {
    "post_street": ["Correspondence address", "Postal address", "Korrespondenzadresse", "Postanschrift", "Adresse de correspondance"],
    "post_postal_code": ["Correspondence postcode", "Correspondence ZIP"],
}
_HELP = {
    "post_country": _("The country of the correspondence address, by name or two-letter code."),
}


def _post() -> Iterator[Column]:
    for key in POST:
        widget = FormFieldWidget(AddressesForm, key)
        if key == "post_country":
            widget = ChoiceWidget(AddressesForm, key, country_words, _("“%(value)s” is no country. %(hint)s"))
        about = _HELP.get(key, _("Of the address that letters go to, where it is another one."))
        yield Column(key, widget, label=_LABELS[key], aliases=_ALIASES.get(key, ()), help=about)


SAME_ADDRESS = Column(
    "use_billing_address",
    TickWidget(AddressesForm, "use_billing_address"),
    label=_("Correspondence same as billing"),
    aliases=["Same as billing address", "Same as the billing address", "Same as billing", "Correspondence address same as billing"],
    help=_("“No” is meant wherever a row gives a correspondence address."),
)
MORE_EMAILS = Column(
    "more_emails",
    RowsWidget(AddressesForm, "more_emails", "address", "cc"),
    aliases=MORE_EMAILS_ALIASES,
    help=MORE_EMAILS_HELP,
)
CC_CONTACTS = Column(
    "cc_contact_emails",
    TickWidget(AddressesForm, "cc_contact_emails"),
    aliases=["CC contact e-mails", "Copy contact e-mails", "CC in e-mails to contact person"],
    help=_("“Yes” sends the main e-mail address a copy of what contact persons get."),
)
MORE_PHONES = Column(
    "more_phones",
    RowsWidget(AddressesForm, "more_phones", "number", "note"),
    aliases=MORE_PHONES_ALIASES,
    help=MORE_PHONES_HELP,
)
SMS = Column(
    "sms_enabled",
    TickWidget(AddressesForm, "sms_enabled"),
    aliases=SMS_ALIASES,
    help=_("“Yes” where text messages may go to the mobile phone."),
)
MORE_WEBSITES = Column(
    "more_websites",
    RowsWidget(AddressesForm, "more_websites", "url"),
    aliases=["Other websites", "Additional websites", "Weitere Webseiten", "Autres sites web"],
    help=_("With spaces between them."),
)
SERVER_ACCOUNT = Column(
    "server_account",
    FormFieldWidget(AddressesForm, "server_account"),
    aliases=["Account on client's server", "Server account", "FTP account"],
    help=_("Where your people deliver to; no passwords."),
)
REACH = (SAME_ADDRESS, *_post(), MORE_EMAILS, CC_CONTACTS, MORE_PHONES, SMS, MORE_WEBSITES, SERVER_ACCOUNT)
