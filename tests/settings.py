"""The site's settings, with a folder of its own for every process that runs tests."""

import atexit
import os
import shutil
import tempfile

os.environ["SHUCHI_VAR"] = tempfile.mkdtemp(prefix="shuchi-test-")
atexit.register(shutil.rmtree, os.environ["SHUCHI_VAR"], ignore_errors=True)

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, STATIC_ROOT, STORAGES, VAR_DIR  # noqa: E402

# A file, not memory: other threads and processes see it as they see the site's own.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
DATABASES["default"]["CONN_MAX_AGE"] = 0  # no thread keeps a connection to a database that is to be removed

# Pages are tested without collecting the static files first; the journeys run the site as it is.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT.mkdir()
