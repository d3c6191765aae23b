"""What every page of the portal knows of its reader."""

from django.http import HttpRequest

from clients.brand import brand_of
from contacts.formats import style_of


def reader(request: HttpRequest) -> dict[str, object]:
    """Return `style`, by which the contact who is signed in reads dates, times, numbers and money, and the `brand` of the branch that
    is responsible for it, whose name stands for the company's; nothing outside the portal."""
    access = getattr(request, "access", None)
    if not access:
        return {}
    brand = brand_of(access.contact.client.branch, "portal")
    return {"style": style_of(access.contact), "brand": brand, "company_name": brand.name}
