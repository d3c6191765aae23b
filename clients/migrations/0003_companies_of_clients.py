"""Register the company of every corporate client that is older than the registry (S19)."""

from itertools import batched

from django.db import migrations

from clientdesk.words import name_key
from clients import traces
from clients.models import company_search_key


def register(apps, schema_editor):
    clients = apps.get_model("clients", "Client")
    companies = apps.get_model("clients", "Company")
    for chunk in batched(clients.objects.order_by("pk").iterator(chunk_size=1000), 1000):
        for client in chunk:
            found = traces.of(client.legal_name or client.name, client.email, client.website, str(client.phone or ""), client.tax_number)
            for name, value in found.items():
                setattr(client, name, value)
        clients.objects.bulk_update(chunk, traces.KEYS)
        companies.objects.bulk_create(
            companies(
                registered_name=client.legal_name,
                name_key=name_key(client.legal_name)[:400],
                company_type_id=client.company_type_id,
                country=client.country,
                tax_number=client.tax_number,
                client=client,
                search_key=company_search_key(client.legal_name, "", client.tax_number),
            )
            for client in chunk
            if client.kind == "corporate"
        )


class Migration(migrations.Migration):
    dependencies = [("clients", "0002_client_complete")]

    operations = [migrations.RunPython(register, migrations.RunPython.noop)]
