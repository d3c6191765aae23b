"""Indexes by which the contacts of a client are read in the order of names, and words within the search text."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from clientdesk.trigrams import IndexWords


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0004_list_indexes'),
        ('contacts', '0002_networks_and_custom_fields'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='contact',
            name='client',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='clients.client', verbose_name='Client'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['client', 'sort_key', 'id'], name='contact_of_client'),
        ),
        IndexWords("contacts_contact"),
    ]
