"""What the test client keeps of a page: the contexts of its templates, without a copy for every widget and option of its forms."""

from typing import Any

from django.template import Context, Template
from django.test import client

# Those of Django's widgets and of the form pack.
_OF_FIELDS = ("django/forms/", "clientdesk/")
_store = client.store_rendered_templates


def keep_no_widgets() -> None:
    """Let `response.context` tell of pages and their parts only: copies for widgets took a tenth of the tests."""

    def store(kept: dict[str, Any], signal: object, sender: object, template: Template, context: Context, **more: Any) -> None:
        if not (template.name or "").startswith(_OF_FIELDS):
            _store(kept, signal, sender, template, context, **more)

    client.store_rendered_templates = store
