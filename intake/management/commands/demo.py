"""`manage.py demo`: believable multilingual data and, where DEBUG is on, sign-ins to try them with."""

from argparse import ArgumentParser

from auditlog.context import set_actor
from django.apps import apps
from django.conf import settings
from django.core.management import BaseCommand, call_command

from clientdesk.models import User
from clientdesk.rights import Role
from clients.models import Branch, Client
from intake.demo.access import ANNA, MATTHIAS, open_portal
from intake.demo.actions import act
from intake.demo.channels import portray
from intake.demo.extras import furnish
from intake.demo.offers import offers
from intake.demo.past import live
from intake.demo.sketches import World
from intake.demo.storing import register, store
from intake.demo.waiting import waiting
from intake.demo.work import work

PASSPHRASE = "three quiet lamps at noon"  # noqa: S105 - of the demo only, and only where DEBUG is on
CLIENTS_PER_SCALE = 60
# Above this many clients they are stored in bulk, without a history of their own.
ONE_BY_ONE = 1_500
# Entries of the settings lists that the demo company refers to by their keys.
_NEEDED = {
    "clients.Category": {"pk": 5, "name": "Public sector"},
    "clients.CompanyType": {"pk": 2, "name": "Public company"},
    "contacts.Position": {"pk": 7, "name": "Office management"},
}
STAFF = {
    Role.ADMINISTRATOR: ("Ingrid", "Dahl"),
    Role.MANAGER: ("Tarik", "Yıldız"),
    Role.DESK: ("Ελένη", "Αντωνίου"),
    Role.READER: ("Joanna", "Wójcik"),
}


def address(role: str) -> str:
    """Return the address that the demo's staff user of `role` signs in with."""
    return f"{role}@desk.example"


class Command(BaseCommand):
    help = "Add believable multilingual demo data; --scale 1 is about 60 clients. Prints the sign-ins where DEBUG is on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=int, default=1, help="how much: 1 is about 60 clients, 20 about 1,200")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same data")
        parser.add_argument("--add", action="store_true", help="add to the clients that are there already")
        parser.add_argument("--sign-ins", action="store_true", help="add nothing, only print the sign-ins")

    def handle(self, *, scale: int, seed: int, add: bool, sign_ins: bool, verbosity: int, **options) -> None:
        said = []
        if not sign_ins:
            if Client.objects.exists() and not add:
                said.append(f"There are {Client.objects.count()} clients already. Add more with --add.")
            else:
                said.append(f"{self._fill(scale, seed)} clients were added.")
        said += self._sign_ins()
        if verbosity:
            self.stdout.write("\n".join(said))

    def _fill(self, scale: int, seed: int) -> int:
        self._load_dictionaries()
        staff = self._staff() if settings.DEBUG else None
        wanted = scale * CLIENTS_PER_SCALE
        world = World(seed, Client.objects.values_list("name_key", flat=True))
        with set_actor(staff):
            count = (store if wanted > ONE_BY_ONE else register)(world.clients(wanted), staff)
            if staff and wanted <= ONE_BY_ONE:
                furnish(staff, seed)
                portray(seed)
        if staff and wanted <= ONE_BY_ONE:
            live(seed, staff)
            act(staff, seed)
            work(staff, seed)
            offers(staff)
        if staff:
            open_portal(staff, PASSPHRASE)
        if staff and wanted <= ONE_BY_ONE:
            waiting(staff)
        return count

    def _load_dictionaries(self) -> None:
        for fixture, model in settings.DICTIONARIES.items():
            if not apps.get_model(model).objects.exists():
                call_command("loaddata", fixture, verbosity=0)
        # The demo company's rows have fixed keys: they may only come where nobody made rows before.
        ours = all(apps.get_model(model).objects.filter(**row).exists() for model, row in _NEEDED.items())
        if ours and not Client.objects.exists() and list(Branch.objects.values_list("pk", "code")) == [(1, "HQ")]:
            call_command("loaddata", "demo_company", verbosity=0)

    def _staff(self) -> User:
        for role, (first_name, last_name) in STAFF.items():
            if User.objects.by_address(address(role)) is None:
                user = User.objects.invite(
                    address(role), role=role, first_name=first_name, last_name=last_name, technician=role == Role.DESK
                )
                user.set_password(PASSPHRASE)
                user.save()
        return User.objects.get_by_natural_key(address(Role.DESK))

    def _sign_ins(self) -> list[str]:
        if not settings.DEBUG:
            return ["There are no demo sign-ins, because DEBUG is off. Make one: manage.py create_staff ADDRESS --role administrator"]
        self._staff()
        title = f"Sign in at {settings.PUBLIC_BASE_URL}/ with the password “{PASSPHRASE}” as"
        people = [(name, who) for name, who in (("Client portal", ANNA), ("… in German", MATTHIAS)) if User.objects.by_address(who)]
        return [title, *(f"  {label:<15}{who}" for label, who in [*((role.label, address(role)) for role in STAFF), *people])]
