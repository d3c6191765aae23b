"""The picture of a contact: seen by who may see the person, handed in, replaced and taken away (X46, XD33)."""

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from clientdesk import pictures
from clientdesk.picture_pages import ChangePicturePage, PicturePage, RemovePicturePage
from clientdesk.rights import Right, needs
from clients.restricted import staff_who_see
from contacts.models import Contact
from contacts.profile import contact_of, profile


@needs(Right.VIEW)
@require_GET
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the picture of a contact, or with `?size=small` its small one, to who may see the contact (XD33)."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user).only("photo"), pk=pk)
    return pictures.serve(contact.photo, small=request.GET.get("size") == "small")


class _OfContact(PicturePage):
    folder = "contacts"

    def queryset(self) -> QuerySet:
        return Contact.objects.visible_to(self.request.user).filter(erased_at=None)

    def around(self) -> dict[str, object]:
        contact = contact_of(self.kwargs["pk"], self.request.user)
        return profile(contact, "social") | {"watchers": seen_by_staff(contact)}

    def done_url(self, record: Model) -> str:
        return reverse("contacts:social", args=[record.pk])


class ChangePhoto(_OfContact, ChangePicturePage):
    """Hand in a picture, in the place of the former one."""

    template_name = "contacts/contact_photo.html"


class RemovePhoto(_OfContact, RemovePicturePage):
    """Say who sees the picture, then delete it."""

    template_name = "contacts/contact_photo_remove.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = get_object_or_404(self.queryset(), pk=pk)
        return self.show(**self.around()) if contact.photo else redirect(self.done_url(contact))


def seen_by_staff(contact: Contact) -> str:
    """Return the sentence that says who sees the picture of `contact`."""
    people = staff_who_see(contact.client)
    if contact.client.restricted_to_responsible:
        names = ", ".join(str(person) for person in people)
        return _("Only people responsible for %(client)s see it: %(names)s.") % {"client": contact.client, "names": names or _("nobody")}
    count = people.count()
    sentence = ngettext(
        "The one member of staff sees it, on the profile, on cards and in lists; it is not shown in the client portal.",
        "All %(count)d members of staff see it, on the profile, on cards and in lists; it is not shown in the client portal.",
        count,
    )
    return sentence % {"count": count}
