"""The worker counts which trigrams and marks each stretch of a list holds (clientdesk/stretches), piece by piece, so that nothing waits.

Triggers note who is new or changed as loose: no code of ours does, whatever stores a record. Counted in, a record is loose no more. A
trigram that is gone stays counted until the stretches are laid anew, once the table has twice as many records: it costs a look, no truth.
A stretch begins with somebody's name. Where that is nobody's any more (renamed, erased, deleted) the stretch before takes it in, so that
no name outlives its record here; what stands beside a record is written anew when it is counted in and goes with it.
"""

import time
from collections.abc import Iterable

from django.db import OperationalError, connection, transaction

from clientdesk.only_postgresql import OfPostgreSQL
from clientdesk.stretches import ALL, BLOCK, COUNTED, HASH, MARKED, ORDERS, SIZE, forget

# Fewer records are walked or gathered quickly enough.
FEWEST = 50_000
LONGEST_SECONDS, LOOSE_AT_ONCE = 2.0, 2_000
# A number of our own: who keeps the stretches is alone with them.
_LOCK = 7_264_539
# What PostgreSQL calls a lock that did not come in time.
_LOCKED = "55P03"

# The columns of a record that its marks depend on, by table; what else they depend on loosens it (Loosen).
_OF_CLIENT = ("branch_id", "category_id", "company_type_id", "kind", "status", "country", "sales_person_id", "project_manager_id")
_OF_CONTACT = ("client_id", "position_id", "is_primary", "email", "no_crm_emails")
WATCHED = {"clients_client": _OF_CLIENT, "contacts_contact": _OF_CONTACT}
# Tables whose marks are the client's, too.
_FOLLOWING = {"contacts_contact"}

