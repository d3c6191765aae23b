"""Settings to look at the specimen pages by hand: manage.py runserver --settings tests.specimen.settings.

Only the ground floor is installed: the pages show components, no records.
"""

from tests.settings import *  # noqa: F403
from tests.settings import BASE_DIR, INSTALLED_APPS, TEMPLATES

DEBUG = True
ROOT_URLCONF = "tests.specimen.urls"
_ABSENT = {"intake", "portal", "jobs", "contacts", "clients", "allauth", "allauth.account", "allauth.mfa"}
INSTALLED_APPS = [app for app in INSTALLED_APPS if app not in _ABSENT]
AUDITLOG_INCLUDE_TRACKING_MODELS = ()
MENU_COUNTS = {}
TEMPLATES[0]["OPTIONS"]["context_processors"] = [
    path for path in TEMPLATES[0]["OPTIONS"]["context_processors"] if not path.startswith(("clients.", "portal."))
]
TEMPLATES[0]["DIRS"] = [BASE_DIR / "templates", BASE_DIR / "tests/specimen/templates"]
MIDDLEWARE = [
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tests.specimen.middleware.SomebodyMiddleware",
]
