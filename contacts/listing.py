"""The list of all contacts, and the contact persons of one client (X21, X30, XD34)."""

from django.apps import apps
from django.db.models import Exists, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from clientdesk.lists import Column, ListSpec, Narrowing, Sort
from clientdesk.search import among, judging, just
from clientdesk.search_form import OneOf, SearchForm, SomeOf, TreeOf, Words
from clients.listing import PORTAL_CHOICES, PortalState
from clients.models import Branch, Category
from contacts.models import Contact, Position

YES = "yes"


class ContactSearch(SearchForm):
    """First name, last name and e-mail as typed words, in any order."""

    q = Words(label=_("Name or e-mail"))


class OfBranch(SomeOf):
    """Contacts of clients of one of the chosen branches."""

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the contacts whose client belongs to one of `value`."""
        asked = Q(client__branch__in=value)
        return queryset.filter(asked if self.by_index else judging(asked))


class OfCategory(TreeOf):
    """Contacts of clients of one of the chosen categories, or of one beneath (SD3)."""

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the contacts whose client is of one of `value` or beneath."""
        asked = Q(client__category__in=self.meant(value))
        return queryset.filter(asked if self.by_index else judging(asked))


class AccessState(PortalState):
    """What the portal column says of the contact, as far as the database can be asked for it cheaply."""

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the contacts that are in one of the states `value`."""
        asked = self._asked(value)
        found = _accesses().filter(asked)
        each = Q(Exists(found.filter(**just("contact_id", "pk"))))
        if "not_invited" not in value:
            return among(queryset, found.values_list("contact_id", flat=True), each, self.by_index)
        return queryset.filter(judging(each | never_invited()) if asked else never_invited())


def _accesses() -> QuerySet:
    return apps.get_model("portal", "ContactAccess").objects.order_by()


def never_invited() -> Q:
    """Return the condition under which a contact was never invited to the portal."""
    return judging(~Q(Exists(_accesses().filter(invited_at__isnull=False, **just("contact_id", "pk")))))


class Only(OneOf):
    """A box that leaves the contacts under a condition."""

    def __init__(self, condition: Q, **kwargs) -> None:
        super().__init__(choices=[(YES, _("Yes"))], **kwargs)
        self.condition = condition

    def meant(self, value: list[str]) -> list[str]:
        """Return nothing beside the letter: who is marked is under the condition."""
        return [""]

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the contacts under the condition."""
        return queryset.filter(self.condition)


class AllContactsSearch(ContactSearch):
    """Words; the client's branch and category; what the person does there and how it is reached."""

    letters = "bcoamen"
    # No index has contacts of a branch in order: it is the client's.
    marked_alone = True

    branch = OfBranch(label=_("Branch"), letter="b", choices=lambda: Branch.objects.values_list("pk", "name"))
    category = OfCategory(label=_("Category"), letter="c", column="category_id", tree=Category)
    position = SomeOf(label=_("Position"), letter="o", column="position_id", choices=lambda: Position.objects.values_list("pk", "name"))
    state = SomeOf(label=_("Status"), choices=[("active", _("Active")), ("deactivated", _("Deactivated"))])
    primary = Only(Q(is_primary=True), label=_("Primary only"), letter="m")
    portal = AccessState(label=_("Portal"), letter="a", choices=PORTAL_CHOICES)
    no_email = Only(Q(email=""), label=_("No e-mail"), letter="e")
    no_crm = Only(Q(no_crm_emails=True), label=_("No CRM e-mails"), letter="n")

    def filter(self, queryset: QuerySet, by_index: bool = True) -> QuerySet:
        """Return the records of `queryset` that every chosen filter leaves; the status is the view's business."""
        return self.narrow(queryset, (name for name in self.chosen if name != "state"), by_index)


def _in_use(contacts: QuerySet, chosen: dict) -> QuerySet:
    """Deactivated contacts are in a list of their own, unless their status is asked for (J1)."""
    wanted = chosen.get("state") or ["active"]
    return contacts if len(wanted) > 1 else contacts.filter(active=wanted == ["active"])


def _in_use_and(condition: Q) -> Narrowing:
    return lambda contacts, chosen: _in_use(contacts, chosen).filter(condition)


_BY_NAME = Sort("name", ("sort_key", "id"), "contact_by_name")

CONTACTS = ListSpec(
    page="contacts",
    model=Contact,
    sorts=(_BY_NAME, Sort("created", ("created_at", "id"), "contact_by_age", down=True)),
    columns=(
        Column(_("Contact"), "name", "c-name", name="contact", fixed=True),
        Column(_("Client"), css="p1 c-person", name="client"),
        Column(_("Position"), css="p3 c-word", name="position"),
        Column(_("Department"), css="p1 c-word", name="department", standard=False),
        Column(_("Office"), css="p1 c-word", name="office", standard=False),
        Column(_("Branch"), css="p1 c-word", name="branch", standard=False),
        Column(_("Category"), css="p1 c-word", name="category", standard=False),
        Column(_("E-mail"), css="p2 c-person", name="email"),
        Column(_("Phone"), css="p4 c-phone", name="phone"),
        Column(_("Mobile"), css="p1 c-phone", name="mobile", standard=False),
        Column(_("Preferred medium"), css="p1 c-word", name="medium", standard=False),
        Column(_("Language"), css="p1 c-word", name="language", standard=False),
        Column(_("Lead source"), css="p1 c-word", name="lead_source", standard=False),
        Column(_("No CRM e-mails"), css="p1 c-short", name="no_crm_emails", standard=False),
        Column(_("External ID"), css="p1 c-word", name="external_id", standard=False),
        Column(_("Created"), "created", "p1 c-word", name="created", standard=False),
        Column(_("Portal"), css="c-portal", name="portal"),
        Column(_("Shortcuts"), css="p1 c-icon", hidden_label=True, name="shortcuts", fixed=True),
    ),
    form=AllContactsSearch,
    views={
        "active": (_("Active"), _in_use),
        "primary": (_("Primary"), _in_use_and(Q(is_primary=True))),
        "not-invited": (_("Not yet invited"), lambda contacts, chosen: _in_use(contacts, chosen).filter(never_invited())),
        "no-email": (_("Without e-mail"), _in_use_and(Q(email=""))),
        "deactivated": (_("Deactivated"), lambda contacts, chosen: contacts.filter(active=False)),
    },
)
OF_CLIENT = ListSpec(
    model=Contact,
    sorts=(_BY_NAME,),
    form=ContactSearch,
    views={
        "active": (_("Active"), lambda contacts, chosen: contacts.filter(active=True)),
        "deactivated": (_("Deactivated"), lambda contacts, chosen: contacts.filter(active=False)),
    },
    page_size=60,
)
