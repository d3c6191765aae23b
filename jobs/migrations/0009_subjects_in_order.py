import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Jobs are put in order by their subjects, too (JD3)."""

    dependencies = [
        ('clients', '0013_server_account'),
        ('contacts', '0013_sales_data_and_unwanted_addresses'),
        ('jobs', '0008_every_order_of_jobs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='job',
            name='subject_key',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower('subject'), output_field=models.TextField()),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['subject_key', 'id'], name='job_by_subject'),
        ),
    ]
