"""Saved views: the filters, order and columns of a list under a name, one's own or shared with all staff (design.md S1)."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from clientdesk.forms import DeskForm
from clientdesk.models import SavedView, User
from clientdesk.rights import Right, may

# Tabs beyond these are shown without a number, which is what costs.
MOST_COUNTED = 20


def seen_by(user: User, page: str) -> QuerySet[SavedView]:
    """Return the views of the list `page` that `user` may open: their own and shared ones."""
    return SavedView.objects.filter(Q(owner=user) | Q(shared=True), page=page)


def changeable_by(user: User, page: str) -> QuerySet[SavedView]:
    """Return the views that `user` may rename, overwrite and delete: their own, and shared ones for who may share."""
    seen = seen_by(user, page)
    return seen if may(user, Right.SHARE_VIEWS) else seen.filter(owner=user)


def may_change(user: User, view: SavedView) -> bool:
    """Say whether `user` may rename, overwrite and delete `view`; the same rule as `changeable_by`."""
    return view.owner_id == user.pk or (view.shared and may(user, Right.SHARE_VIEWS))


def may_publish(user: User, view: SavedView) -> bool:
    """Say whether `user` may change what `view` shows: where all staff see it, only who may share. Who lost that right can still keep
    an own one for oneself, or delete it."""
    return may_change(user, view) and (not view.shared or may(user, Right.SHARE_VIEWS))


class SavedViewForm(DeskForm):
    """The name of a view and, for who may share, whether all staff see it. A name is used once by its owner."""

    places: ClassVar[dict[str, str]] = {"name_key": "name"}

    class Meta(DeskForm.Meta):
        model = SavedView
        fields = ("name", "shared")

    form_layout = ("name", "shared")

    def __init__(self, *args, by: User, **kwargs) -> None:
        self.by = by
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        """Sharing is offered to who may share; a view that is shared can always be taken back by its owner."""
        self.fields["name"].widget.attrs["autofocus"] = True
        if not may(self.by, Right.SHARE_VIEWS) and not self.instance.shared:
            del self.fields["shared"]
            self.form_layout = ("name",)

    def clean(self) -> dict[str, object]:
        """Refuse a name that the owner has given already, and sharing to who may not share any more."""
        found = super().clean() or self.cleaned_data
        if name := found.get("name"):
            self.instance.name = name
            self.instance.clean()
            same = SavedView.objects.filter(owner=self.instance.owner, page=self.instance.page, name_key=self.instance.name_key)
            if same.exclude(pk=self.instance.pk).exists():
                sentence = _("You have a view named “%(name)s” already. Choose another name.")
                self.add_error("name", ValidationError(sentence % {"name": name}))
        if found.get("shared") and not may(self.by, Right.SHARE_VIEWS):
            sentence = _("Your role “%(role)s” does not share views. Untick the box to keep this one for yourself.")
            self.add_error("shared", ValidationError(sentence % {"role": self.by.get_role_display()}))
        return found
