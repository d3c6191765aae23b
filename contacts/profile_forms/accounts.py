"""The form behind the tab Social media: accounts in networks, one of them preferred (X43 to X45, XD15, XD16)."""

from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.fields import TidyField
from clientdesk.forms import DeskForm
from clientdesk.models import User
from clientdesk.rows import OneRowField, RowSelect, RowsField
from contacts.models import Contact, SocialAccount, SocialNetwork


class AccountsForm(DeskForm):
    """All accounts of a contact, whose version they count up."""

    accounts = RowsField(
        {
            "network": forms.TypedChoiceField(label=gettext_lazy("Network"), coerce=int, widget=RowSelect),
            "handle": TidyField(
                label=gettext_lazy("Name or address there"),
                max_length=200,
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            ),
            "preferred": OneRowField(label=gettext_lazy("Preferred")),
        },
        label=gettext_lazy("Social accounts"),
        help_text=gettext_lazy(
            "The name of the account, or its whole address. The first account becomes the preferred one. A row is removed by emptying it."
        ),
        add_label=gettext_lazy("Add social account"),
        unique=("network", "handle"),
        blank=2,
    )

    class Meta(DeskForm.Meta):
        model = Contact
        fields = ()

    form_layout = (Div("accounts", css_class="part"),)

    def extend(self) -> None:
        self.here = list(SocialAccount.objects.filter(contact=self.instance).order_by("id"))
        self.initial["accounts"] = [
            {"network": account.network_id, "handle": account.handle, "preferred": account.preferred} for account in self.here
        ]

    def prepare(self) -> None:
        """Offer the active networks; one that is deactivated stays where it is chosen (XD18)."""
        field, used = self.fields["accounts"], {account.network_id for account in self.here}
        self.networks = {network.pk: network for network in SocialNetwork.objects.filter(Q(active=True) | Q(pk__in=used))}
        column = field.columns["network"]
        column.choices = [("", _("Choose a network")), *((pk, network.name) for pk, network in self.networks.items())]
        column.widget.kept = frozenset(str(pk) for pk, network in self.networks.items() if not network.active)
        column.error_messages["required"] = _("Choose the network.")
        field.columns["handle"].error_messages["required"] = _("Enter the name of the account.")
        field.check = self._check

    def _check(self, row: dict[str, Any]) -> dict[str, Any]:
        try:
            return row | {"handle": self.networks[row["network"]].account_in(row["handle"])}
        except ValidationError as error:
            raise ValidationError({"handle": error.messages}) from error

    def clean_accounts(self) -> list[dict[str, Any]]:
        """At most one is the preferred one (invariant 15)."""
        rows = self.cleaned_data["accounts"]
        if sum(row["preferred"] for row in rows) > 1:
            raise ValidationError(_("Only one account can be the preferred one. Choose which."))
        return rows

    def save(self, commit: bool = True, *, by: User | None = None) -> models.Model:
        """Save the accounts, and count the version of the contact, whose row is the lock."""
        SocialAccount.objects.put(self.instance, self.cleaned_data["accounts"])
        return super().save(commit, by=by)
