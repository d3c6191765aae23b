"""Indexes by which the clients whose contacts are in one state of portal access are found, however few they are."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0003_list_indexes'),
        ('portal', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='contactaccess',
            index=models.Index(condition=models.Q(('accepted_at__isnull', False), ('allowed', True)), fields=['contact'], name='access_accepted'),
        ),
        migrations.AddIndex(
            model_name='contactaccess',
            index=models.Index(condition=models.Q(('accepted_at', None), ('allowed', True), ('invited_at__isnull', False)), fields=['contact'], name='access_invited'),
        ),
        migrations.AddIndex(
            model_name='contactaccess',
            index=models.Index(condition=models.Q(('allowed', False), ('invited_at__isnull', False)), fields=['contact'], name='access_removed'),
        ),
    ]
