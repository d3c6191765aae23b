"""Every setting of ClientDesk. Each environment variable is read here and nowhere else; the README's table lists them."""

import sys
from logging import DEBUG as DEBUG_LEVEL
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from clientdesk.logs import configure_structlog, logging_config
from clientdesk.mailers import mailer
from clientdesk.recorded import RECORDED

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not DEBUG:
        sys.exit("SECRET_KEY is not set. Set it to 50 or more random characters, or start with DEBUG=true to try ClientDesk.")
    SECRET_KEY = "only-for-trying-clientdesk-on-your-own-machine-never-in-production"  # noqa: S105

# --- where data lives ---------------------------------------------------------------------------
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(DATA_DIR / "media"))).resolve()

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'clientdesk.sqlite3'}")}
DATABASES["default"]["ATOMIC_REQUESTS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # With Django's defaults concurrent writers fail with "database is locked"; IMMEDIATE takes the lock at BEGIN.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
    # A page of a list is a few rows by an index: told that disks turn, the server would rather read and sort everything, and to
    # compile such a plan or to start helpers for it takes longer than running it.
    DATABASES["default"]["OPTIONS"].setdefault("options", "-c random_page_cost=1.1 -c jit=off -c max_parallel_workers_per_gather=0")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- where the product is reached ---------------------------------------------------------------
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", default="http://localhost:8000").rstrip("/")
_public = urlsplit(PUBLIC_BASE_URL)
if _public.scheme not in {"http", "https"} or not _public.hostname:
    raise ImproperlyConfigured(f"PUBLIC_BASE_URL must be a whole address such as https://desk.example.com, not {PUBLIC_BASE_URL!r}.")
HTTPS = _public.scheme == "https"
if DEBUG and HTTPS and _public.hostname not in {"localhost", "127.0.0.1", "::1"}:
    sys.exit(f"DEBUG is on although PUBLIC_BASE_URL is {PUBLIC_BASE_URL}. DEBUG shows strangers what is inside: set DEBUG=false.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_public.hostname, *(["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])])
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"]
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

ROOT_URLCONF = "clientdesk.urls"
WSGI_APPLICATION = "clientdesk.wsgi.application"

INSTALLED_APPS = [
    "intake",
    "portal",
    "jobs",
    "contacts",
    "clients",
    "clientdesk",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "auditlog",
    "crispy_forms",
    "django_htmx",
    "django_structlog",
    "import_export",
    "phonenumber_field",
]

MIDDLEWARE = [
    # Outside of everything that may answer by itself: a redirect to https and a refused host carry the headers too.
    "clientdesk.middleware.HeadersMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "clientdesk.middleware.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "clientdesk.middleware.RequestLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "clientdesk.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "clientdesk.request_log.RequestLogMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "clientdesk.middleware.AreaMiddleware",
    # After the areas: it reads the whole body, which only those may send who may enter.
    "django.middleware.csrf.CsrfViewMiddleware",
    "clientdesk.middleware.HistoryMiddleware",
    # Before the reading one, which answers 404 by itself.
    "clientdesk.merging.middleware.MergedMiddleware",
    "clientdesk.middleware.ReadingMiddleware",
]
# Those of them that answer errors of views, the innermost first: ReadingMiddleware asks them about pages that only read.
ERRORS_ANSWERED_BY = ["clientdesk.merging.middleware.MergedMiddleware", "allauth.account.middleware.AccountMiddleware"]
if DEBUG:
    MIDDLEWARE.append("clientdesk.middleware.UnknownAddressMiddleware")

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "clientdesk.context.shell",
                "clients.context.front",
                "portal.context.reader",
            ],
        },
    }
]

# --- language, time, files ----------------------------------------------------------------------
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
# What pages and mails for contact persons are written in; clientdesk/languages.py says which of them one person gets.
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Berlin")
USE_TZ = True
FORMAT_MODULE_PATH = ["clientdesk.formats"]
CLIENT_NUMBER_MASK = env.str("CLIENT_NUMBER_MASK", default="C-{seq:5}")
COMPANY_NAME = env.str("COMPANY_NAME", default="ClientDesk")

FIXTURE_DIRS = [BASE_DIR / "fixtures"]

STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(DATA_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
# Files are for our own pages; whitenoise would let every site read them.
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = DEBUG
FILE_UPLOAD_PERMISSIONS = 0o640
# Beside the place where it will stay: keeping a file is then a new name instead of a second copy.
FILE_UPLOAD_TEMP_DIR = MEDIA_ROOT / "arriving"
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler", "intake.arriving.ArrivingFile"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A quote of five hundred lines has 2,500, those that were emptied not counted.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- who signs in -------------------------------------------------------------------------------
AUTH_USER_MODEL = "clientdesk.User"
AUTHENTICATION_BACKENDS = ["clientdesk.signin.AddressBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "clientdesk.passwords.LengthValidator"},
    {"NAME": "clientdesk.passwords.KnownWordsValidator"},
    {"NAME": "clientdesk.passwords.CommonWordsValidator"},
]
INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)
PASSWORD_RESET_TIMEOUT = env.int("PASSWORD_RESET_TIMEOUT", default=3600)

# The address is unique by its folded key (User.email_key), which Django's check does not know.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "clientdesk.signin.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Sign-up is closed; without "password1" here allauth would take the password out of its sign-in form.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {"login": "clientdesk.signin.SignInForm", "reauthenticate": "clientdesk.signin.AskAgainForm"}
# Failed tries are counted in clientdesk/brakes.py: allauth's per-address limit would let anyone lock a victim out.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": None}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
SIGNIN_TRIES_PER_ADDRESS = env.int("SIGNIN_TRIES_PER_ADDRESS", default=10)
# Whether staff may do nothing else before they have a second factor; who only tries ClientDesk is spared it.
STAFF_MFA_REQUIRED = env.bool("STAFF_MFA_REQUIRED", default=not DEBUG)
MFA_ADAPTER = "clientdesk.factors.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A clock that is half a minute wrong is common; what a code is worth once used, clientdesk/factor_forms.py says.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "clientdesk.factor_forms.CodeForm",
    "authenticate_webauthn": "clientdesk.factor_forms.PasskeyAfterPasswordForm",
    "reauthenticate": "clientdesk.factor_forms.AskCodeForm",
    "reauthenticate_webauthn": "clientdesk.factor_forms.AskPasskeyForm",
    "login_webauthn": "clientdesk.factor_forms.PasskeyAloneForm",
}

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_SAVE_EVERY_REQUEST = False
# Not in a cookie: messages name people, and that cookie's name cannot be bound to the host.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "clientdesk.errors.csrf_failure"
LANGUAGE_COOKIE_HTTPONLY = True

# Room for the counters of clientdesk/brakes.py: with Django's 300 entries a flood of addresses would push them out.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache", "OPTIONS": {"MAX_ENTRIES": 20_000}}}

# --- what browsers are told ---------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS

# --- mail ---------------------------------------------------------------------------------------
MAIL_FROM = DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="ClientDesk <desk@localhost>")
CRM_MAIL_FROM = env.str("CRM_MAIL_FROM", default=MAIL_FROM)
EMAIL_TIMEOUT_SECONDS = env.int("EMAIL_TIMEOUT", default=10)
DEMO_MAILS = DATA_DIR / "mails"
_EMAIL_URL = env.str("EMAIL_URL", default="")
# CRM e-mails may leave through a server of their own, so that what many people think of them does not stop invitations.
_EMAIL_URLS = {"default": _EMAIL_URL, "crm": env.str("EMAIL_URL_CRM", default="") or _EMAIL_URL}
MAILERS = {name: mailer(env.email_url_config(url) if url else {}, EMAIL_TIMEOUT_SECONDS) for name, url in _EMAIL_URLS.items()}
# Kinds of mail that leave through another mailer than the default one.
MAILER_OF_KIND = {"crm_mail": "crm"}
# Addresses of one CRM e-mail at most.
CRM_MAIL_LIMIT = 500

