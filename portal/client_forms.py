"""The forms behind the portal rights of a client and behind what holds where nobody chose any (X64, XD11, XD13, decision 17)."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from clientdesk.forms import DeskForm
from clients.consequences import Consequence
from clients.forms.rules import fingerprint
from portal import consequences, rights, rights_table
from portal.models import ClientAccess, PortalDefaults
from portal.rights import Right
from portal.rights_table import OF_CLIENTS, Line, RightsField


class RightsForm(DeskForm):
    """A table of rights of clients. Where somebody loses or gains something the form passes only with `confirmed`, the fingerprint of
    what was read."""

    rights = RightsField(actions=OF_CLIENTS)

    def extend(self) -> None:
        self.initial["rights"] = rights.names(self.instance.rights)

    @property
    def lines(self) -> list[Line]:
        """The table of rights with what is ticked now."""
        ticked = self["rights"].value() or []
        held = rights.named(name for name in ticked if name in Right.__members__)
        return rights_table.lines(held, ~rights.NONE, OF_CLIENTS)

    def is_valid(self) -> bool:
        """Say whether the form can be saved: without errors, and confirmed where it brings more with it."""
        return super().is_valid() and not self.waits_for_confirmation

    @property
    def waits_for_confirmation(self) -> bool:
        """Whether the form is right but somebody loses or gains by it, which nobody confirmed yet."""
        if self.errors or not self.has_changed():
            return False
        return bool(self.consequences) and self.data.get("confirmed") != fingerprint(self.consequences)

    @cached_property
    def consequences(self) -> list[Consequence]:
        """Who loses and who gains what once this valid form is saved."""
        return self.find_consequences()

    def find_consequences(self) -> list[Consequence]:
        """Find who loses and who gains what."""
        raise NotImplementedError


class ClientRightsForm(RightsForm):
    """The portal rights of one client."""

    class Meta(DeskForm.Meta):
        model = ClientAccess
        fields = ("portal_access", "rights")
        widgets = {"portal_access": forms.RadioSelect}
        help_texts = {"portal_access": gettext_lazy("The status opens it for an active client and closes it for any other.")}

    def find_consequences(self) -> list[Consequence]:
        found = self.cleaned_data
        return consequences.of_rights(self.instance.client, found["portal_access"], Right(found["rights"]))


class DefaultRightsForm(RightsForm):
    """What a client may do for which nobody chose anything else."""

    class Meta(DeskForm.Meta):
        model = PortalDefaults
        fields = ("rights",)

    def find_consequences(self) -> list[Consequence]:
        return consequences.of_defaults(Right(self.cleaned_data["rights"]))
