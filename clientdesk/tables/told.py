"""Records of a list as a file needs them: only what was read, without the weight of a model."""

from typing import Any


class Told:
    """The `values` of one record as attributes; what it points at has attributes of its own, or is None where it points at nothing."""

    def __init__(self, values: dict[str, Any]) -> None:
        own = self.__dict__
        for name, value in values.items():
            first, parted, rest = name.partition("__")
            if not parted:
                own[name] = value
            elif value is None:
                own.setdefault(first, None)
            elif (pointed := own.setdefault(first, Told({}))) is not None:
                pointed.__dict__[rest] = value

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"“{name}” was not read for this file.")
