"""Contacts are found by phone numbers however they are written, and by the names that they had before, as their history tells."""

from django.db import migrations, models

from clientdesk.refolding import Recall
from contacts.models.people import contact_search_key


def _names(first_name: str, last_name: str) -> list[str]:
    return [f"{first_name} {last_name}".strip()]


def _key(contact) -> str:
    phones = (str(contact.phone or ""), str(contact.mobile or ""))
    return contact_search_key(f"{contact.first_name} {contact.last_name}".strip(), contact.email, phones, contact.former_names)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0008_crm"), ("clientdesk", "0006_runs_keep_their_order"), ("contenttypes", "0002_remove_content_type_name")]

    operations = [
        migrations.AddField("contact", "former_names", models.TextField(blank=True, default="", editable=False)),
        Recall("contacts", "Contact", ["first_name", "last_name"], _names, _key),
    ]
