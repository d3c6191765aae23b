"""The settings list that describes jobs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clientdesk.forms import DeskForm
from clients.settings_forms import FLAGS, EntryForm
from clients.settings_list import SettingsList
from jobs.models import JobType


class JobTypeForm(EntryForm):
    list_name = "job-types"

    class Meta(DeskForm.Meta):
        model = JobType
        fields = ("name", "checklist", *FLAGS)
        widgets = {"checklist": forms.Textarea(attrs={"rows": 6})}

    form_layout = ("name", "checklist", *FLAGS)


JOB_TYPES = SettingsList(
    form=JobTypeForm,
    title=_("Job types"),
    text=_("What kinds of work you do."),
    add=_("Add job type"),
    save=_("Save job type"),
    icon="wrench",
)
