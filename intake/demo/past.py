"""A past for the demo: clients that were added over three years, and a few changes of the last days."""

from datetime import datetime, timedelta
from random import Random

from auditlog.context import set_actor
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from clientdesk.history import keeping
from clientdesk.models import Change, User
from clients.models import Client
from contacts.models import Contact, Department, Office

CHANGED = 12


def live(seed: int, by: User) -> None:
    """Date back every client of the last hour, with its history, and let `by` change a few as in daily work."""
    dice, now = Random(seed), timezone.now()  # noqa: S311 - invented data, no secret
    with transaction.atomic(), keeping.opened():
        for client in Client.objects.all():
            new = client.created_at > now - timedelta(hours=1)
            _date(client, now - timedelta(days=dice.randrange(30, 1_100), minutes=dice.randrange(600)) if new else client.created_at)
        with set_actor(by):
            for client in Client.objects.active().order_by("id")[:CHANGED]:
                client.notes = f"Asked for new terms, call back in {dice.choice(('spring', 'summer', 'autumn'))}."
                client.save()
                client.province = dice.choice(("North", "West", "South"))
                client.save()
        changes = Change.objects.filter(action=Change.Action.UPDATE, timestamp__gte=now).order_by("-id")
        for age, change in enumerate(changes):
            Change.objects.filter(pk=change.pk).update(timestamp=now - timedelta(hours=3 + 11 * age))


def _date(client: Client, moment: datetime) -> None:
    _date_records(Client.objects.filter(pk=client.pk), moment)
    _date_records(Office.objects.filter(client=client), moment)
    _date_records(Department.objects.filter(client=client), moment)
    _date_records(Contact.objects.filter(client=client), moment)


def _date_records(records: QuerySet[Model], moment: datetime) -> None:
    kind = ContentType.objects.get_for_model(records.model)
    Change.objects.filter(content_type=kind, object_id__in=records.values("pk"), action=Change.Action.CREATE).update(timestamp=moment)
    records.update(created_at=moment)
