"""What the house promises about itself: floors, locks, small files, templates, the settings table."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
APPS = ("clientdesk", "clients", "contacts", "jobs", "portal", "intake")
# Mails are left out: mail programs know no stylesheet.
TEMPLATES = sorted(path for path in (HOUSE / "templates").rglob("*.html") if path.parent.name != "emails")
LOCKS = ("requirements.lock", "requirements-dev.lock")


def pinned(lock: str) -> dict[str, str]:
    """Return {package: version} of a lock file."""
    return dict(re.findall(r"^([\w.-]+)==(\S+)", (HOUSE / lock).read_text(), flags=re.M))


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (HOUSE / folder).rglob("*.py") if "migrations" not in path.parts)


def test_apps_import_downwards_only():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_package_by_hash_and_names_no_host(lock):
    text = (HOUSE / lock).read_text()
    assert "://" not in text
    assert not re.search(r"^-", text, flags=re.M)
    for block in re.split(r"^(?=\S)", text, flags=re.M)[1:]:
        assert re.match(r"[\w.-]+==\S+", block), block
        assert "--hash=sha256:" in block, block


def test_the_locks_hold_what_the_project_declares_and_agree():
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text())
    runtime, dev = map(pinned, LOCKS)
    names = {re.match(r"[\w.-]+", line)[0].lower() for line in project["project"]["dependencies"]}
    tools = {re.match(r"[\w.-]+", line)[0].lower() for line in project["dependency-groups"]["dev"]}
    assert names <= set(runtime)
    assert tools <= set(dev)
    assert runtime.items() <= dev.items()


def test_no_file_of_code_is_longer_than_450_lines():
    lengths = {path.relative_to(HOUSE): len(path.read_text().splitlines()) for path in sources(*APPS, "tests")}
    assert {path: length for path, length in lengths.items() if length > 450} == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(HOUSE / "templates")))
def test_a_template_holds_no_style_no_script_and_no_other_host(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 130
    assert not re.search(r"<style|\sstyle=|\son\w+=\"|javascript:|hx-on|<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"(?:src|href|action|srcset)=\"(?:https?:)?//", text)


def test_settings_are_read_in_one_place():
    reading = re.compile(r"os\.environ|getenv|environ\.Env")
    found = {str(path.relative_to(HOUSE)) for path in sources(*APPS) if reading.search(path.read_text())}
    assert found == {"clientdesk/settings.py", "clientdesk/wsgi.py"}


def test_the_readme_lists_every_setting():
    read = set(re.findall(r"\benv\.\w+\(\s*\"([A-Z_]+)\"", (HOUSE / "clientdesk/settings.py").read_text()))
    section = (HOUSE / "README.md").read_text().partition("## Settings")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `([A-Z_]+)` \|", section, flags=re.M)
    assert sorted(listed) == sorted(read)


def test_every_app_is_installed_and_has_a_floor():
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text())
    assert set(project["tool"]["importlinter"]["contracts"][0]["layers"]) == set(APPS)
