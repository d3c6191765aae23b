"""The look keeps its promises: contrast, no inline anything, logical properties, small templates, no staff link in a client's frame."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.template.loader import render_to_string
from django.test import RequestFactory
from lucide import IconDoesNotExist

from clientdesk.templatetags.desk import icon
from tests.contrast import ratio, tokens

ROOT = Path(settings.BASE_DIR)
TOKENS = tokens(ROOT / "static/css/tokens.css")
# Mails are read by mail programs, which know neither our stylesheet nor our policy.
TEMPLATES = [path for path in sorted((ROOT / "templates").rglob("*.html")) if "emails" not in path.parts]
STYLES = sorted((ROOT / "static/css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static/js").glob("*.js"))

GROUNDS = ["surface", "well", "canvas", "raised", "subtle", "hover", "selected"]
TEXT = [
    *[(ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in GROUNDS],
    *[("accent-ink", ground) for ground in ("surface", "well", "canvas", "raised", "accent-tint")],
    *[("on-accent", ground) for ground in ("accent", "accent-hover", "danger", "danger-hover", "agency")],
    *[(f"{tone}-ink", ground) for tone in ("ok", "warn", "bad") for ground in (f"{tone}-tint", "surface", "well", "raised")],
    *[("ink-2", ground) for ground in ("mute-tint", "nav-hover", "nav-current", "warn-tint", "bad-tint", "accent-tint")],
    *[("ink", ground) for ground in ("mute-tint", "nav-hover", "nav-current", "warn-tint", "bad-tint", "accent-tint")],
    ("ink-3", "warn-tint"),
    ("ink-3", "mute-tint"),
    ("on-bar", "bar"),
]
PARTS = [
    *[("line-control", ground) for ground in ("surface", "raised", "well", "subtle")],
    *[("focus", ground) for ground in ("surface", "well", "canvas", "raised")],
    *[(part, "surface") for part in ("bad-line", "ok-dot", "warn-dot", "accent", "chart-2", "accent-ink")],
    ("accent", "raised"),
    ("bad-line", "bad-tint"),
    ("bar-focus", "bar"),
]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("script", SCRIPTS, ids=named)
def test_a_script_finds_in_some_template_what_it_enhances(script):
    source, pages = script.read_text(), "\n".join(path.read_text() for path in TEMPLATES)
    selectors = re.findall(r'(?:querySelector(?:All)?|closest|matches)[?.]*\(\s*"([^"]+)"', source)
    wanted = {name for selector in selectors for pair in re.findall(r"[.#]([\w-]+)|\[(data-[\w-]+)", selector) for name in pair if name}
    wanted.update(re.findall(r'getElementById\("([^"]+)"', source))
    assert [name for name in sorted(wanted) if name not in pages] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "needed"), [(*pair, 4.5) for pair in TEXT] + [(*pair, 3.0) for pair in PARTS])
def test_colours_that_meet_can_be_told_apart(theme, front, back, needed):
    found = ratio(TOKENS[theme][front], TOKENS[theme][back])
    assert found >= needed, f"{front} on {back} is {found:.2f}"


def test_the_ratio_is_the_one_the_design_computed():
    assert ratio(TOKENS["light"]["ink"], TOKENS["light"]["surface"]) == pytest.approx(16.9, abs=0.1)
    assert ratio(TOKENS["dark"]["line-control"], TOKENS["dark"]["raised"]) == pytest.approx(3.49, abs=0.05)


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_holds_nothing_inline_and_fetches_nothing_from_elsewhere(path):
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"\bhx-on|[\"']js:|javascript:|<style\b", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"(src|srcset|action|data|poster)\s*=\s*[\"'](https?:|//|data:)", text)
    assert not re.search(r"<link[^>]*href=[\"'](https?:|//|data:)", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_is_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_icon_and_file_that_a_template_names_exists(path):
    text = path.read_text(encoding="utf-8")
    for name in re.findall(r"{% icon [\"']([\w-]+)[\"']", text) + re.findall(r"icon_name=[\"']([\w-]+)[\"']", text):
        try:
            icon(name)
        except IconDoesNotExist:
            pytest.fail(f"lucide has no icon {name!r}")
    for name in re.findall(r"{% static [\"']([^\"']+)[\"']", text):
        assert finders.find(name), f"{name} is no static file"


@pytest.mark.parametrize("path", STYLES, ids=named)
def test_a_stylesheet_reads_the_same_in_both_directions_of_writing(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    declarations = re.findall(r"(?:^|[{;])\s*([a-z-]+)\s*:\s*([^;{}]+);", text, flags=re.M)
    for name, value in declarations:
        assert not re.fullmatch(r"(min-|max-)?(width|height)|left|right|top|bottom", name), name
        assert not re.search(r"(margin|padding|border|scroll-margin|scroll-padding)-(left|right|top|bottom)", name), name
        assert not re.search(r"border-(top|bottom)-(left|right)-radius", name), name
        assert not (name in {"text-align", "float", "clear"} and value.strip() in {"left", "right"}), f"{name}: {value}"
        assert not (name in {"inset", "margin", "padding"} and len(_parts(value)) == 4), f"{name}: {value}"


def _parts(value: str) -> list[str]:
    while (shorter := re.sub(r"\([^()]*\)", "", value)) != value:
        value = shorter
    return value.split()


@pytest.mark.parametrize("path", STYLES, ids=named)
def test_a_stylesheet_shouts_only_in_the_last_layers_and_loads_only_our_own_files(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert "!important" not in text or path.name == "utilities.css"
    assert all(address.startswith("../fonts/") for address in re.findall(r"url\([\"']?([^)\"']+)", text))
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_a_script_says_what_it_enhances_and_evaluates_nothing(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("// Enhances: ")
    assert not re.search(r"\beval\(|new Function|innerHTML|document\.write|^import |[\"']https?:", text, flags=re.M)


def test_styles_and_scripts_survive_hashed_names(tmp_path):
    storage = ManifestStaticFilesStorage(location=tmp_path)
    sources = {}
    for finder in finders.get_finders():
        for name, source in finder.list(ignore_patterns=["admin*", "import_export*"]):
            if name.startswith(("css/", "fonts/", "js/", "favicon")):
                sources[name] = (storage, name)
                with source.open(name) as content:
                    storage.save(name, content)
    done = {name: result for name, result, _processed in storage.post_process(sources)}
    assert not [result for result in done.values() if isinstance(result, Exception)]
    assert "inter-latin." in Path(tmp_path, done["css/tokens.css"]).read_text(encoding="utf-8")
    assert 'url("../fonts/inter-latin.woff2")' not in Path(tmp_path, done["css/tokens.css"]).read_text(encoding="utf-8")


STAFF = ["/clients/", "/contacts/", "/import/", "/settings/", "/search/", "/profile/", "/demo-mails/"]


@pytest.mark.parametrize("frame", ["portal/base.html", "account/base.html"])
@pytest.mark.parametrize("page", ["404.html", "403.html"])
def test_no_staff_address_reaches_a_frame_that_clients_see(rf: RequestFactory, settings, frame, page):
    settings.ROOT_URLCONF = "tests.specimen.urls"
    text = render_to_string(page, {"frame": frame, "company_name": "Nordwort"}, request=rf.get("/nowhere/"))
    addresses = re.findall(r"(?:href|action)=\"(/[^\"]*)\"", text)
    assert not [address for address in addresses if address.startswith(tuple(STAFF))]
    assert "ClientDesk" not in text


@pytest.mark.parametrize("page", ["400.html", "413.html", "500.html"])
def test_an_error_page_needs_neither_request_nor_database(page):
    text = render_to_string(page, {"request_id": "7f3a9c"})
    assert "<h1>" in text
    if page == "500.html":
        assert "7f3a9c" in text
