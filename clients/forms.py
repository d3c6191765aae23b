"""Adding and changing a client."""

from crispy_forms.layout import Div, Field, Fieldset, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.fields import TidyField
from clientdesk.forms import DeskForm
from clientdesk.models import User
from clientdesk.words import tidy
from clients.models import Branch, Category, Client, CompanyType, same_name_error, same_name_sentence
from clients.names import proposed_name

_HINTS: dict[str, Promise] = {
    "name": gettext_lazy("Internal, never shown to the client. No special characters."),
    "legal_name": gettext_lazy("As printed on quotes, projects and invoices."),
}
_MISSING = {
    "name": {"required": gettext_lazy("Enter a name for the client.")},
    "legal_name": {"required": gettext_lazy("Enter the legal name of the client.")},
    "email": {"required": gettext_lazy("Enter the e-mail address of the main contact, such as info@brauer.example")},
}
_LABELS = {"country": gettext_lazy("Country of registration")}


class ClientForm(DeskForm):
    """What both forms of a client share: a duplicate name links the client that has it (X7), for who may see that one (XD33)."""

    places = {"name_key": "name"}

    def _update_errors(self, errors: ValidationError) -> None:
        found = getattr(errors, "error_dict", {})
        if "name_key" in found and (other := Client.objects.named(self.instance.name).exclude(pk=self.instance.pk).first()):
            # The name was free when clean() looked and is taken now: another request was quicker.
            found["name"] = [*found.get("name", []), same_name_error(other)]
            del found["name_key"]
        for error in found.get("name", []):
            other = (error.params or {}).get("client")
            if isinstance(other, Client):
                error.message, error.params = same_name_sentence(other, self.user), None
                if other.is_visible_to(self.user):
                    error.message = format_html('{} <a href="{}">{}</a>', error.message, other.get_absolute_url(), _("Open it"))
        super()._update_errors(errors)


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
        labels = _LABELS
        help_texts = _HINTS
        error_messages = _MISSING

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
        branch = self.cleaned_data["branch"] or Branch.preselected()
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


class EditClientForm(ClientForm):
    """Every detail of a client (J15). Without `may_deactivate` the status neither becomes inactive nor leaves it."""

    class Meta(DeskForm.Meta):
        model = Client
        fields = (
            "name",
            "legal_name",
            "kind",
            "status",
            "email",
            "phone",
            "website",
            "branch",
            "category",
            "company_type",
            "tax_number",
            "external_id",
            "street",
            "street2",
            "postal_code",
            "city",
            "province",
            "country",
            "notes",
        )
        labels = _LABELS
        help_texts = _HINTS | {"external_id": gettext_lazy("The client's number in another system; each only once.")}
        error_messages = _MISSING
        widgets = {"notes": forms.Textarea(attrs={"rows": 4})}

    form_layout = (
        Fieldset(
            gettext_lazy("Identification"),
            Row("name", "legal_name", "kind", "status", "branch", "category", "company_type", "tax_number", "external_id"),
        ),
        Fieldset(gettext_lazy("Contact"), Row(Field("email", wrapper_class="full"), "phone", "website")),
        Fieldset(
            gettext_lazy("Address"),
            Row("street", "street2", "postal_code", "city", "province", "country"),
        ),
        Fieldset(gettext_lazy("Notes"), Field("notes")),
    )

    def __init__(self, *args, may_deactivate: bool = False, **kwargs) -> None:
        self.may_deactivate = may_deactivate
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        client = self.instance
        # A blank address came by import and may stay; one that is there is not taken away here (X11).
        self.fields["email"].required = bool(client.email)
        self.fields["country"].choices = [("", _("Not given")), *list(self.fields["country"].choices)[1:]]
        self.fields["branch"].empty_label = None
        for name, model in (("branch", Branch), ("category", Category), ("company_type", CompanyType)):
            # A deactivated entry is offered no more, but stays on the record that has it (X14, XD18).
            self.fields[name].queryset = model.objects.filter(Q(active=True) | Q(pk=getattr(client, f"{name}_id")))
        for name in ("category", "company_type"):
            self.fields[name].empty_label = _("Not given")
        if not self.may_deactivate:
            gone = client.status == Client.Status.INACTIVE
            self.fields["status"].choices = [pair for pair in Client.Status.choices if (pair[0] == Client.Status.INACTIVE) == gone]
        country = self.data.get("country", "") if self.is_bound else client.country
        self.accept_local_phones(country or client.branch.country)

    def clean_external_id(self) -> str | None:
        """A blank ID is none, so that many clients may have none."""
        return self.cleaned_data["external_id"] or None
