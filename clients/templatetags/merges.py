"""Which clients were merged into one, for the pages of its profile."""

from django import template

from clientdesk.merging.followed import merged_into
from clients.models import Client

register = template.Library()
SHOWN = 20


@register.inclusion_tag("clients/_merged_from.html")
def merged_from(client: Client) -> dict[str, object]:
    """Show the newest merges that `client` came out of, each with a link to what it did and to the history of the one that went."""
    return {"merges": merged_into(client).only("loser_name", "loser_number", "merged_at")[:SHOWN]}
