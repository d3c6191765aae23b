"""The forms of a job: log, change, assign, and the words that go with a gesture (J28, S8)."""

from typing import ClassVar
from uuid import UUID, uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.fields import LinesField, RecordsField, speak
from clientdesk.forms import DeskForm
from clientdesk.inputs import MomentField
from clientdesk.models import User
from clientdesk.postal import ADDRESS
from clients.models import Client
from contacts.models import Contact
from jobs.machine import Status
from jobs.models import Job, JobType

_NOT_THE_CLIENTS = gettext_lazy("This is not one of the client's own any more. Choose another.")


def technicians(client: Client, kept: int | None = None) -> models.QuerySet[User]:
    """Return whom jobs of `client` can be assigned to; `kept` is the key of one who stays offered."""
    found = User.objects.staff().filter(Q(is_active=True, technician=True) | Q(pk=kept))
    return found.order_by("last_name", "first_name", "pk")


def may_do(person: User | None, client: Client) -> User | None:
    """Return `person`. Raises ValidationError where the person may not see `client` (XD33)."""
    if person and not client.is_visible_to(person):
        raise ValidationError(_("%(person)s may not see this client. Choose somebody responsible for it.") % {"person": person})
    return person


class JobForm(DeskForm):
    """What both forms of a job share: people and places of its client only (invariant 6)."""

    scheduled_at = MomentField(label=gettext_lazy("Scheduled for"), required=False)
    others = RecordsField(
        Contact.objects.none(),
        label=gettext_lazy("Additional contacts"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("They are named beside the contact person."),
        error_messages={"invalid_choice": _NOT_THE_CLIENTS, "invalid_pk_value": _NOT_THE_CLIENTS},
    )

    class Meta(DeskForm.Meta):
        model = Job
        fields = (
            *("subject", "description", "priority", "job_type", "office", "department", "contact", "contact_phone"),
            *(*ADDRESS, "assignee", "scheduled_at"),
        )
        error_messages = {
            "subject": {"required": gettext_lazy("Say in a few words what is to be done.")},
            **{name: {"invalid_choice": _NOT_THE_CLIENTS} for name in ("office", "department", "contact")},
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 5})}

    def extend(self) -> None:
        if self.instance.pk:
            self.initial["others"] = list(self.instance.job_contacts.order_by("contact").values_list("contact_id", flat=True))

    def prepare(self) -> None:
        self._offer_people()
        self._offer_places()
        self.fields["job_type"].queryset = JobType.objects.filter(Q(active=True) | Q(pk=self.instance.job_type_id))
        self.fields["job_type"].empty_label = _("None")
        self.accept_local_phones(self.instance.client.country)
        self.form_layout = self._layout()

    def _layout(self) -> tuple:
        def there(*names: str) -> list[str]:
            return [name for name in names if name in self.fields]

        whole = [Field(name, wrapper_class="full") for name in there("others")]
        return (
            Fieldset(_("What"), Row(Field("subject", wrapper_class="full"), "priority", "job_type"), "description", css_class="part"),
            Fieldset(_("For whom"), Row(*there("contact", "contact_phone", "office", "department"), *whole), css_class="part"),
            Fieldset(_("Where"), Row(*ADDRESS), css_class="part"),
            *([Fieldset(_("By whom and when"), Row(*there("assignee", "scheduled_at")), css_class="part")] * ("assignee" in self.fields)),
            *there("key"),
        )

    def _offer_people(self) -> None:
        job = self.instance
        people = Contact.objects.filter(client=job.client_id).order_by("-is_primary", "sort_key", "pk")
        self.fields["contact"].queryset = people.filter(Q(active=True) | Q(pk=job.contact_id))
        self.fields["contact"].empty_label = _("Nobody in particular")
        self.fields["others"].queryset = people.filter(Q(active=True) | Q(pk__in=self.initial.get("others", [])))
        if job.client.is_individual:
            # One person: there is nobody else to name (C3).
            del self.fields["others"]
        self.fields["assignee"].queryset = technicians(job.client, job.assignee_id)
        self.fields["assignee"].empty_label = _("Nobody yet")

    def _offer_places(self) -> None:
        job = self.instance
        if job.client.is_individual:
            del self.fields["office"], self.fields["department"]
            return
        self.fields["office"].queryset = job.client.offices.filter(Q(active=True) | Q(pk=job.office_id))
        self.fields["office"].empty_label = None
        self.fields["department"].queryset = job.client.departments.filter(Q(active=True) | Q(pk=job.department_id))
        self.fields["department"].empty_label = _("None")

    def clean_assignee(self) -> User | None:
        return may_do(self.cleaned_data["assignee"], self.instance.client)


