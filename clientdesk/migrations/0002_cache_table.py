from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    """The shared cache (rate limits, sessions) lives in the database; a cache of another kind needs no table."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("clientdesk", "0001_initial")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
