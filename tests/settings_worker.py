"""The settings of processes that tests start: the product's mail and cache, and work and mails that only tests know."""

from clientdesk import settings as product
from tests.settings import *  # noqa: F403

MAILERS = product.MAILERS
CACHES = product.CACHES
MAILS = product.MAILS | {"letter": "tests.letters.letter", "letter_with_link": "tests.letters.letter_with_link"}
LONG_RUNS = product.LONG_RUNS | {"slow": "tests.slow_work.advance"}
