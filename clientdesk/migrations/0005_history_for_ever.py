"""Entries of the history stay when their user or run goes, and the database refuses to change or delete them (V36)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POSTGRESQL = """
CREATE FUNCTION clientdesk_history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('clientdesk.history', true) = 'open' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The history cannot be changed or deleted.' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER clientdesk_change_stays BEFORE UPDATE OR DELETE ON clientdesk_change
    FOR EACH ROW EXECUTE FUNCTION clientdesk_history_stays();
"""
SQLITE = (
    "CREATE TABLE clientdesk_history_key (opened integer NOT NULL)",
    """CREATE TRIGGER clientdesk_change_not_changed BEFORE UPDATE ON clientdesk_change
    WHEN NOT EXISTS (SELECT 1 FROM clientdesk_history_key)
    BEGIN SELECT RAISE(ABORT, 'The history cannot be changed or deleted.'); END""",
    # With 2 a whole database may be emptied, as tests do; PostgreSQL's TRUNCATE asks no trigger.
    """CREATE TRIGGER clientdesk_change_not_deleted BEFORE DELETE ON clientdesk_change
    WHEN NOT EXISTS (SELECT 1 FROM clientdesk_history_key WHERE opened = 2)
    BEGIN SELECT RAISE(ABORT, 'The history cannot be changed or deleted.'); END""",
)
POSTGRESQL_BACK = """
DROP TRIGGER clientdesk_change_stays ON clientdesk_change;
DROP FUNCTION clientdesk_history_stays();
"""
SQLITE_BACK = (
    "DROP TRIGGER clientdesk_change_not_changed",
    "DROP TRIGGER clientdesk_change_not_deleted",
    "DROP TABLE clientdesk_history_key",
)


def guard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in [POSTGRESQL] if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement, params=None)


def unguard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in [POSTGRESQL_BACK] if editor.connection.vendor == "postgresql" else SQLITE_BACK:
        editor.execute(statement, params=None)


def content_type(**more: object) -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contenttypes.contenttype", **more
    )


def unbound(to: str) -> models.ForeignKey:
    return models.ForeignKey(
        blank=True,
        db_constraint=False,
        db_index=False,
        null=True,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to=to,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("clientdesk", "0004_lists_merges_holds"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AlterField("change", "actor", unbound(settings.AUTH_USER_MODEL)),
        migrations.AlterField("change", "run", unbound("clientdesk.longrun")),
        migrations.AlterField("change", "content_type", content_type()),
        migrations.AddField("change", "of_id", models.BigIntegerField(blank=True, null=True)),
        migrations.AddField("change", "of_type", content_type(blank=True, null=True)),
        migrations.AddIndex(
            "change",
            models.Index(condition=models.Q(("of_id__isnull", False)), fields=["of_type", "of_id", "id"], name="change_by_owner"),
        ),
        migrations.RunPython(guard, unguard),
    ]
