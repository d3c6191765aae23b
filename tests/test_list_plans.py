"""PostgreSQL reads no list by walking every client: plans, not times, at 20,000 clients (issue 3; performance.md D)."""

import pytest
from django.db import connection

from clientdesk import stretch_upkeep
from clientdesk.models import User
from clientdesk.rights import Role
from clientdesk.stretches import ORDERS
from clients.models import Branch, Category, Client, CompanyType, Industry
from contacts.models import Position

pytestmark = pytest.mark.django_db(transaction=True)
COUNT = 20_000
# Of forty thousand contacts a tenth is invited: who counts a thousand of them has met a third.
MOST_WALKED = {"clients_client": COUNT / 4, "contacts_contact": COUNT * 0.7, "clientdesk_user": 100}
# Words that thousands have, but hardly any at the beginning of the order; a page needs fifty stretches of 32 at most, and its own rows.
FREQUENT = ("/clients/?q=gmbh", "/companies/?q=kr", "/search/?q=gm", "/contacts/?q=person12")
MOST_LOOKED_AT = 1_800
# Filters that leave a tenth each and a hundredth together, whatever tables they are of.
TOGETHER = (
    "/clients/?industry={industry}&branch={branch}", "/clients/?person={person}&status=inactive", "/clients/?portal=active&branch={branch}",
    "/clients/?industry={industry}&person={person}", "/contacts/?portal=active&branch={branch}",
    "/contacts/?category={category}&primary=yes",
)  # fmt: skip


@pytest.fixture
def many_clients():
    """Twenty thousand clients with all that hangs on them."""
    from tests.bench import many

    if connection.vendor == "postgresql":
        many.fill(COUNT)


def addresses() -> list[str]:
    """Return a page for each sort, view and filter."""
    rare = 7
    person = User.objects.filter(email="staff7@desk.example").values_list("pk", flat=True)[0]
    chosen = {
        "branch": Branch, "category": Category, "type": CompanyType, "industry": Industry,
    }  # fmt: skip
    filters = [f"{name}={model.objects.order_by('pk')[rare].pk}" for name, model in chosen.items()]
    filters += ["kind=individual", "status=inactive", "country=DE", "country=FJ", f"person={person}", "portal=invited", "portal=active"]
    filters += ["q=kramer", "q=zzzzqqq", "q=c-00500", "q=0176+12345", "q=DE+123.456.789"]
    filters += ["&".join((filters[0], filters[1])), "&".join((filters[1], "kind=individual", "status=potential"))]
    sorts = [f"sort={sign}{name}" for name in ("name", "number", "status", "created") for sign in ("", "-")]
    views = ["view=active", "view=corporate", "view=individual", "view=potential", "view=not-invited", "view=inactive"]
    searches = ["/search/?q=kramer", "/search/?q=0176+12345", "/search/?q=zzzzqqq", "/contacts/?q=0176+12345"]
    clients = [f"/clients/?{query}" for query in (*views, *(f"view=all&{part}" for part in (*sorts, *filters)))]
    return [*clients, *contacts(rare), *searches]


def contacts(rare: int) -> list[str]:
    """Return a page of the list of all contacts for each sort, view and filter."""
    chosen = {"branch": Branch, "category": Category}
    filters = [f"{name}={model.objects.order_by('pk')[rare].pk}" for name, model in chosen.items()]
    # Not those who were invited or came: so many of so few are found quickest by walking.
    filters += ["primary=yes", "no_email=yes", "no_crm=yes", "state=deactivated", "portal=none"]
    filters += ["q=kramer", "q=zzzzqqq", f"position={Position.objects.create(name='Rare').pk}"]
    sorts = [f"sort={sign}{name}" for name in ("name", "created") for sign in ("", "-")]
    views = ["view=active", "view=primary", "view=not-invited", "view=no-email", "view=deactivated"]
    return [f"/contacts/?{query}" for query in (*views, *(f"view=active&{part}" for part in (*sorts, *filters)))]


def walked(plan: dict, found: list[str]) -> list[str]:
    """Collect each Seq Scan of `plan` that reads more than a page of clients needs."""
    if plan["Node Type"] == "Seq Scan" and plan["Relation Name"] in MOST_WALKED:
        rows = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
        if rows > MOST_WALKED[plan["Relation Name"]]:
            found.append(f"{plan['Relation Name']}: {rows:.0f} rows")
    for part in plan.get("Plans", []):
        walked(part, found)
    return found


def looked_at(plan: dict) -> float:
    """Return how many records of the tables with names `plan` looks at."""
    rows = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    here = rows if plan.get("Relation Name") in ORDERS else 0
    return here + sum(map(looked_at, plan.get("Plans", [])))


def plans(desk, address: str) -> list[dict]:
    """Return the plans of the statements by which the page at `address` reads clients, companies, contacts and users."""
    seen: list[tuple[str, object]] = []

    def keep(execute, sql, params, many, context):
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        assert desk.get(address).status_code == 200, address
    found = []
    for sql, params in seen:
        if sql.lstrip().startswith(("SELECT", "WITH")) and any(f'"{table}"' in sql for table in {*ORDERS, *MOST_WALKED}):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
                [[[plan]]] = cursor.fetchall()
            found.append(plan["Plan"])
    return found


def test_no_page_walks_all_clients_and_frequent_words_are_found_by_few_looks(many_clients, make_staff, as_user, monkeypatch):
    if connection.vendor != "postgresql":
        return  # SQLite has no plans of this kind; what its lists show is tested elsewhere
    desk = as_user(make_staff(Role.DESK))
    said = [f"{address}: {one}" for address in addresses() for plan in plans(desk, address) for one in walked(plan, [])]
    assert not said, "\n".join(said)
    assert Client.objects.count() >= COUNT
    monkeypatch.setattr(stretch_upkeep, "FEWEST", 0)
    stretch_upkeep.count_all()
    third = {"branch": Branch, "category": Category, "industry": Industry, "person": User.objects.filter(email__startswith="staff")}
    keys = {name: getattr(model, "objects", model).order_by("pk")[3].pk for name, model in third.items()}
    for address in (*FREQUENT, *(address.format(**keys) for address in TOGETHER)):
        desk.get(address)
        most = max(map(looked_at, plans(desk, address)))
        assert most <= MOST_LOOKED_AT, f"{address}: {most:.0f} records"
