"""From an EMAIL_URL to one of Django's MAILERS."""

from collections.abc import Mapping


def mailer(found: Mapping[str, object], timeout: int) -> dict[str, object]:
    """Return the mailer of an EMAIL_URL as django-environ reads it (`found`) that waits at most `timeout` seconds for its server.

    Without an address mails become files below DATA_DIR that staff can read in DEBUG.
    """
    if not found:
        return {"BACKEND": "clientdesk.demo_mails.FileBackend"}
    backend = str(found["EMAIL_BACKEND"])
    if not backend.endswith("smtp.EmailBackend"):
        options = {"file_path": found["EMAIL_FILE_PATH"]} if backend.endswith("filebased.EmailBackend") else {}
        return {"BACKEND": backend, "OPTIONS": options}
    options = {
        "host": found["EMAIL_HOST"],
        "port": found["EMAIL_PORT"] or 25,
        "username": found["EMAIL_HOST_USER"] or "",
        "password": found["EMAIL_HOST_PASSWORD"] or "",
        "use_tls": found.get("EMAIL_USE_TLS", False),
        "use_ssl": found.get("EMAIL_USE_SSL", False),
        "timeout": timeout,
    }
    return {"BACKEND": backend, "OPTIONS": options}
