"""The pages about the personal data of an individual client, and legal holds of any client."""

from django.utils.translation import gettext as _

from clientdesk.personal import views
from clients.models import Client
from clients.personal import pseudonym
from clients.profile import client_of, profile


class OfClient(views.OfPerson):
    """A page about the person that a client is."""

    base_template = "clients/client_base.html"
    namespace = "clients"

    def find(self, lock: bool = False) -> Client:
        client = client_of(self.kwargs["pk"], self.request.user)
        if lock:
            Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
            client = client_of(client.pk, self.request.user)
        return client

    def frame(self) -> dict[str, object]:
        return profile(self.record, "")

    def pseudonym(self) -> str:
        return pseudonym(self.record)

    def why_no_person(self) -> str:
        if self.record.is_individual:
            return ""
        return _("%(client)s is a company, not a person. Personal data belong to its contact persons.") % {"client": self.record}


class ClientDossier(OfClient, views.Dossier):
    """Everything held about an individual client; a company leads to its contact persons."""

    def instead(self) -> dict[str, object]:
        return {"people": self.record.contacts.order_by("-active", "sort_key", "id")[:200]}


class EraseClient(OfClient, views.Erase):
    """Erase the personal data of an individual client and its contact."""

    def wanted(self) -> tuple[str, str]:
        return self.record.number, _("To erase, type the client number %(number)s") % {"number": self.record.number}


class HoldClient(OfClient, views.Hold):
    """Place a legal hold on a client; it covers its contacts."""


class LiftHoldOfClient(OfClient, views.LiftHold):
    """Lift the legal hold of a client."""
