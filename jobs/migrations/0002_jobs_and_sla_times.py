"""Jobs with their timeline, SLA times and business hours."""

import clientdesk.countries
import datetime
import django.db.models.deletion
import django.utils.timezone
import jobs.models.times
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models

from clientdesk.trigrams import IndexWords


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0009_found_by_email'),
        ('contacts', '0009_found_by_numbers_and_former_names'),
        ('jobs', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BusinessCalendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='Created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='Last modified')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('time_zone', models.CharField(default=jobs.models.times.default_zone, max_length=60, verbose_name='Time zone')),
                ('week', models.JSONField(default=jobs.models.times.office_hours, verbose_name='Business hours')),
                ('holidays', models.JSONField(blank=True, default=list, verbose_name='Holidays')),
                ('branch', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar', to='clients.branch', verbose_name='Branch')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Created by')),
            ],
            options={
                'verbose_name': 'business calendar',
                'verbose_name_plural': 'business calendars',
                'ordering': ['branch_id'],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='Created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='Last modified')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('street', models.CharField(blank=True, max_length=200, verbose_name='Street')),
                ('street2', models.CharField(blank=True, max_length=200, verbose_name='Address line 2')),
                ('postal_code', models.CharField(blank=True, max_length=20, verbose_name='Postal code')),
                ('city', models.CharField(blank=True, max_length=100, verbose_name='City')),
                ('province', models.CharField(blank=True, max_length=100, verbose_name='Province')),
                ('country', models.CharField(blank=True, choices=clientdesk.countries.country_choices, max_length=2, verbose_name='Country')),
                ('number', models.CharField(editable=False, max_length=30, unique=True, verbose_name='Job number')),
                ('contact_phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None, verbose_name='Phone on site')),
                ('priority', models.CharField(choices=[('low', 'Low'), ('normal', 'Normal'), ('high', 'High'), ('urgent', 'Urgent')], default='normal', max_length=10, verbose_name='Priority')),
                ('status', models.CharField(choices=[('requested', 'Requested'), ('open', 'Open'), ('assigned', 'Assigned'), ('resolved', 'Resolved'), ('closed', 'Closed'), ('cancelled', 'Cancelled')], default='open', editable=False, max_length=10, verbose_name='Status')),
                ('subject', models.CharField(max_length=200, verbose_name='Subject')),
                ('description', models.TextField(blank=True, max_length=20000, verbose_name='Description')),
                ('scheduled_at', models.DateTimeField(blank=True, null=True, verbose_name='Scheduled for')),
                ('requested_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Requested')),
                ('opened_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Opened')),
                ('resolved_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Resolved')),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Closed')),
                ('cancelled_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Cancelled')),
                ('cancel_reason', models.CharField(blank=True, editable=False, max_length=500, verbose_name='Reason')),
                ('request_stopped_at', models.DateTimeField(editable=False, null=True)),
                ('open_stopped_at', models.DateTimeField(editable=False, null=True)),
                ('request_due_at', models.DateTimeField(editable=False, null=True)),
                ('request_risk_at', models.DateTimeField(editable=False, null=True)),
                ('open_due_at', models.DateTimeField(editable=False, null=True)),
                ('open_risk_at', models.DateTimeField(editable=False, null=True)),
                ('due_key', models.DateTimeField(default=datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.UTC), editable=False)),
                ('search_key', models.TextField(default='', editable=False)),
                ('key', models.UUIDField(editable=False, null=True)),
                ('assignee', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Technician')),
                ('cancelled_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Cancelled by')),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='clients.client', verbose_name='Client')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='jobs', to='contacts.contact', verbose_name='Contact person')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Created by')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='contacts.department', verbose_name='Department')),
                ('job_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='jobs.jobtype', verbose_name='Job type')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='contacts.office', verbose_name='Office')),
            ],
            options={
                'verbose_name': 'job',
                'verbose_name_plural': 'jobs',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='JobContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='job_contacts', to='contacts.contact', verbose_name='Contact person')),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='job_contacts', to='jobs.job', verbose_name='Job')),
            ],
            options={
                'verbose_name': 'additional contact',
                'verbose_name_plural': 'additional contacts',
            },
        ),
        migrations.AddField(
            model_name='job',
            name='more_contacts',
            field=models.ManyToManyField(blank=True, related_name='more_jobs', through='jobs.JobContact', to='contacts.contact', verbose_name='Additional contacts'),
        ),
        migrations.CreateModel(
            name='JobEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(blank=True, choices=[('requested', 'Requested'), ('open', 'Open'), ('assigned', 'Assigned'), ('resolved', 'Resolved'), ('closed', 'Closed'), ('cancelled', 'Cancelled')], max_length=10, verbose_name='From')),
                ('to', models.CharField(choices=[('requested', 'Requested'), ('open', 'Open'), ('assigned', 'Assigned'), ('resolved', 'Resolved'), ('closed', 'Closed'), ('cancelled', 'Cancelled')], max_length=10, verbose_name='To')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='At')),
                ('note', models.TextField(blank=True, max_length=2000, verbose_name='Note')),
                ('visible_in_portal', models.BooleanField(default=False, verbose_name='Visible in the portal')),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='By')),
                ('job', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='jobs.job', verbose_name='Job')),
            ],
            options={
                'verbose_name': 'job event',
                'verbose_name_plural': 'job events',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='SlaTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='Created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='Last modified')),
                ('phase', models.CharField(choices=[('request', 'Request'), ('open', 'Open job')], max_length=10, verbose_name='Phase')),
                ('priority', models.CharField(choices=[('low', 'Low'), ('normal', 'Normal'), ('high', 'High'), ('urgent', 'Urgent')], max_length=10, verbose_name='Priority')),
                ('minutes', models.PositiveIntegerField(verbose_name='Minutes')),
                ('client', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sla_targets', to='clients.client', verbose_name='Client')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Created by')),
            ],
            options={
                'verbose_name': 'SLA time',
                'verbose_name_plural': 'SLA times',
                'ordering': ['client_id', 'phase', 'priority'],
            },
        ),
        migrations.AddConstraint(
            model_name='jobcontact',
            constraint=models.UniqueConstraint(fields=('job', 'contact'), name='jobcontact_once', violation_error_message='This contact is named already.'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['due_key', 'id'], name='job_by_due'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['created_at', 'id'], name='job_by_age'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['status', 'due_key', 'id'], name='job_by_status'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['client', 'status', 'due_key', 'id'], name='job_of_client'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['assignee', 'status', 'due_key', 'id'], name='job_of_technician'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.UniqueConstraint(fields=('key',), name='job_logged_once', violation_error_message='This job was logged already.'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('assigned', 'resolved', 'closed')), _negated=True), ('assignee__isnull', False), _connector='OR'), name='job_assigned_to_somebody', violation_error_message='Choose the technician.'),
        ),
        migrations.AddIndex(
            model_name='jobevent',
            index=models.Index(fields=['job', 'at', 'id'], name='jobevent_of_job'),
        ),
        migrations.AddConstraint(
            model_name='slatarget',
            constraint=models.UniqueConstraint(condition=models.Q(('client__isnull', False)), fields=('client', 'phase', 'priority'), name='slatarget_client_once', violation_error_message='This client has such an SLA time already.'),
        ),
        migrations.AddConstraint(
            model_name='slatarget',
            constraint=models.UniqueConstraint(condition=models.Q(('client__isnull', True)), fields=('phase', 'priority'), name='slatarget_system_once', violation_error_message='There is such an SLA time already.'),
        ),
        migrations.AddConstraint(
            model_name='slatarget',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gt', 0), ('minutes__lte', 527040)), name='slatarget_is_some_time', violation_error_message='An SLA time is a minute at least and a year at most.'),
        ),
        IndexWords("jobs_job"),
    ]
