"""What a contact fills in when it decides: to accept or reject a quote, to cancel a job, to say what a project was like."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from clientdesk.fields import LinesField, TidyField, speak
from jobs.models.project import Rating


class _Decision(forms.Form):
    """A few words around one button."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        for field in self.fields.values():
            speak(field)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.fields)


def _name_field() -> TidyField:
    return TidyField(
        label=_("Your name"),
        max_length=200,
        help_text=_("It is recorded with the decision."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class _QuoteDecision(_Decision):
    """A decision about a quote as its reader saw it: `sending` is when that was sent, so that nobody accepts another sum than was read."""

    sending = forms.CharField(required=False, widget=forms.HiddenInput)


class AcceptForm(_QuoteDecision):
    """Who accepts, and the number under which the client ordered."""

    name = _name_field()
    reference = TidyField(
        label=_("Your order number"), max_length=100, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class DeclineForm(_QuoteDecision):
    """Who rejects, and why."""

    name = _name_field()
    reason = LinesField(label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class ReviewForm(_Decision):
    """What a closed project was like: one of five grades, and words (XD29)."""

    rating = forms.TypedChoiceField(
        label=_("How content are you?"),
        choices=[(value, label) for value, label in reversed(Rating.choices)],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how content you are.")},
    )
    review = LinesField(
        label=_("What went well, and what did not?"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    name = TidyField(
        label=_("Your name"),
        max_length=200,
        help_text=_("It is recorded with the feedback."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class CancelForm(_Decision):
    """Why a job is not needed any more."""

    reason = LinesField(label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
