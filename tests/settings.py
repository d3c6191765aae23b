"""The settings that tests run with: the product's own, with fast passwords, own files, and nothing read from the machine."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("SECRET_KEY", "tests-only-tests-only-tests-only-tests-only-tests-only")
if "DATA_DIR" not in os.environ:
    # Its own folder for each run, shared with the processes that the run starts: two runs at once never meet.
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="clientdesk-tests-")
    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")

from clientdesk.settings import *
from clientdesk.settings import DATA_DIR, DATABASES, STATIC_ROOT, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests of the second factor switch it on.
STAFF_MFA_REQUIRED = False
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MAILERS = {name: {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"} for name in ("default", "crm")}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
# Nothing is collected for tests, but whitenoise warns where the folder is missing.
Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file as in production: the shared in-memory database of Django's tests has other locks.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
