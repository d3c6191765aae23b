"""A million clients in minutes: a few thousand invented ones are multiplied by the server, with all that hangs on them.

Only for PostgreSQL. The spread is uneven as in life: one branch has half of the clients and another one in ten thousand.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager

from django.db import connection, models

from clientdesk.models import AccessLink, OutgoingMail, User
from clientdesk.rights import Role
from clientdesk.words import findable, name_key
from clients import traces
from clients.models import Branch, Category, Client, ClientIndustry, Company, CompanyType, DuplicatePair, Industry, Responsible
from contacts.models import Contact, ContactOffice, Office
from contacts.models import sort_key as contact_sort_key
from intake.demo.sketches import Sketch, World
from portal.models import ContactAccess

# So many names have a client or two each: that a thousand clients in a row bear the same would be unlike life.
SKETCHES = 20_000
# Of 10,000: what falls to the first, second ... entry of a list; the rest of 10,000 to none.
SHARES = (5_000, 2_000, 1_500, 800, 400, 200, 60, 20, 10, 1)
BULKY = (
    *(Client, Company, Office, Contact, ContactOffice, User, ContactAccess, AccessLink, OutgoingMail),
    *(ClientIndustry, Responsible),
)


def fill(count: int) -> None:
    """Store `count` clients with offices, companies, contacts, portal accesses, industries and people, without history."""
    lists = _lists()
    _sketches(min(SKETCHES, count))
    with _without_indexes():
        _clients(count, lists)
        _hangers(lists)
    with connection.cursor() as cursor:
        for model in BULKY:
            table = model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        cursor.execute("VACUUM ANALYZE")


def _lists() -> dict[str, list[int]]:
    """Make the settings lists and staff, ten or so entries each, and return their keys."""
    made: dict[str, list[int]] = {}
    for model in (Branch, Category, CompanyType, Industry):
        entries = []
        for place in range(len(SHARES)):
            more: dict[str, object] = {}
            if model is Branch:
                more = {"code": f"B{place}", "is_headquarters": not place, "is_default": not place}
            if model is Category and place > 6:
                more = {"parent_id": entries[place - 7]}
            entry = model.objects.create(name=f"{model.__name__} {place}", position=place, **more)
            entries.append(entry.pk)
        made[model.__name__] = entries
    made["User"] = [
        User.objects.invite(f"staff{place}@desk.example", role=Role.DESK, first_name="Staff", last_name=str(place)).pk
        for place in range(12)
    ]
    return made


def _sketches(count: int) -> None:
    """Lay the folded parts of `count` invented clients into a temporary table; the server appends a number to each."""
    columns = (
        "n",
        "kind",
        "name",
        "name_key",
        "legal",
        "legal_key",
        "search",
        "core",
        "country",
        "city",
        "street",
        "host",
        "first",
        "last",
        "person",
    )
    with connection.cursor() as cursor:
        typed = ", ".join(f"{column} {'int' if column == 'n' else 'text'}" for column in columns)
        cursor.execute(f"DROP TABLE IF EXISTS bench_sketch; CREATE TABLE bench_sketch ({typed})")
        with cursor.copy(f"COPY bench_sketch ({', '.join(columns)}) FROM STDIN") as copy:
            for number, sketch in enumerate(World(seed=5).clients(count + 20)):
                if number < count:
                    copy.write_row(_row(number, sketch))


def _row(number: int, sketch: Sketch) -> Sequence[object]:
    person = sketch.people[0] if sketch.people else None
    first, last = (person.first_name, person.last_name) if person else ("Kim", "Neumann")
    host = sketch.email.partition("@")[2] or "post.example"
    return (
        number, sketch.kind, sketch.name[:85], name_key(sketch.name[:85]), sketch.legal_name, name_key(sketch.legal_name),
        findable(sketch.name[:85], sketch.legal_name), traces.core_key(sketch.legal_name),
        sketch.country, sketch.city, sketch.street, host,
        first, last, contact_sort_key(first, last),
    )  # fmt: skip


@contextmanager
def _without_indexes() -> Generator[None]:
    """Take off what only slows a load and put it on again at the end."""
    tables = [model._meta.db_table for model in BULKY]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            [tables],
        )
        taken = cursor.fetchall()
        cursor.execute("SET maintenance_work_mem = '1GB'; SET synchronous_commit = off; SET session_replication_role = replica")
        for name, _definition in taken:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        for _name, definition in taken:
            cursor.execute(definition)
        cursor.execute("SET session_replication_role = DEFAULT")


def _pick(keys: Sequence[int], dice: str) -> str:
    """Return SQL for one of `keys` by SHARES; `dice` is SQL for a number from 0 to 9,999."""
    cases, reached = [], 0
    for key, share in zip(keys, SHARES, strict=False):
        reached += share
        cases.append(f"WHEN {dice} < {reached} THEN {key}")
    return f"CASE {' '.join(cases)} END"


def _dice(seed: int) -> str:
    return f"((hashint8extended(i, {seed}) % 10000 + 10000) % 10000)"


def _select(model: type[models.Model], given: dict[str, str], source: str) -> None:
    """Run INSERT SELECT of `given` (SQL by column); what is not given gets the model's default."""
    blank = {
        field.column: field.get_db_prep_save(field.get_default(), connection)
        for field in model._meta.concrete_fields
        if field.column not in given and not field.primary_key
    }
    names = [*given, *blank]
    types = {field.column: field.db_type(connection) for field in model._meta.concrete_fields}
    types |= {column: "bigint" for column, kind in types.items() if kind in ("serial", "bigserial")}
    values = [*(sql.replace("%", "%%") for sql in given.values()), *(f"%s::{types[column]}" for column in blank)]
    source = source.replace("%", "%%")
    quoted = ", ".join(map(connection.ops.quote_name, names))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({quoted}) SELECT {', '.join(values)} FROM {source}", list(blank.values()))


