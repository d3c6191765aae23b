"""How import-export's own importer puts a row on a client: the oracle of our engine (import.md section 1)."""

from collections.abc import Collection, Mapping
from typing import ClassVar

import tablib
from django.core.exceptions import ValidationError
from django.utils import timezone

from clients import custom, tax_numbers
from clients.forms.addresses import POST
from clients.forms.people import tie
from clients.models import Branch, Client
from clients.models.client import number_is_taken, taken_number_sentence
from clients.names import proposed_name
from intake import sentences
from intake.cells import Stored
from intake.column import Column
from intake.custom_columns import PREFIX
from intake.declaring import Declaration
from intake.file_facts import FileFacts
from intake.further_columns import REVENUE, REVENUE_ON
from intake.hidden import hidden_name
from intake.reach_columns import SAME_ADDRESS
from intake.references import ReferenceWidget
from intake.several import LINKS, barred


class ClientOracle(Declaration):
    """The hooks of a `ModelResource` by which a row becomes a client; `columns` adds the columns."""

    kind: ClassVar[str] = Client.Kind.CORPORATE
    apart: ClassVar[tuple[str, ...]] = tuple(LINKS)
    file_facts: FileFacts
    default_branch: Branch | None = None

    def before_import(self, dataset: tablib.Dataset, **kwargs) -> None:
        """Read the settings lists and compare the rows of the file with each other; `user` in `kwargs` is who imports."""
        self.prepare(kwargs.get("user"))
        self.default_branch = Branch.preselected()
        self.file_facts = FileFacts(self, dataset)

    def get_instance(self, instance_loader: object, row: Mapping[str, str]) -> Client | None:
        """Return the client whose name equals the row's by key, or None."""
        name = self.quiet("name", row)
        return Client.objects.named(str(name)).first() if name else None

    def import_instance(self, instance: Client, row: Mapping[str, str], **kwargs) -> None:
        """Put the row's values on `instance`; raises ValidationError with every refusal of the row, by column."""
        errors: dict[str, list[str]] = {}
        if unseen := instance.pk is not None and not instance.is_visible_to(self.by):
            errors["name"], instance = [hidden_name()], Client()
        adding = instance.pk is None
        instance.kind = self.kind if adding else instance.kind
        kind, tax_number, number = (instance.company_type_id, instance.category_id), instance.tax_number, instance.number
        revenue = (stored(instance, REVENUE.key), stored(instance, REVENUE_ON.key))
        instance.tied = {}
        given: dict[str, object] = {}
        # Phones are read last: they may be written as in the client's country.
        for column in sorted(self.columns(), key=lambda column: column.widget.asks_country):
            self._put(instance, column, row, given, errors)
        self.finish(instance, row, errors)
        self._settle_address(instance, row)
        date_revenue(instance, revenue)
        self._check_tax_number(instance, tax_number, errors)
        self._check_number(instance, number, errors, unseen=unseen)
        if instance.kind != self.kind:
            errors.setdefault("name", []).append(sentences.is_another_kind(str(instance), instance.number, instance.kind))
        once = {key: self.quiet(key, row) for key in ("name", "external_id", "number")}
        typed = {key: str(row.get(self.fields[key].column_name) or "") for key in once}
        self.file_facts.judge(instance, self.by, once, typed, errors)
        if not unseen:
            about = (instance.company_type_id, instance.category_id)
            self._customize(instance, given, None if adding else dict(instance.custom), about, moved=about != kind, errors=errors)
        if adding and not unseen:
            self._complete(instance, errors)
        if errors:
            raise ValidationError(errors)

    def _put(self, instance: Client, column: Column, row: Mapping[str, str], given: dict[str, object], errors: dict) -> None:
        """Put one cell on `instance`; the values of custom fields into `given`, refusals into `errors`."""
        before = getattr(instance, f"{column.key}_id", None) if isinstance(column.widget, ReferenceWidget) else None
        try:
            value = column.clean(row, country=instance.country) if column.column_name in row else None
        except ValidationError as error:
            errors.setdefault(column.key, []).extend(error.messages)
            return
        if value is not None and column.key in LINKS:
            self._tie(instance, column, value, errors)
        if value is None or column.key in self.apart:
            return
        if isinstance(column.widget, ReferenceWidget):
            if value in column.widget.barred and value != before:
                errors.setdefault(column.key, []).append(column.widget.barred[value])
            setattr(instance, f"{column.key}_id", value)
        elif column.key.startswith(PREFIX):
            given[column.key.removeprefix(PREFIX)] = value
        else:
            setattr(instance, column.key, value)

    @staticmethod
    def _tie(instance: Client, column: Column, value: Stored, errors: dict[str, list[str]]) -> None:
        """Note what the client shall have several of; saving it makes the rows."""
        before = held(instance, column.key)
        if reasons := barred(column, value, before):
            errors.setdefault(column.key, []).extend(reasons)
        elif value != before:
            instance.tied[column.key] = value

    def _settle_address(self, instance: Client, row: Mapping[str, str]) -> None:
        """A correspondence address that is given is the one that holds, where the row does not say otherwise (XD7)."""
        if self.quiet(SAME_ADDRESS.key, row) is None and any(self.quiet(key, row) for key in POST):
            instance.use_billing_address = False

    def finish(self, instance: Client, row: Mapping[str, str], errors: dict[str, list[str]]) -> None:
        """Put on `instance` what several cells say together; refusals go into `errors`."""

    def _check_tax_number(self, instance: Client, before: str, errors: dict[str, list[str]]) -> None:
        """XD3, as the form: only a number that the row changes is measured, by the country of row or client."""
        number = instance.tax_number
        if number != before and (reason := tax_numbers.why_wrong(number, instance.country)):
            errors.setdefault("tax_number", []).append(reason)

    def _check_number(self, instance: Client, before: str, errors: dict[str, list[str]], *, unseen: bool) -> None:
        """Invariant 2: a new client may bring a number that is free, an existing one keeps its own."""
        if instance.number == before or unseen:
            return
        if before:
            errors.setdefault("number", []).append(sentences.number_stays(instance.name, before))
            instance.number = before
        elif "number" not in errors and number_is_taken(instance.number):
            errors.setdefault("number", []).append(taken_number_sentence(instance.number))

    def _customize(
        self, instance: Client, given: dict[str, object], before: dict | None, about: tuple, *, moved: bool, errors: dict
    ) -> None:
        if not errors.keys() & {"company_type", "category"}:
            for key, said in self.asked.judge(given, before, about, moved=moved).items():
                errors.setdefault(key, said)
        instance.custom = custom.merged(before, given)

    def _complete(self, instance: Client, errors: dict[str, list[str]]) -> None:
        for key, said in self.name_faults(instance.legal_name, instance.name, errors).items():
            errors.setdefault(key, []).append(said)
        if instance.branch_id is None and "branch" not in errors:
            if self.default_branch is None:
                errors.setdefault("branch", []).append(sentences.no_branch())
            instance.branch = self.default_branch
        if not instance.name and not errors:
            instance.name = self.file_facts.free_name(proposed_name(instance.legal_name))

    def name_faults(self, legal_name: str, name: str, errors: Collection[str]) -> dict[str, str]:
        """Return by column what the names of a new client lack; `errors` are the columns that are refused already."""
        faults = {}
        if not legal_name and "legal_name" not in errors:
            faults["legal_name"] = self.fields["legal_name"].widget.required_sentence
        if not name and "name" not in errors and not proposed_name(legal_name):
            faults["name"] = sentences.no_name(legal_name)
        return faults

    def for_delete(self, row: Mapping[str, str], instance: Client) -> bool:
        return False

    def skip_row(self, instance: Client, original: Client, row: Mapping[str, str], import_validation_errors: dict | None = None) -> bool:
        """Whether the row is left out: the template's own example, or nothing to change."""
        if self.is_example(row):
            return True
        if import_validation_errors or original.pk is None:
            return False
        return (
            not instance.tied
            and instance.custom == original.custom
            and all(stored(instance, key) == stored(original, key) for key in self.own_keys)
        )

    def do_instance_save(self, instance: Client, is_create: bool) -> None:
        """Save as the browser does: a new client with number and headquarters, an existing one with its version counted up."""
        if is_create:
            instance.register(self.by)
        else:
            instance.save()
        self.save_tied(instance)

    @staticmethod
    def save_tied(instance: Client) -> None:
        """Save what the client shall have several of, as its form does."""
        for key, wanted in instance.tied.items():
            links = LINKS[key]
            tie(instance, links.reverse, links.name, links.target._default_manager.filter(pk__in=wanted))


def held(client: Client, key: str) -> list[int]:
    """Return what `client` has in the column `key`, of which it may have several: keys in order."""
    links = LINKS[key]
    return sorted(getattr(link, f"{links.name}_id") for link in getattr(client, links.reverse).all()) if client.pk else []


def date_revenue(client: Client, before: tuple[Stored, Stored]) -> None:
    """XD4, as the form: an amount that is new is of today, where the row does not say another day. `before` are amount and day."""
    amount, day = stored(client, REVENUE.key), stored(client, REVENUE_ON.key)
    if amount != before[0] and day == before[1]:
        client.potential_annual_revenue_on = timezone.localdate() if amount is not None else None


def stored(client: Client, key: str) -> Stored:
    """Return the stored form of one value of `client`, as the stage holds it."""
    value = getattr(client, f"{key}_id" if hasattr(client, f"{key}_id") else key)
    return value if value is None or isinstance(value, int | list) else str(value)