# --- long work and imports ----------------------------------------------------------------------
# A LongRun of this kind advances by calling this function with the run; it returns after at most about two seconds.
LONG_RUNS = {
    "import_plan": "intake.planning.advance",
    "import_apply": "intake.applying.advance",
    "import_invite": "intake.inviting.advance",
    "import_errors": "intake.error_books.advance",
    "import_undo": "intake.undoing.advance",
    "import_undo_look": "intake.undoing.advance",
    "clients_bulk": "clients.bulk.advance",
    "clients_bulk_undo": "clients.bulk.advance",
    "contacts_bulk": "contacts.bulk.advance",
    "contacts_bulk_undo": "contacts.bulk.advance",
    "jobs_bulk": "jobs.bulk.advance",
    "jobs_bulk_undo": "jobs.bulk.advance",
    "duplicates_scan": "clients.duplicates.scanning.advance",
    "contact_duplicates_scan": "contacts.duplicates.scanning.advance",
    "portal_invite": "portal.bulk_inviting.advance",
}
# Called by the worker now and then: throws away what nobody needs any more.
SWEEPS = [
    *("intake.wizard.drafts.sweep", "intake.sweeping.sweep", "intake.error_books.sweep"),
    "clientdesk.user_sessions.sweep",
]
# How long rows and files of imports that are over are kept; their figures stay.
IMPORT_KEEP_DAYS = env.int("IMPORT_KEEP_DAYS", default=30)
# Called by the worker several times a minute: does or queues what its hour has come for, each thing once however many workers there are.
DUE_WORK = ["contacts.crm.reminders.queue_due", "jobs.retiming.retime_due", "jobs.notices.queue_due", "clientdesk.stretch_upkeep.keep"]
# What stands on the first page of staff, in its order: functions of the user that return a Part (clientdesk/dashboard.py).
DASHBOARD = ["jobs.dashboard.jobs", "jobs.dashboard.quotes", "contacts.crm.dashboard.actions", "intake.dashboard.imports"]
# The number beside an entry of the main menu, by the name of its page: a function of the user.
MENU_COUNTS = {"crm:list": "contacts.crm.due.count_for"}
# How long an unfinished guided creation of a client is kept after its last change.
WIZARD_DRAFT_DAYS = env.int("WIZARD_DRAFT_DAYS", default=14)
WORKER_LEASE_SECONDS = env.int("WORKER_LEASE_SECONDS", default=30)
# Returns the open portal access of a portal user, or None; asked on each request. What the ground floor reads of an access:
# `address`, `client_name`, `language`, `was_shut_since(moment)`.
PORTAL_GATE = "portal.gate.open_access"
# Called before each page of the portal that staff ask for: lets in who looks at it as a contact, refuses all others.
PORTAL_LOOK = "portal.viewing.look_in"
# Called with a link that was just spent by choosing a password.
LINK_SPENT = "portal.gate.remember_acceptance"
# Called with a user who has just confirmed a new sign-in address.
ADDRESS_CONFIRMED = "portal.gate.follow_address"
# Returns, for a list of contacts, what the staff pages show of their portal access: one query for a whole page.
PORTAL_STATES = "portal.states.of_contacts"
# Returns the restricted clients that only administrators see once a staff user is deactivated (XD33).
LEFT_ALONE = "clients.left_alone.left_alone"
# What a new client as a whole may do in the portal (decision 17).
DEFAULT_PORTAL_RIGHTS = [
    "QUOTES_VIEW",
    "QUOTES_ADD",
    "QUOTES_DECIDE",
    "PROJECTS_VIEW",
    "JOBS_VIEW",
    "JOBS_ADD",
    "FILES_VIEW",
    "FILES_DOWNLOAD",
    "COLLEAGUES_VIEW",
]
# Whether what a client accepts is approved at once and its project opened, or waits for staff (XD24).
QUOTES_APPROVED_AUTOMATICALLY = env.bool("QUOTES_APPROVED_AUTOMATICALLY", default=True)
PORTAL_SHOWS_SLA = env.bool("PORTAL_SHOWS_SLA", default=False)
CURRENCY = env.str("CURRENCY", default="EUR")
# The lists of the page Settings, in its order; each app declares its own.
SETTINGS_LISTS = [
    "clients.settings_lists.BRANCHES",
    "clients.settings_lists.CATEGORIES",
    "clients.settings_lists.COMPANY_TYPES",
    *("clients.settings_lists.INDUSTRIES", "clients.settings_lists.LEAD_SOURCES"),
    *("contacts.settings_lists.POSITIONS", "contacts.settings_lists.SOCIAL_NETWORKS"),
    "contacts.settings_lists.CRM_TEMPLATES",
    "jobs.settings_lists.JOB_TYPES",
]
# What a new installation starts with: fixture and model of each list, in the order in which they can be loaded.
DICTIONARIES = {
    "branches": "clients.Branch",
    "categories": "clients.Category",
    "company_types": "clients.CompanyType",
    "industries": "clients.Industry",
    "lead_sources": "clients.LeadSource",
    "positions": "contacts.Position",
    "social_networks": "contacts.SocialNetwork",
    "job_types": "jobs.JobType",
}
# Called when the first way in is made on an empty database: what every installation has from the start.
NEW_INSTALLATION = "clients.headquarters.found"
# What moves when two clients are merged, in this order (clients/merging/shape.py).
MERGE_PARTS = [
    "intake.merging.Arrivals",
    "portal.merging.Rights",
    "contacts.crm.merging.Actions",
    "jobs.merging.Work",
    "jobs.retiming.Retimed",
    "contacts.merging.People",
    "clients.merging.own_parts.Own",
]
# What moves when two contacts are merged; each app that hangs something on contacts names its part here.
CONTACT_MERGE_PARTS = [
    *("portal.merging_contacts.Access", "contacts.crm.merging.ActionsOfContact", "jobs.merging.WorkOfContact"),
    "contacts.merging_contacts.Own",
]
# What happens when a contact is moved to another client; each app that hangs something on contacts names its part here.
CONTACT_MOVE_PARTS = ["portal.moving.Access", "contacts.crm.merging.MovedActions", "jobs.merging.LeftWork"]
# Whose keys stand in addresses, and what follows those of merged records.
MERGERS = {"clients": "clients.merging.MERGER", "contacts": "contacts.merging_contacts.MERGER"}
SEARCH_SOURCES = [
    *("clients.search.clients", "contacts.search.contacts", "jobs.search.jobs", "jobs.search.quotes", "jobs.search.projects"),
    *("clients.companies.companies", "clients.merged.search"),
]
# A mail of this kind is built by calling this function with its OutgoingMail row; None drops the mail.
MAILS = {
    "link_wanted": "portal.emails.link_wanted",
    "staff_invitation": "clientdesk.emails.invitation",
    "contact_invitation": "portal.emails.invitation",
    "contact_reset": "portal.emails.reset",
    "password_changed": "portal.emails.password_changed",
    "signin_braked": "portal.emails.signin_braked",
    "portal_news": "portal.notices.news",
    "portal_request": "portal.notices.received",
    "portal_change": "portal.news.change",
    "factor_changed": "portal.emails.factor_changed",
    "new_address": "portal.emails.new_address",
    "new_address_wanted": "portal.emails.new_address_wanted",
    "address_changed": "portal.emails.address_changed",
    "crm_mail": "contacts.crm.emails.mail",
    "crm_reminder": "contacts.crm.emails.reminder",
    "sla_notice": "jobs.notices.mail",
    "docket_sent": "jobs.emails.docket_sent",
    **{kind: f"jobs.emails.{kind}" for kind in ("quote_sent", "deliverable_released", "invoice_sent")},
}

