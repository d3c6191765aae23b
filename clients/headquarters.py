"""What every installation has from the start: one branch, the headquarters (XD36)."""

from django.utils.translation import gettext as _

from clients.models import Branch


def found() -> None:
    """Make the headquarters where there is no branch yet."""
    if not Branch.objects.exists():
        Branch.objects.create(name=_("Headquarters"), code="HQ", is_headquarters=True, is_default=True, position=10)
