"""Which words name the status of a client in a file."""

from clientdesk.words import search_key
from clients.models import Client

STATUS_WORDS = {
    "active": ["aktiv", "actif", "activo", "ativo", "attivo", "customer", "kunde", "client"],
    "potential": ["potenziell", "interessent", "prospect", "lead", "potentiel", "potencial", "prospekt"],
    "inactive": ["inaktiv", "inactif", "inactivo", "inativo", "inattivo", "deactivated", "archived", "deaktiviert"],
}


def status_words() -> dict[str, str]:
    """Return {word: status code}."""
    words = {search_key(word): code for code, known in STATUS_WORDS.items() for word in known}
    for code, label in Client.Status.choices:
        words |= {code: code, search_key(str(label)): code, str(label): code}
    return words
