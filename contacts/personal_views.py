"""The pages about the personal data of a contact, and its legal holds."""

from django.db.models import Model
from django.utils.translation import gettext as _

from clientdesk.personal import views
from clients.models import Client
from contacts.models import Contact
from contacts.personal import pseudonym
from contacts.profile import contact_of, profile


class OfContact(views.OfPerson):
    """A page about the person that a contact is."""

    base_template = "contacts/contact_base.html"
    namespace = "contacts"

    def find(self, lock: bool = False) -> Contact:
        contact = contact_of(self.kwargs["pk"], self.request.user)
        if lock:
            # The client's row is the lock of who is its primary contact.
            Client.objects.select_for_update(of=("self",)).get(pk=contact.client_id)
            Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
            contact.refresh_from_db()
        return contact

    def frame(self) -> dict[str, object]:
        return profile(self.record, "")

    def pseudonym(self) -> str:
        return pseudonym(self.record)


class ContactDossier(OfContact, views.Dossier):
    """Everything held about a contact."""


class EraseContact(OfContact, views.Erase):
    """Erase the personal data of a contact; a primary one names who follows (invariant 3)."""

    def wanted(self) -> tuple[str, str]:
        return self.record.last_name, _("To erase, type the last name %(name)s") % {"name": self.record.last_name}

    def successors(self) -> list[Model]:
        return list(self.record.successors)

    def hand_over(self, successor: int | None) -> None:
        found = Contact.objects.filter(pk=successor, client=self.record.client_id).first() if successor else None
        self.record.hand_over(found)


class HoldContact(OfContact, views.Hold):
    """Place a legal hold on a contact."""


class LiftHoldOfContact(OfContact, views.LiftHold):
    """Lift the legal hold of a contact."""
