"""What a contact keeps itself: name and phones, mailing address, e-mails, language and formats (X48, X65 to X69, XD30)."""

from crispy_forms.layout import Div, Field, Row
from django import forms
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from clientdesk import preferences
from clientdesk.format_pages import EditFormatsPage
from clientdesk.forms import DeskForm
from clientdesk.models import Formats, User
from clientdesk.postal import ADDRESS
from clientdesk.preferences import Style
from clientdesk.views import EditPage
from clients import custom
from clients.models import CustomField
from contacts.formats import WITH_FORMATS, style_of, style_with
from contacts.models import Contact
from contacts.profile_forms import ContactFormatsForm, MailingAddressForm
from contacts.profile_views import formats_of
from portal.doors import needs
from portal.models import ContactAccess


class OwnDataForm(DeskForm):
    """What a contact may correct itself; everything else of its record is kept by staff."""

    class Meta(DeskForm.Meta):
        model = Contact
        fields = ("first_name", "last_name", "phone", "mobile", "sms_enabled")
        labels = {"sms_enabled": gettext_lazy("I may be sent text messages")}

    form_layout = ("first_name", "last_name", "phone", "mobile", "sms_enabled")

    def prepare(self) -> None:
        client = self.instance.client
        self.accept_local_phones(client.country or client.branch.country)

    def save(self, commit: bool = True, *, by: User | None = None) -> Model:
        """Save the contact, and its name for its account, too."""
        contact = super().save(commit, by=by)
        if by and {"first_name", "last_name"} & set(self.changed_data):
            by.first_name, by.last_name = contact.first_name, contact.last_name
            by.save(update_fields=["first_name", "last_name"])
        return contact


class OwnMailsForm(DeskForm):
    """Which e-mails the contact gets: those about its work, and what is written to all clients (XD5, X42)."""

    news = forms.BooleanField(label=gettext_lazy("News and offers"), required=False)

    class Meta(DeskForm.Meta):
        model = ContactAccess
        fields = ("quote_mails", "project_mails", "job_mails")
        labels = {
            "quote_mails": gettext_lazy("About quotes"),
            "project_mails": gettext_lazy("About projects"),
            "job_mails": gettext_lazy("About jobs"),
        }
        help_texts = {
            "quote_mails": gettext_lazy("A quote waits for your decision, and your request for one arrived."),
            "project_mails": gettext_lazy("Something is ready to download."),
            "job_mails": gettext_lazy("Your request for a job arrived."),
        }

    form_layout = ("quote_mails", "project_mails", "job_mails", "news")

    def extend(self) -> None:
        self.initial["news"] = not self.instance.contact.no_crm_emails
        self.fields["news"].help_text = _("What we have to say to all our clients.")

    def save(self, commit: bool = True, *, by: User | None = None) -> Model:
        """Save the choice; news and offers are the contact's own switch, which staff know as “No CRM e-mails”."""
        if "news" in self.changed_data:
            contact = Contact.objects.select_for_update(of=("self",)).get(pk=self.instance.contact_id)
            if self.cleaned_data["news"]:
                contact.ask_for_crm_emails()
            else:
                contact.no_crm_emails = True
            contact.save(update_fields=["no_crm_emails", "updated_at"])
        return super().save(commit, by=by)


class OwnAddressForm(MailingAddressForm):
    """Where letters to the contact go, in the words of who gets them."""

    form_layout = (
        Div(
            "use_client_address",
            Div(Row(Field("street", wrapper_class="full"), *ADDRESS[1:]), css_class="unless-same"),
            css_class="same-address",
        ),
    )

    def prepare(self) -> None:
        super().prepare()
        field = self.fields["use_client_address"]
        field.label = _("Use the address of my company")
        field.help_text = _("An address of your own, once entered, is kept and comes back when the box is not ticked.")


@needs()
@require_http_methods(["GET", "HEAD"])
def profile(request: HttpRequest) -> HttpResponse:
    """The contact's own data, and how dates, times, numbers and money are written for it."""
    contact = request.access.contact
    style, form = style_of(contact), OwnMailsForm(instance=request.access)
    shown = {
        "contact": contact,
        "access": request.access,
        "client_name": request.access.client_name,
        "address": contact.mailing_address,
        "mails": [(form[name].label, form[name].value()) for name in form.form_layout],
        "custom_facts": _custom_facts(contact, style),
        "formats": formats_of(contact),
        "lines": preferences.compared(style, style_with(contact, None, "")),
    }
    return render(request, "portal/profile.html", shown)


def _custom_facts(contact: Contact, style: Style) -> list[tuple[str, str]]:
    """Return label and value in words of the custom fields of `contact` and of its client that staff let it see (XD23)."""
    client, facts = contact.client, []
    for entity, record in ((CustomField.Entity.CONTACT, contact), (CustomField.Entity.CLIENT, client)):
        for field in custom.asked(entity, client.company_type_id, client.category_id):
            if field.visible_in_portal and (words := custom.shown(field, record.custom.get(field.key), style)):
                facts.append((field.label, words))
    return facts


class _Own(EditPage):
    """A form over the contact who is signed in, whatever stands in the address."""

    conflict_template = "portal/conflict.html"

    def own(self, lock: bool) -> Contact:
        """Return the contact, its row locked where `lock` is set."""
        found = Contact.objects.select_related("client__branch", *WITH_FORMATS)
        return get_object_or_404(found.select_for_update(of=("self",)) if lock else found, pk=self.request.access.contact_id)

    def find(self, lock: bool = False) -> Model:
        return self.own(lock)

    def done_url(self) -> str:
        return reverse("portal:profile")


@needs()
class EditProfile(_Own):
    """Name and phones."""

    form_class = OwnDataForm
    template_name = "portal/profile_edit.html"


@needs()
class EditMails(_Own):
    """Which e-mails the contact gets; the foot of each of them leads here."""

    form_class = OwnMailsForm
    template_name = "portal/mails_edit.html"

    def find(self, lock: bool = False) -> Model:
        found = ContactAccess.objects.select_related("contact")
        return get_object_or_404(found.select_for_update(of=("self",)) if lock else found, pk=self.request.access.pk)

    def saved_sentence(self) -> str:
        """The record is an access, of which the contact never heard."""
        return _("Your choice was saved.")


@needs()
class EditAddress(_Own):
    """Where letters to the contact go: the client's address, or one of its own (X47, X48)."""

    form_class = OwnAddressForm
    template_name = "portal/address_edit.html"


@needs()
class EditFormats(_Own, EditFormatsPage):
    """Language and formats; the preview shows what every page of the portal will show (invariant 17)."""

    form_class = ContactFormatsForm
    template_name = "portal/formats_edit.html"

    def find(self, lock: bool = False) -> Model:
        return self.formats_of(lock)

    def formats_of(self, lock: bool) -> Formats:
        return formats_of(self.own(lock))
