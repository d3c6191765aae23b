"""Adding and changing a contact person."""

from crispy_forms.layout import Field, Fieldset, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.fields import SuccessorField, speak
from clientdesk.forms import DeskForm
from clientdesk.inputs import DayField
from clientdesk.models import User
from clientdesk.reach_fields import languages_field, more_emails_field, more_phones_field
from clients.custom import CustomFieldsMixin
from clients.forms.rules import not_given_first, offer
from clients.models import Client
from contacts.models import Contact, Department, Position
from contacts.place_forms import DepartmentField, OfficeChoice

_MISSING = {
    "last_name": {"required": gettext_lazy("Enter the last name of the person.")},
    "email": {"required": gettext_lazy("Enter the e-mail address of the person, such as anna@brauer.example")},
}
_SALES = ("lead_source", "first_contact_on", "sales_notes")


class ContactForm(CustomFieldsMixin, DeskForm):
    """What both forms of a contact share: active positions only, a department of the client by its name (X40), phone numbers as the
    client's country writes them, custom fields."""

    department = DepartmentField(label=gettext_lazy("Department"))

    def extend(self) -> None:
        super().extend()
        self.initial["department"] = str(self.instance.department or "")

    def prepare(self) -> None:
        client = self.instance.client
        if client.is_individual:
            del self.fields["department"]
        else:
            self.fields["department"].offer(client, self.instance.department)
        # A deactivated position is offered no more, but stays on the record that has it (X41).
        self.fields["position"].queryset = Position.objects.filter(Q(active=True) | Q(pk=self.instance.position_id))
        self.fields["position"].empty_label = _("Not given")
        self.accept_local_phones(client.country or client.branch.country)

    def chosen_department(self, by: User | None) -> Department | None:
        """Return the department of this valid form, saved; the caller locked the client's row. Raises ValidationError where it may not
        be chosen any more."""
        found = self.cleaned_data.get("department")
        if found is None or "department" not in self.changed_data:
            return found
        try:
            return Department.objects.find_or_add(self.instance.client, found.name, by)
        except ValidationError as refusal:
            raise ValidationError({"department": refusal.messages}) from None


class AddContactForm(ContactForm):
    """A new contact person of `client` (X22, X23, S5); the first one becomes primary by itself (invariant 3)."""

    custom_required_only = True
    make_primary = forms.BooleanField(label=gettext_lazy("Make primary contact"), required=False)
    add_twin = forms.BooleanField(label=gettext_lazy("Add this person a second time"), required=False)

    class Meta(DeskForm.Meta):
        model = Contact
        fields = ("first_name", "last_name", "email", "default_office", "department", "position", "phone")
        field_classes = {"default_office": OfficeChoice}
        labels = {"default_office": gettext_lazy("Office")}
        help_texts = {"email": gettext_lazy("Needed to invite this person to the portal.")}
        error_messages = _MISSING

    # Shown once there is a twin to ask about.
    _TWIN_BOX = Field("add_twin", wrapper_class="full")

    def __init__(self, posted: object = None, *, client: Client) -> None:
        self.client = client
        super().__init__(posted, instance=Contact(client=client))

    def prepare(self) -> None:
        super().prepare()
        self.fields["email"].required = True
        if not self.is_bound:  # the error summary takes the focus then
            self.fields["first_name"].widget.attrs["autofocus"] = True
        former = self.client.contacts.filter(is_primary=True).first()
        self.initial["position"] = Position.default_key()
        self._offer_offices()
        below: list[Field] = [Field(name, wrapper_class="full") for name in self.custom_names]
        if former is None:
            del self.fields["make_primary"]
        else:
            self.fields["make_primary"].help_text = _("Gets the portal invitation and the invoices. Replaces %(contact)s.") % {
                "contact": former
            }
            below.append(Field("make_primary", wrapper_class="full"))
        if self.data.get("add_twin"):
            below.append(self._TWIN_BOX)
        places = [Field(name) for name in ("default_office", "department", "position", "phone") if name in self.fields]
        self.form_layout = (Row("first_name", "last_name", Field("email", wrapper_class="full"), *places, *below),)

    def _offer_offices(self) -> None:
        """S5: the headquarters stands first and is chosen; with one office there is nothing to choose."""
        field = self.fields["default_office"]
        field.offer(self.client)
        field.empty_label = None
        offices = list(field.queryset)
        if len(offices) < 2:
            del self.fields["default_office"]
        else:
            self.initial["default_office"] = offices[0].pk

    def _ask_about_twin(self) -> None:
        """Raise ValidationError for a contact of this name and e-mail; from then on the form offers the box that adds it all the same."""
        found = self.cleaned_data
        if found.get("add_twin"):
            return
        if twin := self.client.contacts.active().twins(found.get("first_name", ""), found["last_name"], found["email"]).first():
            self.helper.layout.fields.append(Row(self._TWIN_BOX))
            sentence = _("“%(contact)s” with this e-mail is a contact person of this client already.") % {"contact": twin}
            raise ValidationError(
                {"last_name": format_html('{} <a href="{}">{}</a>', sentence, twin.get_absolute_url(), _("Show profile"))}
            )

    def clean(self) -> None:
        super().clean()
        if "last_name" in self.cleaned_data and "email" in self.cleaned_data:
            self._ask_about_twin()

    def save(self, commit: bool = True, *, by: User | None = None) -> Contact:
        """Register the contact. The client's row is the lock: of two equal posts at once the second is asked (trial V32)."""
        Client.objects.select_for_update().get(pk=self.client.pk)
        self._ask_about_twin()
        fields = {name: self.cleaned_data[name] for name in AddContactForm.Meta.fields if name in self.fields}
        fields["department"] = self.chosen_department(by)
        contact = self.client.contacts.register(self.client, created_by=by, custom=self.instance.custom, **fields)
        if self.cleaned_data.get("make_primary"):
            contact.make_primary()
        return contact


