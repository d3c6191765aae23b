"""What is asked before many clients are changed: the branch, or the category."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clientdesk.models import User
from clientdesk.tables.bulk_views import TargetForm
from clientdesk.trees import TreeField
from clients.models import Branch, Category


class BranchTarget(TargetForm):
    """A branch in use."""

    target = forms.ModelChoiceField(
        label=_("New branch"),
        queryset=Branch.objects.filter(active=True),
        empty_label=_("Choose a branch"),
        error_messages={"required": _("Choose a branch."), "invalid_choice": _("This branch is not offered any more. Choose another.")},
    )


class CategoryTarget(TargetForm):
    """A category that the person may use (SD4), or on purpose none."""

    target = TreeField(
        label=_("New category"),
        queryset=Category.objects.none(),
        empty_label=_("Choose a category"),
        required=False,
        error_messages={"invalid_choice": _("You cannot give this category. Choose another.")},
    )
    remove = forms.BooleanField(label=_("Remove the category instead"), required=False)

    def fit(self, user: User) -> None:
        """Offer the categories that `user` may give to a client."""
        self.fields["target"].queryset = Category.objects.usable_by(user)
        self.fields["target"].mark_optional = self.fields["remove"].mark_optional = False

    def clean(self) -> dict[str, object]:
        """Take the category away only where that was ticked."""
        found = super().clean() or self.cleaned_data
        if found.get("remove"):
            found["target"] = None
        elif "target" in found and found["target"] is None:
            self.add_error("target", _("Choose a category, or tick that it is removed."))
        return found
