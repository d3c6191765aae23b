"""In whose name a mail to a client's people is sent: the branch responsible for the client, else the headquarters (XD36)."""

from clientdesk.colours import shades
from clientdesk.countries import country_name
from clientdesk.models import Address
from clients.models import Branch


def letterhead(branch: Branch) -> dict[str, object]:
    """Return `sender_name` and `sender_lines`, the legal name and postal address for the foot of a mail, and the brand of `branch`:
    `reply_to`, and where it has them its colour as `accent`, the name of its stored logo as `mark`, and its name in the portal as
    `company_name`.

    The foot is that of `branch`. One without a legal name of its own acts for the headquarters and takes its name, and its address
    where it has none; without either, `sender_name` is empty and the mail names the company.
    """
    name, address = branch.legal_name, postal_lines(branch)
    if not name and not branch.is_headquarters and (main := Branch.objects.filter(is_headquarters=True).first()):
        name, address = main.legal_name, address or postal_lines(main)
    brand = {"accent": shades(branch.colour).get("accent", ("",))[0], "mark": branch.logo.name, "company_name": branch.portal_name}
    return {
        "sender_name": name,
        "sender_lines": address,
        "reply_to": branch.reply_to or branch.email,
        **{name: value for name, value in brand.items() if value},
    }


def postal_lines(address: Address) -> list[str]:
    """Return the lines of a postal address; without street and town there is none, for a country alone is no address."""
    town = f"{address.postal_code} {address.city}".strip()
    if not (address.street or town):
        return []
    country = country_name(address.country) if address.country else ""
    return [line for line in (address.street, address.street2, town, address.province, country) if line]
