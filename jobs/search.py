"""Jobs, quotes and projects in the search box: by number, subject or name, town or the client's reference; the latest first."""

from django.db.models import Model, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from clientdesk.models import User
from clientdesk.search import Hit, Hits, first
from jobs.models import Job, Project, Quote


def jobs(text: str, limit: int, user: User) -> Hits:
    """Return up to `limit` jobs of clients that `user` may see whose words hold all of `text`, in every state."""
    known = Job.objects.visible_to(user).select_related("client").only("number", "subject", "city", "status", "created_at", *_OF_CLIENT)
    found = _latest(known, text, limit)
    hits = [Hit(job.subject, job.get_absolute_url(), job.client, _facts(job, job.city)) for job in found[:limit]]
    return Hits(_("Jobs"), hits, _more("jobs:list", text) if len(found) > limit else "")


def quotes(text: str, limit: int, user: User) -> Hits:
    """Return up to `limit` quotes of clients that `user` may see whose words hold all of `text`, in every state."""
    return _items(Quote.objects.visible_to(user), _("Quotes"), "quotes:list", text, limit)


def projects(text: str, limit: int, user: User) -> Hits:
    """Return up to `limit` projects of clients that `user` may see whose words hold all of `text`, in every state."""
    return _items(Project.objects.visible_to(user), _("Projects"), "projects:list", text, limit)


_OF_CLIENT = ("client__name", "client__kind", "client__photo")


def _latest(known: QuerySet, text: str, limit: int) -> list[Model]:
    return list(first(known, text, ("created_at", "id"), limit + 1, down=True))


def _items(seen: QuerySet, label: str, page: str, text: str, limit: int) -> Hits:
    more = _more(page, text)
    if not more:
        return Hits(label, [])
    columns = ("number", "name", "client_reference", "status", "created_at", *_OF_CLIENT)
    found = _latest(seen.select_related("client").only(*columns), text, limit)
    hits = [Hit(item.name, item.get_absolute_url(), item.client, _facts(item, item.client_reference)) for item in found[:limit]]
    return Hits(label, hits, more if len(found) > limit else "")


def _more(page: str, text: str) -> str:
    """Return the address of the list `page` with the words `text`, or an empty text where there is no such page."""
    try:
        return f"{reverse(page)}?{urlencode({'view': 'all', 'q': text})}"
    except NoReverseMatch:
        return ""


def _facts(item: Job | Quote | Project, more: str) -> list[str]:
    return [fact for fact in (item.number, item.client.name, item.get_status_display(), more) if fact]
