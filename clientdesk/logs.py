"""What the log may say: one JSON line an event, and never a name, an address, a token or what somebody typed.

Two rules make that so for code that is not ours, too: a library's message is printed as its template, without its arguments,
and an exception as its types and places, without its text (PostgreSQL puts the refused value into it, Django the address).
"""

import logging
import sys
import traceback
from types import TracebackType

import structlog
from django.conf import settings
from structlog.types import EventDict, WrappedLogger

FRAMES = 12


def say_no_more(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Take out what a browser says about itself, and texts that Django's security log quotes from the request."""
    event.pop("user_agent", None)
    record = event.get("_record")
    if isinstance(record, logging.LogRecord) and record.name.startswith("django.security"):
        event["event"] = "request_refused"
    return event


def bare_trace(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Replace `exc_info` by the types of the exception and its causes, and the places it came through."""
    error = _exception(event.pop("exc_info", None))
    event.pop("stack_info", None)
    if error is not None:
        event["at"] = _places(error.__traceback__)
        kinds: list[str] = []
        while error is not None and len(kinds) < FRAMES:
            kinds.append(type(error).__qualname__)
            error = error.__cause__ or error.__context__
        event["exception"] = " from ".join(kinds)
    return event


def _exception(exc_info: object) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1]
    return sys.exc_info()[1] if exc_info else None


def _places(trace: TracebackType | None) -> list[str]:
    base = str(settings.BASE_DIR) + "/"
    frames = traceback.extract_tb(trace)[-FRAMES:]
    return [f"{frame.filename.removeprefix(base)}:{frame.lineno} {frame.name}" for frame in frames]


_STAMP = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_config(level: str) -> dict[str, object]:
    """Return Django's LOGGING: every record of every library as one JSON line on standard error, from `level` up."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    say_no_more,
                    bare_trace,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(),
                ],
                "foreign_pre_chain": _STAMP,
                # Prints the template of a library's message without its arguments.
                "use_get_message": False,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        # Django's own handlers print paths and mail whole requests.
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            # Every answer has its own line, request_finished.
            "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
        },
    }


def configure_structlog() -> None:
    """Make our own events take the same way as those of libraries."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_STAMP, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
