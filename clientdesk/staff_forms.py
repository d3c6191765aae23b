"""The form of a staff user."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk import links, new_addresses
from clientdesk.forms import DeskForm
from clientdesk.models import User
from clientdesk.rights import Role

_WHAT_A_ROLE_MAY = {
    Role.READER: gettext_lazy("Reader: sees and exports"),
    Role.DESK: gettext_lazy("Desk: also adds, changes, deactivates, invites and logs jobs"),
    Role.MANAGER: gettext_lazy("Manager: also imports, undoes, merges, changes company types and sets the portal rights of clients"),
    Role.ADMINISTRATOR: gettext_lazy("Administrator: also settings, staff users and erasing personal data"),
}


class StaffForm(DeskForm):
    """A staff user: address, names, role, technician. Who is new, or gets another address before the first sign-in, is invited by the
    same act (JD8); of who signs in already a new address counts once its mailbox confirms it (trial A16)."""

    wanted = ""
    form_layout = ("first_name", "last_name", "email", "role", "technician")

    class Meta(DeskForm.Meta):
        model = User
        fields = ["first_name", "last_name", "email", "role", "technician"]
        widgets = {"role": forms.RadioSelect}

    def prepare(self) -> None:
        """Require names and role, and say what comes of another address."""
        self.fields["last_name"].required = True
        self.fields["role"].required = True
        self.fields["role"].choices = list(_WHAT_A_ROLE_MAY.items())
        self.fields["role"].error_messages["required"] = _("Choose a role.")
        email = self.fields["email"]
        if self.instance.pk and not self.instance.invitation_open:
            sentence = _("%(user)s signs in with this address. Another one counts once the link in an e-mail to it is opened.")
            email.help_text = sentence % {"user": self.instance}
        else:
            email.help_text = _("The invitation goes to this address.")

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        holder = User.objects.by_address(email)
        if holder is None or holder.pk == self.instance.pk:
            return email
        if not holder.is_staff:
            raise ValidationError(_("A portal user signs in with “%(email)s”. Use another address.") % {"email": email})
        if not holder.is_active:
            raise ValidationError(
                _("“%(email)s” belongs to %(user)s, who is deactivated. Restore that user.") % {"email": email, "user": holder}
            )
        raise ValidationError(_("“%(email)s” belongs to the staff user %(user)s.") % {"email": email, "user": holder})

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        steps_down = self.instance.role == Role.ADMINISTRATOR and cleaned.get("role", Role.ADMINISTRATOR) != Role.ADMINISTRATOR
        if steps_down and self.instance.is_active:
            try:
                self.instance.keep_an_administrator()
            except ValidationError as refusal:
                self.add_error("role", refusal)
        return cleaned

    def save(self, commit: bool = True, *, by: User | None = None) -> User:
        adding = self.instance._state.adding
        moves = "email" in self.changed_data
        if moves and not adding and not self.instance.invitation_open:
            self.wanted, self.instance.email = self.instance.email, self.initial["email"]
        if adding:
            self.instance.set_unusable_password()
        elif "role" in self.changed_data:
            # Whoever gets other rights signs in again (trial A13).
            self.instance.session_epoch += 1
        super().save(commit, by=by)
        user = self.instance
        if self.wanted:
            new_addresses.want(user, self.wanted, by)
        elif adding or moves:
            user.keep_address()
            links.invite(user, by)
        return user
