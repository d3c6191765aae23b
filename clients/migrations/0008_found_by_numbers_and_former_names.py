"""Clients are found by phone and tax numbers however they are written, and by the names that they had before, as their history tells."""

from django.db import migrations, models

from clientdesk.refolding import Recall, RefoldMerges
from clients.models.client import client_search_key


def _names(name: str, legal_name: str) -> list[str]:
    return [name, legal_name]


def _key(client) -> str:
    phones = [*map(str, (client.phone, client.mobile, client.fax)), *(str(one.get("number") or "") for one in client.more_phones)]
    tax_numbers = [client.tax_number, *(str(one.get("number") or "") for one in client.more_tax_numbers)]
    return client_search_key(
        client.name,
        client.legal_name,
        client.number,
        client.email,
        phones=[phone for phone in phones if phone and phone != "None"],
        tax_numbers=[number for number in tax_numbers if number],
        former=client.former_names,
    )


class Migration(migrations.Migration):
    dependencies = [("clients", "0007_filters_in_order"), ("clientdesk", "0006_runs_keep_their_order"), ("contenttypes", "0002_remove_content_type_name")]

    operations = [
        migrations.AddField("client", "former_names", models.TextField(blank=True, default="", editable=False)),
        Recall("clients", "Client", ["name", "legal_name"], _names, _key),
        RefoldMerges(),
    ]
