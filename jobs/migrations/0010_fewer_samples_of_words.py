"""PostgreSQL compares typed words with fewer samples of each search text while it makes its plan."""

from django.db import migrations

from clientdesk.trigrams import SAMPLES, TABLES


def resample(apps, schema_editor) -> None:
    """Tell each table with a search text how many samples to keep; the next ANALYZE takes them."""
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN search_key SET STATISTICS {SAMPLES}")


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0015_filters_by_twos"),
        ("contacts", "0014_one_primary_contact_again"),
        ("jobs", "0009_subjects_in_order"),
    ]

    operations = [migrations.RunPython(resample, migrations.RunPython.noop)]
