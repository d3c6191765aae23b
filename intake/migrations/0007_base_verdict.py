"""A row knows what it is by itself, apart from what the chosen mode makes of it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0006_complete_import'),
    ]

    operations = [
        migrations.AddField(
            model_name='stagedrow',
            name='base',
            field=models.CharField(choices=[('new', 'New'), ('blank', 'New, without identifying text'), ('changed', 'Changed'), ('unchanged', 'Unchanged'), ('error', 'Error'), ('barred', 'Error in every mode'), ('skipped', 'Skipped')], default='error', max_length=10),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='phase',
            field=models.CharField(choices=[('rows', 'Reading the rows'), ('again', 'Comparing again'), ('same_names', 'Comparing the rows with each other'), ('same_ids', 'Comparing the rows with each other'), ('same_keys', 'Comparing the rows with each other'), ('names', 'Proposing names'), ('counts', 'Counting')], default='rows', editable=False, max_length=10),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='mode',
            field=models.CharField(choices=[('create', 'Add new ones only'), ('update', 'Update existing ones only'), ('upsert', 'Add and update')], default='upsert', max_length=10, verbose_name='Mode'),
        ),
    ]
