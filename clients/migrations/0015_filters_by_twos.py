"""What several filters leave together is found by marks of two values each."""

from django.db import migrations

from clients.facets import IndexPairs


class Migration(migrations.Migration):
    dependencies = [("clients", "0014_who_sees_is_told")]

    operations = [IndexPairs()]
