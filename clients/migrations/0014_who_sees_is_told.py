"""PostgreSQL says itself who sees a restricted client."""

from django.db import migrations

from clients.restricted import TellWhoSees


class Migration(migrations.Migration):
    dependencies = [("clients", "0013_server_account")]

    operations = [TellWhoSees()]
