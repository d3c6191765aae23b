"""Legal holds: while one lasts nothing of the record is erased; that of a client covers its contacts."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from clientdesk.models import LegalHold, User
from clientdesk.personal.subject import Subject


def _of(record: Model) -> Q:
    return Q(content_type=ContentType.objects.get_for_model(type(record)), object_id=record.pk)


def own(record: Model) -> LegalHold | None:
    """Return the hold that is in place on `record` itself, or None."""
    return LegalHold.objects.filter(_of(record), lifted_at=None).select_related("placed_by").first()


def in_force(record: Model) -> LegalHold | None:
    """Return the hold that keeps `record`: its own, that of its client, or for an individual client that of one of its contacts."""
    wanted = _of(record)
    if client := getattr(record, "client", None):
        wanted |= _of(client)
    elif hasattr(record, "contacts") and record.is_individual:
        contacts = record.contacts.all()
        wanted |= Q(content_type=ContentType.objects.get_for_model(contacts.model), object_id__in=contacts.values("pk"))
    return LegalHold.objects.filter(wanted, lifted_at=None).select_related("placed_by").first()


def all_of(subject: Subject) -> QuerySet[LegalHold]:
    """Return every hold on records of `subject`, also those that were lifted."""
    wanted = Q(pk=None)
    for model, keys in subject.records.items():
        wanted |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
    return LegalHold.objects.filter(wanted)


def place(record: Model, by: User, reason: str) -> LegalHold:
    """Place a hold on `record`. Raises ValidationError where one is in place already."""
    try:
        with transaction.atomic():
            kind = ContentType.objects.get_for_model(type(record))
            return LegalHold.objects.create(content_type=kind, object_id=record.pk, reason=reason, placed_by=by)
    except IntegrityError:
        raise ValidationError(_("A legal hold is in place already.")) from None


def lift(record: Model, by: User) -> bool:
    """Lift the hold of `record`; return False where there is none."""
    hold = LegalHold.objects.select_for_update().filter(_of(record), lifted_at=None).first()
    if hold is None:
        return False
    hold.lifted_by, hold.lifted_at = by, timezone.now()
    hold.save()
    return True
