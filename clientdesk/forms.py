"""DeskForm, the base of every form that saves a record: layout by crispy, our sentences, version check, constraints in words."""

import json
from collections.abc import Collection, Iterable
from typing import ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from clientdesk.fields import PhoneField, desk_field, speak
from clientdesk.models import User
from clientdesk.rows import RowsField

# SQLSTATE of a reference to a record that is not there.
_NO_SUCH_RECORD = "23503"
_CARRIED = ("version", "seen")


class DeskForm(forms.ModelForm):
    """A form over one record.

    `form_layout` is the order of the page. `places` says at which field the error of a column shows that is not on the form,
    such as `name_key` at `name`. A record with a version carries it as a hidden field; `is_stale` says that somebody saved since.
    `user` is who fills it in, set by the page: what a sentence tells of other records depends on it (XD33).
    """

    user: User | None = None
    form_layout: tuple = ()
    places: ClassVar[dict[str, str]] = {}

    class Meta:
        formfield_callback = desk_field

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.extend()
        if self.instance.pk and hasattr(self.instance, "version"):
            # What the form showed goes along, so that after a conflict only what the person changed counts as theirs.
            seen = json.dumps({name: value for name, value in self.initial.items() if name in self.fields}, default=_plain)
            for name, value in (("version", str(self.instance.version)), ("seen", seen)):
                self.fields[name] = forms.CharField(widget=forms.HiddenInput, required=False)
                self.initial[name] = value
        for field in self.fields.values():
            speak(field)
        self.prepare()
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.form_layout, *(name for name in _CARRIED if name in self.fields)) if self.form_layout else None

    def extend(self) -> None:
        """Add fields that only the record knows, with their initial values, before the form notes what it shows."""

    def prepare(self) -> None:
        """Fit the fields to the record; forms override it."""

    # --- phone numbers --------------------------------------------------------------------------
    def accept_local_phones(self, country: str) -> None:
        """Let phone fields take numbers as they are written in `country` (ISO 3166); others need + and the country."""
        for field in self.fields.values():
            if isinstance(field, PhoneField | RowsField):
                field.accept(country)

    # --- two people at once ---------------------------------------------------------------------
    @property
    def is_stale(self) -> bool:
        """Whether the record was saved after this form was opened (the form must be bound and not yet validated)."""
        return "version" in self.fields and self.data.get(self.add_prefix("version"), "") != str(self.instance.version)

    @cached_property
    def changed_data(self) -> list[str]:
        """The names of the fields that differ from the record; what the form carries for itself is none."""
        return [name for name, bound in self._bound_items() if name not in _CARRIED and bound._has_changed()]

    @cached_property
    def _seen(self) -> dict[str, object]:
        try:
            seen = json.loads(self.data.get(self.add_prefix("seen"), ""))
        except ValueError:
            return {}
        return seen if isinstance(seen, dict) else {}

    def _untouched(self, bound: BoundField) -> bool:
        """Whether the person left this field as the form showed it; without that knowledge it counts as touched."""
        return bound.name in self._seen and not bound.field.has_changed(self._seen[bound.name], bound.data)

    def versus(self) -> list[dict[str, object]]:
        """Return label, mine, theirs and differs of every field: what was typed beside what is saved; what differs stands first."""
        rows: list[dict[str, object]] = []
        for bound in self:
            if bound.is_hidden or bound.field.disabled:
                continue
            mine, theirs = readable(bound.field, bound.data), readable(bound.field, bound.initial)
            differs = bound.field.has_changed(bound.initial, bound.data)
            if differs and self._untouched(bound):
                mine, differs = _("Not changed by you"), False
            rows.append({"label": bound.label, "mine": mine, "theirs": theirs, "differs": differs})
        return sorted(rows, key=lambda row: not row["differs"])

    def merged(self) -> QueryDict:
        """Return what was typed, with the saved value in every field that the person did not touch and with the version of now."""
        merged = self.data.copy()
        for bound in self:
            if bound.name in _CARRIED:
                merged[bound.html_name] = self.initial[bound.name]
            elif not bound.field.disabled and self._untouched(bound):
                value = bound.field.prepare_value(bound.initial)
                values = value if isinstance(value, list | tuple) else [value]
                merged.setlist(bound.html_name, [str(part) for part in values if part not in (None, False)])
        return merged

    # --- constraints ----------------------------------------------------------------------------
    def validate_constraints(self) -> None:
        """Check every constraint of the record, also those whose columns are not on the form; skip what is wrong already."""
        wrong = set(self.errors) | {column for column, place in self.places.items() if place in self.errors}
        for model, constraints in self.instance.get_constraints():
            for constraint in constraints:
                try:
                    constraint.validate(model, self.instance, exclude=wrong)
                except ValidationError as error:
                    self._update_errors(_placed(constraint, error.messages, self._shown))

    @property
    def _shown(self) -> set[str]:
        """The columns that the person can change here, under their own names or those of the fields that they are made from."""
        return {*self.fields, *(column for column, place in self.places.items() if place in self.fields)}

    def _update_errors(self, errors: ValidationError) -> None:
        if hasattr(errors, "error_dict"):
            placed: dict[str, list] = {}
            for name, found in errors.error_dict.items():
                place = self.places.get(name, name)
                placed.setdefault(place if place in self.fields else NON_FIELD_ERRORS, []).extend(found)
            errors = ValidationError(placed)
        super()._update_errors(errors)

    def save(self, commit: bool = True, *, by: User | None = None) -> models.Model:
        """Save the record and return it; `by` becomes the one who made a new record."""
        if self.instance._state.adding and hasattr(self.instance, "created_by_id"):
            self.instance.created_by = by
        return super().save(commit)

    def save_or_refuse(self, *, by: User | None = None) -> models.Model | None:
        """Save the record; where a law refuses it meanwhile, put its sentence into the form and return None.

        Raises IntegrityError for a constraint that has no sentence.
        """
        try:
            with transaction.atomic():
                saved = self.save(by=by)
                if connection.vendor == "postgresql":
                    # References are checked when the transaction ends, after which nobody could be told anything.
                    connection.check_constraints()
                return saved
        except ValidationError as error:
            self._update_errors(error)
        except IntegrityError as error:
            self._update_errors(broken_sentence(error, type(self.instance), self._shown))
        return None