def _compact(sql: str) -> str:
    """Return SQL for letters and digits of `sql` alone, as the search keeps numbers."""
    return f"regexp_replace(lower({sql}), '[^a-z0-9]', '', 'g')"


def _spread(number: str, digits: int) -> str:
    """Return SQL for `digits` digits that look like no series, another for each `number`: phones and tax numbers share few digits."""
    return f"lpad(({number}::bigint * 67280421 % {10**digits})::text, {digits}, '0')"


def _clients(count: int, lists: dict[str, list[int]]) -> None:
    sketches = min(SKETCHES, count)
    number = "'C-' || lpad(i::text, greatest(5, length(i::text)), '0')"
    email = "'office@' || k || '.' || host"
    phone, tax = f"'+4930' || {_spread('i', 7)}", f"country || '1' || {_spread('i', 8)}"
    former = "CASE WHEN i % 50 = 7 THEN 'Wyvern Antik ' || i ELSE '' END"
    source = f"(SELECT i, i / {sketches} AS k, s.* FROM generate_series(1, {count}) AS i JOIN bench_sketch s ON s.n = i % {sketches}) made"
    staff = lists["User"]
    found = map(_compact, (number, tax, phone))
    given = {
        "id": "i",
        "number": number,
        "name": "name || ' ' || k",
        "name_key": "name_key || ' ' || k",
        "legal_name": "legal || ' ' || k",
        "kind": "kind",
        "status": f"CASE WHEN {_dice(1)} < 8000 THEN 'active' WHEN {_dice(1)} < 9400 THEN 'potential' ELSE 'inactive' END",
        "email": email,
        "phone": phone,
        "former_names": former,
        "country": f"CASE WHEN {_dice(2)} < 3 THEN 'MT' ELSE country END",
        "city": "city",
        "street": "street",
        "branch_id": f"COALESCE({_pick(lists['Branch'], _dice(3))}, {lists['Branch'][0]})",
        "category_id": _pick(lists["Category"], _dice(4)),
        "company_type_id": _pick(lists["CompanyType"], _dice(5)),
        "sales_person_id": _pick(staff, f"({_dice(6)} * 4)"),
        "project_manager_id": _pick(staff, f"({_dice(7)} * 4)"),
        "restricted_to_responsible": f"{_dice(8)} < 10",
        "domain_key": "k || '.' || host",
        "phone_key": _compact(phone),
        "tax_key": tax,
        "tax_number": tax,
        "core_key": "k || ' ' || core",
        "search_key": f"concat_ws(' ', {', '.join(['search', 'k', f'lower({number})', email, f'lower({former})', *found])})",
        "created_at": "now() - i * interval '10 seconds'",
        "updated_at": "now() - i * interval '10 seconds'",
    }
    _select(Client, given, source)


