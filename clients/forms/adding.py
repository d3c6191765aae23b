"""Add client: the short form (X6 to X16)."""

from crispy_forms.layout import Div, Field, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.fields import TidyField
from clientdesk.forms import DeskForm
from clientdesk.models import User
from clientdesk.words import tidy
from clients.forms.shared import HINTS, LABELS, MISSING, ClientForm
from clients.models import Branch, Client
from clients.names import proposed_name


class AddClientForm(ClientForm):
    """The six fields of Add client (X6 to X16); with Individual ticked first and last name take the place of the legal name."""

    individual = forms.BooleanField(
        label=gettext_lazy("Individual"),
        required=False,
        help_text=gettext_lazy("A person, not a company. A contact person is created from these data."),
    )
    first_name = TidyField(label=gettext_lazy("First name"), max_length=100, required=False)
    last_name = TidyField(label=gettext_lazy("Last name"), max_length=100, required=False)

    class Meta(DeskForm.Meta):
        model = Client
        fields = ("name", "legal_name", "email", "country", "branch")
        labels = LABELS
        help_texts = HINTS
        error_messages = MISSING

    form_layout = (
        Row(
            Field("individual", wrapper_class="full"),
            Div(Row("first_name", "last_name"), css_class="full when-person", css_id="person-names"),
            "name",
            Field("legal_name", wrapper_class="unless-person"),
            Field("email", wrapper_class="full"),
            "country",
            "branch",
        ),
    )

    def prepare(self) -> None:
        self.fields["email"].required = True
        self.fields["last_name"].mark_optional = False
        self.fields["country"].choices = [("", _("Not given")), *list(self.fields["country"].choices)[1:]]
        branch = self.fields["branch"]
        branch.required, branch.empty_label = False, None
        branch.queryset = Branch.objects.filter(active=True)
        self.initial.setdefault("branch", getattr(Branch.preselected(), "pk", None))
        if self.is_bound and self["individual"].data:
            # The legal name of a person is made of its names; what a hidden field still holds does not count (decision 19).
            self.fields["legal_name"].required = False

    def clean_branch(self) -> Branch:
        """A blank branch means the preselected one (X14)."""
        branch = self.cleaned_data["branch"] or Branch.objects.filter(pk=self.initial["branch"], active=True).first()
        if branch is None:
            raise ValidationError(_("There is no active branch. An administrator can add one."))
        return branch

    def clean(self) -> None:
        super().clean()
        found = self.cleaned_data
        self.instance.kind = Client.Kind.INDIVIDUAL if found.get("individual") else Client.Kind.CORPORATE
        if not found.get("individual"):
            found["first_name"] = found["last_name"] = ""
        elif "last_name" in found and "first_name" in found:
            self._name_person(found)

    def _name_person(self, found: dict[str, object]) -> None:
        full = tidy(f"{found['first_name']} {found['last_name']}")
        if not found["last_name"]:
            self.add_error("last_name", _("Enter the last name of the person."))
            return
        if len(full) > 200:
            self.add_error(
                "last_name", _("First and last name are %(count)d characters together. Shorten them to 200.") % {"count": len(full)}
            )
            return
        found["legal_name"] = full
        if not self["name"].data and (proposed := proposed_name(full)):
            self.data = self.data.copy()
            self.data[self.add_prefix("name")] = proposed
            del self.errors["name"]
            self.add_error("name", _("The name was empty. “%(name)s” is proposed: continue to take it, or change it.") % {"name": proposed})

    def save(self, commit: bool = True, *, by: User | None = None) -> Client:
        """Register the client with its headquarters and, for an individual, its contact. Raises ValidationError for a taken name."""
        self.instance.register(by, self.cleaned_data["first_name"], self.cleaned_data["last_name"])
        return self.instance