IMPORT_LIMITS = {
    "bytes_csv": env.int("IMPORT_MAX_BYTES_CSV", default=512 * 1024 * 1024),
    "rows_csv": env.int("IMPORT_MAX_ROWS_CSV", default=2_000_000),
    "bytes_sheet": env.int("IMPORT_MAX_BYTES_SHEET", default=50 * 1024 * 1024),
    "unpacked": env.int("IMPORT_MAX_UNPACKED", default=512 * 1024 * 1024),
    "entries": env.int("IMPORT_MAX_ENTRIES", default=10_000),
    "rows_sheet": env.int("IMPORT_MAX_ROWS_SHEET", default=200_000),
    "columns": env.int("IMPORT_MAX_COLUMNS", default=256),
    "cell": 32_767,
    "seconds": env.int("IMPORT_PARSE_SECONDS", default=60),
    "memory": env.int("IMPORT_PARSE_MEMORY", default=1024 * 1024 * 1024),
}

# --- history ------------------------------------------------------------------------------------
AUDITLOG_LOGENTRY_MODEL = "clientdesk.Change"
AUDITLOG_STORE_JSON_CHANGES = True
# Our own entry model takes the place of auditlog's; without this its empty table would be made all the same.
MIGRATION_MODULES = {"auditlog": None}
AUDITLOG_INCLUDE_TRACKING_MODELS = RECORDED

# What hangs on a record: each app names those of its records whose changes the history of another record tells.
HISTORY_PARTS = ["clientdesk.history.own_parts.PARTS", *(f"{app}.parts.PARTS" for app in ("clients", "contacts", "jobs", "portal"))]
# Returns, for a model with custom fields, a function that gives label and words of a value.
HISTORY_WORDS = "clients.custom.wording"
# What each app holds about a person, for the dossier and the erasure (clientdesk/personal/).
PERSONAL_PARTS = [
    *("clients.personal", "contacts.personal", "contacts.crm.personal", "jobs.personal", "jobs.work_personal"),
    *("portal.personal", "intake.personal"),
    "clientdesk.personal.own",
]

# --- forms --------------------------------------------------------------------------------------
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "clientdesk"
CRISPY_FAIL_SILENTLY = False
PHONENUMBER_DB_FORMAT = "E164"
IMPORT_EXPORT_USE_TRANSACTIONS = True

# --- logs: JSON lines, never personal data ------------------------------------------------------
LOGGING = logging_config(env.str("LOG_LEVEL", default="INFO"))
configure_structlog()
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = DEBUG_LEVEL
