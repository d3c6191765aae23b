"""The places and people of two clients in a merge: offices, departments and contact persons move, one headquarters and one primary
contact stay."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk.postal import ADDRESS
from clientdesk.words import email_key, name_key
from clients.merging.shape import LOSER, WINNER, Merging, Moved, Part, Question
from clients.models import Client
from contacts.models import Contact, ContactOffice, Department, Office


def _primary(client: Client) -> Contact | None:
    return client.contacts.filter(is_primary=True).first()


class People(Part):
    """Offices, departments and contact persons (invariants 3 to 6)."""

    def questions(self, winner: Client, loser: Client) -> list[Question]:
        mine, theirs = _primary(winner), _primary(loser)
        if not (mine and theirs):
            return []
        label = _("The person who stays active") if winner.is_individual else _("Primary contact")
        note = _("An individual is one person. The other one is deactivated and kept.") if winner.is_individual else ""
        signs_in = winner.is_individual and theirs.signs_in and not mine.signs_in
        options = {side: f"{contact} · {contact.email}".strip(" ·") for side, contact in ((WINNER, mine), (LOSER, theirs))}
        return [Question("primary", label, options, LOSER if signs_in else WINNER, note)]

    def moves(self, winner: Client, loser: Client) -> list[Moved]:
        return [
            Moved(_("Contact persons"), loser.contacts.count(), " ".join(filter(None, (_addresses(winner, loser), _twice(winner, loser))))),
            Moved(_("Offices"), loser.offices.count(), self._of_offices(winner, loser)),
            Moved(_("Departments"), loser.departments.count(), _alike(winner, loser)),
        ]

    def _of_offices(self, winner: Client, loser: Client) -> str:
        if winner.is_individual:
            return _("An individual has one office: that of %(client)s stays.") % {"client": winner}
        return _("The headquarters of %(client)s becomes an ordinary office.") % {"client": loser}

    def move(self, merging: Merging) -> None:
        self._choose_primary(merging)
        if merging.winner.is_individual:
            self._into_one_office(merging)
        else:
            self._move_offices(merging)
            self._move_departments(merging)
        merging.ledger.move(merging.loser.contacts.all(), client=merging.winner)

    def _choose_primary(self, merging: Merging) -> None:
        mine, theirs = _primary(merging.winner), _primary(merging.loser)
        if not (mine and theirs):
            return
        steps_back = mine if merging.choices.get("primary", WINNER) == LOSER else theirs
        # The access of the portal reads the person's state: who is deactivated does not come in.
        still = {"active": False} if merging.winner.is_individual else {}
        merging.ledger.change(steps_back, is_primary=False, **still)

    def _move_offices(self, merging: Merging) -> None:
        winner, loser = merging.winner, merging.loser
        taken = set(winner.offices.values_list("name_key", flat=True))
        alike = []
        for office in loser.offices.order_by("pk"):
            if not office.is_headquarters and office.name_key not in taken:
                alike.append(office.pk)
                continue
            values: dict[str, object] = {"client": winner, "is_headquarters": False, "name": _free_name(office.name, loser, taken)}
            if office.is_headquarters and not office.has_address:
                # Its blank address meant its client's.
                values |= {name: getattr(loser, name) for name in ADDRESS}
            merging.ledger.change(office, **values)
            taken.add(office.name_key)
        merging.ledger.move(Office.objects.filter(pk__in=alike), client=winner)

    def _move_departments(self, merging: Merging) -> None:
        """One of a name that the winner has, too, becomes that one, and fills what it lacks."""
        winner, loser, ledger = merging.winner, merging.loser, merging.ledger
        own = {department.name_key: department for department in winner.departments.all()}
        others = []
        for department in loser.departments.order_by("pk"):
            if (stays := own.get(department.name_key)) is None:
                others.append(department.pk)
                continue
            values = {name: getattr(department, name) for name in ("email", "phone", "office") if not getattr(stays, name)}
            if not stays.has_address:
                values |= {name: getattr(department, name) for name in ADDRESS}
            ledger.change(stays, active=stays.active or department.active, **values)
            ledger.move(department.contacts.all(), department=stays)
            ledger.delete(department)
        ledger.move(Department.objects.filter(pk__in=others), client=winner)

    def _into_one_office(self, merging: Merging) -> None:
        own = merging.winner.offices.get(is_headquarters=True)
        for office in merging.loser.offices.order_by("pk"):
            merging.ledger.move(ContactOffice.objects.filter(office=office), office=own)
            merging.ledger.move(Contact.objects.filter(default_office=office), default_office=own)
            merging.ledger.delete(office)

    # --- after an undo ----------------------------------------------------------------------------
    def mend(self, client: Client, /) -> list[str]:
        own = client.offices.filter(is_headquarters=True).first() or Office.objects.add_headquarters(client)
        if own.parent_id or not own.active:
            own.parent, own.active = None, True
            own.save(update_fields=["parent", "active"])
        said = _leave_offices(client) + _leave_departments(client)
        for contact in client.contacts.exclude(default_office__client=client):
            contact.default_office = own
            contact.save(update_fields=["default_office"])
        for contact in client.contacts.exclude(contact_offices__office__client=client):
            ContactOffice.objects.get_or_create(contact=contact, office=contact.default_office)
        active = client.contacts.active()
        if not active.filter(is_primary=True).exists() and (first := active.order_by("pk").first()):
            first.make_primary()
            said.append(_("%(contact)s is now the primary contact.") % {"contact": first})
        return said


def _leave_offices(client: Client) -> list[str]:
    """Let whatever is of `client` leave offices that belong to the other client again (invariant 6); return what was done."""
    said = []
    for link in ContactOffice.objects.filter(contact__client=client).exclude(office__client=client).select_related("contact"):
        said.append(_("%(contact)s left an office that belongs to the other client again.") % {"contact": link.contact})
        link.delete()
    for column, records in (("parent", client.offices), ("office", client.departments)):
        for record in records.exclude(**{column: None}).exclude(**{f"{column}__client": client}):
            setattr(record, column, None)
            record.save(update_fields=[column])
            said.append(_("%(record)s left an office that belongs to the other client again.") % {"record": record})
    return said


def _leave_departments(client: Client) -> list[str]:
    said = []
    for contact in client.contacts.exclude(department=None).exclude(department__client=client):
        contact.department = None
        contact.save(update_fields=["department"])
        said.append(_("%(contact)s left a department that belongs to the other client again.") % {"contact": contact})
    return said


def _free_name(name: str, loser: Client, taken: set[str]) -> str:
    """Return `name`, or the name with that of its former client where it is taken."""
    found, number = name, 1
    while name_key(found) in taken:
        end = f" ({loser.name[:60]}{f' {number}' if number > 1 else ''})"
        found, number = f"{name[: 120 - len(end)]}{end}", number + 1
    return found


def _alike(winner: Client, loser: Client) -> str:
    """Name the departments that both clients have: each becomes one."""
    keys = winner.departments.values_list("name_key", flat=True)
    both = list(loser.departments.filter(name_key__in=keys).values_list("name", flat=True)[:10])
    return _("Both have, and each becomes one: %(names)s.") % {"names": ", ".join(both)} if both else ""


def _addresses(winner: Client, loser: Client) -> str:
    """Say whose mailing address changes because it is the client's."""
    if winner.post_address == loser.post_address:
        return ""
    count = loser.contacts.filter(use_client_address=True).count()
    sentence = ngettext(
        "%(count)d of them uses the client's address and gets the one that stays.",
        "%(count)d of them use the client's address and get the one that stays.",
        count,
    )
    return sentence % {"count": count} if count else ""


def _twice(winner: Client, loser: Client) -> str:
    """Name the people who are with both clients by their e-mail address: they stay two until they are merged."""
    mine = {email_key(email) for email in winner.contacts.exclude(email="").values_list("email", flat=True)}
    both = [
        str(contact)
        for contact in loser.contacts.exclude(email="").only("first_name", "last_name", "email")
        if email_key(contact.email) in mine
    ]
    return _("With both clients by e-mail address: %(names)s.") % {"names": ", ".join(both[:10])} if both else ""
