"""What the tabs of the clients list ask of each client stands in the index by which they count."""

from django.db import migrations

from clientdesk.covering import Cover

_WHO_SEES = "restricted_to_responsible, sales_person_id, project_manager_id"


class Migration(migrations.Migration):
    dependencies = [("clients", "0004_list_indexes")]

    operations = [
        Cover("clients_client", "client_by_status", "status, name_key, id", f"kind, {_WHO_SEES}"),
        Cover("clients_client", "client_by_kind", "kind, name_key", f"id, status, {_WHO_SEES}"),
    ]
