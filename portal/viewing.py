"""Looking at the portal as one of its contacts (decision 13, XD12): staff read what the contact reads and can change nothing.

The session of the member of staff remembers whom; each request asks again whether this person may still look and whether the contact
could still come in. It is no sign-in: neither last login nor failed login is touched (X50), and the history tells who looked.
"""

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from clientdesk.models import Change, User
from clientdesk.rights import Right, may
from contacts.models import Contact
from portal.gate import open_access
from portal.models import ContactAccess

# Who may let a contact in may also look at what it is let into.
RIGHT = Right.INVITE
_KEY = "portal_seen_as"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def begin(request: HttpRequest, access: ContactAccess) -> None:
    """Let the member of staff of `request` look at the portal as the contact of `access` from now on, and note that in the history."""
    request.session[_KEY] = access.contact_id
    kind = ContentType.objects.get_for_model(ContactAccess)
    # A change without changes: somebody looked.
    Change(
        content_type=kind,
        object_pk=str(access.pk),
        object_id=access.pk,
        object_repr=str(access),
        action=Change.Action.ACCESS,
        changes={},
        actor=request.user,
        actor_email=request.user.email,
    ).save()


def end(request: HttpRequest) -> None:
    """Stop looking at the portal as anybody."""
    request.session.pop(_KEY, None)


def seen_as(user: User, key: int) -> ContactAccess | None:
    """Return the open access of the contact `key` where the staff user `user` may look at the portal as that contact now, else None."""
    if not may(user, RIGHT):
        return None
    contact = Contact.objects.visible_to(user).filter(pk=key, access__user__isnull=False).select_related("access__user").first()
    return open_access(contact.access.user) if contact else None


def look_in(request: HttpRequest) -> HttpResponse | None:
    """Let staff who look at the portal as a contact read this page; called before each page of the portal (settings.PORTAL_LOOK).

    From here to the answer `request.user` and `request.access` are the contact's and `request.viewer` is the member of staff. Raises
    PermissionDenied for staff who look as nobody, and for whatever would change something.
    """
    key = request.session.get(_KEY)
    if key is None:
        raise PermissionDenied(_("This page belongs to the client portal. You are signed in to the back office."))
    access = seen_as(request.user, key)
    if access is None:
        end(request)
        messages.info(request, _("You no longer look at the portal: the access of this contact was closed, or you may not see it."))
        return redirect("contacts:list")
    request.viewer, request.user, request.access = request.user, access.user, access
    if request.method not in _READING:
        raise PermissionDenied(
            _("You look at the portal as %(contact)s. Only the contact itself can do this.") % {"contact": access.contact}
        )
    return None
