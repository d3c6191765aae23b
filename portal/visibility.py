"""Who sees what in the client portal: one law, used by lists, details, counts, search, exports, files and links in mails (domain.md 8.4).

    visible(Quote.objects, access)            # the quotes that the contact of `access` sees now
    visible_documents(access)                 # the files of all that it sees

A contact sees an item if and only if its door is open (G), contact and client both have the right to view its kind (R), the item is
in its scope (S) and published (V). An empty scope means nothing, never everything.
"""

from django.db.models import Manager, Q, QuerySet

from jobs.models import Document, Item, ItemQuerySet, Job, Project, Quote
from portal.models import ContactAccess, Level
from portal.rights import Right

# The right to view each kind of item; the key is the model's name.
VIEW: dict[type[Item], Right] = {Quote: Right.QUOTES_VIEW, Project: Right.PROJECTS_VIEW, Job: Right.JOBS_VIEW}


def of_client(items: Manager | ItemQuerySet, access: ContactAccess) -> QuerySet:
    """Return those of `items` that belong to the client of `access`: the one place that says so (decision 11)."""
    return items.filter(client__in=[access.contact.client_id])


def in_place(items: Manager | ItemQuerySet, access: ContactAccess) -> QuerySet:
    """Return those of `items` at the places that the level of `access` names: an office, several of them, or a department.

    Every condition is an `__in`, for `= NULL` of a contact without department or default office would become `IS NULL`.
    """
    contact = access.contact
    match access.level:
        case Level.ONLY_RELATED | Level.DEFAULT_OFFICE:
            return items.filter(office__in=[contact.default_office_id])
        case Level.DEPARTMENT:
            return items.filter(department__in=[contact.department_id])
        case Level.ALL_OFFICES:
            return items.filter(office__in=contact.offices.filter(active=True).values("pk"))
    return items.none()


def in_scope(items: Manager | ItemQuerySet, access: ContactAccess) -> QuerySet:
    """Return those of `items` in the scope S of `access`: of its client, and what its level says (X53 to X57). Each of them once."""
    found = in_place(of_client(items, access), access)
    return found.naming(access.contact) if access.level == Level.ONLY_RELATED else found


def visible(items: Manager | ItemQuerySet, access: ContactAccess) -> QuerySet:
    """Return those of `items` (quotes, projects or jobs) that the contact of `access` sees now: G, R, S and V."""
    if not access.is_open or not access.may(VIEW[items.model]):
        return items.none()
    return in_scope(items, access).published()


def visible_documents(access: ContactAccess) -> QuerySet[Document]:
    """Return the files that the contact of `access` sees now: published ones of what it sees, invoices by their own right."""
    kinds = [kind for kind in Document.Kind if access.may(Right.INVOICES_VIEW if kind == Document.Kind.INVOICE else Right.FILES_VIEW)]
    if not kinds:
        return Document.objects.none()
    mine = Q()
    for model in VIEW:
        mine |= Q(**{f"{model._meta.model_name}__in": visible(model.objects, access).order_by().values("pk")})
    return Document.objects.filter(mine, kind__in=kinds, visible_in_portal=True)
