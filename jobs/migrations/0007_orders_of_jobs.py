import datetime
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Jobs are put in order by priority and schedule, too (JD3)."""

    dependencies = [
        ('clients', '0011_budget_codes_for_jobs_too'),
        ('jobs', '0006_reviews_budget_codes_and_orders'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='job',
            name='scheduled_key',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce('scheduled_at', models.Value(datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.UTC))), output_field=models.DateTimeField()),
        ),
        migrations.AddField(
            model_name='job',
            name='urgency',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(priority='low', then=0), models.When(priority='normal', then=1), models.When(priority='high', then=2), models.When(priority='urgent', then=3), default=4), output_field=models.SmallIntegerField()),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['urgency', 'id'], name='job_by_urgency'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['scheduled_key', 'id'], name='job_by_scheduled_key'),
        ),
    ]
