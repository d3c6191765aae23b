"""The settings lists that describe clients, and our own branches."""

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from clientdesk.colours import validate_colour
from clientdesk.models import Address, Dictionary, Tree, User
from clients.numbers import validate_mask


class Branch(Dictionary, Address):
    """A branch of our own company, responsible for clients (X14); exactly one is the headquarters (XD36)."""

    code = models.CharField(_("Code"), max_length=20)
    legal_name = models.CharField(_("Legal name"), max_length=200, blank=True)
    email = models.EmailField(_("E-mail"), max_length=254, blank=True)
    phone = PhoneNumberField(_("Phone"), blank=True)
    is_headquarters = models.BooleanField(_("Headquarters"), default=False)
    logo = models.FileField(_("Logo"), max_length=100, blank=True)
    portal_name = models.CharField(_("Name in the portal"), max_length=60, blank=True)
    colour = models.CharField(_("Colour"), max_length=7, blank=True, validators=[validate_colour])
    reply_to = models.EmailField(_("Reply-to address"), max_length=254, blank=True)
    staff = models.ManyToManyField(settings.AUTH_USER_MODEL, through="StaffBranch", related_name="branches", verbose_name=_("Staff"))

    held_once = ("is_default", "is_headquarters")

    class Meta(Dictionary.Meta):
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        constraints = [
            *Dictionary.Meta.constraints,
            models.UniqueConstraint(fields=["code"], name="branch_code_once", violation_error_message=_("This code exists already.")),
            models.UniqueConstraint(
                fields=["is_headquarters"],
                condition=models.Q(is_headquarters=True),
                name="branch_one_headquarters",
                violation_error_message=_("Another branch is the headquarters already."),
            ),
        ]

    @classmethod
    def preselected(cls, user: User | None = None) -> "Branch | None":
        """The branch a new client gets unless another is chosen: that of `user`, else the default, else the headquarters."""
        active = cls.objects.filter(active=True)
        own = active.filter(postings__user=user).first() if user else None
        return own or active.order_by("-is_default", "-is_headquarters", "position").first()

    @property
    def why_not_deactivated(self) -> str:
        """Return why this branch must stay in use: the headquarters does (XD36)."""
        return (
            _g("%(branch)s is the headquarters. Make another branch the headquarters first.") % {"branch": self}
            if self.is_headquarters
            else ""
        )

    def place_staff(self, people: Iterable[User]) -> None:
        """Let exactly `people` work in this branch; whoever worked in another one leaves it (XD36)."""
        wanted = {user.pk for user in people}
        for posting in self.postings.exclude(user__in=wanted):
            posting.delete()
        elsewhere = {posting.user_id: posting for posting in StaffBranch.objects.filter(user__in=wanted)}
        for pk in sorted(wanted):
            posting = elsewhere.get(pk) or StaffBranch(user_id=pk)
            if posting.branch_id != self.pk:
                posting.branch = self
                posting.save()


