"""The forms of what is done on a job: work sessions, parts, the checklist, signatures, notes (JD4, JD5)."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk import pictures
from clientdesk.fields import LinesField
from clientdesk.forms import DeskForm
from clientdesk.inputs import MomentField
from clientdesk.models import User
from jobs.forms import may_do, technicians
from jobs.item_forms import SmallForm
from jobs.models import JobCheck, JobPart, Signature, WorkSession


class SessionForm(DeskForm):
    """A work session as it is written down or corrected by hand; one that runs may go on running."""

    started_at = MomentField(label=gettext_lazy("Start"), error_messages={"required": gettext_lazy("Say when the work began.")})
    ended_at = MomentField(label=gettext_lazy("End"), error_messages={"required": gettext_lazy("Say when the work ended.")})

    class Meta(DeskForm.Meta):
        model = WorkSession
        fields = ("technician", "mode", "started_at", "ended_at")
        error_messages = {"technician": {"required": gettext_lazy("Choose the technician.")}}

    form_layout = ("technician", "mode", "started_at", "ended_at")

    def prepare(self) -> None:
        session = self.instance
        self.fields["technician"].queryset = technicians(session.job.client, session.technician_id)
        self.fields["technician"].empty_label = None if session.pk else _("Choose a technician")
        if session.pk and session.is_running:
            self.fields["ended_at"].required = False
            self.fields["ended_at"].help_text = _("Blank: it goes on.")

    def clean_technician(self) -> User | None:
        return may_do(self.cleaned_data["technician"], self.instance.job.client)


class PartForm(DeskForm):
    """A part or an expense."""

    class Meta(DeskForm.Meta):
        model = JobPart
        fields = ("text", "quantity", "unit", "price")
        error_messages = {"text": {"required": gettext_lazy("Say what was used.")}}
        help_texts = {"unit": gettext_lazy("Such as m, kg or h.")}

    form_layout = ("text", "quantity", "unit", "price")


class CheckForm(DeskForm):
    """A line of the checklist."""

    class Meta(DeskForm.Meta):
        model = JobCheck
        fields = ("text",)
        error_messages = {"text": {"required": gettext_lazy("Say what is to be checked.")}}

    form_layout = ("text",)


class SignForm(DeskForm):
    """A signature: the typed name, and where the browser can, what is drawn."""

    picture = pictures.PictureField(
        label=gettext_lazy("Signature"),
        required=False,
        square=False,
        help_text=gettext_lazy("A picture of the signature; the name alone will do."),
    )

    class Meta(DeskForm.Meta):
        model = Signature
        fields = ("side", "name")
        error_messages = {"name": {"required": gettext_lazy("Type the name of who signs.")}}
        widgets = {"side": forms.RadioSelect}

    form_layout = ("side", "name", "picture")

    def prepare(self) -> None:
        contact = self.instance.job.contact
        if contact and not self.is_bound:
            self.initial["name"] = contact.full_name

    def clean_side(self) -> str:
        side = self.cleaned_data["side"]
        if self.instance.job.signatures.filter(side=side).exists():
            raise ValidationError(_("This side has signed already. Remove that signature first."))
        return side

    def save(self, commit: bool = True, *, by: User | None = None) -> models.Model:
        """Save the signature with its picture, drawn anew. Raises ValidationError where the disk is full."""
        if picture := self.cleaned_data.get("picture"):
            self.instance.image = pictures.keep(picture, "signatures")
        return super().save(commit, by=by)


class ToldForm(SmallForm):
    """A note for the timeline, for the client or not."""

    note = LinesField(
        label=gettext_lazy("Note"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
        error_messages={"required": gettext_lazy("Write the note.")},
    )
    visible = forms.BooleanField(
        label=gettext_lazy("Visible in the portal"), required=False, help_text=gettext_lazy("The client's contacts read it there.")
    )
