"""Files of the house in tests: looked for once, not by every browser that a test opens."""

from whitenoise.middleware import WhiteNoiseMiddleware

_look = WhiteNoiseMiddleware.add_files_from_finders


def look_once() -> None:
    """Let the browsers of all tests share what whitenoise found: to look for each file again took longer than most pages."""
    found: dict[str, dict] = {}

    def add(self: WhiteNoiseMiddleware) -> None:
        told = repr((self.static_prefix, self.max_age, self.allow_all_origins, self.charset))
        if told not in found:
            _look(self)
            found[told] = dict(self.files)
        self.files |= found[told]

    WhiteNoiseMiddleware.add_files_from_finders = add
