"""What the number of a new client will look like, and who makes it (S12, SD5)."""

from clientdesk.models import NumberSequence
from clients import numbers
from clients.models import CompanyType


def may_be_typed(company_type: CompanyType | None) -> bool:
    """Say whether a number may be typed: where the type has no mask, or lets the number of its mask be changed."""
    return company_type is None or not company_type.id_mask or company_type.allow_id_change


def example(company_type: CompanyType | None) -> str:
    """Return a number such as Finish will make: the next of the series, which another client may get first. Nothing is taken."""
    mask = company_type.id_mask if company_type else ""
    key = f"client:{company_type.pk}" if company_type and mask else "client"
    place = NumberSequence.objects.filter(key=key).values_list("next", flat=True).first() or 1
    return numbers.number(mask, place) if mask else numbers.client_number(place)
