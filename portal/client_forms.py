"""The form behind the tab Portal rights of a client: whether its portal is open, and what its contacts may do at most (X64, XD11, XD13)."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from clientdesk.forms import DeskForm
from clients.consequences import Consequence
from clients.forms.rules import fingerprint
from portal import rights, rights_table
from portal.consequences import of_rights
from portal.models import ClientAccess
from portal.rights import Right
from portal.rights_table import OF_CLIENTS, Line, RightsField


class ClientRightsForm(DeskForm):
    """The portal rights of one client. Where somebody loses or gains something the form passes only with `confirmed`, the fingerprint
    of what was read."""

    rights = RightsField(actions=OF_CLIENTS)

    class Meta(DeskForm.Meta):
        model = ClientAccess
        fields = ("portal_access", "rights")
        widgets = {"portal_access": forms.RadioSelect}
        help_texts = {"portal_access": gettext_lazy("The status opens it for an active client and closes it for any other.")}

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
        found = self.cleaned_data
        return of_rights(self.instance.client, found["portal_access"], Right(found["rights"]))