_MAKE = """
CREATE TABLE {table}_stretch (
    ordinal integer PRIMARY KEY, first text NOT NULL, last text NOT NULL, left_behind boolean NOT NULL DEFAULT FALSE
);
CREATE INDEX {table}_stretch_first ON {table}_stretch (first, ordinal);
CREATE INDEX {table}_stretch_left ON {table}_stretch (ordinal) WHERE left_behind;
CREATE TABLE {table}_trigram (trigram text, block integer, held bit({block}) NOT NULL, PRIMARY KEY (trigram, block));
CREATE TABLE {table}_loose (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, record bigint NOT NULL);
CREATE FUNCTION {table}_loosen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {table}_loose (record) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION {table}_loosen_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {table}_loose (record) SELECT id FROM made;
    RETURN NULL;
END $$;
CREATE FUNCTION {table}_leave() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE {table}_stretch SET left_behind = TRUE WHERE first = OLD.{order};
    RETURN NULL;
END $$;
CREATE TRIGGER {table}_leave AFTER DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_leave();
CREATE TRIGGER {table}_leave_name AFTER UPDATE OF {order} ON {table} FOR EACH ROW
    WHEN (OLD.{order} IS DISTINCT FROM NEW.{order}) EXECUTE FUNCTION {table}_leave();
CREATE TRIGGER {table}_loosen AFTER UPDATE OF {watched} ON {table} FOR EACH ROW
    WHEN ((OLD.{old}) IS DISTINCT FROM (NEW.{new})) EXECUTE FUNCTION {table}_loosen();
CREATE TRIGGER {table}_loosen_new AFTER INSERT ON {table} REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_loosen_new();
"""
_DROP = """
DROP TRIGGER {table}_loosen ON {table};
DROP TRIGGER {table}_loosen_new ON {table};
DROP TRIGGER {table}_leave ON {table};
DROP TRIGGER {table}_leave_name ON {table};
DROP FUNCTION {table}_loosen();
DROP FUNCTION {table}_loosen_new();
DROP FUNCTION {table}_leave();
DROP TABLE {table}_stretch, {table}_trigram, {table}_loose;
"""
# The last stretch ends behind the last record: where its first letter tells that much, with no more of its name.
_BEYOND = """
SELECT CASE WHEN LEFT(most, 1) || chr(1114111) > most THEN LEFT(most, 1) || chr(1114111) ELSE most || 'zzz' END AS last
FROM (SELECT MAX({order}) AS most FROM {table}) most
"""
_LAY = """
INSERT INTO {table}_stretch (ordinal, first, last)
SELECT ordinal, first, COALESCE(LEAD(first) OVER (ORDER BY ordinal), ({beyond})) FROM (
    SELECT ordinal, CASE ordinal WHEN 0 THEN '' ELSE MIN({order}) END AS first FROM (
        SELECT {order}, ((ROW_NUMBER() OVER (ORDER BY {order}) - 1) / {size})::integer AS ordinal FROM {table}
    ) numbered GROUP BY ordinal
) stretches
"""
_END = """
UPDATE {table}_stretch SET last = beyond.last FROM ({beyond}) beyond
WHERE ordinal = (SELECT MAX(ordinal) FROM {table}_stretch) AND {table}_stretch.last < beyond.last
"""
# As far as the server knows; none where it cannot cut texts.
_RECORDS = """
SELECT COALESCE(MAX(reltuples), 0)::bigint FROM pg_class
WHERE oid = '{table}'::regclass AND EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')
"""
_TAKE_IN = """
WITH gone AS (
    DELETE FROM {table}_stretch WHERE ordinal = %s RETURNING ordinal, last
), before AS (
    UPDATE {table}_stretch SET last = gone.last FROM gone
    WHERE {table}_stretch.ordinal = (SELECT MAX(ordinal) FROM {table}_stretch WHERE ordinal < gone.ordinal)
    RETURNING {table}_stretch.ordinal
)
INSERT INTO {table}_trigram (trigram, block, held)
SELECT trigram, before.ordinal / {block}, set_bit(0::bit({block}), mod(before.ordinal, {block}), 1) FROM {table}_trigram, gone, before
WHERE block = gone.ordinal / {block} AND get_bit(held, mod(gone.ordinal, {block})) = 1
ON CONFLICT (trigram, block) DO UPDATE SET held = {table}_trigram.held | excluded.held
"""
# Beside the record stand numbers, which take a third of the room.
_KEEP = """, kept AS (
    INSERT INTO {table}_marked (record, marks)
    SELECT id, ARRAY(SELECT {hash} FROM unnest(marks || show_trgm(search_key)) mark) FROM stretched
    ON CONFLICT (record) DO UPDATE SET marks = excluded.marks
)
"""
_COUNT = """
{keep}
INSERT INTO {table}_trigram (trigram, block, held)
SELECT trigram, ordinal / {block}, bit_or(set_bit(0::bit({block}), mod(ordinal, {block}), 1)) FROM (
    SELECT ordinal, unnest(show_trgm(string_agg(search_key, ' '))) AS trigram FROM stretched GROUP BY ordinal
    UNION ALL SELECT ordinal, unnest(marks) FROM stretched
) held WHERE trigram IS NOT NULL GROUP BY 1, 2
ON CONFLICT (trigram, block) DO UPDATE SET held = {table}_trigram.held | excluded.held
WHERE {table}_trigram.held | excluded.held <> {table}_trigram.held
"""
_OF_BLOCK = """
WITH stretched AS MATERIALIZED (
    SELECT id, ordinal, search_key, {marks} AS marks FROM {table}_stretch JOIN {table} ON {order} >= first AND {order} < last
    WHERE ordinal >= %s AND ordinal < %s
)
"""
_OF_LOOSE = """
WITH taken AS (
    DELETE FROM {table}_loose WHERE id IN (SELECT id FROM {table}_loose ORDER BY id LIMIT {at_once}) RETURNING record
), stretched AS MATERIALIZED (
    SELECT id, ordinal, search_key, {marks} AS marks FROM {table} CROSS JOIN LATERAL (
        SELECT ordinal FROM {table}_stretch WHERE first <= {order} ORDER BY first DESC, ordinal DESC LIMIT 1
    ) stretch WHERE id IN (SELECT record FROM taken)
)
"""


_MAKE_FOLLOW = """
CREATE FUNCTION {table}_loosen_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {table}_loose (record) SELECT id FROM {table} WHERE client_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER {table}_loosen_all AFTER UPDATE OF branch_id, category_id ON clients_client FOR EACH ROW
    WHEN ((OLD.branch_id, OLD.category_id) IS DISTINCT FROM (NEW.branch_id, NEW.category_id)) EXECUTE FUNCTION {table}_loosen_all();
"""
_DROP_FOLLOW = """
DROP TRIGGER {table}_loosen_all ON clients_client;
DROP FUNCTION {table}_loosen_all();
"""


