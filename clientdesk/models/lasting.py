"""Records that are deactivated rather than deleted while others refer to them (domain.md section 7, “deactivate”)."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils.translation import gettext as _


class Lasting(models.Model):
    """A record with a column `active`: a deactivated one stays where it was chosen and is offered no more.

    `goes_along` are names of relations whose records go with a deleted one; any other record that refers to it keeps it.
    """

    goes_along: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    @property
    def why_not_deactivated(self) -> str:
        """Return why this record must stay in use, or an empty text."""
        return ""

    @property
    def why_not_deleted(self) -> str:
        """Return why this record cannot be deleted, or an empty text."""
        if self.why_not_deactivated:
            return self.why_not_deactivated
        uses = self.uses
        if not uses:
            return ""
        listed = uses[0] if len(uses) == 1 else _("%(first)s and %(last)s") % {"first": ", ".join(uses[:-1]), "last": uses[-1]}
        return _("“%(entry)s” cannot be deleted: %(uses)s refer to it.") % {"entry": self, "uses": listed}

    def deactivate(self, *also: str) -> None:
        """Offer this record no more; where it was chosen it stays (XD18). The columns `also` are saved with it.

        Raises ValidationError where it must stay in use.
        """
        if self.why_not_deactivated:
            raise ValidationError(self.why_not_deactivated)
        self.active = False
        self.save(update_fields=["active", *also])

    def restore(self) -> None:
        """Offer this record again."""
        self.active = True
        self.save(update_fields=["active"])

    @property
    def uses(self) -> list[str]:
        """The kinds of records, in the plural, that refer to this one, so that it cannot be deleted; one statement."""
        links = [link for link in self._meta.related_objects if link.get_accessor_name() not in self.goes_along and not _is_through(link)]
        found = {
            f"by_{number}": models.Exists(link.related_model._base_manager.filter(**{link.field.name: models.OuterRef("pk")}))
            for number, link in enumerate(links)
        }
        row = type(self)._base_manager.filter(pk=self.pk).annotate(**found).values_list(*found).get() if found else ()
        return list(dict.fromkeys(_users_of(link) for link, used in zip(links, row, strict=True) if used))


def _is_through(link: ForeignObjectRel) -> bool:
    """Say whether `link` is a many-to-many relation; the records between both sides refer to the entry by themselves."""
    return isinstance(link, models.ManyToManyRel)


def _users_of(link: ForeignObjectRel) -> str:
    """Return in the plural who refers to an entry by `link`: behind a record that joins two sides, that is the other side."""
    entry, joining = link.model, link.related_model
    sides = [rel.related_model for rel in entry._meta.related_objects if _is_through(rel) and rel.through is joining]
    sides += [field.related_model for field in entry._meta.many_to_many if field.remote_field.through is joining]
    return str((sides or [joining])[0]._meta.verbose_name_plural)
