"""One primary contact at most a client: PostgreSQL had lost the index of this rule when 0003 took another one off the same column."""

from django.db import migrations


def restore(apps, schema_editor) -> None:
    """Make the index of the constraint where it is missing; of several primary contacts the first one stays so."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(
        "UPDATE contacts_contact later SET is_primary = false WHERE is_primary AND EXISTS (SELECT FROM contacts_contact first "
        "WHERE first.client_id = later.client_id AND first.is_primary AND first.id < later.id)"
    )
    schema_editor.execute("CREATE UNIQUE INDEX IF NOT EXISTS contact_one_primary ON contacts_contact (client_id) WHERE is_primary")


class Migration(migrations.Migration):
    dependencies = [("contacts", "0013_sales_data_and_unwanted_addresses")]

    operations = [migrations.RunPython(restore, migrations.RunPython.noop)]
