from django.db import migrations

from clientdesk.trigrams import IndexWords


class Migration(migrations.Migration):
    """Quotes and projects are found by words as quickly as jobs."""

    dependencies = [("jobs", "0003_quotes_projects_documents")]

    operations = [IndexWords("jobs_quote"), IndexWords("jobs_project")]
