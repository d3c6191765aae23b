"""The forms of settings lists: what every entry has, and what branches, categories and company types have besides."""

from typing import ClassVar

from crispy_forms.layout import Field, Fieldset, Row
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.fields import ColourField, RecordsField, TidyField
from clientdesk.forms import DeskForm
from clientdesk.models import Dictionary, User
from clientdesk.places import last, lock
from clientdesk.rights import Role
from clientdesk.trees import TreeField, beneath
from clientdesk.words import name_key, tidy
from clients.models import Branch, Category, CompanyType, Industry, LeadSource

MOST_NAMES, LONGEST_NAME = 200, 100
FLAGS = ("preferred", "is_default")


class NamesField(forms.Field):
    """A list of names, one a line; cleaned it is a list without blanks."""

    default_error_messages = {
        "twice": gettext_lazy("“%(value)s” is there twice. Remove one."),
        "long": gettext_lazy("“%(value)s” is longer than 100 characters. Shorten it."),
        "many": gettext_lazy("These are %(count)d lines. Keep at most %(most)d."),
    }

    default_validators = [ProhibitNullCharactersValidator(message=gettext_lazy("This holds a character that cannot be stored. Remove it."))]

    def __init__(self, **kwargs) -> None:
        super().__init__(**({"widget": forms.Textarea(attrs={"rows": 5}), "required": False} | kwargs))

    def prepare_value(self, value: object) -> object:
        return "\n".join(map(str, value)) if isinstance(value, list | tuple) else value

    def to_python(self, value: object) -> list[str]:
        lines = value if isinstance(value, list | tuple) else str(value or "").splitlines()
        return [name for line in lines if (name := tidy(str(line)))]

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if len(value) > MOST_NAMES:
            raise ValidationError(self.error_messages["many"], params={"count": len(value), "most": MOST_NAMES})
        seen: set[str] = set()
        for name in value:
            if len(name) > LONGEST_NAME:
                raise ValidationError(self.error_messages["long"], params={"value": f"{name[:40]}…"})
            if name_key(name) in seen:
                raise ValidationError(self.error_messages["twice"], params={"value": name})
            seen.add(name_key(name))

    def run_validators(self, value: list[str]) -> None:
        """Check each name for signs that cannot be stored."""
        for name in value:
            super().run_validators(name)

    def has_changed(self, initial: object, data: object) -> bool:
        return not self.disabled and self.to_python(initial or []) != self.to_python(data)


class EntryForm(DeskForm):
    """An entry of the settings list `list_name`. A flag that one entry holds, such as the default, goes over in the same transaction."""

    list_name: ClassVar[str]
    places = {"name_key": "name"}

    def prepare(self) -> None:
        name, default = self.fields["name"], self.fields["is_default"]
        name.error_messages["required"] = _("Enter a name.")
        if not self.is_bound and self.instance._state.adding:
            name.widget.attrs["autofocus"] = True
        self.fields["preferred"].help_text = _("Stands first where it is offered.")
        holder = self._holder("is_default")
        default.help_text = _("Chosen beforehand where it is offered.")
        if not self.instance.active:
            default.disabled = True
            default.help_text = _("%(entry)s is deactivated. Restore it, then it can be the default.") % {"entry": self.instance}
        elif holder:
            default.help_text += " " + _("Takes over from %(entry)s.") % {"entry": holder}

    def _holder(self, flag: str) -> Dictionary | None:
        return self._meta.model.objects.filter(**{flag: True}).exclude(pk=self.instance.pk).first()

    def clean_name(self) -> str:
        """A name is there once by its key; one that exists is linked, for it may only be deactivated."""
        name = self.cleaned_data["name"]
        if other := self._meta.model.objects.filter(name_key=name_key(name)).exclude(pk=self.instance.pk).first():
            self.refuse_twin(name, other)
        return name

    def refuse_twin(self, name: str, other: Dictionary) -> None:
        """Raise ValidationError for the name of `other`."""
        sentence = _("“%(name)s” exists already.") if other.active else _("“%(name)s” exists already, deactivated.")
        address = reverse("settings:edit", args=[self.list_name, other.pk])
        raise ValidationError(format_html('{} <a href="{}">{}</a>', sentence % {"name": name}, address, _("Open it")))

    def validate_constraints(self) -> None:
        """Flags that go over are no conflict: whoever holds them now gives them up when this entry is saved."""
        wanted = {flag: getattr(self.instance, flag) for flag in self.instance.held_once}
        for flag in wanted:
            setattr(self.instance, flag, False)
        super().validate_constraints()
        for flag, value in wanted.items():
            setattr(self.instance, flag, value)

    def save(self, commit: bool = True, *, by: User | None = None) -> Model:
        """Save the entry, a new one at the end of its list; what it holds alone it takes over first."""
        if self.instance._state.adding:
            self.instance.position = last(self.instance.siblings)
        self.instance.take_over()
        return super().save(commit, by=by)


