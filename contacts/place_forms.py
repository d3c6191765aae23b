"""Forms of offices and departments, the field that takes a department by its name, and the offices of a contact."""

from crispy_forms.layout import Field, Fieldset, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.fields import RecordsField, TidyField
from clientdesk.forms import DeskForm
from clientdesk.inputs import Suggesting
from clientdesk.models import User
from clientdesk.postal import ADDRESS
from clientdesk.trees import beneath
from clientdesk.words import name_key
from clients.forms.rules import not_given_first
from clients.models import Client
from contacts.models import Contact, Department, Office

# So many names are offered while one types; every other one can be typed.
MOST_OFFERED = 300
_NOT_THE_CLIENTS = gettext_lazy("This is none of the client's offices in use. Choose another.")


class OfficeChoice(forms.ModelChoiceField):
    """One office of a client."""

    def __init__(self, **kwargs) -> None:
        kwargs["error_messages"] = {"invalid_choice": _NOT_THE_CLIENTS} | (kwargs.get("error_messages") or {})
        super().__init__(**({"queryset": Office.objects.none()} | kwargs))

    def offer(self, client: Client, keep: int | None = None, but: set[int] | None = None) -> None:
        """Offer the offices of `client` in use and the one with the key `keep`, without those of the keys `but`."""
        self.queryset = client.offices.filter(Q(active=True) | Q(pk=keep)).exclude(pk__in=but or ())


class PlaceForm(DeskForm):
    """What the forms of offices and departments share: the client, whose row is the lock, local phone numbers, the address."""

    places = {"name_key": "name"}

    class Meta(DeskForm.Meta):
        fields = ("name", "email", "phone", *ADDRESS)

    def prepare(self) -> None:
        client = self.instance.client
        if self.instance.pk is None and not self.is_bound:
            self.fields["name"].widget.attrs["autofocus"] = True
        not_given_first(self.fields["country"])
        self.accept_local_phones(self.data.get("country") or self.instance.country or client.country or client.branch.country)
        self.form_layout = (
            Row(Field("name", wrapper_class="full"), *self.own_fields(), "email", "phone"),
            Fieldset(_("Address"), Row(*ADDRESS)),
        )

    def own_fields(self) -> list[Field]:
        """Return what stands between the name and the ways to reach it."""
        return []

    def save(self, commit: bool = True, *, by: User | None = None) -> Model:
        """Save it; the client's row is the lock, so that of two at once the second reads why it is refused."""
        self.instance.client = Client.objects.select_for_update().get(pk=self.instance.client_id)
        self.instance.clean()
        return super().save(commit, by=by)


class OfficeForm(PlaceForm):
    """An office of a corporate client. The headquarters stands at the top; made headquarters it is by a gesture, not here."""

    class Meta(PlaceForm.Meta):
        model = Office
        fields = ("name", "parent", "email", "phone", *ADDRESS)
        field_classes = {"parent": OfficeChoice}
        error_messages = {"name": {"required": gettext_lazy("Enter a name for the office, such as Leipzig plant.")}}

    def prepare(self) -> None:
        office = self.instance
        if office.is_headquarters:
            del self.fields["parent"]
            self.fields["street"].help_text = _("Left blank, the client's address is that of the headquarters.")
        else:
            but = beneath(office.client.offices.all(), office.pk) if office.pk else set()
            self.fields["parent"].offer(office.client, office.parent_id, but)
            self.fields["parent"].empty_label = _("No other office")
        super().prepare()

    def own_fields(self) -> list[Field]:
        return [Field("parent", wrapper_class="full")] if "parent" in self.fields else []


class DepartmentForm(PlaceForm):
    """A department of a corporate client (C10)."""

    class Meta(PlaceForm.Meta):
        model = Department
        fields = ("name", "office", "email", "phone", *ADDRESS)
        field_classes = {"office": OfficeChoice}
        error_messages = {"name": {"required": gettext_lazy("Enter a name for the department, such as Purchasing.")}}
        help_texts = {"street": gettext_lazy("Left blank, the address of its office holds.")}

    def prepare(self) -> None:
        self.fields["office"].offer(self.instance.client, self.instance.office_id)
        self.fields["office"].empty_label = _("Not given")
        super().prepare()

    def own_fields(self) -> list[Field]:
        return [Field("office", wrapper_class="full")]


class DepartmentField(TidyField):
    """A department of one client by its name; a name that the client has not yet is a new department, unsaved until the form is saved."""

    def __init__(self, **kwargs) -> None:
        hint = gettext_lazy("Choose one, or type the name of a new department.")
        super().__init__(**({"widget": Suggesting(), "max_length": 120, "required": False, "help_text": hint} | kwargs))

    def offer(self, client: Client, keep: Department | None = None) -> None:
        """Take the departments of `client` in use, the one to `keep` also deactivated, and new names."""
        self.client, self.kept = client, keep
        self.widget.names = client.departments.active().values_list("name", flat=True)[:MOST_OFFERED]

    def clean(self, value: object) -> Department | None:
        name = super().clean(value)
        if not name:
            return None
        if self.kept and name_key(name) == self.kept.name_key:
            return self.kept
        found = self.client.departments.named(name).first()
        if found is None:
            found = Department(client=self.client, name=name)
            try:
                found.full_clean()
            except ValidationError as error:
                raise ValidationError(error.messages) from None
        elif not found.active:
            raise ValidationError(found.taken_sentence)
        return found

    def has_changed(self, initial: object, data: object) -> bool:
        """Compare names as the client's departments are told apart."""
        return not self.disabled and name_key(str(initial or "")) != name_key(str(data or ""))


class ContactOfficesForm(DeskForm):
    """The offices of a contact and which of them is the default one (X37, X38)."""

    offices = RecordsField(
        Office.objects.none(),
        label=gettext_lazy("Offices"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Tick at least one office."),
            "invalid_choice": _NOT_THE_CLIENTS,
            "invalid_pk_value": _NOT_THE_CLIENTS,
        },
    )

    class Meta(DeskForm.Meta):
        model = Contact
        fields = ("default_office",)
        field_classes = {"default_office": OfficeChoice}
        widgets = {"default_office": forms.RadioSelect}
        error_messages = {"default_office": {"required": gettext_lazy("Choose the default office."), "invalid_choice": _NOT_THE_CLIENTS}}

    def extend(self) -> None:
        self.initial["offices"] = list(self.instance.contact_offices.order_by("office").values_list("office_id", flat=True))

    def prepare(self) -> None:
        chosen = self.fields["default_office"]
        chosen.queryset = self.instance.client.offices.filter(Q(active=True) | Q(pk__in=self.initial["offices"]))
        chosen.empty_label = None
        self.fields["offices"].queryset = chosen.queryset

    def clean(self) -> None:
        super().clean()
        offices, default = self.cleaned_data.get("offices"), self.cleaned_data.get("default_office")
        if offices is not None and isinstance(default, Office) and default not in offices:
            sentence = _("“%(office)s” is the default office but not ticked. Tick it, or choose another default office.")
            self.add_error("default_office", sentence % {"office": default})

    def save(self, commit: bool = True, *, by: User | None = None) -> Contact:
        """Let the contact have these offices; the page locked the client's row."""
        self.instance.assign_offices(list(self.cleaned_data["offices"]), self.cleaned_data["default_office"])
        return self.instance

    def rows(self) -> list[tuple[object, object, Office]]:
        """Return (box, radio, office) line by line."""
        return list(zip(self["offices"], self["default_office"], self.fields["offices"].queryset, strict=True))