def _hangers(lists: dict[str, list[int]]) -> None:
    stamps = {"created_at": "now()", "updated_at": "now()"}
    corporate = "(SELECT id AS i, c.* FROM clients_client c WHERE kind = 'corporate') c"
    company = {
        "id": "i", "registered_name": "legal_name", "name_key": "lower(legal_name)", "company_type_id": "company_type_id",
        "country": "country",
        "tax_number": "tax_number", "client_id": "id", "search_key": "lower(legal_name || ' ' || tax_number)",
    }  # fmt: skip
    _select(Company, company | stamps, corporate)
    free = company | {
        "id": "100000000 + i",
        "client_id": "NULL",
        "registered_name": "'Free ' || legal_name",
        "name_key": "'free ' || lower(legal_name)",
    }
    _select(
        Company,
        free | stamps | {"search_key": "'free ' || lower(legal_name || ' ' || tax_number)"},
        corporate.replace("WHERE", "WHERE id % 10 = 0 AND"),
    )
    everyone = "(SELECT id AS i, c.* FROM clients_client c) c"
    office = {"id": "i", "client_id": "id", "name": "'Headquarters'", "name_key": "'headquarters'", "is_headquarters": "true"}
    _select(Office, office | stamps, everyone)
    total = "(SELECT count(*) FROM bench_sketch)"
    drawn = f"(SELECT id AS i FROM clients_client) c JOIN bench_sketch s ON s.n = i % {total}"
    people = f"(SELECT i, j, s.* FROM {drawn}, generate_series(1, (i % 5)::int) AS j) p"
    address = "lower(s_ascii) || i || '.' || j || '@post.example'".replace("s_ascii", "'person'")
    phone = f"'+49176' || {_spread('(i * 5 + j)', 8)}"
    contact = {
        "id": "i * 5 + j", "client_id": "i", "first_name": "first", "last_name": "last || ' ' || i", "email": address,
        "phone": phone, "default_office_id": "i",
        "is_primary": "j = 1", "active": "true", "search_key": f"person || ' ' || i || ' ' || {address} || ' ' || {_compact(phone)}",
        "sort_key": "person || ' ' || i || j",
    }  # fmt: skip
    _select(Contact, contact | stamps, people)
    _select(ContactOffice, {"contact_id": "id", "office_id": "default_office_id"}, "contacts_contact")
    portal_users()
    _select(
        ClientIndustry,
        # No trigger runs while this is loaded, so that the name key of a link is given here.
        {
            "client_id": "i",
            "industry_id": f"COALESCE({_pick(lists['Industry'], _dice(9))}, {lists['Industry'][0]})",
            "name_key": "name_key",
        },
        everyone,
    )
    responsible = {"client_id": "i", "user_id": _pick(lists["User"], _dice(10)), "name_key": "name_key"}
    some = "(SELECT id AS i, name_key FROM clients_client WHERE id % 5 = 0) c"
    _select(Responsible, responsible, f"{some} WHERE {responsible['user_id']} IS NOT NULL")
    pair = {"first_id": "id", "second_id": "id + 1", "strength": "50 + id % 50", "found_at": "now()"}
    _select(DuplicatePair, pair, "clients_client c WHERE id % 500 = 1 AND EXISTS (SELECT FROM clients_client n WHERE n.id = c.id + 1)")


def portal_users() -> None:
    """Invite the primary contact of a fourth of the clients; half of them chose a password, the others have a mail with a link."""
    primary = "(SELECT *, 1000 + id AS i FROM contacts_contact WHERE is_primary)"
    contacts, chosen = f"(SELECT * FROM {primary} p WHERE {_dice(11)} < 2500) c", f"{_dice(12)} < 5000"
    user = {
        "id": "i", "email": "email", "email_key": "email", "first_name": "first_name", "last_name": "last_name", "created_at": "now()",
        "password": f"CASE WHEN {chosen} THEN 'argon2$x' ELSE '!' END",
    }  # fmt: skip
    _select(User, user, contacts)
    access = {
        "contact_id": "id", "user_id": "i", "allowed": "true", "invited_at": "now()", "created_at": "now()", "updated_at": "now()",
        "accepted_at": f"CASE WHEN {chosen} THEN now() END",
    }  # fmt: skip
    _select(ContactAccess, access, contacts)
    link = {
        "id": "i", "user_id": "i", "purpose": "'invitation'", "address": "email", "nonce": "md5(id::text)", "token_hash": "md5(id::text)",
        "created_at": "now()", "expires_at": "now() + interval '7 days'",
    }  # fmt: skip
    waiting = f"{contacts} WHERE NOT ({chosen})"
    _select(AccessLink, link, waiting)
    mail = {
        "id": "i", "kind": "'invitation'", "to": "email", "message_id": "md5(id::text)", "state": "'sent'", "link_id": "i",
        "about": "'{}'::jsonb", "queued_at": "now()", "next_try_at": "now()", "sent_at": "now()",
    }  # fmt: skip
    _select(OutgoingMail, mail, waiting)
