"""Work that is done for clients."""

from django.utils.translation import gettext_lazy as _

from clientdesk.models import Dictionary


class JobType(Dictionary):
    """What kind of work a job is, such as an installation."""

    class Meta(Dictionary.Meta):
        verbose_name = _("job type")
        verbose_name_plural = _("job types")
