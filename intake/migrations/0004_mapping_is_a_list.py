
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0003_planning_bookmark'),
    ]

    operations = [
        migrations.AlterField(
            model_name='importrun',
            name='mapping',
            field=models.JSONField(default=list, editable=False),
        ),
    ]
