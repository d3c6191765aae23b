"""Indexes by which each sort and filter of the list of all contacts is read, pairs of contacts that may be one person, and moves."""

import django.db.models.deletion
import django.utils.timezone
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
        migrations.CreateModel(
            name='ContactPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reasons', models.JSONField(default=list)),
                ('strength', models.PositiveSmallIntegerField(default=0)),
                ('state', models.CharField(choices=[('open', 'To decide'), ('dismissed', 'Not a duplicate')], default='open', max_length=10, verbose_name='State')),
                ('found_at', models.DateTimeField(auto_now_add=True, verbose_name='Found')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='Decided')),
            ],
            options={
                'verbose_name': 'pair of contacts',
                'verbose_name_plural': 'pairs of contacts',
            },
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('email', ''), _negated=True), fields=['email'], name='contact_by_email'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('phone', ''), _negated=True), fields=['phone'], name='contact_by_phone'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('mobile', ''), _negated=True), fields=['mobile'], name='contact_by_mobile'),
        ),
        migrations.AddField(
            model_name='contactpair',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Decided by'),
        ),
        migrations.AddField(
            model_name='contactpair',
            name='first',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.contact'),
        ),
        migrations.AddField(
            model_name='contactpair',
            name='second',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.contact'),
        ),
        migrations.AddIndex(
            model_name='contactpair',
            index=models.Index(fields=['state', 'strength', 'id'], name='contactpair_by_strength'),
        ),
        migrations.AddConstraint(
            model_name='contactpair',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='contactpair_once'),
        ),
        migrations.AddConstraint(
            model_name='contactpair',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='contactpair_ordered'),
        ),
        migrations.CreateModel(
            name='ContactMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contact', models.BigIntegerField()),
                ('from_client', models.BigIntegerField()),
                ('to_client', models.BigIntegerField()),
                ('steps', models.JSONField(default=list)),
                ('moved_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='Moved')),
                ('undone_at', models.DateTimeField(null=True, verbose_name='Undone')),
                ('moved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Moved by')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Undone by')),
            ],
            options={
                'verbose_name': 'move of a contact',
                'verbose_name_plural': 'moves of contacts',
                'indexes': [models.Index(fields=['contact', 'id'], name='contactmove_of_contact')],
            },
        ),
    ]
