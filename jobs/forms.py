"""The forms of a job: log, change, assign, and the words that go with a gesture (J28, S8)."""

from typing import ClassVar
from uuid import UUID, uuid4

from crispy_forms.layout import Field, Fieldset, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.fields import LinesField
from clientdesk.forms import DeskForm
from clientdesk.inputs import MomentField
from clientdesk.models import User
from clientdesk.postal import ADDRESS
from clients.models import Client
from jobs.budget_codes import ask_for_code
from jobs.item_forms import NOT_THE_CLIENTS, ItemForm, SmallForm
from jobs.machine import Status
from jobs.models import Job, JobType, Project
from jobs.project_machine import ProjectStatus


def technicians(client: Client, kept: int | None = None) -> models.QuerySet[User]:
    """Return whom jobs of `client` can be assigned to; `kept` is the key of one who stays offered."""
    found = User.objects.staff().filter(Q(is_active=True, technician=True) | Q(pk=kept))
    return found.order_by("last_name", "first_name", "pk")


def may_do(person: User | None, client: Client) -> User | None:
    """Return `person`. Raises ValidationError where the person may not see `client` (XD33)."""
    if person and not client.is_visible_to(person):
        raise ValidationError(_("%(person)s may not see this client. Choose somebody responsible for it.") % {"person": person})
    return person


class JobForm(ItemForm):
    """What both forms of a job share."""

    scheduled_at = MomentField(label=gettext_lazy("Scheduled for"), required=False)

    class Meta(DeskForm.Meta):
        model = Job
        fields = (
            *("subject", "description", "priority", "job_type", "office", "department", "contact", "contact_phone", "project"),
            *("budget_code", *ADDRESS, "assignee", "scheduled_at"),
        )
        error_messages = {
            "subject": {"required": gettext_lazy("Say in a few words what is to be done.")},
            **{name: {"invalid_choice": NOT_THE_CLIENTS} for name in ("office", "department", "contact", "project")},
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 5})}

    def prepare(self) -> None:
        client = self.instance.client
        # J8, X12
        said = _("Nobody in particular: mail goes to %(address)s") if client.email else _("Nobody in particular: the client has no e-mail")
        self.nobody = said % {"address": client.email}
        self.offer_people()
        self.offer_places()
        ask_for_code(self)
        job = self.instance
        self.fields["assignee"].queryset = technicians(job.client, job.assignee_id)
        self.fields["assignee"].empty_label = _("Nobody yet")
        self._offer_projects()
        self.fields["job_type"].queryset = JobType.objects.filter(Q(active=True) | Q(pk=job.job_type_id))
        self.fields["job_type"].empty_label = _("None")
        self.accept_local_phones(job.client.country)
        self.form_layout = self._layout()

    def _offer_projects(self) -> None:
        """Offer the open projects of the client, where there are any."""
        job = self.instance
        offered = Project.objects.filter(client=job.client_id).filter(Q(status=ProjectStatus.OPEN) | Q(pk=job.project_id))
        if not offered.exists():
            del self.fields["project"]
            return
        self.fields["project"].queryset = offered
        self.fields["project"].empty_label = _("None")

    def _layout(self) -> tuple:
        there = self.there
        whole = [Field(name, wrapper_class="full") for name in there("project", "others")]
        return (
            Fieldset(_("What"), Row(Field("subject", wrapper_class="full"), "priority", "job_type"), "description", css_class="part"),
            Fieldset(
                _("For whom"), Row(*there("contact", "contact_phone", "office", "department", "budget_code"), *whole), css_class="part"
            ),
            Fieldset(_("Where"), Row(*ADDRESS), css_class="part"),
            *([Fieldset(_("By whom and when"), Row(*there("assignee", "scheduled_at")), css_class="part")] * ("assignee" in self.fields)),
            *there("key"),
        )

    def clean_assignee(self) -> User | None:
        return may_do(self.cleaned_data["assignee"], self.instance.client)


class LogJobForm(JobForm):
    """A new job of a client: the primary contact, its phone and the address of the headquarters are filled in (J28)."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    places: ClassVar[dict[str, str]] = {"key": "subject"}

    def __init__(self, posted: object = None, *, client: Client, project: int = 0) -> None:
        self.of_project = project
        job = Job(client=client, office=client.offices.filter(is_headquarters=True).first())
        super().__init__(posted, instance=job)

    def extend(self) -> None:
        client, office = self.instance.client, self.instance.office
        primary = client.contacts.active().filter(is_primary=True).first()
        place = office if office and office.has_address else client
        self.initial.update({name: getattr(place, name) for name in ADDRESS})
        self.initial.update({"key": uuid4(), "job_type": JobType.default_key(), "contact": primary and primary.pk})
        self.initial["department"] = primary and primary.department_id
        self.initial["project"] = Project.objects.filter(client=client, pk=self.of_project).values_list("pk", flat=True).first()
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
        label=gettext_lazy("What was done"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
        help_text=gettext_lazy("It stands on the work docket, which the client gets."),
    )
