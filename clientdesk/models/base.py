"""Shapes that records of all apps share."""

from collections.abc import Iterable
from typing import ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from clientdesk.countries import country_choices
from clientdesk.models.lasting import Lasting
from clientdesk.places import lock, move
from clientdesk.words import name_key, tidy


class Stamped(models.Model):
    """A record that knows when it was made, by whom, and when it last changed."""

    created_at = models.DateTimeField(_("Created"), auto_now_add=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("Created by")
    )
    updated_at = models.DateTimeField(_("Last modified"), auto_now=True, editable=False)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """A record that two people may edit at once: each save counts `version` up, and a form that carries an older one saves nothing."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding:
            self.version += 1
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "version"}
        super().save(*args, **kwargs)


class Renamed(models.Model):
    """A record that is found by the names that it had before, too: `former_names` keeps them, one a line, the latest first."""

    # The most of them that are kept, in signs and in names.
    LONGEST_FORMER, MOST_FORMER = 2000, 20

    former_names = models.TextField(editable=False, blank=True, default="")

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values, *, fetch_mode=None) -> Self:
        record = super().from_db(db, field_names, values, fetch_mode=fetch_mode)
        record._names_before = record.names
        return record

    @property
    def names(self) -> tuple[str, ...]:
        """What the record is called now. Nothing where the names were not loaded: who did not read them does not change them."""
        raise NotImplementedError

    def keep_former_names(self) -> None:
        """Put the names that the record had when it was read, and has no more, among the former ones."""
        self.former_names = former_names(self.former_names, self.__dict__.get("_names_before", ()), self.names)
        self._names_before = self.names

    def forget_names(self) -> None:
        """Take what the record is called now for what it was called all the time: the act that renamed it is taken back."""
        self.former_names = former_names(self.former_names, (), self.names)
        self._names_before = self.names


def former_names(kept: str, before: Iterable[str], now: Iterable[str]) -> str:
    """Return the former names of a record with those that are `kept`, whose names were `before` and are `now`."""
    known = {name_key(name) for name in now}
    found: dict[str, str] = {}
    for name in (*before, *kept.split("\n")):
        if tidy(name) and name_key(name) not in known:
            found.setdefault(name_key(name), tidy(name))
    lines = list(found.values())[: Renamed.MOST_FORMER]
    while len("\n".join(lines)) > Renamed.LONGEST_FORMER:
        lines.pop()
    return "\n".join(lines)


class Address(models.Model):
    """A postal address as fields of the record that has it (XD6)."""

    street = models.CharField(_("Street"), max_length=200, blank=True)
    street2 = models.CharField(_("Address line 2"), max_length=200, blank=True)
    postal_code = models.CharField(_("Postal code"), max_length=20, blank=True)
    city = models.CharField(_("City"), max_length=100, blank=True)
    province = models.CharField(_("Province"), max_length=100, blank=True)
    country = models.CharField(_("Country"), max_length=2, blank=True, choices=country_choices)

    class Meta:
        abstract = True


class Dictionary(Lasting, Versioned):
    """An entry of a settings list; a deactivated one stays on old records and is offered no more (XD18).

    `held_once` are flags that one entry of the list has at most; whoever gets one takes it from its holder.
    """

    held_once: ClassVar[tuple[str, ...]] = ("is_default",)

    name = models.CharField(_("Name"), max_length=100)
    name_key = models.CharField(max_length=200, editable=False)
    active = models.BooleanField(_("Active"), default=True)
    preferred = models.BooleanField(_("Preferred"), default=False)
    is_default = models.BooleanField(_("Default"), default=False)
    position = models.PositiveIntegerField(_("Order"), default=0)

    class Meta:
        abstract = True
        ordering = ["-preferred", "position", "name_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["name_key"], name="%(class)s_name_once", violation_error_message=_("This name exists already.")
            ),
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="%(class)s_one_default",
                violation_error_message=_("Another entry is the default already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.name = tidy(self.name)
        self.name_key = name_key(self.name)

    def save(self, *args, **kwargs) -> None:
        self.name_key = name_key(self.name)
        super().save(*args, **kwargs)

    @classmethod
    def default_key(cls) -> int | None:
        """Return the key of the entry that is chosen beforehand where a new record is offered this list, or None (XD18)."""
        return cls._default_manager.filter(active=True, is_default=True).values_list("pk", flat=True).first()

    def take_over(self) -> None:
        """Take the flags that this entry is to have from the entries that hold them; the caller saves it in the same transaction."""
        wanted = [flag for flag in self.held_once if getattr(self, flag)]
        if wanted:
            lock(type(self))
        for flag in wanted:
            for former in type(self)._default_manager.filter(**{flag: True}).exclude(pk=self.pk):
                setattr(former, flag, False)
                former.save(update_fields=[flag])

    def deactivate(self, *also: str) -> None:
        self.is_default = False
        super().deactivate("is_default", *also)

    @property
    def siblings(self) -> models.QuerySet:
        """The entries in use among which this one has its place."""
        return type(self)._default_manager.filter(active=True, preferred=self.preferred)

    def move(self, *, up: bool) -> bool:
        """Let this entry change places with the one above or below it; return whether there is one."""
        lock(type(self))
        return move(self, list(self.siblings), up=up)


class Tree(Dictionary):
    """An entry of a settings list whose entries stand beneath each other (SD3, SD5); no entry is its own ancestor."""

    code = models.CharField(_("Code"), max_length=20, null=True, blank=True)  # noqa: DJ001 - NULL keeps many blanks unique
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("Beneath"))

    class Meta(Dictionary.Meta):
        abstract = True
        constraints = [
            *Dictionary.Meta.constraints,
            models.UniqueConstraint(fields=["code"], name="%(class)s_code_once", violation_error_message=_("This code exists already.")),
        ]

    def clean(self) -> None:
        super().clean()
        self.code = tidy(self.code or "") or None
        if self.parent_id and self.pk and self.pk in lineage(self.parent):
            raise ValidationError({"parent": _g("“%(name)s” stands beneath this entry itself. Choose another.") % {"name": self.parent}})

    @property
    def siblings(self) -> models.QuerySet:
        """The entries in use beneath the same one."""
        return super().siblings.filter(parent=self.parent_id)

    @property
    def path(self) -> str:
        """The names from the top down to this entry, such as “Health › Hospitals”; one statement a level."""
        return " › ".join(entry.name for entry in [*reversed(list(lineage(self).values()))])


def lineage[Entry: models.Model](entry: Entry) -> dict[int, Entry]:
    """Return `entry`, of a tree by its `parent`, and every entry above it by primary key, from the lowest up."""
    found: dict[int, Entry] = {}
    above: Entry | None = entry
    while above is not None and above.pk not in found:
        found[above.pk] = above
        above = above.parent
    return found


class NumberSequence(models.Model):
    """The next number of a series, such as client numbers; taken under a row lock, never given twice (invariant 2)."""

    key = models.CharField(max_length=40, primary_key=True)
    next = models.PositiveBigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.key}: {self.next}"

    @classmethod
    def take(cls, key: str, count: int = 1) -> int:
        """Reserve `count` consecutive numbers of the series `key` and return the first."""
        with transaction.atomic():
            cls.objects.get_or_create(key=key)
            sequence = cls.objects.select_for_update().get(key=key)
            first = sequence.next
            sequence.next = first + count
            sequence.save(update_fields=["next"])
        return first
