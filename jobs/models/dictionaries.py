"""Work that is done for clients."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clientdesk.models import Dictionary
from clientdesk.words import tidy


class JobType(Dictionary):
    """What kind of work a job is, such as an installation, and what is to be checked in each of its kind."""

    checklist = models.TextField(
        _("Checklist"), max_length=5000, blank=True, help_text=_("One line for each thing that is to be checked; new jobs start with it.")
    )

    class Meta(Dictionary.Meta):
        verbose_name = _("job type")
        verbose_name_plural = _("job types")

    @property
    def checks(self) -> list[str]:
        """What a new job of this kind has on its checklist, each line once."""
        return list(dict.fromkeys(line for text in self.checklist.splitlines() if (line := tidy(text)[:200])))
