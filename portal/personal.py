"""What the portal holds about a person: its account, its invitations and its sign-ins (XD1)."""

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from clientdesk.models import AccessLink, OutgoingMail, User
from clientdesk.personal.erasing import Erasure
from clientdesk.personal.subject import Held, Subject, facts, moment
from contacts.models import Contact
from portal.models import ContactAccess


def _accesses(subject: Subject):
    return ContactAccess.objects.filter(contact__in=subject.records[Contact]).select_related("user", "contact__client__portal")


def reach(subject: Subject) -> None:
    """Add the portal user of each contact that is this person, and the addresses its links went to."""
    users = {access.user_id: access.user for access in _accesses(subject) if access.user}
    subject.records[User] |= set(users)
    subject.is_called(names=[user.full_name for user in users.values()], emails=[user.email for user in users.values()])
    subject.is_called(emails=AccessLink.objects.filter(user__in=users).values_list("address", flat=True))


def held(subject: Subject) -> list[Held]:
    """Return state and rights of the account, its last sign-ins, and every link that was sent."""
    accounts, links = [], []
    for access in _accesses(subject):
        shown = [(_("State"), str(access.state.label)), *facts(access, but=("contact", "user", "rights"))]
        if user := access.user:
            shown += [
                (_("Signs in with"), user.email),
                (_("Last sign-in"), moment(user.last_login)),
                (_("Last failed sign-in"), moment(user.last_failed_login)),
                (_("Account created"), moment(user.created_at)),
            ]
            links += [
                [(_("Kind"), link.get_purpose_display()), (_("Sent to"), link.address), (_("Made"), moment(link.created_at)),
                 (_("First opened"), moment(link.opened_at)),
                 (_("State"), str(AccessLink.State(link.state).label))]
                for link in user.links.order_by("-pk")
            ]  # fmt: skip
        accounts.append([pair for pair in shown if pair[1]])
    return [Held("portal", _("Portal account"), accounts), Held("links", _("Links to choose a password"), links)]


def erase(erasure: Erasure) -> None:
    """Close the account for ever: no address, no password, no session, no link."""
    for access in _accesses(erasure.subject):
        access.withdraw()
    for user in User.objects.select_for_update().filter(pk__in=erasure.subject.records.get(User, ()), role=""):
        user.email = f"erased-{user.pk}@erased.invalid"
        user.first_name = user.last_name = ""
        user.password = make_password(None)
        user.is_active = False  # ty: ignore[invalid-assignment]
        user.last_login = user.last_failed_login = None
        user.session_epoch += 1
        user.save()
        user.keep_address()
        user.links.update(address=user.email)
        OutgoingMail.objects.filter(link__user=user).update(to=user.email, about={}, error="")
