"""What the test client keeps of a page: the context of each whole template, not a copy for every part that it includes."""

from copy import copy
from typing import Any

from django.template import Context, Template
from django.test import client
from django.test.utils import ContextList

# Parts that set what a test asks for.
KEPT_PARTS = frozenset({"tables/_neighbours.html"})


def keep_whole_pages_only() -> None:
    """Let `response.context` tell of pages and mails only: copies for every row and widget took a tenth of the tests."""

    def store(store: dict[str, Any], signal: object, sender: object, template: Template, context: Context, **kwargs: Any) -> None:
        is_part = context.template is not template or (template.name or "").startswith("django/forms/")
        if is_part and template.name not in KEPT_PARTS:
            return
        store.setdefault("templates", []).append(template)
        store.setdefault("context", ContextList()).append(copy(context))

    client.store_rendered_templates = store
