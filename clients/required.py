"""The documents that a category asks of its clients, and which of them a client delivered (SD3)."""

from dataclasses import dataclass

from clientdesk.models import Tree
from clients.models import Category, Client


@dataclass(frozen=True)
class Requirement:
    """One document that is asked for, the category that asks, and whether it was delivered."""

    name: str
    category: str
    delivered: bool


def requirements(client: Client) -> list[Requirement]:
    """Return the documents that the category of `client` and those above it ask for, each once, the highest category's first.

    At most two statements; the category is best loaded with the client.
    """
    if client.category_id is None:
        return []
    asked: dict[str, str] = {}
    for entry in _downwards(client.category):
        for name in entry.required_documents or []:
            asked.setdefault(str(name), entry.name)
    delivered = set(client.documents.exclude(requirement="").values_list("requirement", flat=True)) if asked else set()
    return [Requirement(name, category, name in delivered) for name, category in asked.items()]


def _downwards(category: Category) -> list[Tree]:
    if category.parent_id is None:
        return [category]
    known = Category.objects.only("name", "parent_id", "required_documents").in_bulk()
    found, key = [], category.pk
    while key in known and known[key] not in found:
        found.append(known[key])
        key = known[key].parent_id
    return found[::-1]