class StaffBranch(models.Model):
    """The one branch that a staff user works in (XD36)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="posting", verbose_name=_("Staff user"))
    branch = models.ForeignKey(Branch, models.CASCADE, related_name="postings", verbose_name=_("Branch"))

    def __str__(self) -> str:
        return f"{self.user} / {self.branch}"


class Industry(Dictionary):
    """What a client does, such as medical technology; a client may have several (XD3)."""

    class Meta(Dictionary.Meta):
        verbose_name = _("industry")
        verbose_name_plural = _("industries")


class LeadSource(Dictionary):
    """How a client found us (XD4)."""

    class Meta(Dictionary.Meta):
        verbose_name = _("lead source")
        verbose_name_plural = _("lead sources")


class CategoryQuerySet(models.QuerySet["Category"]):
    def usable_by(self, user: User, keep: int | None = None) -> "CategoryQuerySet":
        """The active categories that `user` may give to a client (S11, SD4), and the one with the key `keep`: what is on a record stays.

        A category without roles and people is for all staff; one with them for these only. Every form that offers categories uses
        this; see `Category.may_be_used_by` for one category.
        """
        named = CategoryUser.objects.filter(category=models.OuterRef("pk"))
        roles = self.model.objects.filter(pk=models.OuterRef("pk")).annotate(said=Cast("roles", models.TextField()))
        # Roles are plain words of ours, so that a quoted one is found in the text of the list on every database.
        of_role = models.Exists(roles.filter(said__contains=f'"{user.role}"'))
        for_all = models.Q(roles=[]) & ~models.Exists(named)
        return self.filter(models.Q(active=True) & (for_all | of_role | models.Exists(named.filter(user=user))) | models.Q(pk=keep))


class Category(Tree):
    """What a client is to us, such as a key account (S11): what it must deliver, what the wizard asks, who may use it (SD3, SD4).

    `required_documents` is a list of names. `extra_step` is the title of one more step of the wizard, which asks the custom
    fields of this category; blank: no such step. Without `roles` and `users` every member of staff may use it.
    """

    required_documents = models.JSONField(_("Required documents"), default=list, blank=True)
    extra_step = models.CharField(_("Extra step of the wizard"), max_length=60, blank=True)
    roles = models.JSONField(_("Roles that may use it"), default=list, blank=True)
    users = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="CategoryUser", related_name="categories", verbose_name=_("People who may use it")
    )

    objects = CategoryQuerySet.as_manager()

    goes_along = ("category_users",)

    class Meta(Tree.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def may_be_used_by(self, user: User) -> bool:
        """Say whether `user` may give this category to a client (SD4)."""
        named = set(self.users.values_list("pk", flat=True))
        return (not self.roles and not named) or user.role in self.roles or user.pk in named

    def allow_people(self, people: Iterable[User]) -> None:
        """Let exactly `people` be named as those who may use this category (SD4)."""
        wanted = {user.pk for user in people}
        for link in self.category_users.exclude(user__in=wanted):
            link.delete()
        for pk in sorted(wanted.difference(self.category_users.values_list("user", flat=True))):
            CategoryUser.objects.create(category=self, user_id=pk)


class CategoryUser(models.Model):
    """One person who may use a category."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="category_users")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["category", "user"], name="categoryuser_once")]

    def __str__(self) -> str:
        return f"{self.category} / {self.user}"


class CompanyType(Tree):
    """The legal form of a client's company (S10): which clients it fits, how their number is made, which steps the wizard asks.

    `steps` names optional steps of the wizard (see `Step`); `id_mask` such as `C-{seq:5}` makes the client number.
    """

    class Step(models.TextChoices):
        ADDRESS = "address", _("Address")
        SALES = "sales", _("Sales data")
        CONTACTS = "contacts", _("Contacts")

    class Fits(models.TextChoices):
        CORPORATE = "corporate", _("Corporate clients")
        INDIVIDUAL = "individual", _("Individual clients")
        BOTH = "both", _("Corporate and individual clients")

    fits = models.CharField(_("For"), max_length=10, choices=Fits, default=Fits.CORPORATE)
    id_mask = models.CharField(
        _("Identification mask"),
        max_length=40,
        blank=True,
        validators=[validate_mask],
        help_text=_("How client numbers look, such as CONT-{seq:4} for CONT-0001. Blank: the common numbering."),
    )
    allow_id_change = models.BooleanField(_("A number made by the mask may be changed"), default=False)
    steps = models.JSONField(_("Steps of the wizard"), default=list, blank=True)

    class Meta(Tree.Meta):
        verbose_name = _("company type")
        verbose_name_plural = _("company types")

    def clean(self) -> None:
        super().clean()
        if unknown := [step for step in self.steps if step not in self.Step.values]:
            raise ValidationError({"steps": _g("“%(step)s” is no step of the wizard.") % {"step": unknown[0]}})

    def fits_kind(self, kind: str) -> bool:
        """Say whether a client of `kind` may have this type (S10)."""
        return self.fits in (self.Fits.BOTH, kind)
