"""An import may find clients by their e-mail address."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0008_found_by_numbers_and_former_names'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='client',
            index=models.Index(django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='client_by_email'),
        ),
    ]
