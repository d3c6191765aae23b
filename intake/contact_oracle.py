"""Contact persons through import-export's own importer, row by row through the models: what the engine's set queries must equal."""

from collections.abc import Mapping

import tablib
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from clientdesk.postal import ADDRESS
from clientdesk.words import name_key, tidy
from clients import custom
from clients.models import Client
from clients.traces import core_key
from contacts.models import Contact, ContactOffice, Department
from contacts.models.people import sort_key
from intake import person_sentences as say
from intake import sentences
from intake.cells import Stored
from intake.custom_columns import PREFIX
from intake.declaring import Declaration
from intake.hidden import hidden_external_id, hidden_record
from intake.person_cells import text_of
from intake.references import ReferenceWidget

LINKS = ("client_number", "client_name", "client_email")

type Errors = dict[str, list[str]]


class ContactOracle(Declaration):
    """The row-by-row half of the Resource of contact persons."""

    # The one client whose people the file holds (XD2), and by what they are found.
    client: Client | None = None
    key: str = "email"

    def before_import(self, dataset: tablib.Dataset, **kwargs) -> None:
        """Read the settings lists and compare the rows of the file with each other; `user` in `kwargs` is who imports."""
        self.prepare(kwargs.get("user"))
        self.lines: dict[tuple[str, str], list[int]] = {}
        external_ids: set[str] = set()
        for line, row in enumerate(dataset.dict, 2):
            if self.is_example(row):
                continue
            if external_id := self.quiet("external_id", row):
                external_ids.add(str(external_id))
                self.lines.setdefault(("external_id", str(external_id)), []).append(line)
            if text := self._once(row):
                self.lines.setdefault(("key", text), []).append(line)
        self.peopled = set(Contact.objects.active().values_list("client", flat=True))
        self.owners = {one.external_id: one for one in Contact.objects.filter(external_id__in=external_ids).select_related("client")}

    def _once(self, row: Mapping[str, str]) -> str:
        """Return what no other row of the file may say: whom this row is about."""
        client, errors = self._client(row)
        text = self._key_text(row)
        found = [] if errors or not text else self._people(client, text)
        if errors or not text or self.key == "external_id" or self._is_hidden(client, found):
            return ""
        client = client or (found[0].client if len(found) == 1 else None)
        return f"{client.pk if client else ''}:{text}"

    def _client(self, row: Mapping[str, str]) -> tuple[Client | None, Errors]:
        """Return the client of a row, or what is wrong with its link; neither where nothing is said."""
        texts = {key: str(text) for key in LINKS if (text := self.quiet(key, row))}
        found = {key: self._clients(key, text) for key, text in texts.items()}
        for key, clients in found.items():
            if any(not client.is_visible_to(self.by) for client in clients):
                return None, {key: [hidden_record()]}
            if not clients:
                return None, {key: [say.unknown_client(texts[key], self._near(key, texts[key]))]}
        left: list[Client] = [self.client] if self.client else []
        before = ""
        for key, clients in found.items():
            both = [client for client in clients if client in left] if left else clients
            if not both and not before:
                return None, {key: [say.another_client(texts[key], _named(clients[0]), _named(left[0]))]}
            if not both:
                return None, {key: [say.clients_disagree(texts[before], _named(left[0]), texts[key], _named(clients[0]))]}
            left, before = both, key
        if len(left) > 1:
            return None, {before: [say.ambiguous_client(texts[before], [_named(client) for client in left])]}
        return (left[0] if left else None), {}

    @staticmethod
    def _clients(key: str, text: str) -> list[Client]:
        wanted = {
            "client_number": {"number": text},
            "client_name": {"name_key": name_key(text)},
            "client_email": {"email__iexact": text},
        }
        return list(Client.objects.filter(**wanted[key]).order_by("pk"))

    def _near(self, key: str, text: str) -> tuple[str, str] | None:
        near = Client.objects.filter(core_key=core_key(text)).order_by("pk") if key == "client_name" and core_key(text) else []
        return next((_named(client) for client in near if client.is_visible_to(self.by)), None)

    def _key_text(self, row: Mapping[str, str]) -> str:
        if self.key == "name":
            last = self.quiet("last_name", row)
            return sort_key(str(self.quiet("first_name", row) or ""), str(last)) if last else ""
        text = str(self.quiet(self.key, row) or "")
        return text.lower() if self.key == "email" else text

    def _people(self, client: Client | None, text: str) -> list[Contact]:
        wanted: QuerySet[Contact] = Contact.objects.filter(erased_at=None).select_related("client").order_by("pk")
        if self.key == "external_id":
            return list(wanted.filter(external_id=text))
        if self.key == "name" and client is None:
            return []
        wanted = wanted.filter(client=client) if client else wanted
        return list(wanted.filter(email__iexact=text) if self.key == "email" else wanted.filter(sort_key=text))

    def _is_hidden(self, client: Client | None, found: list[Contact]) -> bool:
        return any(not one.is_visible_to(self.by) for one in {client, *(person.client for person in found)} if one)

    def get_instance(self, instance_loader: object, row: Mapping[str, str]) -> Contact | None:
        """Return the contact that a row is about, or None."""
        client, errors = self._client(row)
        text = self._key_text(row)
        found = self._people(client, text) if text and not errors else []
        return found[0] if len(found) == 1 and not self._is_hidden(client, found) else None

    def import_instance(self, instance: Contact, row: Mapping[str, str], **kwargs) -> None:
        """Put the row's values on `instance`; raises ValidationError with every refusal of the row, by column."""
        client, errors = self._client(row)
        adding, unseen = instance.pk is None, False
        text = self._key_text(row)
        if not errors and adding and text:
            found = self._people(client, text)
            at = "last_name" if self.key == "name" else self.key
            if unseen := self._is_hidden(client, found):
                errors[at] = [hidden_record()]
            elif len(found) > 1:
                people = [(str(one), one.client.name) for one in found]
                errors[at] = [say.ambiguous_person(_said(self, row, at), people)]
        unseen = unseen or any(hidden_record() in said for said in errors.values())
        about = client if adding else instance.client
        given = self._cells(instance, row, about, errors, unseen=unseen)
        self._judge_repeats(row, instance, errors)
        if not unseen:
            self._judge_key(instance, client, row, errors)
            self._judge_custom(instance, given, about, errors, adding)
        if adding and not unseen:
            self._complete(instance, client, errors)
        if errors:
            raise ValidationError(errors)

    def _cells(
        self, instance: Contact, row: Mapping[str, str], client: Client | None, errors: Errors, *, unseen: bool
    ) -> dict[str, object]:
        instance.new_department = ""
        before = {key: text_of(instance, key) for key in ("email", "position", "use_client_address")} if instance.pk else {}
        given: dict[str, Stored] = {}
        country = (client.country or client.branch.country) if client else ""
        for column in sorted(self.columns(), key=lambda column: column.widget.asks_country):
            try:
                value = column.clean(row, country=country) if column.column_name in row else None
            except ValidationError as error:
                errors.setdefault(column.key, []).extend(error.messages)
                continue
            if value is not None:
                given[column.key] = value
        for key, value in given.items():
            widget = self.fields[key].widget
            if isinstance(widget, ReferenceWidget):
                if value in widget.barred and value != before.get(key):
                    errors.setdefault(key, []).append(widget.barred[value])
                setattr(instance, f"{key}_id", value)
            elif key not in self.apart and key != "department" and not key.startswith(PREFIX):
                setattr(instance, key, value)
        if before.get("email") and instance.email != before["email"] and instance.signs_in:
            errors.setdefault("email", []).append(say.signs_in(str(Contact.objects.get(pk=instance.pk))))
        if client and not unseen:
            self._places(instance, client, given, errors)
        if not unseen:
            self._address(instance, given, errors)
        return {key.removeprefix(PREFIX): value for key, value in given.items() if key.startswith(PREFIX)}

    def _places(self, instance: Contact, client: Client, given: dict[str, Stored], errors: Errors) -> None:
        if name := given.get("department"):
            own = Department.objects.filter(client=client).named(str(name)).first()
            if client.is_individual:
                errors.setdefault("department", []).append(say.no_departments(client.name))
            elif own and not own.active and own.pk != instance.department_id:
                errors.setdefault("department", []).append(say.deactivated_department(own.name))
            elif own:
                instance.department = own
            else:
                instance.new_department = str(name)
        if name := given.get("office"):
            office = client.offices.named(str(name)).first()
            if office is None or (not office.active and office.pk != instance.default_office_id):
                names = list(client.offices.active().order_by("-is_headquarters", "name_key", "id").values_list("name", flat=True))
                errors.setdefault("office", []).append(say.no_office(str(name), names))
            else:
                instance.default_office = office

    def _address(self, instance: Contact, given: dict[str, Stored], errors: Errors) -> None:
        if "use_client_address" in given:
            if not given["use_client_address"] and not any(getattr(instance, key) for key in ADDRESS):
                errors.setdefault("use_client_address", []).append(say.no_address())
        elif any(given.get(key) for key in ADDRESS):
            instance.use_client_address = False

    def _judge_repeats(self, row: Mapping[str, str], instance: Contact, errors: Errors) -> None:
        external_id = str(self.quiet("external_id", row) or "")
        at = "last_name" if self.key == "name" else self.key
        for key, text, place in (("external_id", external_id, "external_id"), ("key", self._once(row), at)):
            lines = self.lines.get((key, text), []) if text else []
            if len(lines) > 1:
                errors.setdefault(place, []).append(sentences.repeated(_said(self, row, place), lines[0], lines[-1], len(lines)))
        owner = self.owners.get(external_id) if self.key != "external_id" else None
        if owner and owner.pk != instance.pk:
            seen = owner.client.is_visible_to(self.by)
            sentence = say.external_id_taken(external_id, str(owner), owner.client.name) if seen else hidden_external_id(external_id)
            errors.setdefault("external_id", []).append(sentence)

    def _judge_key(self, instance: Contact, client: Client | None, row: Mapping[str, str], errors: Errors) -> None:
        if instance.pk and client and instance.client_id != client.pk:
            said = say.belongs_elsewhere(str(Contact.objects.get(pk=instance.pk)), _named(instance.client), _named(client))
            errors.setdefault("external_id", []).append(said)

    def _judge_custom(self, instance: Contact, given: dict, client: Client | None, errors: Errors, adding: bool) -> None:
        if client:
            about = (client.company_type_id, client.category_id)
            for key, said in self.asked.judge(given, None if adding else dict(instance.custom), about, moved=False).items():
                errors.setdefault(key, said)
        instance.custom = custom.merged(None if adding else instance.custom, given)

    def _complete(self, instance: Contact, client: Client | None, errors: Errors) -> None:
        if not instance.last_name and "last_name" not in errors:
            errors.setdefault("last_name", []).append(self.fields["last_name"].widget.required_sentence)
        if client is None:
            if not set(LINKS) & set(errors):
                errors.setdefault("client_number", []).append(say.no_client())
            return
        if client.erased_at:
            errors.setdefault("", []).append(say.is_erased(client.name))
        # Whom the row before has just given its person is only told so where nothing else is wrong: the review knows nothing of it.
        elif client.is_individual and (client.pk in self.peopled if errors else client.contacts.active().exists()):
            errors.setdefault("", []).append(say.one_person(client.name))
        instance.client = client

    def skip_row(self, instance: Contact, original: Contact, row: Mapping[str, str], import_validation_errors: dict | None = None) -> bool:
        """Whether the row is left out: the template's own example, or nothing to change."""
        if self.is_example(row):
            return True
        if import_validation_errors or original.pk is None:
            return False
        if instance.new_department or instance.custom != original.custom:
            return False
        return all(text_of(instance, key) == text_of(original, key) for key in (*self.own_keys, "office"))

    def do_instance_save(self, instance: Contact, is_create: bool) -> None:
        """Save as the browser does: a new one is registered, an existing one counts its version up and keeps its offices."""
        if instance.new_department:
            instance.department = Department.objects.find_or_add(instance.client, instance.new_department, self.by)
        if is_create:
            names = [
                field.name for field in Contact._meta.concrete_fields if field.name not in {"id", "client", "created_by", "is_primary"}
            ]
            fields = {name: getattr(instance, name) for name in names if name != "default_office" or instance.default_office_id}
            Contact.objects.register(instance.client, created_by=self.by, **fields)
            return
        instance.save()
        if not instance.contact_offices.filter(office=instance.default_office_id).exists():
            ContactOffice.objects.create(contact=instance, office=instance.default_office)

    def for_delete(self, row: Mapping[str, str], instance: Contact) -> bool:
        return False


def _named(client: Client) -> tuple[str, str]:
    return client.name, client.number


def _said(source: Declaration, row: Mapping[str, str], key: str) -> str:
    return tidy(str(row.get(source.fields[key].column_name) or ""))
