"""The tabs Social media, Mailing address and Preferences of a contact's profile: what is known, and the form behind Edit."""

from typing import ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from clientdesk import preferences
from clientdesk.format_pages import EditFormatsPage
from clientdesk.models import Formats
from clientdesk.postal import PostalAddress
from clientdesk.views import EditPage, Screen
from contacts.formats import style_of, style_with
from contacts.models import Contact, ContactFormats
from contacts.photo_views import seen_by_staff
from contacts.profile import contact_of, contacts_with_card, profile
from contacts.profile_forms import AccountsForm, ContactFormatsForm, MailingAddressForm


class EditTab(EditPage):
    """The form behind one tab; `tab` names it, `back` is the address name that a saved form leads to."""

    template_name = "contacts/contact_form.html"
    tab: ClassVar[str]
    back: ClassVar[str]
    save_label: ClassVar[str | Promise]

    def queryset(self) -> QuerySet:
        return contacts_with_card(self.request.user).filter(erased_at=None)

    def done_url(self) -> str:
        return reverse(self.back, args=[self.record.pk])

    def context(self, **more) -> dict[str, object]:
        return super().context(**profile(self.record, self.tab), save_label=self.save_label, **more)


class Social(Screen):
    """Accounts in networks (X43 to X45) and the picture (X46)."""

    template_name = "contacts/contact_social.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = contact_of(pk, request.user)
        return self.show(**profile(contact, "social"), watchers=seen_by_staff(contact))


class EditSocial(EditTab):
    """The form behind Social media."""

    form_class = AccountsForm
    tab, back = "social", "contacts:social"
    save_label = gettext_lazy("Save social accounts")


class MailingAddress(Screen):
    """Where letters go: to the client's address of now, or to one of the contact's own (X47, X48)."""

    template_name = "contacts/contact_address.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = contact_of(pk, request.user)
        own = PostalAddress.of(contact)
        return self.show(**profile(contact, "address"), address=contact.mailing_address, sleeping=contact.use_client_address and own)


class EditMailingAddress(EditTab):
    """The form behind Mailing address."""

    form_class = MailingAddressForm
    tab, back = "address", "contacts:address"
    save_label = gettext_lazy("Save mailing address")


def formats_of(contact: Contact) -> ContactFormats:
    """Return the formats of `contact`, or unsaved ones that follow the main account's."""
    found = getattr(contact, "formats", None) or ContactFormats()
    found.contact = contact
    return found


class Preferences(Screen):
    """Language and formats beside the main account values, each with what it looks like (X65, X66, X68)."""

    template_name = "contacts/contact_preferences.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = contact_of(pk, request.user)
        lines = preferences.compared(style_of(contact), style_with(contact, None, ""))
        return self.show(**profile(contact, "preferences"), formats=formats_of(contact), lines=lines)


class EditPreferences(EditFormatsPage):
    """The form behind Preferences."""

    form_class = ContactFormatsForm
    template_name = "contacts/contact_preferences_edit.html"

    def formats_of(self, lock: bool) -> Formats:
        contacts = contacts_with_card(self.request.user).filter(erased_at=None)
        self.contact = get_object_or_404(contacts.select_for_update(of=("self",)) if lock else contacts, pk=self.kwargs["pk"])
        return formats_of(self.contact)

    def done_url(self) -> str:
        return reverse("contacts:preferences", args=[self.contact.pk])

    def context(self, **more) -> dict[str, object]:
        return super().context(**profile(self.contact, "preferences"), **more)
