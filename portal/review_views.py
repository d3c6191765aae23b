"""A contact says what a closed project was like, once (XD29)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clientdesk.views import see_other
from jobs.models import Project
from portal import notices
from portal.decision_forms import ReviewForm
from portal.doors import needs
from portal.models import ContactAccess
from portal.pages import posted
from portal.rights import Right
from portal.visibility import visible

# So many cards stand above the list.
MOST_AWAITING = 6


def awaiting(access: ContactAccess) -> QuerySet[Project]:
    """Return the projects that ended lately, of which nobody has said what they were like, and that the contact of `access` sees; those
    that ended first before the others."""
    return visible(Project.objects, access).awaiting_review().order_by("delivered_at", "pk")


@needs(Right.PROJECTS_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Give feedback on a closed project: a page that asks, and a POST that keeps it; who comes second is told who was first."""
    found, access = get_object_or_404(visible(Project.objects, request.access), pk=pk), request.access
    back = reverse("portal:project", args=[pk])
    form = ReviewForm(posted(request), initial={"name": access.contact.full_name})
    try:
        found.refuse_review()
        if not form.is_valid():
            shown = {"project": found, "form": form}
            return render(request, "portal/project_review.html", shown, status=422 if form.is_bound else 200)
        said = form.cleaned_data
        with transaction.atomic():
            found.take_review(request.user, said["name"], said["rating"], said["review"])
            notices.tell_staff(found, notices.REVIEWED, request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return see_other(request, back)
    messages.success(request, _("Thank you for your feedback on %(project)s.") % {"project": found.number})
    return see_other(request, back)
