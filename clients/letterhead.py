"""In whose name a mail to a client's people is sent: the branch responsible for the client, else the headquarters (XD36)."""

from clientdesk.countries import country_name
from clientdesk.models import Address
from clients.models import Branch


def letterhead(branch: Branch) -> dict[str, object]:
    """Return `sender_name` and `sender_lines`, the legal name and postal address for the foot of a mail.

    Both are those of `branch`. One without a legal name of its own acts for the headquarters and takes its name, and its address
    where it has none; without either, `sender_name` is empty and the mail names the company.
    """
    name, address = branch.legal_name, postal_lines(branch)
    if not name and not branch.is_headquarters and (main := Branch.objects.filter(is_headquarters=True).first()):
        name, address = main.legal_name, address or postal_lines(main)
    return {"sender_name": name, "sender_lines": address}


def postal_lines(address: Address) -> list[str]:
    """Return the lines of a postal address; without street and town there is none, for a country alone is no address."""
    town = f"{address.postal_code} {address.city}".strip()
    if not (address.street or town):
        return []
    country = country_name(address.country) if address.country else ""
    return [line for line in (address.street, address.street2, town, address.province, country) if line]
