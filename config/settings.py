"""All settings, read top to bottom; everything that may differ comes from the environment.

Defaults are safe for production: no key, no start; debug off; no hosts; HTTPS demanded.
Trial mode is the one exception. `./run` writes `trial.env` into the data folder (a key of its
own, MINGGOU_TRIAL=1, the local hosts); it is read only when the environment names neither a key
nor a database, so a production machine can never fall into it half configured.
Every variable is described in docs/reference/settings.md.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

from bootstrap_wrapper import get_bootstrap_dir

from config.environment import (
    env_bool,
    env_int,
    env_list,
    env_path,
    env_secret,
    env_text,
    fill_from,
    is_any_set,
    postgres_from_url,
    refuse_unknown,
)
from config.schedule import beat_schedule

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where things are kept -----------------------------------------------------------------------

MINGGOU_DATA = env_path("MINGGOU_DATA", default=BASE_DIR / "var")
MINGGOU_FILES = MINGGOU_DATA / "files"
TRIAL_FILE = MINGGOU_DATA / "trial.env"
if TRIAL_FILE.is_file() and not is_any_set(
    "MINGGOU_SECRET_KEY",
    "MINGGOU_DATABASE",
    "MINGGOU_DATABASE_URL",
    "MINGGOU_PUBLIC_DATABASE_URL",
):
    fill_from(TRIAL_FILE)

# --- Mode ----------------------------------------------------------------------------------------

MINGGOU_TRIAL = env_bool("MINGGOU_TRIAL", default=False)
# May this database carry the demonstration clock and the demonstration accounts?
MINGGOU_DEMO = env_bool("MINGGOU_DEMO", default=False)
# "public": this process serves the public site alone; nobody signs in, nothing is written.
SITE_SERVED = env_text("MINGGOU_SITE", default="all", choices=("all", "public"))
IS_PUBLIC_ALONE = SITE_SERVED == "public"
DEBUG = env_bool("MINGGOU_DEBUG", default=False)
SECRET_KEY = env_secret("MINGGOU_SECRET_KEY", required=True, at_least=50)
SECRET_KEY_FALLBACKS = [key for key in env_secret("MINGGOU_SECRET_KEY_FALLBACKS").split(",") if key]
ALLOWED_HOSTS = env_list("MINGGOU_HOSTS")
HTTPS = env_bool("MINGGOU_HTTPS", default=not MINGGOU_TRIAL)
# How many proxies of our own stand in front; their forwarded headers are believed, no others.
TRUSTED_PROXIES = env_int("MINGGOU_TRUSTED_PROXIES", default=0)

# --- Applications --------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "config.static.StaticFiles",
    "config",
    "django_fsm",
    "axes",
    "csp",
    # In the order of the regulation; an app imports only those above it.
    "accounts",
    "core",
    "projects",
    "budgeting",
    "procurement",
    "contracts",
    "performance",
    "disclosure",
    "audit",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.ResponseHeadersMiddleware",
    "config.middleware.TrustedProxyMiddleware",
    "config.middleware.LargeTypeMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "core.calendar.middleware.WorkingDayMiddleware",
    "accounts.middleware.ActingRoleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "axes.middleware.AxesMiddleware",
]

NEEDS_SESSIONS = (
    "django.contrib.sessions.",
    "django.contrib.auth.",
    "core.calendar.",
    "accounts.",
    "django.contrib.messages.",
)
if IS_PUBLIC_ALONE:
    MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith(NEEDS_SESSIONS)]

ROOT_URLCONF = "config.public_urls" if IS_PUBLIC_ALONE else "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.navigation.context.shell",
                "core.navigation.context.site",
            ],
        },
    },
]

# --- Database ------------------------------------------------------------------------------------

DATABASE_URL = env_secret("MINGGOU_DATABASE_URL")
DATABASE_KIND = env_text(
    "MINGGOU_DATABASE",
    default="postgresql" if DATABASE_URL else "sqlite",
    choices=("sqlite", "postgresql"),
)
# libpq reads PGHOST, PGPORT, PGUSER and PGPASSWORD by itself where no URL is given.
DATABASE_NAME = env_text("PGDATABASE", default="minggou")

DATABASES: dict[str, dict[str, Any]] = {}
if DATABASE_KIND == "postgresql":
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "NAME": DATABASE_NAME,
        **(postgres_from_url("MINGGOU_DATABASE_URL", DATABASE_URL) if DATABASE_URL else {}),
    }
else:
    # IMMEDIATE takes the write lock when a transaction begins: two deciders wait for each other
    # instead of failing half-way. FULL keeps the last commit through a power cut.
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": MINGGOU_DATA / "minggou.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                " PRAGMA busy_timeout=20000;"
            ),
        },
    }
# The public site reads through an account that may only SELECT the published tables. Served alone,
# its process knows no other database.
PUBLIC_DATABASE_URL = env_secret("MINGGOU_PUBLIC_DATABASE_URL")
PUBLIC_DATABASE = "public" if PUBLIC_DATABASE_URL else "default"
if PUBLIC_DATABASE_URL:
    DATABASES["public"] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        **postgres_from_url("MINGGOU_PUBLIC_DATABASE_URL", PUBLIC_DATABASE_URL),
    }
    DATABASES["public"]["OPTIONS"]["options"] = "-c default_transaction_read_only=on"
    if IS_PUBLIC_ALONE:
        DATABASES["default"] = DATABASES["public"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People and sessions -------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/desk/"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Locks the pair of name and address: a stranger's guesses never lock the owner out elsewhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "errors/429.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-minggou_session" if HTTPS else "minggou_session"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "__Host-minggou_csrf" if HTTPS else "minggou_csrf"
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS if HTTPS]

# --- Browser security ----------------------------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# No nonces: a frozen public page must stay byte-equal.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        # Bootstrap draws its arrows and ticks as data: pictures.
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    },
}
# W021: a preload entry binds the whole domain for years; that is its owner's decision.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- Language and time ---------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- Static and uploaded files -------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env_path("MINGGOU_STATIC", default=MINGGOU_DATA / "static")
STATICFILES_DIRS = [BASE_DIR / "static", ("bootstrap", get_bootstrap_dir())]
MEDIA_ROOT = MINGGOU_FILES
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o640, "directory_permissions_mode": 0o750},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- The public site -----------------------------------------------------------------------------

# Where strangers reach the public pages.
SITE_DOMAIN = env_text("MINGGOU_SITE_DOMAIN")
# What a government website must say of itself; what the office has not filled in is left out.
SITE = {
    "name": env_text("MINGGOU_SITE_NAME"),
    "domain": SITE_DOMAIN,
    "code": env_text("MINGGOU_SITE_CODE"),
    "organiser": env_text("MINGGOU_SITE_ORGANISER"),
    "record": env_text("MINGGOU_SITE_RECORD"),
    "police_record": env_text("MINGGOU_SITE_POLICE_RECORD"),
    "faults": env_text("MINGGOU_SITE_FAULTS"),
}

# --- History log ---------------------------------------------------------------------------------

# The name every leaf and checkpoint of this installation carries; never changed afterwards.
HISTORY_ORIGIN = env_text("MINGGOU_ORIGIN", default="minggou.local/log")
HISTORY_KEY_FILE = env_path("MINGGOU_HISTORY_KEY", default=MINGGOU_DATA / "keys" / "history.pem")

# --- Open data -----------------------------------------------------------------------------------

# The public pages' address; frozen releases name their notice by it.
_reached = [SITE_DOMAIN, *ALLOWED_HOSTS, "localhost"]
_host = next(host for host in _reached if host and not host.startswith((".", "*")))
PUBLIC_URL = f"{'https' if HTTPS else 'http'}://{_host}"
# Of the Open Contracting Partnership's register; the default says that nobody registered.
OCID_PREFIX = env_text("MINGGOU_OCID_PREFIX", default="ocds-000000", shape=r"ocds-[a-z0-9]{6}")
# The address of the licence the publisher has chosen for the data; none is chosen for it.
DATA_LICENSE = env_text("MINGGOU_DATA_LICENSE", shape=r"https?://\S+")

# --- Background work -----------------------------------------------------------------------------

# Empty: no broker; the embedded worker (`manage.py worker`) does the same work.
CELERY_BROKER_URL = env_secret("MINGGOU_BROKER_URL") or None
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_TIMEZONE = TIME_ZONE
# A task is lost only with the database: acknowledged after the work, given back by a dead worker.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_TASK_TIME_LIMIT = 60
# An unacknowledged task is offered again after two minutes, longer than any task may take;
# Celery reads the number in three places.
CELERY_VISIBILITY_TIMEOUT = 120
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": 120}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = beat_schedule()

# --- Log -----------------------------------------------------------------------------------------

LOG_LEVEL = env_text(
    "MINGGOU_LOG_LEVEL", default="INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR")
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "config.logs.JsonFormatter"},
        "plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "filters": {"addresses": {"()": "config.logs.MaskAddresses"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "plain" if MINGGOU_TRIAL else "json",
            "filters": ["addresses"],
        },
    },
    "root": {"handlers": ["stdout"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # These two tell every step of every page they set.
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}

refuse_unknown("MINGGOU_")