class LogJobForm(JobForm):
    """A new job of a client: the primary contact, its phone and the address of the headquarters are filled in (J28)."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    places: ClassVar[dict[str, str]] = {"key": "subject"}

    def __init__(self, posted: object = None, *, client: Client) -> None:
        job = Job(client=client, office=client.offices.filter(is_headquarters=True).first())
        super().__init__(posted, instance=job)

    def extend(self) -> None:
        client, office = self.instance.client, self.instance.office
        primary = client.contacts.active().filter(is_primary=True).first()
        place = office if office and office.has_address else client
        self.initial.update({name: getattr(place, name) for name in ADDRESS})
        self.initial.update({"key": uuid4(), "job_type": JobType.default_key(), "contact": primary and primary.pk})
        self.initial["department"] = primary and primary.department_id
        self.initial["contact_phone"] = (primary and (primary.phone or primary.mobile)) or client.phone

    def prepare(self) -> None:
        super().prepare()
        if not self.is_bound:
            self.fields["subject"].widget.attrs["autofocus"] = True
        self.fields["assignee"].help_text = _("With a technician the job is assigned at once.")

    def clean_key(self) -> UUID | None:
        self.instance.key = self.cleaned_data["key"]
        return self.instance.key

    def save(self, commit: bool = True, *, by: User | None = None) -> Job:
        """Log the job."""
        self.instance.log(by, self.cleaned_data.get("others", ()))
        return self.instance


class EditJobForm(JobForm):
    """A job that is not closed. Whom it is assigned to is changed here while it is assigned, and by its gestures else."""

    def prepare(self) -> None:
        super().prepare()
        if self.instance.status == Status.ASSIGNED:
            self.fields["assignee"].empty_label = None
            return
        del self.fields["assignee"], self.fields["scheduled_at"]
        self.form_layout = self._layout()

    def save(self, commit: bool = True, *, by: User | None = None) -> models.Model:
        """Save the job; another priority times its running clock anew from when it started."""
        self.instance.time()
        saved = super().save(commit, by=by)
        if "others" in self.cleaned_data:
            self.instance.name_others(self.cleaned_data["others"])
        return saved


class SmallForm(forms.Form):
    """A form beside a record: our sentences, no label suffix, one column."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.prepare()
        for field in self.fields.values():
            speak(field)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.fields)

    def prepare(self) -> None:
        """Fit the fields to the record; forms override it."""


class AssignForm(SmallForm):
    """Who does a job, and when."""

    assignee = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Technician"), error_messages={"required": gettext_lazy("Choose the technician.")}
    )
    scheduled_at = MomentField(label=gettext_lazy("Scheduled for"), required=False)

    def __init__(self, *args, job: Job, **kwargs) -> None:
        self.job = job
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        self.fields["assignee"].queryset = technicians(self.job.client)
        self.fields["assignee"].empty_label = _("Choose a technician")
        self.fields["assignee"].widget.attrs["autofocus"] = True

    def clean_assignee(self) -> User | None:
        return may_do(self.cleaned_data["assignee"], self.job.client)


class NoteForm(SmallForm):
    """What was done, for the timeline."""

    note = LinesField(
        label=gettext_lazy("What was done"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4, "autofocus": True})
    )


class ReasonForm(SmallForm):
    """Why a job is cancelled."""

    note = LinesField(
        label=gettext_lazy("Reason"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3, "autofocus": True})
    )


class SureForm(SmallForm):
    """Nothing to fill in: only whether it shall happen."""
