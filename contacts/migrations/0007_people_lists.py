"""Indexes by which each sort and filter of the list of all contacts is read."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0006_signs_without_spaces'),
        ('contacts', '0006_late_names'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='contact',
            name='position',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='contacts.position', verbose_name='Position'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['created_at', 'id'], name='contact_by_age'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('position__isnull', False)), fields=['position', 'sort_key', 'id'], name='contact_by_position'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('is_primary', True)), fields=['sort_key', 'id'], name='contact_primary'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('email', '')), fields=['sort_key', 'id'], name='contact_without_email'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('active', False)), fields=['sort_key', 'id'], name='contact_deactivated'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('no_crm_emails', True)), fields=['sort_key', 'id'], name='contact_no_crm'),
        ),
    ]
