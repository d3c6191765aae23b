"""How long the database works for a page: the real view through Django's test browser, every statement timed, several rounds."""

import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser

from clientdesk.models import User
from clientdesk.rights import Role
from clients.models import Branch, Category, Client, Company, CompanyType, Industry
from contacts.models import Contact

ROUNDS = 11


@dataclass
class Statements:
    """Times every statement while it is installed as an execute wrapper, and what processor time the server spent on all of them."""

    server: Path | None = None
    seconds: list[float] = field(default_factory=list)
    texts: list[tuple[str, object]] = field(default_factory=list)
    processor: float = 0

    def __call__(self, execute, sql, params, many, context):
        spent, begin = processor(self.server), time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds.append(time.perf_counter() - begin)
            self.processor += processor(self.server) - spent
            self.texts.append((sql, params))


def processor(server: Path | None) -> float:
    """Return the processor seconds that the `server` process has had, as Linux counts them; 0 where it does not tell."""
    return int(server.read_text().split()[0]) / 1e9 if server else 0


def server_process() -> Path | None:
    """Return where Linux tells how long the process worked that serves this connection; None on another machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        found = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return found if found.exists() else None


@dataclass
class Measured:
    """What one page took: statements, median and least of its database milliseconds, those of the first time, and the least processor time
    of the server: on a machine with other work that is what tells. `rows` are those of its tables and its hits: how full it is."""

    name: str
    statements: int
    median: float
    best: float
    processor: float = 0
    slowest: str = ""
    status: int = 200
    first: float = 0
    rows: int = 0


def browser(role: str = Role.ADMINISTRATOR) -> Browser:
    """Return a browser in which a member of staff is signed in."""
    user = User.objects.filter(role=role).first() or User.objects.invite(
        f"bench-{role}@desk.example", role=role, first_name="B", last_name="B"
    )
    user.set_password("a long and quiet passphrase")
    user.save()
    found = Browser()
    found.force_login(user)
    return found


def measure(by: Browser, only: str = "", rounds: int = ROUNDS) -> list[Measured]:
    """Return what each page takes whose name holds `only`.

    All pages are asked again in each round, so that minutes lie between the times that are compared: for a while a machine is slower than
    at other times. In each round a page is asked twice, and the second time counts: what was found out about a question is remembered."""
    server = server_process()
    firsts: dict[str, float] = {}
    answers: dict[str, HttpResponse] = {}
    taken: dict[str, list[Statements]] = {}
    for _round in range(rounds):
        for name, url in pages(by):
            if only not in name:
                continue
            first, second = Statements(server), Statements(server)
            with connection.execute_wrapper(first):
                answers[name] = by.get(url)
            firsts.setdefault(name, sum(first.seconds) * 1000)
            with connection.execute_wrapper(second):
                by.get(url)
            taken.setdefault(name, []).append(second)
    return [_measured(name, found, answers[name], firsts[name]) for name, found in taken.items()]


def _measured(name: str, taken: list[Statements], answer: HttpResponse, first: float) -> Measured:
    totals = [sum(one.seconds) * 1000 for one in taken]
    last = taken[-1]
    slowest = max(zip(last.seconds, last.texts, strict=True), default=(0, ("", None)))
    return Measured(
        name,
        len(last.seconds),
        statistics.median(totals),
        min(totals),
        min(one.processor for one in taken) * 1000,
        f"{slowest[0] * 1000:.1f} ms {' '.join(slowest[1][0].split())} {slowest[1][1]}",
        answer.status_code,
        first,
        answer.text.count("<tr") + answer.text.count('<li class="row keep">'),
    )


def cursor_at(by: Browser, url: str) -> str:
    """Return the address of the next page of the list at `url`, or the same one where there is none."""
    found = re.search(r'href="(\?[^"]*after=[^"]*)"', by.get(url).content.decode())
    return url.partition("?")[0] + found[1].replace("&amp;", "&") if found else url


def pages(by: Browser) -> Iterator[tuple[str, str]]:
    """Yield (name, address) of every page that is measured."""
    branches = list(Branch.objects.order_by("pk").values_list("pk", flat=True))
    categories = list(Category.objects.order_by("pk").values_list("pk", flat=True))
    types = list(CompanyType.objects.order_by("pk").values_list("pk", flat=True))
    industries = list(Industry.objects.order_by("pk").values_list("pk", flat=True))
    staff = list(User.objects.filter(email__startswith="staff").order_by("pk").values_list("pk", flat=True))
    middle = Client.objects.order_by("pk")[Client.objects.count() // 2 if Client.objects.count() < 200_000 else 100_000]
    yield "list", "/clients/?view=all"
    yield "list, next page", cursor_at(by, "/clients/?view=all")
    for sort in ("-name", "number", "-number", "status", "-status", "created", "-created"):
        yield f"sort {sort}", f"/clients/?view=all&sort={sort}"
    for view in ("active", "corporate", "individual", "potential", "not-invited", "inactive"):
        yield f"view {view}", f"/clients/?view={view}"
    for kind in ("corporate", "individual"):
        yield f"kind {kind}", f"/clients/?view=all&kind={kind}"
    for status in ("active", "inactive", "potential"):
        yield f"status {status}", f"/clients/?status={status}"
    for place, name in ((0, "half"), (3, "8 %"), (6, "0.6 %"), (9, "0.01 %")):
        yield f"branch of {name}", f"/clients/?branch={branches[place]}"
        yield f"category of {name}", f"/clients/?category={categories[place]}"
        yield f"company type of {name}", f"/clients/?type={types[place]}"
        yield f"industry of {name}", f"/clients/?industry={industries[place]}"
        yield f"responsible of {name}", f"/clients/?person={staff[place]}"
    yield "branches, three", "/clients/?" + "&".join(f"branch={pk}" for pk in branches[4:7])
    yield "categories, all", "/clients/?" + "&".join(f"category={pk}" for pk in categories)
    yield "country frequent", "/clients/?country=DE"
    yield "country rare", "/clients/?country=MT"
    yield "country none", "/clients/?country=FJ"
    for state in ("active", "invited", "none", "not_invited"):
        yield f"portal {state}", f"/clients/?portal={state}"
    yield "branch and category", f"/clients/?branch={branches[1]}&category={categories[2]}"
    yield "branch and category, few", f"/clients/?branch={branches[5]}&category={categories[6]}"
    yield "branch and country, none", f"/clients/?branch={branches[1]}&country=FJ"
    yield "category and individual, inactive", f"/clients/?category={categories[2]}&kind=individual&status=inactive"
    yield "four filters", f"/clients/?branch={branches[2]}&category={categories[3]}&country=JP&status=potential"
    yield "three filters, 15,000", f"/clients/?branch={branches[0]}&category={categories[0]}&status=inactive"
    yield "three filters, 4,000", f"/clients/?branch={branches[2]}&category={categories[0]}&status=inactive"
    yield "type and country", f"/clients/?type={types[2]}&country=JP"
    yield "individual and inactive", "/clients/?kind=individual&status=inactive"
    yield "two branches and category", f"/clients/?branch={branches[2]}&branch={branches[4]}&category={categories[1]}"
    yield "view inactive and category of 8 %", f"/clients/?view=inactive&category={categories[3]}"
    yield "view individual and branch of 8 %", f"/clients/?view=individual&branch={branches[3]}"
    yield "view potential and country", "/clients/?view=potential&country=JP"
    yield "industry and branch", f"/clients/?industry={industries[3]}&branch={branches[4]}"
    yield "responsible and inactive", f"/clients/?person={staff[3]}&status=inactive"
    yield "portal and branch", f"/clients/?portal=active&branch={branches[5]}"
    yield "portal, industry and country", f"/clients/?portal=invited&industry={industries[1]}&country=FR"
    yield "words and two filters", f"/clients/?q=gmbh&branch={branches[2]}&category={categories[3]}"
    yield "words and industry", f"/clients/?q=kramer&industry={industries[3]}"
    yield "words, branch and person", f"/clients/?q=kramer&branch={branches[1]}&person={staff[3]}"
    yield "filters and sort", f"/clients/?branch={branches[2]}&sort=-number"
    for words in (
        "kramer",
        "kramer 12",
        "c-00500",
        f"office@{middle.email.partition('@')[2]}",
        "zzzzqqq",
        "kr",
        "qx",
        "a",
        "gmbh",
        "kramer antriebe gmbh",
        "株式",
        "office",
    ):
        yield f"words “{words}”", f"/clients/?q={words}"
    digits, tax = str(middle.phone).removeprefix("+49"), middle.tax_number
    numbers = {
        "phone at home": f"0{digits[:2]} {digits[2:5]} {digits[5:]}", "phone abroad": f"%2B49 (0){digits[:2]}/{digits[2:]}",
        "end of a phone": digits[3:], "VAT": f"{tax[:2]} {tax[2:5]}.{tax[5:8]}.{tax[8:]}",
        "number without signs": middle.number.replace("-", ""), "former name": "wyvern antik 50007",
    }  # fmt: skip
    for what, words in numbers.items():
        yield f"words: {what}", f"/clients/?q={words}"
        yield f"search box: {what}", f"/search/?q={words}"
    mobile = str(Contact.objects.filter(client_id=middle.pk + 1).values_list("phone", flat=True)[0]).removeprefix("+49176")
    yield "search box: mobile", f"/search/?q=0176 {mobile[:2]} {mobile[2:5]} {mobile[5:]}"
    yield "search box: end of a mobile", f"/search/?q={mobile[2:]}"
    yield "contacts: mobile", f"/contacts/?q=0176 {mobile[:2]} {mobile[2:5]} {mobile[5:]}"
    yield "words and branch", f"/clients/?q=kramer&branch={branches[6]}"
    yield "words and view", "/clients/?q=gmbh&view=inactive"
    for words in ("kramer", middle.name, "zzzzqqq", "gm", "office"):
        yield f"search box “{words}”", f"/search/?q={words}"
    yield "similar while typing", f"/clients/similar/?name={middle.name}&legal_name={middle.legal_name}&email={middle.email}"
    yield "similar, nothing alike", "/clients/similar/?name=Zzqx Wyvern&legal_name=Zzqx Wyvern Ltd&email=a@zzqx.example"
    # The profile says where the client stands in the list looked at last: the plain one.
    by.get("/clients/?view=all")
    for tab in ("", "history/", "contacts/", "edit/", "identification/", "addresses/", "preferences/", "documents/"):
        yield f"profile {tab}", f"/clients/{middle.pk}/{tab}"
    yield "duplicates", "/clients/duplicates/"
    yield "contacts", "/contacts/?view=active"
    yield "contacts, next page", cursor_at(by, "/contacts/?view=active")
    for words in ("kramer", "person12", "zzzzqqq", "kr"):
        yield f"contacts “{words}”", f"/contacts/?q={words}"
    for view in ("primary", "not-invited", "no-email", "deactivated"):
        yield f"contacts, view {view}", f"/contacts/?view={view}"
    yield "contacts of a branch of 0.6 %", f"/contacts/?branch={branches[6]}"
    yield "contacts of a category of 8 %", f"/contacts/?category={categories[3]}"
    yield "contacts of a branch and a category", f"/contacts/?branch={branches[3]}&category={categories[3]}"
    yield "contacts, portal and branch", f"/contacts/?portal=active&branch={branches[3]}"
    yield "contacts, primary of a branch", f"/contacts/?view=primary&branch={branches[5]}"
    yield "contacts, words and branch", f"/contacts/?q=kramer&branch={branches[2]}"
    yield "contacts, words and category", f"/contacts/?q=person12&category={categories[4]}"
    for state in ("active", "invited", "none"):
        yield f"contacts, portal {state}", f"/contacts/?portal={state}"
    yield "contact profile", f"/contacts/{Contact.objects.order_by('pk').values_list('pk', flat=True).first()}/"
    yield "companies", "/companies/"
    yield "companies without client", "/companies/?client=no"
    for words in ("kramer", "zzzzqqq", "kr"):
        yield f"companies “{words}”", f"/companies/?q={words}"
        yield f"companies while typing “{words}”", f"/companies/search/?q={words}"
    yield "company", f"/companies/{Company.objects.order_by('pk').values_list('pk', flat=True).first()}/"
    yield "imports", "/import/"
