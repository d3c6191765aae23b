"""Searching in the portal: the quotes, projects and jobs that the contact sees, never anything else (invariant 21)."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from clientdesk.search import narrow, words
from jobs.models import Item, Job, Project, Quote
from portal.doors import needs
from portal.visibility import visible

# So many of each kind stand on the page; the lists have the rest.
MOST = 20
_KINDS: tuple[tuple[type[Item], Promise, str], ...] = (
    (Quote, _("Quotes"), "portal:quotes"),
    (Project, _("Projects"), "portal:projects"),
    (Job, _("Jobs"), "portal:jobs"),
)


@dataclass(frozen=True)
class Group:
    """What was found of one kind; `more` says that the list, at `url`, has further ones."""

    label: Promise
    url: str
    found: list[Item]
    more: bool


@needs()
@require_http_methods(["GET", "HEAD"])
def search(request: HttpRequest) -> HttpResponse:
    """What has the words of `?q=` in its number, name or reference, by kind."""
    text = " ".join(request.GET.get("q", "")[:200].replace("\x00", " ").split())
    groups = []
    for model, label, url in _KINDS if words(text) else ():
        found = list(narrow(visible(model.objects, request.access), text).order_by("-pk")[: MOST + 1])
        if found:
            groups.append(Group(label, url, found[:MOST], len(found) > MOST))
    return render(request, "portal/search.html", {"text": text, "groups": groups, "asked": bool(words(text))})
