"""Form fields that name several members of staff or several entries of a settings list."""

from collections.abc import Iterable

from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.fields import RecordsField
from clientdesk.models import User


class PersonField(forms.ModelChoiceField):
    """One active member of staff; who is on the record stays, deactivated or not."""

    def __init__(self, **kwargs) -> None:
        super().__init__(User.objects.none(), **({"required": False, "empty_label": gettext_lazy("Nobody")} | kwargs))

    def keep(self, key: int | None) -> None:
        """Offer the staff of now and the person with the key `key`."""
        self.queryset = staff(Q(pk=key))

    def label_from_instance(self, obj: Model) -> str:
        return person_words(obj)


class SeveralField(RecordsField):
    """Several records as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs) -> None:
        super().__init__(User.objects.none(), **({"required": False} | kwargs))
        self.mark_optional = False
        # `pk` in an error would be a number that nobody knows.
        self.error_messages["invalid_choice"] = gettext_lazy("One of these is not offered any more. Look at the list again.")
        self.error_messages["invalid_pk_value"] = self.error_messages["invalid_choice"]

    def label_from_instance(self, obj: Model) -> str:
        return person_words(obj) if isinstance(obj, User) else str(obj)


def staff(kept: Q) -> QuerySet[User]:
    """Return the members of staff who can be made responsible, and those that `kept` finds."""
    return User.objects.filter((Q(is_active=True) & ~Q(role="")) | kept).order_by("last_name", "first_name", "pk")


def person_words(person: User) -> str:
    """Return the name of a member of staff as a choice."""
    return str(person) if person.is_active else _("%(person)s (deactivated)") % {"person": person}


def tie(record: Model, links: str, name: str, wanted: Iterable[Model]) -> None:
    """Let `record` have exactly one row of `links` (a reverse name) per record of `wanted`, held by its key `name`.

    Row by row, so that the history tells of each.
    """
    manager = getattr(record, links)
    keys = {found.pk for found in wanted}
    present = {getattr(link, f"{name}_id"): link for link in manager.all()}
    for key, link in present.items():
        if key not in keys:
            link.delete()
    for key in sorted(keys - set(present)):
        manager.create(**{f"{name}_id": key})
