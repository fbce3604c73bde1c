"""The settings of the test suite: a folder that disappears, cheap passwords, no broker."""

import os
import tempfile

_data = tempfile.TemporaryDirectory(prefix="minggou-test-")
os.environ["MINGGOU_DATA"] = _data.name
os.environ["MINGGOU_SECRET_KEY"] = "only-for-tests-" * 5
os.environ["MINGGOU_HOSTS"] = "testserver,localhost,127.0.0.1"
os.environ["MINGGOU_HTTPS"] = "0"

from config.settings import *  # noqa: E402, F403
from config.settings import CELERY_BROKER_URL, STATIC_ROOT, STORAGES  # noqa: E402

AXES_ENABLED = False  # the tests of the lock switch it on
CELERY_BROKER_URL = CELERY_BROKER_URL or "memory://"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES |= {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