def _plain(value: object) -> object:
    return value.pk if isinstance(value, models.Model) else str(value)


def broken_sentence(error: IntegrityError, model: type[models.Model], shown: Collection[str] = ()) -> ValidationError:
    """Return the sentence of the constraint of `model` that the database refused, at the one of its columns that is `shown`; raises
    `error` again where none fits."""
    named = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    text = str(error)
    if getattr(error.__cause__, "sqlstate", "") == _NO_SUCH_RECORD:
        return ValidationError(_("Somebody deleted meanwhile what you chose. Choose again."))
    for constraint in model._meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint):
            continue
        columns = [f"{model._meta.db_table}.{model._meta.get_field(name).column}" for name in constraint.fields]
        if constraint.name == named or constraint.name in text or text == f"UNIQUE constraint failed: {', '.join(columns)}":
            sentence = constraint.get_violation_error_message()
            if constraint.violation_error_message == constraint.default_violation_error_message:
                sentence = _("Somebody saved the same meanwhile. Look at the list, then change this entry.")
            return _placed(constraint, [sentence], shown)
    raise error


def _placed(constraint: models.BaseConstraint, sentences: list[str], shown: Collection[str]) -> ValidationError:
    """Return `sentences` at the one column of `constraint`, or of several at the one that is `shown`: a name is once at a client, and
    nobody changes the client there. They stand at none where several are shown, or where it is about some records only."""
    columns = getattr(constraint, "fields", ())
    columns = [name for name in columns if name in shown] or columns
    place = columns[0] if len(columns) == 1 and not getattr(constraint, "condition", None) else NON_FIELD_ERRORS
    return ValidationError({place: sentences})


def readable(field: forms.Field, value: object) -> str:
    """Return a form value in words: the label of a choice, yes or no of a box, a list joined by commas."""
    if isinstance(field, forms.BooleanField):
        return _("Yes") if field.to_python(value) else _("No")
    if isinstance(field, RowsField):
        return field.in_words(value)
    if isinstance(value, list | tuple | models.QuerySet):
        return ", ".join(readable(field, part) for part in value)
    if isinstance(value, models.Model):
        value = value.pk
    text = "" if value is None else str(value)
    if not text or not hasattr(field, "choices"):
        return text
    return next((str(label) for key, label in _flat(field.choices) if str(key) == text), text)


def _flat(choices: Iterable) -> Iterable[tuple[object, object]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield key, label
