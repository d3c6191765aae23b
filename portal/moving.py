"""The way into the portal of a contact that is moved to another client: what was granted at one client is nothing at another."""

from django.utils.translation import gettext as _

from clientdesk.models import User
from clients.consequences import Consequence
from clients.models import Client
from contacts.models import Contact
from contacts.moving import MovePart, Moving
from portal.models import ContactAccess, Level


class Access(MovePart):
    """Account and rights: the account stays closed until the contact is invited again (invariant 8)."""

    def says(self, contact: Contact, target: Client) -> list[Consequence]:
        access = ContactAccess.objects.filter(contact=contact).select_related("user").first()
        if not (access and access.user_id):
            return []
        shown = {"contact": contact, "target": target.legal_name}
        sentence = _(
            "%(contact)s loses portal access and all portal rights at once, and sees nothing of %(target)s there until invited again."
        )
        return [Consequence(sentence % shown)]

    def move(self, moving: Moving) -> None:
        access = ContactAccess.objects.filter(contact=moving.contact).first()
        if access is None:
            return
        if user := User.objects.held(access.user_id):
            user.sign_out_everywhere()
            user.links.all().void()
        moving.ledger.change(access, allowed=False, rights=None, level=Level.ONLY_RELATED, may_decide_quotes=False)
