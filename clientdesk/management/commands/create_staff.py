"""`manage.py create_staff ADDRESS --role ROLE`: the way the first administrator comes in."""

import sys
from argparse import ArgumentParser

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.module_loading import import_string

from clientdesk.models import AccessLink, User
from clientdesk.passwords import normal
from clientdesk.rights import Role
from clientdesk.words import tidy_email


class Command(BaseCommand):
    help = "Make a staff user and print the link by which the person chooses a password. A person who has none yet gets a new link."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="ADDRESS")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input instead of printing a link"
        )

    @transaction.atomic
    def handle(self, *, email: str, role: str, first_name: str, last_name: str, password_stdin: bool, **options) -> None:
        address = tidy_email(email)
        try:
            validate_email(address)
        except ValidationError:
            raise CommandError(f"“{email}” is no e-mail address. Enter one such as ingrid@desk.example.") from None
        user = User.objects.by_address(address)
        if user and not (user.is_staff and user.invitation_open):
            raise CommandError(f"{address} belongs to a user already. Change the role on the page Staff users.")
        import_string(settings.NEW_INSTALLATION)()
        if user is None:
            user = User.objects.invite(address, role=role, first_name=first_name, last_name=last_name)
        if password_stdin:
            self._set_password(user, sys.stdin.readline().rstrip("\n"))
            self.stdout.write(f"{address} can sign in as {user.get_role_display()}.")
            return
        link = AccessLink.objects.issue(user, AccessLink.Purpose.INVITATION)
        self.stdout.write(f"{settings.PUBLIC_BASE_URL}{reverse('account:link', args=[link.token])}")

    def _set_password(self, user: User, password: str) -> None:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        user.choose_password(make_password(normal(password)))