_MAKE_MARKED = """
CREATE TABLE {table}_marked (record bigint PRIMARY KEY, marks integer[] NOT NULL);
CREATE INDEX {table}_marked_marks ON {table}_marked USING gin (marks);
CREATE FUNCTION {table}_unmark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM {table}_marked WHERE record = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER {table}_unmark AFTER DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_unmark();
DROP TRIGGER {table}_loosen ON {table};
CREATE TRIGGER {table}_loosen AFTER UPDATE OF {watched} ON {table} FOR EACH ROW
    WHEN ((OLD.{old}) IS DISTINCT FROM (NEW.{new})) EXECUTE FUNCTION {table}_loosen();
TRUNCATE {table}_trigram, {table}_stretch, {table}_loose;
"""
_TELL = """
CREATE FUNCTION {table}_marks(asked bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
    WITH met AS MATERIALIZED (SELECT array_remove({values}, NULL) AS values FROM {table} record WHERE record.id = asked)
    SELECT ARRAY(SELECT '=' || value FROM met, unnest(met.values) value) || ARRAY(
        SELECT '=' || one.value || other.value
        FROM met, unnest(met.values) WITH ORDINALITY one (value, place), unnest(met.values) WITH ORDINALITY other (value, place)
        WHERE one.place < other.place AND left(one.value, 1) <> left(other.value, 1)
    )
$$;
"""
_DROP_MARKED = """
DROP FUNCTION {table}_marks(bigint);
DROP TRIGGER {table}_unmark ON {table};
DROP FUNCTION {table}_unmark();
DROP TABLE {table}_marked;
"""
_LOOSEN = """
CREATE FUNCTION {table}_loosen_by_{other}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {table}_loose (record) {records};
    RETURN NULL;
END $$;
CREATE TRIGGER {table}_loosen_by_{other} AFTER {events} ON {other} FOR EACH ROW EXECUTE FUNCTION {table}_loosen_by_{other}();
"""


class KeepMarks(OfPostgreSQL):
    """Let the marks of each record of `table` be kept beside it, one for each two of `values` and one for each alone, and its trigrams;
    its stretches are laid anew. `values` is SQL for an array of what the record has, each value with its letter before it and in the
    order of letters that the search form has, too; `record` is the record there."""

    def __init__(self, table: str, values: str) -> None:
        self.table, self.values = table, values

    def forwards(self) -> Iterable[str]:
        # Tables of higher floors may be named, which are there by the time somebody asks.
        told = f"SET LOCAL check_function_bodies = off; {_TELL.format(table=self.table, values=self.values)}"
        return [told, _named(_MAKE_MARKED, self.table)]

    def backwards(self) -> Iterable[str]:
        return [_named(_DROP_MARKED, self.table)]

    def describe(self) -> str:
        return f"Keep the marks of {self.table}"


class Loosen(OfPostgreSQL):
    """Let those of `table` be loose whose keys `records`, an SQL query over NEW and OLD, gives at `events` of the table `other`."""

    def __init__(self, table: str, other: str, events: str, records: str) -> None:
        self.table, self.other, self.events, self.records = table, other, events, records

    def forwards(self) -> Iterable[str]:
        return [_LOOSEN.format(table=self.table, other=self.other, events=self.events, records=self.records)]

    def backwards(self) -> Iterable[str]:
        name = f"{self.table}_loosen_by_{self.other}"
        return [f"DROP TRIGGER {name} ON {self.other}", f"DROP FUNCTION {name}()"]

    def describe(self) -> str:
        return f"Let {self.other} loosen {self.table}"


class KeepStretches(OfPostgreSQL):
    """Let the stretches of `table` be kept."""

    def __init__(self, table: str) -> None:
        self.table = table

    def forwards(self) -> Iterable[str]:
        return [_named(_MAKE + (_MAKE_FOLLOW if self.table in _FOLLOWING else ""), self.table)]

    def backwards(self) -> Iterable[str]:
        return [_named((_DROP_FOLLOW if self.table in _FOLLOWING else "") + _DROP, self.table)]

    def describe(self) -> str:
        return f"Keep the stretches of {self.table}"


