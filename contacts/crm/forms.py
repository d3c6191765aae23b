"""The forms of CRM: an action, another time for it, an e-mail to many."""

from typing import ClassVar
from uuid import UUID, uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.fields import LinesField, TidyField, speak
from clientdesk.forms import DeskForm
from clientdesk.inputs import MomentField
from clientdesk.models import User
from contacts.crm import due
from contacts.crm.placeholders import check
from contacts.models import Contact, CrmAction, MailTemplate

Kind, Status = CrmAction.Kind, CrmAction.Status


class ActionForm(DeskForm):
    """What both forms of an action share: moments in the user's time zone, people of this client, staff who may see it."""

    due_at = MomentField(label=gettext_lazy("Due"), required=False)
    end_at = MomentField(label=gettext_lazy("Until"), required=False)
    reminder_at = MomentField(label=gettext_lazy("Reminder by e-mail"), required=False)

    class Meta(DeskForm.Meta):
        model = CrmAction
        fields = ("kind", "contact", "subject", "due_at", "end_at", "reminder_at", "assigned_to", "body")
        error_messages = {"subject": {"required": gettext_lazy("Say in a few words what it is about.")}}
        widgets = {"body": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"reminder_at": gettext_lazy("The person in charge gets an e-mail then.")}

    _ROWS = ("kind", "contact", Field("subject", wrapper_class="full"))
    _TIMES = ("due_at", "end_at", "reminder_at", "assigned_to", Field("body", wrapper_class="full"))
    form_layout = (Row(*_ROWS, *_TIMES),)

    def prepare(self) -> None:
        action = self.instance
        people = Contact.objects.filter(Q(active=True) | Q(pk=action.contact_id), client=action.client_id)
        self.fields["contact"].queryset = people
        self.fields["contact"].empty_label = _("Nobody in particular")
        staff = User.objects.staff().filter(Q(is_active=True) | Q(pk=action.assigned_to_id))
        self.fields["assigned_to"].queryset = staff.order_by("last_name", "first_name", "pk")
        self.fields["assigned_to"].empty_label = _("Nobody yet")
        self.fields["kind"].choices = Kind.choices

    def clean_assigned_to(self) -> User | None:
        person = self.cleaned_data["assigned_to"]
        if person and not self.instance.client.is_visible_to(person):
            raise ValidationError(_("%(person)s may not see this client. Choose somebody responsible for it.") % {"person": person})
        return person

    def save(self, commit: bool = True, *, by: User | None = None) -> models.Model:
        """Save the action; another time of the reminder lets it be sent again."""
        if "reminder_at" in self.changed_data:
            self.instance.remind_at(self.cleaned_data["reminder_at"])
        saved = super().save(commit, by=by)
        due.forget()
        return saved


class AddActionForm(ActionForm):
    """A new action with a client: planned, or done already. A memo is always done."""

    when = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[(Status.PLANNED, gettext_lazy("Planned")), (Status.DONE, gettext_lazy("Done already"))],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("A memo is always done."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    places: ClassVar[dict[str, str]] = {"key": "subject"}
    form_layout = (Row(*ActionForm._ROWS, Field("when", wrapper_class="full"), *ActionForm._TIMES, "key"),)

    def prepare(self) -> None:
        super().prepare()
        self.initial.setdefault("when", Status.PLANNED)
        self.initial["key"] = uuid4()
        if not self.is_bound:
            self.fields["subject"].widget.attrs["autofocus"] = True

    def clean_key(self) -> UUID | None:
        self.instance.key = self.cleaned_data["key"]
        return self.instance.key

    def clean_when(self) -> str:
        """Let the laws of the record see what was chosen."""
        chosen = self.cleaned_data["when"]
        memo = self.cleaned_data.get("kind") == Kind.MEMO
        self.instance.status = Status.DONE if memo else chosen
        self.instance.done_at = timezone.now() if self.instance.status == Status.DONE else None
        return chosen


class PostponeForm(forms.Form):
    """Another time for a planned action."""

    until = MomentField(label=gettext_lazy("Postpone to"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        speak(self.fields["until"])
        self.fields["until"].widget.attrs["autofocus"] = True
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("until")

    def clean_until(self) -> object:
        until = self.cleaned_data["until"]
        if until < timezone.now():
            raise ValidationError(_("This time has passed. Choose a later one."))
        return until


class MailForm(forms.Form):
    """Subject and text of a CRM e-mail with placeholders; `key` lets one form send once. `template` is what both may begin with."""

    # Stands beside the form, so that Enter in the subject looks at the message and does not begin it anew.
    template = forms.ModelChoiceField(
        label=gettext_lazy("Template"),
        queryset=MailTemplate.objects.filter(active=True),
        required=False,
        empty_label=gettext_lazy("Choose a template"),
        widget=forms.Select(attrs={"form": "mail-form"}),
    )
    subject = TidyField(label=gettext_lazy("Subject"), max_length=150)
    text = LinesField(label=gettext_lazy("Text"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 12}))
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        for field in self.fields.values():
            speak(field)
        self.fields["subject"].error_messages["required"] = _("Enter the subject of the e-mail.")
        self.fields["text"].error_messages["required"] = _("Write the text of the e-mail.")
        self.initial.setdefault("key", uuid4())
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("subject", "text", "key")
        self.fields["template"].mark_optional = False
        if not self.is_bound:
            self.initial.setdefault("template", MailTemplate.default_key())

    def begun(self) -> "MailForm":
        """Return a form that begins with the chosen template, or with what was typed where none is chosen; nothing was sent with it."""
        typed = {name: self[name].value() for name in self.fields}
        try:
            chosen = self.fields["template"].clean(typed["template"])
        except ValidationError:
            chosen = None
        return MailForm(initial=typed | ({"subject": chosen.subject, "text": chosen.text} if chosen else {}))

    def clean_subject(self) -> str:
        check(self.cleaned_data["subject"])
        return self.cleaned_data["subject"]

    def clean_text(self) -> str:
        check(self.cleaned_data["text"])
        return self.cleaned_data["text"]

    @property
    def once(self) -> UUID:
        """The key of this form; one that lost it is a form of its own."""
        return self.cleaned_data.get("key") or uuid4()
