"""Texts that are written once: what a CRM e-mail can begin with."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientdesk.models import Dictionary
from clientdesk.words import tidy
from contacts.crm.placeholders import check


class MailTemplate(Dictionary):
    """Subject and text of a CRM e-mail with placeholders such as {first_name}; the sender may change both before they leave (X42)."""

    subject = models.CharField(_("Subject"), max_length=150)
    text = models.TextField(_("Text"), max_length=10_000)

    class Meta(Dictionary.Meta):
        verbose_name = _("CRM e-mail template")
        verbose_name_plural = _("CRM e-mail templates")

    def clean(self) -> None:
        super().clean()
        self.subject = tidy(self.subject)
        wrong = {}
        for name in ("subject", "text"):
            try:
                check(getattr(self, name))
            except ValidationError as error:
                wrong[name] = error
        if wrong:
            raise ValidationError(wrong)
