import datetime
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def fill_orders(apps, schema_editor) -> None:
    """Let quotes and projects that are there already stand in lists by their last day and their deadline."""
    apps.get_model("jobs", "Quote").objects.exclude(expires_on=None).update(expiry_key=models.F("expires_on"))
    apps.get_model("jobs", "Project").objects.exclude(deadline=None).update(deadline_key=models.F("deadline"))


class Migration(migrations.Migration):
    """Feedback on projects, budget codes of work, and further orders of the lists of quotes and projects."""

    dependencies = [
        ('clients', '0010_branches_have_a_brand'),
        ('contacts', '0010_found_by_email'),
        ('jobs', '0005_work_on_jobs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='job',
            name='budget_code',
            field=models.CharField(blank=True, max_length=200, verbose_name='Budget code'),
        ),
        migrations.AddField(
            model_name='project',
            name='budget_code',
            field=models.CharField(blank=True, max_length=200, verbose_name='Budget code'),
        ),
        migrations.AddField(
            model_name='project',
            name='deadline_key',
            field=models.DateTimeField(default=datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.UTC), editable=False),
        ),
        migrations.AddField(
            model_name='project',
            name='rating',
            field=models.PositiveSmallIntegerField(choices=[(1, 'Not at all content'), (2, 'Hardly content'), (3, 'Content with reservations'), (4, 'Content'), (5, 'Very content')], editable=False, null=True, verbose_name='Rating'),
        ),
        migrations.AddField(
            model_name='project',
            name='review',
            field=models.TextField(blank=True, editable=False, max_length=4000, verbose_name='Feedback'),
        ),
        migrations.AddField(
            model_name='project',
            name='reviewed_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='Feedback given'),
        ),
        migrations.AddField(
            model_name='project',
            name='reviewed_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Feedback by'),
        ),
        migrations.AddField(
            model_name='project',
            name='reviewed_name',
            field=models.CharField(blank=True, editable=False, max_length=200, verbose_name='Name of who gave feedback'),
        ),
        migrations.AddField(
            model_name='quote',
            name='budget_code',
            field=models.CharField(blank=True, max_length=200, verbose_name='Budget code'),
        ),
        migrations.AddField(
            model_name='quote',
            name='expiry_key',
            field=models.DateField(default=datetime.date(9999, 12, 31), editable=False),
        ),
        migrations.RunPython(fill_orders, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['deadline_key', 'id'], name='project_by_deadline'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(condition=models.Q(('reviewed_at', None), ('status', 'closed')), fields=['delivered_at', 'id'], name='project_to_review'),
        ),
        migrations.AddIndex(
            model_name='quote',
            index=models.Index(fields=['total', 'id'], name='quote_by_total'),
        ),
        migrations.AddIndex(
            model_name='quote',
            index=models.Index(fields=['expiry_key', 'id'], name='quote_by_expiry'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('reviewed_at', None), models.Q(('rating__gte', 1), ('rating__isnull', False), ('rating__lte', 5)), _connector='OR'), name='project_review_has_a_rating', violation_error_message='Choose how content you are.'),
        ),
    ]
