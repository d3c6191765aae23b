"""The forms of a project: new and change."""

from typing import ClassVar
from uuid import UUID, uuid4

from crispy_forms.layout import Field, Fieldset, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.forms import DeskForm
from clientdesk.inputs import DayField, MomentField, NumberField
from clientdesk.models import User
from clients.models import Client
from jobs.budget_codes import ask_for_code
from jobs.item_forms import NOT_THE_CLIENTS, ItemForm
from jobs.models import Project


class ProjectForm(ItemForm):
    """What both forms of a project share."""

    starts_on = DayField(label=gettext_lazy("Start"), required=False)
    deadline = MomentField(label=gettext_lazy("Deadline"), required=False)
    progress = NumberField(
        label=gettext_lazy("Progress"),
        min_value=0,
        max_value=100,
        max_digits=3,
        decimal_places=0,
        help_text=gettext_lazy("In per cent; the client sees it."),
    )

    class Meta(DeskForm.Meta):
        model = Project
        fields = (
            *(
                "name",
                "client_reference",
                "budget_code",
                "contact",
                "office",
                "department",
                "starts_on",
                "deadline",
                "progress",
                "description",
            ),
            "internal_notes",
        )
        error_messages = {
            "name": {"required": gettext_lazy("Say in a few words what the project is.")},
            "contact": {"required": gettext_lazy("Choose the person whom the project is for."), "invalid_choice": NOT_THE_CLIENTS},
            **{name: {"invalid_choice": NOT_THE_CLIENTS} for name in ("office", "department")},
        }
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in ("description", "internal_notes")}

    def extend(self) -> None:
        super().extend()
        # As a text: a comparison of two versions takes the number 0 for nothing.
        self.initial["progress"] = str(self.instance.progress)

    def prepare(self) -> None:
        self.offer_people()
        self.offer_places()
        ask_for_code(self)
        if "others" in self.fields:
            self.fields["others"].help_text = _("They get a copy of all mails of the project.")
        self.fields["internal_notes"].help_text = _("No client sees them.")
        whole = [Field(name, wrapper_class="full") for name in self.there("others")]
        self.form_layout = (
            Fieldset(
                _("What"),
                Row(Field("name", wrapper_class="full"), "client_reference", "progress", *self.there("budget_code")),
                "description",
                css_class="part",
            ),
            Fieldset(_("For whom"), Row(*self.there("contact", "office", "department"), *whole), css_class="part"),
            Fieldset(_("Until when"), Row("starts_on", "deadline"), css_class="part"),
            Fieldset(_("Texts"), "internal_notes", css_class="part"),
            *self.there("key"),
        )

    def clean_progress(self) -> int:
        return int(self.cleaned_data["progress"])


class NewProjectForm(ProjectForm):
    """A new project of a client, without a quote."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    places: ClassVar[dict[str, str]] = {"key": "name"}

    def __init__(self, posted: object = None, *, client: Client) -> None:
        super().__init__(posted, instance=Project(client=client, office=client.offices.filter(is_headquarters=True).first()))

    def extend(self) -> None:
        super().extend()
        primary = self.instance.client.contacts.active().filter(is_primary=True).first()
        self.initial.update({"key": uuid4(), "contact": primary and primary.pk, "department": primary and primary.department_id})
        self.initial["starts_on"] = timezone.localdate()

    def prepare(self) -> None:
        super().prepare()
        if not self.is_bound:
            self.fields["name"].widget.attrs["autofocus"] = True

    def clean_key(self) -> UUID | None:
        self.instance.key = self.cleaned_data["key"]
        return self.instance.key

    def save(self, commit: bool = True, *, by: User | None = None) -> Project:
        """Open the project."""
        self.instance.make(by, self.cleaned_data.get("others", ()))
        return self.instance


class EditProjectForm(ProjectForm):
    """An open project."""

    def save(self, commit: bool = True, *, by: User | None = None) -> Project:
        """Save the project and whom it names."""
        super().save(commit, by=by)
        if "others" in self.cleaned_data:
            self.instance.name_others(self.cleaned_data["others"])
        return self.instance
