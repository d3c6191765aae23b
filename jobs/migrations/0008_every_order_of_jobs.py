import datetime
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Jobs are put in order by town and closing, too (JD3)."""

    dependencies = [
        ('clients', '0013_server_account'),
        ('contacts', '0012_words_are_found_by_stretches'),
        ('jobs', '0007_orders_of_jobs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='job',
            name='city_key',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower('city'), output_field=models.TextField()),
        ),
        migrations.AddField(
            model_name='job',
            name='closed_key',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce('closed_at', models.Value(datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.UTC))), output_field=models.DateTimeField()),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['closed_key', 'id'], name='job_by_closing'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['city_key', 'id'], name='job_by_town'),
        ),
    ]
