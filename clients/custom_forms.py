"""The form of a custom field (XD23)."""

from crispy_forms.layout import Field, Fieldset, Row
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.forms import DeskForm
from clientdesk.models import User
from clientdesk.places import last
from clientdesk.trees import TreeField
from clientdesk.words import name_key
from clients.models import CustomField
from clients.settings_forms import NamesField

LONGEST_KEY = 40
Kind, Entity = CustomField.Kind, CustomField.Entity
_WITH_OPTIONS = (Kind.CHOICE, Kind.CHOICES)


def records_of(entity: str) -> models.QuerySet:
    """Return all records of `entity`, each with its values in the column `custom`; the apps above are found by name."""
    label = {Entity.CLIENT: "clients.Client", Entity.CONTACT: "contacts.Contact"}[Entity(entity)]
    return apps.get_model(label)._base_manager.all()


def has_values(field: CustomField) -> bool:
    """Say whether any record holds a value of `field`."""
    return records_of(field.entity).filter(custom__has_key=field.key).exists()


def new_key(entity: str, label: str) -> str:
    """Return the key that a new field gets for ever, made from `label`: letters, digits and _, none that a database lookup is named
    by, not yet taken in `entity`."""
    plain = slugify(label).replace("-", "_").strip("_")[: LONGEST_KEY - 4].strip("_")
    while "__" in plain:
        plain = plain.replace("__", "_")
    if not plain or plain[0].isdigit() or plain in models.JSONField().get_lookups():
        plain = f"field_{plain}".rstrip("_")[: LONGEST_KEY - 4]
    taken = set(CustomField.objects.filter(entity=entity, key__startswith=plain).values_list("key", flat=True))
    return next(key for key in (plain, *(f"{plain}_{number}" for number in range(2, len(taken) + 3))) if key not in taken)


class CustomFieldForm(DeskForm):
    """A custom field. Whom it is asked of is settled when it is added; its kind as soon as a record holds a value."""

    places = {"label_key": "label", "key": "label"}
    options = NamesField(label=gettext_lazy("Options"), help_text=gettext_lazy("One a line. For a selection and a multiple selection."))

    class Meta(DeskForm.Meta):
        model = CustomField
        fields = (
            *("entity", "label", "kind", "options", "help_text", "required"),
            *("place", "company_type", "category", "visible_in_portal"),
        )
        field_classes = {"company_type": TreeField, "category": TreeField}
        widgets = {"entity": forms.RadioSelect, "place": forms.RadioSelect}
        help_texts = {
            "help_text": gettext_lazy("Stands beneath the field, like this line."),
            "required": gettext_lazy("Records that have no value ask for one when somebody edits them."),
            "place": gettext_lazy("For clients. Contacts have it among their main data."),
            "visible_in_portal": gettext_lazy("Contacts who sign in see the value of their client or their own."),
        }

    form_layout = (
        "entity",
        Row("label", "kind"),
        Field("options", wrapper_class="when-options"),
        "help_text",
        "required",
        Fieldset(gettext_lazy("Where it is asked"), Field("place", wrapper_class="when-client"), Row("company_type", "category")),
        Fieldset(gettext_lazy("Client portal"), "visible_in_portal"),
    )

    def prepare(self) -> None:
        self.fields["label"].error_messages["required"] = _("Enter a label.")
        self.fields["entity"].choices = Entity.choices
        self.fields["place"].choices = CustomField.Place.choices
        self.fields["place"].required = False
        self.fields["place"].mark_optional = self.fields["options"].mark_optional = False
        self.fields["entity"].error_messages["required"] = _("Choose whom it is asked of.")
        for name, nothing in (("company_type", _("All company types")), ("category", _("All categories"))):
            field = self.fields[name]
            field.empty_label, field.mark_optional = nothing, False
            saved = getattr(self.instance, f"{name}_id")
            field.queryset = field.queryset.filter(models.Q(active=True) | models.Q(pk=saved))
        if self.instance.pk:
            self.fields["entity"].disabled = True
            self.fields["entity"].help_text = _("Settled when the field was added.")
            self.fields["kind"].help_text = _("Can be changed while no record holds a value.")
            self.fields["options"].help_text += " " + _("One that you remove stays where it was chosen.")
        elif not self.is_bound:
            self.fields["label"].widget.attrs["autofocus"] = True

    def clean_label(self) -> str:
        """A label is there once for clients and once for contacts; the error leads to the field that has it."""
        label = self.cleaned_data["label"]
        entity = self.cleaned_data.get("entity", self.instance.entity)
        if other := CustomField.objects.filter(entity=entity, label_key=name_key(label)).exclude(pk=self.instance.pk).first():
            sentence = _("“%(label)s” exists already.") if other.active else _("“%(label)s” exists already, deactivated.")
            address = reverse("settings:edit_custom_field", args=[other.pk])
            raise ValidationError(format_html('{} <a href="{}">{}</a>', sentence % {"label": label}, address, _("Open it")))
        return label

    def clean_kind(self) -> str:
        """Values of one kind are no values of another."""
        kind = self.cleaned_data["kind"]
        if self.instance.pk and kind != self.instance.kind and has_values(self.instance):
            raise ValidationError(
                _("“%(field)s” holds values already, so it stays a field of the kind “%(kind)s”. Add another field instead.")
                % {"field": self.instance, "kind": self.instance.get_kind_display()}
            )
        return kind

    def clean_place(self) -> str:
        """Contacts have one place only."""
        return self.cleaned_data["place"] or CustomField.Place.IDENTIFICATION

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("kind") in _WITH_OPTIONS:
            if "options" in self.cleaned_data and not self.cleaned_data["options"]:
                self.add_error("options", _("Enter at least one option."))
        elif "options" in self.cleaned_data:
            self.cleaned_data["options"] = []
        if self.instance._state.adding and "entity" in self.cleaned_data and "label" in self.cleaned_data:
            self.instance.key = new_key(self.cleaned_data["entity"], self.cleaned_data["label"])

    def save(self, commit: bool = True, *, by: User | None = None) -> models.Model:
        """Save the field, a new one after the others of its entity."""
        if self.instance._state.adding:
            self.instance.position = last(CustomField.objects.filter(entity=self.instance.entity))
        return super().save(commit, by=by)