class EditContactForm(ContactForm):
    """The main data of a contact (X34 to X36, X39). A new address of somebody who signs in with it is confirmed first (trial A16)."""

    more_emails = more_emails_field()
    more_phones = more_phones_field()
    mother_tongues = languages_field(label=gettext_lazy("Mother tongues"))
    first_contact_on = DayField(label=gettext_lazy("First contact"), required=False)

    class Meta(DeskForm.Meta):
        model = Contact
        fields = (
            *("first_name", "last_name", "gender", "department", "position", "external_id", "language", "mother_tongues"),
            *("email", "more_emails", "no_crm_emails", "phone", "mobile", "fax", "sms_enabled", "more_phones", "notes"),
            *_SALES,
        )
        help_texts = {
            "no_crm_emails": gettext_lazy("Bulk mails skip this person; invitations and quotes still arrive."),
            "language": gettext_lazy("In which the person reads."),
        }
        error_messages = _MISSING
        widgets = {"notes": forms.Textarea(attrs={"rows": 4}), "sales_notes": forms.Textarea(attrs={"rows": 4})}

    _PERSON = ("first_name", "last_name", "gender", "department", "position", "language", "external_id")
    _EMAIL = (Row(Field("email", wrapper_class="full")), "more_emails", "no_crm_emails")
    _PHONE = (Row("phone", "mobile", "fax"), "sms_enabled", "more_phones")

    def prepare(self) -> None:
        super().prepare()
        person = [name for name in self._PERSON if name in self.fields]
        self.form_layout = (
            Fieldset(_("Person"), Row(*person, Field("mother_tongues", wrapper_class="full")), css_class="part"),
            Fieldset(_("E-mail"), *self._EMAIL, css_class="part"),
            Fieldset(_("Phone"), *self._PHONE, css_class="part"),
            Fieldset(_("Notes"), *self.custom_names, "notes", css_class="part"),
            Fieldset(_("Sales data"), Row("lead_source", "first_contact_on"), "sales_notes", css_class="part"),
        )
        offer(self.fields["lead_source"], self.instance.lead_source_id)
        for name in ("gender", "language"):
            not_given_first(self.fields[name])
        email = self.fields["email"]
        email.required = bool(self.instance.email)
        if self.instance.signs_in:
            self._say_how_the_address_changes(email)
        if self.instance.is_unwanted:
            self.initial["no_crm_emails"] = True
            said = _("Somebody who had this address before wanted none. Untick it only where the person asks for them.")
            self.fields["no_crm_emails"].help_text = said

    def _say_how_the_address_changes(self, email: forms.Field) -> None:
        """To somebody who cannot come in now no link could be sent: such an address stays."""
        email.disabled = not self.instance.access.is_open
        if email.disabled:
            sentence = _("%(contact)s signs in to the portal with this address, so it is not changed here.")
        else:
            sentence = _("%(contact)s signs in to the portal with this address. Another one takes its place once a link to it was opened.")
        email.help_text = sentence % {"contact": self.instance}

    def clean_email(self) -> str:
        address = self.cleaned_data["email"]
        holder = User.objects.by_address(address) if self.instance.signs_in and "email" in self.changed_data else None
        if holder and holder.pk != self.instance.access.user_id:
            raise ValidationError(_("Another user signs in with “%(email)s”. Use another address.") % {"email": address})
        return address

    def save(self, commit: bool = True, *, by: User | None = None) -> Model:
        """Save the contact and a department that is new; the page locked the client's row. A new address of somebody who signs
        in is only asked for."""
        if "email" in self.changed_data and self.instance.signs_in:
            self.instance.access.want_address(self.instance.email, by)
            self.instance.email = self.initial["email"]
        if "no_crm_emails" in self.changed_data and not self.instance.no_crm_emails:
            self.instance.ask_for_crm_emails()
        elif self.instance.is_unwanted:
            self.instance.no_crm_emails = True
        if "department" in self.fields:
            self.instance.department = self.chosen_department(by)
        return super().save(commit, by=by)


class SuccessorForm(forms.Form):
    """Who is the primary contact once another one is gone; asked only where there are `successors` (invariant 3)."""

    successor = SuccessorField()

    def __init__(self, posted: object = None, *, successors: list[Contact]) -> None:
        super().__init__(posted, label_suffix="")
        if successors:
            self.fields["successor"].offer(successors)
        else:
            del self.fields["successor"]
        for field in self.fields.values():
            speak(field)
