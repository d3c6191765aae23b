"""`manage.py index_words`: make the trigram indexes that the migrations could not make because the server refused the extension.

It also counts the stretches of large lists (clientdesk/stretches) at once, which the worker does little by little."""

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction

from clientdesk import stretch_upkeep, trigrams


class Command(BaseCommand):
    help = "Make the indexes for typed words on PostgreSQL, once the extension pg_trgm is there."

    def handle(self, *args, **options) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has these indexes; there is nothing to do.")
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
                for table in trigrams.TABLES:
                    trigrams.make(cursor.execute, table)
        except DatabaseError as error:
            raise CommandError(f"The extension pg_trgm is not there: {str(error).splitlines()[0]}") from error
        stretch_upkeep.count_all()
        self.stdout.write("The words of clients, companies and contacts are indexed.")
