"""The stage can be rebuilt from the file: on PostgreSQL it is not written to the log of the server."""

from django.db import migrations


def _set(mode):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE intake_stagedrow SET {mode}")

    return run


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [migrations.RunPython(_set("UNLOGGED"), _set("LOGGED"))]
