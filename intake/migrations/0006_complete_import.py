"""What a complete import holds: how its file is read and matched, what was edited, how it is undone; what is remembered for the next file."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clientdesk', '0007_crm'),
        ('clients', '0008_found_by_numbers_and_former_names'),
        ('intake', '0005_client_drafts'),
    ]

    operations = [
        migrations.CreateModel(
            name='KnownHeaders',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('corporate', 'Corporate clients'), ('individual', 'Individual clients'), ('contact', 'Contact persons'), ('tree', 'Company tree')], max_length=10)),
                ('fingerprint', models.CharField(max_length=64)),
                ('mapping', models.JSONField(default=list)),
                ('options', models.JSONField(default=dict)),
                ('used_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name='KnownValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('column', models.CharField(max_length=100)),
                ('value', models.CharField(max_length=200)),
                ('text', models.CharField(max_length=200)),
                ('used_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='importrun',
            name='importrun_file_once_open',
        ),
        migrations.AddField(
            model_name='importrun',
            name='client',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='clients.client', verbose_name='Client'),
        ),
        migrations.AddField(
            model_name='importrun',
            name='corrects',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='corrections', to='intake.importrun'),
        ),
        migrations.AddField(
            model_name='importrun',
            name='empty_cells',
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.AddField(
            model_name='importrun',
            name='found',
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.AddField(
            model_name='importrun',
            name='invites',
            field=models.BooleanField(default=False, verbose_name='Invite to the client portal'),
        ),
        migrations.AddField(
            model_name='importrun',
            name='is_matched',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='importrun',
            name='matches',
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.AddField(
            model_name='importrun',
            name='options',
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.AddField(
            model_name='importrun',
            name='replacements',
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.AddField(
            model_name='importrun',
            name='samples',
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.AddField(
            model_name='importrun',
            name='skip_errors',
            field=models.BooleanField(default=True, verbose_name='Skip rows with errors'),
        ),
        migrations.AddField(
            model_name='importrun',
            name='undo',
            field=models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='undone_import', to='clientdesk.longrun'),
        ),
        migrations.AddField(
            model_name='importrun',
            name='undo_report',
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.AddField(
            model_name='importrun',
            name='undone_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='Undone'),
        ),
        migrations.AddField(
            model_name='stagedrow',
            name='edits',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='stagedrow',
            name='faults',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='stagedrow',
            name='match_key',
            field=models.CharField(max_length=254, null=True),
        ),
        migrations.AddField(
            model_name='stagedrow',
            name='parts',
            field=models.JSONField(null=True),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='phase',
            field=models.CharField(choices=[('rows', 'Reading the rows'), ('same_names', 'Comparing the rows with each other'), ('same_ids', 'Comparing the rows with each other'), ('same_keys', 'Comparing the rows with each other'), ('names', 'Proposing names'), ('counts', 'Counting')], default='rows', editable=False, max_length=10),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='state',
            field=models.CharField(choices=[('uploaded', 'Uploaded'), ('reading', 'Reading'), ('matching', 'To match'), ('review', 'To review'), ('applying', 'Importing'), ('done', 'Done'), ('failed', 'Refused'), ('cancelled', 'Cancelled')], default='uploaded', max_length=10, verbose_name='State'),
        ),
        migrations.AddConstraint(
            model_name='importrun',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['uploaded', 'reading', 'matching', 'review', 'applying'])), fields=('kind', 'sha256'), name='importrun_file_once_open'),
        ),
        migrations.AddConstraint(
            model_name='knownheaders',
            constraint=models.UniqueConstraint(fields=('kind', 'fingerprint'), name='knownheaders_once'),
        ),
        migrations.AddConstraint(
            model_name='knownvalue',
            constraint=models.UniqueConstraint(fields=('column', 'value'), name='knownvalue_once'),
        ),
    ]