class IndustryForm(EntryForm):
    list_name = "industries"

    class Meta(DeskForm.Meta):
        model = Industry
        fields = ("name", *FLAGS)

    form_layout = ("name", *FLAGS)


class LeadSourceForm(EntryForm):
    list_name = "lead-sources"

    class Meta(DeskForm.Meta):
        model = LeadSource
        fields = ("name", *FLAGS)

    form_layout = ("name", *FLAGS)


class TreeForm(EntryForm):
    """An entry that may stand beneath another one, never beneath itself."""

    def prepare(self) -> None:
        super().prepare()
        model, parent = self._meta.model, self.fields["parent"]
        parent.queryset = model.objects.all()
        if self.instance.pk:
            parent.queryset = model.objects.exclude(pk__in=beneath(model.objects.all(), self.instance.pk))
        parent.empty_label = _("At the top")
        parent.mark_optional = False
        parent.error_messages["invalid_choice"] = _("An entry cannot stand beneath itself. Choose another one.")

    def save(self, commit: bool = True, *, by: User | None = None) -> Model:
        """Save the entry. Two people who put two entries beneath each other at once wait for each other: the second is refused."""
        if "parent" in self.changed_data and self.instance.parent_id:
            lock(self._meta.model)
            # What stood above it when the form was checked may stand beneath it now.
            self.instance.parent = self._meta.model.objects.get(pk=self.instance.parent_id)
            self.instance.clean()
        return super().save(commit, by=by)


def people_field(label: object, help_text: object) -> RecordsField:
    """Return the field of staff users to tick."""
    return RecordsField(queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label=label, help_text=help_text)


def staff_to_choose(chosen: object) -> object:
    """Return the active staff users in order of their names, and of the others those whose keys are `chosen`."""
    staff = User.objects.staff()
    return (staff.filter(is_active=True) | staff.filter(pk__in=chosen)).order_by("first_name", "last_name", "pk")


class CategoryForm(TreeForm):
    """A category: what clients of it must deliver, what the wizard asks besides, who may use it (SD3, SD4)."""

    required_documents = NamesField(
        label=gettext_lazy("Required documents"),
        help_text=gettext_lazy("One a line. Clients of this category are asked for each of them."),
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles that may use it"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    people = people_field(
        gettext_lazy("People who may use it"), gettext_lazy("Without roles and people everybody may give this category to a client.")
    )

    list_name = "categories"

    class Meta(DeskForm.Meta):
        model = Category
        fields = ("name", "code", "parent", *FLAGS, "required_documents", "extra_step", "roles")
        field_classes = {"parent": TreeField}
        help_texts = {"extra_step": gettext_lazy("A title. The wizard then asks the custom fields of this category in a step of its own.")}

    form_layout = (
        Row("name", "code", Field("parent", wrapper_class="full")),
        *FLAGS,
        Fieldset(gettext_lazy("Wizard"), "required_documents", "extra_step"),
        Fieldset(gettext_lazy("Who may use it"), Row("roles", Field("people", wrapper_class="long-choice"))),
    )

    def extend(self) -> None:
        """The people named now."""
        super().extend()
        if self.instance.pk:
            self.initial["people"] = list(self.instance.category_users.order_by("user").values_list("user", flat=True))

    def prepare(self) -> None:
        super().prepare()
        self.fields["people"].queryset = staff_to_choose(self.initial.get("people", []))
        for name in ("roles", "people"):
            self.fields[name].mark_optional = False

    def save(self, commit: bool = True, *, by: User | None = None) -> Model:
        category = super().save(commit, by=by)
        category.allow_people(self.cleaned_data["people"])
        return category


