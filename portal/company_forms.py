"""What a contact may correct of its company, and of its colleagues (areas Company data and Colleagues of domain.md 8.4).

Names of the client, offices, departments, the portal and who is primary contact are kept by staff.
"""

from crispy_forms.layout import Div, Field, Fieldset, Row
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.forms import DeskForm
from clientdesk.models import User
from clientdesk.postal import ADDRESS
from clients.forms.addresses import POST
from clients.forms.rules import not_given_first
from clients.models import Client
from contacts.models import Contact
from contacts.place_forms import OfficeChoice
from portal import news
from portal.models import ContactAccess
from portal.request_forms import offices_for


def _whole(name: str) -> Field:
    return Field(name, wrapper_class="full")


class CompanyForm(DeskForm):
    """How the client is reached, and its addresses."""

    class Meta(DeskForm.Meta):
        model = Client
        fields = ("email", "phone", "website", *ADDRESS, "use_billing_address", *POST)
        labels = {"email": gettext_lazy("E-mail"), "country": gettext_lazy("Country")}
        help_texts = {"email": gettext_lazy("What is not meant for one person goes there.")}

    form_layout = (
        Fieldset(
            gettext_lazy("Reach"),
            Row(Field("email", wrapper_class="full"), "phone", Field("website", wrapper_class="full")),
            css_class="part",
        ),
        Fieldset(gettext_lazy("Billing address"), Row(_whole("street"), *ADDRESS[1:]), css_class="part"),
        Fieldset(
            gettext_lazy("Correspondence address"),
            "use_billing_address",
            Div(Row(_whole("post_street"), *POST[1:]), css_class="unless-same"),
            css_class="part same-address",
        ),
    )

    def prepare(self) -> None:
        client = self.instance
        for name in ("country", "post_country"):
            not_given_first(self.fields[name])
        # An address that is there is not taken away: mails to nobody in particular go to it (X11, X12).
        self.fields["email"].required = bool(client.email)
        self.accept_local_phones(client.country or client.branch.country)

    def save(self, commit: bool = True, *, by: User | None = None) -> Model:
        """Save the client and tell who is responsible for it."""
        client = super().save(commit, by=by)
        news.tell_of(self.instance, news.COMPANY, by, self.changed_data)
        return client


_PERSON = ("first_name", "last_name", "email", "default_office", "phone", "mobile")


class _ColleagueForm(DeskForm):
    """What both forms of a colleague share; which of the offices are offered follows from the access level of who fills it in."""

    class Meta(DeskForm.Meta):
        model = Contact
        fields = _PERSON
        field_classes = {"default_office": OfficeChoice}
        labels = {"default_office": gettext_lazy("Office")}
        error_messages = {"last_name": {"required": gettext_lazy("Enter the last name of the person.")}}

    def __init__(self, posted: object = None, *, access: ContactAccess, instance: Contact | None = None) -> None:
        self.access = access
        super().__init__(posted, instance=instance or Contact(client=access.contact.client))

    def prepare(self) -> None:
        client = self.access.contact.client
        self.accept_local_phones(client.country or client.branch.country)
        there = [name for name in _PERSON if name in self.fields]
        self.form_layout = (Row(*(_whole(name) if name == "email" else name for name in there)),)


class AddColleagueForm(_ColleagueForm):
    """Somebody who works for the same client; the portal stays shut until staff invite the person (J7)."""

    def prepare(self) -> None:
        offices = offices_for(self.access)
        if len(offices) < 2:
            del self.fields["default_office"]
        else:
            self.fields["default_office"].queryset = offices
            self.fields["default_office"].empty_label = None
            self.initial["default_office"] = self.access.contact.default_office_id
        self.fields["email"].required = True
        self.fields["email"].error_messages["required"] = _("Enter the e-mail address of the person, such as anna@brauer.example")
        super().prepare()

    def _refuse_twin(self) -> None:
        found = self.cleaned_data
        people = self.access.contact.client.contacts.active()
        if twin := people.twins(found.get("first_name", ""), found["last_name"], found["email"]).first():
            raise ValidationError({"last_name": _("“%(name)s” with this e-mail is among your colleagues already.") % {"name": twin}})

    def clean(self) -> None:
        super().clean()
        if {"last_name", "email"} <= set(self.cleaned_data):
            self._refuse_twin()

    def save(self, commit: bool = True, *, by: User | None = None) -> Contact:
        """Register the person. The client's row is the lock: the same sent twice at once makes one person."""
        contact = self.access.contact
        client = Client.objects.select_for_update().get(pk=contact.client_id)
        self._refuse_twin()
        fields = {name: self.cleaned_data[name] for name in _PERSON if name in self.fields}
        fields.setdefault("default_office", contact.default_office)
        colleague = client.contacts.register(client, created_by=by, **fields)
        news.tell_of(colleague, news.ADDED, by)
        return colleague


class EditColleagueForm(_ColleagueForm):
    """Name and phones of a colleague, and the address of one who was never let in: others sign in with theirs."""

    class Meta(_ColleagueForm.Meta):
        fields = ("first_name", "last_name", "email", "phone", "mobile")

    def prepare(self) -> None:
        email = self.fields["email"]
        email.required = bool(self.instance.email)
        if ContactAccess.of(self.instance).user_id:
            email.disabled = True
            email.help_text = _("The person signs in with this address and changes it under “Sign-in and security”.")
        super().prepare()

    def save(self, commit: bool = True, *, by: User | None = None) -> Model:
        """Save the person, and the name for an account that there may be."""
        contact = super().save(commit, by=by)
        user = ContactAccess.of(self.instance).user
        if user and {"first_name", "last_name"} & set(self.changed_data):
            user.first_name, user.last_name = self.instance.first_name, self.instance.last_name
            user.save(update_fields=["first_name", "last_name"])
        news.tell_of(self.instance, news.EDITED, by, self.changed_data)
        return contact
