"""What every form that changes a client obeys, whichever of the fields it has."""

from django import forms
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from clientdesk.consequences import Consequence, fingerprint
from clientdesk.models import User
from clientdesk.rights import Right, may
from clients import consequences, tax_numbers
from clients.forms.shared import ClientForm
from clients.models import Category, Client, CompanyType


def not_given_first(field: forms.Field) -> None:
    """Let the blank choice of `field` read “Not given”."""
    field.choices = [("", _("Not given")), *list(field.choices)[1:]]


def offer(field: forms.ModelChoiceField, keep: int | None, blank: bool = True) -> None:
    """Offer the active entries of a settings list, and the one with the key `keep`: what is on a record stays (X14, XD18)."""
    field.queryset = field.queryset.filter(Q(active=True) | Q(pk=keep))
    field.empty_label = _("Not given") if blank else None


class EditRules(ClientForm):
    """A form over a saved client, filled in by `user`. Once it is valid, `consequences()` tells what else will happen; with any of them
    the form only passes when it carries `confirmed`, their fingerprint, so that nobody confirms what they did not read."""

    def __init__(self, *args, user: User | None = None, **kwargs) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    # --- what is offered ------------------------------------------------------------------------
    def prepare(self) -> None:
        """Fit the shared fields to the record and to who may change what."""
        fields, client = self.fields, self.instance
        if "branch" in fields:
            offer(fields["branch"], client.branch_id, blank=False)
        if "category" in fields:
            fields["category"].queryset = (
                Category.objects.usable_by(self.user, keep=client.category_id) if self.user else Category.objects.all()
            )
            fields["category"].empty_label = _("Not given")
        if "company_type" in fields:
            offer(fields["company_type"], client.company_type_id)
            self._lock_type()
        if "country" in fields:
            not_given_first(fields["country"])
        if "email" in fields:
            # A blank address came by import and may stay; one that is there is not taken away here (X11).
            fields["email"].required = bool(client.email)
        if "status" in fields:
            self._limit_status()
        country = self.data.get("country", client.country) if self.is_bound else client.country
        self.accept_local_phones(country or (client.branch.country if client.branch_id else ""))

    def _may(self, right: Right) -> bool:
        return self.user is not None and may(self.user, right)

    def _lock_type(self) -> None:
        field = self.fields["company_type"]
        if self.instance.company_type_id and not self._may(Right.CHANGE_TYPE):
            field.disabled = True
            field.help_text = _("Fixed once it was chosen. A manager can change it.")

    def _limit_status(self) -> None:
        field, now = self.fields["status"], self.instance.status
        if not self._may(Right.DEACTIVATE):
            gone = now == Client.Status.INACTIVE
            field.choices = [pair for pair in Client.Status.choices if (pair[0] == Client.Status.INACTIVE) == gone]
        if now == Client.Status.ACTIVE:
            field.help_text = _("Contacts of a potential or inactive client cannot enter the portal. You are told who before it is saved.")

    # --- what is refused ------------------------------------------------------------------------
    def clean_external_id(self) -> str | None:
        """A blank ID is none, so that many clients may have none."""
        return self.cleaned_data["external_id"] or None

    def clean(self) -> None:
        super().clean()
        self._check_type()
        self._check_tax_number()

    def _check_type(self) -> None:
        """S10: the company type fits the kind of client."""
        touched = {"company_type", "kind"} & set(self.changed_data)
        kind, found = self.cleaned_data.get("kind", self.instance.kind), self.cleaned_data.get("company_type")
        if not touched or not isinstance(found, CompanyType) or found.fits_kind(kind):
            return
        said = {"type": found, "kinds": found.get_fits_display().lower()}
        if self.fields["company_type"].disabled:
            self.add_error("kind", _("The company type “%(type)s” is for %(kinds)s, and only a manager can change it.") % said)
        else:
            self.add_error("company_type", _("“%(type)s” is for %(kinds)s. Choose another, or none.") % said)

    def _check_tax_number(self) -> None:
        """XD3: a number that was typed is measured by the rule of its country; one that is there from an import may stay."""
        number, country = self.cleaned_data.get("tax_number"), self.cleaned_data.get("country", self.instance.country)
        if number and "tax_number" in self.changed_data and (reason := tax_numbers.why_wrong(number, country)):
            self.add_error("tax_number", reason)

    # --- what else will happen ------------------------------------------------------------------
    def is_valid(self) -> bool:
        """Say whether the form can be saved: without errors, and confirmed where it brings more with it."""
        return super().is_valid() and not self.waits_for_confirmation

    @property
    def waits_for_confirmation(self) -> bool:
        """Whether the form is right but brings consequences that nobody confirmed yet."""
        if self.errors or not self.has_changed():
            return False
        found = self.consequences()
        return bool(found) and self.data.get("confirmed") != fingerprint(found)

    def consequences(self) -> list[Consequence]:
        """Return what else will happen when this valid form is saved."""
        return self._consequences

    @cached_property
    def _consequences(self) -> list[Consequence]:
        return self.find_consequences()

    def find_consequences(self) -> list[Consequence]:
        """Find what else will happen; forms with more fields add to it."""
        before = Client.objects.get(pk=self.instance.pk)
        found = self.cleaned_data
        return [
            *(consequences.of_kind(before, found["kind"]) if "kind" in self.changed_data else []),
            *(consequences.of_status(before, found["status"]) if "status" in self.changed_data else []),
            *(consequences.of_branch(Client.objects.filter(pk=before.pk), found["branch"]) if "branch" in self.changed_data else []),
        ]
