"""`manage.py remove_second_factor ADDRESS`: for whoever lost phone, passkeys and recovery codes, the last administrator included."""

from argparse import ArgumentParser

from django.core.management import BaseCommand, CommandError

from clientdesk import factors
from clientdesk.models import User


class Command(BaseCommand):
    help = "Remove app, passkeys and recovery codes of a user who lost them. The user is told by mail and signed out everywhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="ADDRESS")

    def handle(self, *, email: str, **options) -> None:
        user = User.objects.by_address(email)
        if user is None:
            raise CommandError(f"Nobody signs in with {email}.")
        if not factors.reset(user):
            raise CommandError(f"{email} has no second factor.")
        self.stdout.write(f"{email} signs in with the password alone now.")