class CompanyTypeForm(TreeForm):
    """A company type: which clients it fits, how it numbers them, which steps of the wizard it asks for (S6, S10, SD5)."""

    steps = forms.MultipleChoiceField(
        label=gettext_lazy("Steps of the wizard"),
        choices=CompanyType.Step.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Beside identification data and the check of all answers, which are always asked."),
    )

    list_name = "company-types"

    class Meta(DeskForm.Meta):
        model = CompanyType
        fields = ("name", "code", "parent", *FLAGS, "fits", "id_mask", "allow_id_change", "steps")
        field_classes = {"parent": TreeField, "id_mask": TidyField}
        widgets = {"fits": forms.RadioSelect}

    form_layout = (
        Row("name", "code", Field("parent", wrapper_class="full")),
        *FLAGS,
        Fieldset(gettext_lazy("Clients of this type"), "fits", "id_mask", "allow_id_change"),
        Fieldset(gettext_lazy("Wizard"), "steps"),
    )

    def prepare(self) -> None:
        super().prepare()
        self.fields["steps"].mark_optional = False


class BranchForm(EntryForm):
    """A branch of our own (XD36). The headquarters stays one until another branch takes over."""

    people = people_field(
        gettext_lazy("Staff of this branch"), gettext_lazy("Everybody works in one branch; whoever is ticked here leaves the other one.")
    )

    list_name = "branches"

    class Meta(DeskForm.Meta):
        model = Branch
        fields = (
            *("name", "code", "legal_name", "email", "phone", *FLAGS, "is_headquarters"),
            *("portal_name", "colour", "reply_to"),
            *("street", "street2", "postal_code", "city", "province", "country"),
        )
        field_classes = {"colour": ColourField}
        help_texts = {
            "code": gettext_lazy("Short, such as BER."),
            "legal_name": gettext_lazy("As printed on quotes and invoices."),
            "portal_name": gettext_lazy("What its clients read at the top of the portal and of mails. Empty: the company’s name."),
            "colour": gettext_lazy("Of buttons, links and papers, such as #c8102e. Dark enough to be read on white."),
            "reply_to": gettext_lazy("Where answers to mails go. Empty: the e-mail address above."),
        }

    form_layout = (
        Row("name", "code", Field("legal_name", wrapper_class="full"), "email", "phone"),
        *FLAGS,
        "is_headquarters",
        Fieldset(gettext_lazy("Brand"), Row("portal_name", "colour", Field("reply_to", wrapper_class="full"))),
        Fieldset(gettext_lazy("Address"), Row("street", "street2", "postal_code", "city", "province", "country")),
        Fieldset(gettext_lazy("Staff"), Field("people", wrapper_class="long-choice")),
    )

    def extend(self) -> None:
        """The people who work here now."""
        super().extend()
        if self.instance.pk:
            self.initial["people"] = list(self.instance.postings.order_by("user").values_list("user", flat=True))

    def prepare(self) -> None:
        super().prepare()
        self.fields["people"].queryset = staff_to_choose(self.initial.get("people", [])).select_related("posting__branch")
        self.fields["people"].label_from_instance = self._name_with_branch
        self.fields["people"].mark_optional = False
        self.fields["country"].choices = [("", _("Not given")), *list(self.fields["country"].choices)[1:]]
        self._prepare_headquarters()
        self.accept_local_phones(self.data.get("country", "") if self.is_bound else self.instance.country)

    def _name_with_branch(self, user: User) -> str:
        posting = getattr(user, "posting", None)
        return f"{user} ({posting.branch})" if posting and posting.branch_id != self.instance.pk else str(user)

    def _prepare_headquarters(self) -> None:
        field, holder = self.fields["is_headquarters"], self._holder("is_headquarters")
        if self.instance.is_headquarters:
            field.disabled = True
            field.help_text = _("Make another branch the headquarters to change this.")
        elif not self.instance.active:
            field.disabled = True
            field.help_text = _("%(entry)s is deactivated. Restore it, then it can be the headquarters.") % {"entry": self.instance}
        elif holder:
            field.help_text = _("Takes over from %(entry)s.") % {"entry": holder}

    def clean_code(self) -> str:
        """A code is there once; the error names the branch that has it."""
        code = self.cleaned_data["code"]
        if other := Branch.objects.filter(code=code).exclude(pk=self.instance.pk).first():
            raise ValidationError(_("%(branch)s has the code “%(code)s” already.") % {"branch": other, "code": code})
        return code

    def save(self, commit: bool = True, *, by: User | None = None) -> Model:
        branch = super().save(commit, by=by)
        branch.place_staff(self.cleaned_data["people"])
        return branch