def _named(sql: str, table: str) -> str:
    watched = [ORDERS[table], "search_key", *WATCHED.get(table, ())]
    old, new = (f", {row}.".join(watched) for row in ("OLD", "NEW"))
    marks = f"{table}_marks({table}.id)" if table in MARKED else "NULL::text[]"
    names = {"order": ORDERS[table], "marks": marks, "watched": ", ".join(watched), "old": old, "new": new}
    names["keep"] = _KEEP.format(table=table, hash=HASH.format(mark="mark")) if table in MARKED else ""
    names["beyond"] = _BEYOND.format(table=table, order=ORDERS[table])
    return sql.format(table=table, block=BLOCK, size=SIZE, at_once=LOOSE_AT_ONCE, **names)


def keep() -> None:
    """Do what is due for about two seconds (settings.DUE_WORK)."""
    if connection.vendor != "postgresql":
        return
    until = time.monotonic() + LONGEST_SECONDS
    for table in ORDERS:
        while advance(table) and time.monotonic() < until:
            pass


def count_all() -> None:
    """Count the stretches of every large table to the end."""
    for table in ORDERS if connection.vendor == "postgresql" else ():
        while advance(table):
            pass
    forget()


def advance(table: str) -> bool:
    """Do the next piece of work for `table`: lay its stretches, count a block of them, count in some that are loose. Return whether there
    is more to do; what somebody else keeps, or writes for a while, is left for the next time."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                return False
            # Planners that think little of an index would read the table for every stretch.
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL lock_timeout = '500ms'")
            return _Keeper(cursor, table).advance()
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == _LOCKED:
            return False
        raise


class _Keeper:
    """One table's stretches as they are in one transaction."""

    def __init__(self, cursor, table: str) -> None:
        self.cursor, self.table = cursor, table
        self.stretches = self._one("SELECT COUNT(*) FROM {table}_stretch")
        self.counted = self._one("SELECT MAX(block) FROM {table}_trigram WHERE trigram = %s", COUNTED)
        self.is_ready = self._one("SELECT COUNT(*) FROM {table}_trigram WHERE trigram = %s AND block = %s", COUNTED, ALL) > 0

    def advance(self) -> bool:
        records = self._one(_RECORDS)
        if records > max(FEWEST, 2 * SIZE * self.stretches):
            self._lay()
            return True
        if not self.stretches:
            self._run("DELETE FROM {table}_loose")
            return False
        return self._count_in() if self.is_ready else self._count_block()

    def _lay(self) -> None:
        # Before the records are read: who changes from now on stays loose. Whoever is found by marks meanwhile is so truly.
        while self.stretches and self.table in MARKED and self._one("SELECT COUNT(*) FROM {table}_loose"):
            self._run(_OF_LOOSE + _COUNT)
        self._run("DELETE FROM {table}_loose")
        if self.table in MARKED:
            # Who was deleted while it was counted in.
            self._run("DELETE FROM {table}_marked WHERE NOT EXISTS (SELECT FROM {table} WHERE id = record)")
        # Nobody sees half of it: the mark that all is counted goes with the rest.
        self._run("TRUNCATE {table}_trigram")
        self._run("DELETE FROM {table}_stretch")
        self._run(_LAY)
        self._run("ANALYZE {table}_stretch")

    def _count_block(self) -> bool:
        block = 0 if self.counted is None else self.counted + 1
        if block * BLOCK < self.stretches:
            self._run(_OF_BLOCK + _COUNT, block * BLOCK, (block + 1) * BLOCK)
        else:
            block = ALL
            self._run("ANALYZE {table}_trigram")
        self._run("INSERT INTO {table}_trigram (trigram, block, held) VALUES (%s, %s, 0::bit({block}))", COUNTED, block)
        return True

    def _count_in(self) -> bool:
        for ordinal in self._all("SELECT ordinal FROM {table}_stretch WHERE left_behind ORDER BY ordinal DESC LIMIT {at_once}"):
            self._run(_TAKE_IN, ordinal)
        self._run(_OF_LOOSE + _COUNT)
        # Afterwards, so that it sees whoever was counted in.
        self._run(_END)
        return self._one("SELECT COUNT(*) FROM (SELECT FROM {table}_loose LIMIT 1) one") > 0

    def _run(self, sql: str, *params: object) -> None:
        self.cursor.execute(_named(sql, self.table), params or None)

    def _all(self, sql: str) -> list:
        self._run(sql)
        return [value for (value,) in self.cursor.fetchall()]

    def _one(self, sql: str, *params: object):
        self._run(sql, *params)
        return self.cursor.fetchone()[0]
