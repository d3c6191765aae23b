"""What every page of the portal knows of its reader."""

from django.http import HttpRequest

from contacts.formats import style_of


def reader(request: HttpRequest) -> dict[str, object]:
    """Return `style`, by which the contact who is signed in reads dates, times, numbers and money; nothing outside the portal."""
    access = getattr(request, "access", None)
    return {"style": style_of(access.contact)} if access else {}
