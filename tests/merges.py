"""How tests press Merge: as a person does who reads what else happens and presses it again."""

from django.test import Client as Browser

from clientdesk.models import Versioned


def versions(winner: Versioned, loser: Versioned) -> dict[str, object]:
    """Return the versions of the two as their page sends them."""
    winner.refresh_from_db()
    loser.refresh_from_db()
    return {"winner_version": winner.version, "loser_version": loser.version}


def press_merge(browser: Browser, url: str, winner: Versioned, loser: Versioned, choices: dict[str, str]):
    """Press Merge on the page at `url`, with `choices` by name of the question, and once more where it says what else happens; return the
    answer."""
    posted = versions(winner, loser) | {f"choice-{name}": value for name, value in choices.items()}
    answer = browser.post(url, posted)
    told = answer.context["preview"] if answer.status_code == 422 else None
    return browser.post(url, posted | {"confirmed": told.fingerprint}) if told and told.consequences else answer
