"""`manage.py explain_access CONTACT ITEM`: why a contact sees an item in the portal, or why not."""

from argparse import ArgumentParser

from django.core.management import BaseCommand, CommandError
from django.db.models import QuerySet

from clientdesk.lists import LARGEST_ID
from contacts.models import Contact
from portal.explaining import access_of, explain, find_item


class Command(BaseCommand):
    help = "Say whether a contact sees a quote, project or job in the client portal, step by step."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("contact", metavar="CONTACT", help="the ID of a contact, such as 7, or its e-mail address")
        parser.add_argument("item", metavar="ITEM", help="the number of a quote, project or job, such as J-00012")

    def handle(self, *, contact: str, item: str, **options) -> None:
        found, wanted = self._contact(contact), find_item(item)
        if wanted is None:
            raise CommandError(f"There is no quote, project or job “{item}”. Enter its number, such as J-00012.")
        explanation = explain(wanted, access_of(found))
        self.stdout.write(f"{'Yes' if explanation.seen else 'No'}: {found} {'sees' if explanation.seen else 'does not see'} {wanted}.")
        for step in explanation.steps:
            self.stdout.write(f"  {'yes' if step.passed else 'NO '}  {step.question.label}  {step.sentence}")
            if not step.passed and step.settings:
                self.stdout.write(f"       Change it: {', '.join(f'{setting.label} {setting.url}' for setting in step.settings)}")

    def _contact(self, text: str) -> Contact:
        people: QuerySet[Contact] = Contact.objects.all()
        if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST_ID:
            found = list(people.filter(pk=int(text)))
        else:
            found = list(people.filter(email__iexact=text)[:2]) if text else []
        if len(found) > 1:
            raise CommandError(f"Several contacts have the address “{text}”. Enter the ID of one of them.")
        if not found:
            raise CommandError(f"There is no contact “{text}”. Enter the ID of a contact or its e-mail address.")
        return found[0]
