"""What an import of individual clients takes: the columns of clients, first and last name in place of the legal name (decision 19)."""

from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clients.forms import EditClientForm
from clients.models import Client
from contacts.forms import AddContactForm
from intake import sentences
from intake.cells import FormFieldWidget, Stored
from intake.column import Column
from intake.columns import ClientResource
from intake.matching import normalised
from intake.people_names import LONGEST, Person, PersonNameWidget, person_of
from intake.references import PersonTypeWidget

_FIRST = ["Given name", "Forename", "Vorname", "Rufname", "Prénom", "Nombre de pila", "Primeiro nome", "Nome próprio", "Nome di battesimo"]
_LAST = ["Surname", "Family name", "Nachname", "Familienname", "Zuname", "Nom de famille", "Apellido", "Apellidos", "Apelido", "Sobrenome",
         "Cognome"]  # fmt: skip
_COMPANY = ["Company", "Company name", "Organization", "Organisation", "Account name", "Firma", "Firmenname", "Société", "Empresa",
            "Legal name", *ClientResource.fields["legal_name"].aliases]  # fmt: skip
_FULL = ["Full name", "Name of the person", "Vollständiger Name", "Vor- und Nachname", "Nom complet", "Nombre completo", "Nome completo"]
COMPANY_ONLY = {normalised(name) for name in _COMPANY} - {normalised(name) for name in _FULL}

FIRST_NAME = Column(
    "first_name",
    FormFieldWidget(AddContactForm, "first_name"),
    aliases=_FIRST,
    help=_("The first name of the person; it may be left empty."),
    example="Erika",
    attribute=None,
)
LAST_NAME = Column(
    "last_name",
    FormFieldWidget(AddContactForm, "last_name"),
    aliases=_LAST,
    help=_("The last name of the person."),
    required=True,
    example="Example",
    attribute=None,
)


class IndividualResource(ClientResource):
    """Individual clients, one a row; each new one is saved with its own contact person (X16)."""

    kind = Client.Kind.INDIVIDUAL
    example_key: ClassVar[str] = "last_name"
    apart: ClassVar[tuple[str, ...]] = ("first_name", "last_name", *ClientResource.apart)

    first_name = FIRST_NAME
    last_name = LAST_NAME
    name = ClientResource.fields["name"].but(
        widget=PersonNameWidget(EditClientForm, "name"),
        aliases=["Client name", "Client", "Customer", "Customer name", "Person", "Kunde", "Kundenname", "Kurzname", "Nom du client", "Nom",
                 "Nombre", "Nombre del cliente", "Nome", "Nome do cliente", "Cliente"],
        help=_("Your own short name for the client. Leave it empty to have it made from first and last name. Where the file has no other "
               "name, it is read as the person’s full name: the last word, or all before a comma, is the last name."),
        required=False,
        example="",
    )  # fmt: skip
    legal_name = ClientResource.fields["legal_name"].but(
        label=_("Full name"),
        aliases=_FULL[1:],
        help=_("First and last name in one cell, where the file has no columns for them; the last name may stand first, before a comma."),
        required=False,
        example="",
    )
    email = ClientResource.fields["email"].but(example="erika@example.example", help=_("The person’s address, such as anna@meier.example."))
    external_id = ClientResource.fields["external_id"].but(example="EXAMPLE-2")
    website = ClientResource.fields["website"].but(example="")
    tax_number = ClientResource.fields["tax_number"].but(example="")
    company_type = ClientResource.fields["company_type"].but(
        widget=PersonTypeWidget(EditClientForm, "company_type", _("“%(value)s” is no company type. %(hint)s")),
        help=_("An entry of the list of company types that fits individual clients."),
    )

    class Meta(ClientResource.Meta):
        model = Client
        fields = ("first_name", "last_name", "legal_name", *(key for key in ClientResource._meta.fields if key != "legal_name"))
        import_order = export_order = fields

    def lacking(self, missing: list[str], taken: Collection[str]) -> list[str]:
        """One of the columns with names must be there: last name, full name or name."""
        named = {"name", "legal_name"} & set(taken)
        return [key for key in missing if key != "last_name" or not named]

    def misplaced(self, headers: Sequence[str], mapped: Mapping[int, str]) -> list[str]:
        """Refuse a file of companies (C11): no column names a person, but one names a company."""
        companies = {position for position, header in enumerate(headers) if normalised(header) in COMPANY_ONLY}
        people = {position for position, key in mapped.items() if key in {"last_name", "legal_name"}}
        return [] if people - companies else [sentences.company_column(headers[position]) for position in sorted(companies)]

    def finish(self, instance: Client, row: Mapping[str, str], errors: dict[str, list[str]]) -> None:
        """Find out who the person is, and join the legal name (decision 19)."""
        values = {key: self.quiet(key, row) for key in ("first_name", "last_name", "legal_name")}
        typed = str(row.get(self.fields["name"].column_name) or "") if self.quiet("name", row) else ""
        person = person_of({key: value for key, value in values.items() if value is not None}, typed)
        instance.person = person
        for key, said in self.person_errors(person).items():
            errors.setdefault(key, said)
        before = "" if instance.pk is None else type(instance).objects.values_list("legal_name", flat=True).get(pk=instance.pk)
        instance.legal_name = self.legal_name_of(values, person, before) or ""

    def person_errors(self, person: Person | None) -> dict[str, list[str]]:
        """Return by column what the forms have against the names of a person, beside what is wrong with each cell by itself."""
        errors: dict[str, list[str]] = {}
        if person is None:
            return errors
        if person.parted_from:
            for key in ("first_name", "last_name"):
                try:
                    self.fields[key].widget.clean(getattr(person, key))
                except ValidationError as error:
                    errors.setdefault(person.parted_from, []).extend(error.messages)
        elif len(person.full_name) > LONGEST:
            errors["last_name"] = [sentences.long_person(len(person.full_name))]
        return errors

    def name_faults(self, legal_name: str, name: str, errors: Collection[str]) -> dict[str, str]:
        if not legal_name:
            wrong = {"first_name", "last_name", "legal_name", "name"} & set(errors)
            return {} if wrong else {"last_name": self.fields["last_name"].widget.required_sentence}
        return super().name_faults(legal_name, name, errors)

    @staticmethod
    def legal_name_of(values: Mapping[str, Stored], person: Person | None, before: str) -> str:
        """Return the legal name that a row says, or `before` where it says none: who is known is renamed by a whole name only."""
        given = str(values.get("legal_name") or "")
        if person is None:
            return before
        if given and not person.parted_from:
            return given
        if before and (person.parted_from == "name" or (not person.parted_from and not values.get("first_name"))):
            return before
        return person.full_name

    def do_instance_save(self, instance: Client, is_create: bool) -> None:
        """Save as the browser does: a new one with its own contact person (X16)."""
        if is_create:
            instance.register(self.by, instance.person.first_name, instance.person.last_name)
            self.save_tied(instance)
        else:
            super().do_instance_save(instance, is_create)
