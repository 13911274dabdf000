"""Settings read from the environment; every default is a small town hall on one machine.

All state lives under `CLAIREVOIE_HOME`. `DATABASE_URL` and `REDIS_URL` move it to PostgreSQL and Redis.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from environs import Env

from config.home import prepared, secret_key

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent
HOME = prepared(Path(env.str("CLAIREVOIE_HOME", str(BASE_DIR / "var"))).resolve())
DEMO = env.bool("CLAIREVOIE_DEMO", False)
DEBUG = env.bool("CLAIREVOIE_DEBUG", False)
SECRET_KEY = secret_key(HOME)
ALLOWED_HOSTS = env.list("CLAIREVOIE_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CLAIREVOIE_ORIGINS", [])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "guardian",
    "csp",
    "django_htmx",
    "simple_history",
    "config",
    "compliance",
    "cameras",
    "recording",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "compliance.views.legible.Legible",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "compliance.views.language.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.unreachable.UnreachableDatabase",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
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
                "compliance.views.context.everywhere",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- database ------------------------------------------------------------------------------------------------------
# How long, in seconds, a page waits for another's write before it says so.
DB_TIMEOUT = env.float("CLAIREVOIE_DB_TIMEOUT", 20)
DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{HOME / 'claire-voie.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": DB_TIMEOUT,
        # recursive_triggers: without it, INSERT OR REPLACE deletes a journal row without firing its guard.
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
            "PRAGMA recursive_triggers=ON;PRAGMA secure_delete=ON;"
        ),
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # PostgreSQL would wait for ever for a row held by another, or for a server that is gone.
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        connect_timeout=max(2, round(DB_TIMEOUT)), options=f"-c lock_timeout={round(DB_TIMEOUT * 1000)}"
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "compliance.Account"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
    "compliance.auth.HabilitationBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_RAISE_403 = True
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "compliance.auth.ClosedDoor"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key,20/15m/ip", "login": "60/m/ip"}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True

# --- cache, worker -------------------------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", "")
# Rate limits must hold across processes: the database cache, or Redis where there is one.
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}
    )
}
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
if not REDIS_URL:
    _queue = HOME / "queue"
    for _folder in ("messages", "processed"):
        (_queue / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "control_folder": str(_queue),
        "processed_folder": str(_queue / "processed"),
        "polling_interval": 0.5,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(HOME / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "verify-journal": {"task": "compliance.tasks.verify_journal", "schedule": 900.0},
    "forget-sessions": {"task": "compliance.tasks.forget_sessions", "schedule": 3600.0},
    "sweep-papers": {"task": "compliance.tasks.sweep_papers", "schedule": 30.0},
}

# --- mail: none unless the town hall has a server ------------------------------------------------------------------
EMAIL_HOST = env.str("CLAIREVOIE_SMTP_HOST", "")
EMAIL_PORT = env.int("CLAIREVOIE_SMTP_PORT", 587)
EMAIL_HOST_USER = env.str("CLAIREVOIE_SMTP_USER", "")
EMAIL_HOST_PASSWORD = env.str("CLAIREVOIE_SMTP_PASSWORD", "")
EMAIL_USE_TLS = env.bool("CLAIREVOIE_SMTP_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("CLAIREVOIE_MAIL_FROM", EMAIL_HOST_USER or "claire-voie@localhost")

# --- language, time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
LANGUAGE_COOKIE_NAME = "langue"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

# --- what browsers may do ------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "font-src": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
TLS = env.bool("CLAIREVOIE_TLS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SSL_REDIRECT = TLS
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
# A commune's domain may carry other sites: this product does not speak for its subdomains.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True

# --- received documents --------------------------------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None
UPLOAD_LIMIT = 20 * 1024 * 1024

# --- papers ---------------------------------------------------------------------------------------------------------
# Where the public finds the site: panels carry it, and lack it where it is empty.
PUBLIC_URL = env.str(
    "CLAIREVOIE_PUBLIC_URL", "https://videoprotection.valclair-sur-moselle.example" if DEMO else ""
).rstrip("/")

# --- leases (house.md section 3): a lease says what a process may do without hearing anything ----------------------
RECORD_LEASE_SECONDS = min(900.0, env.float("CLAIREVOIE_RECORD_LEASE", 900.0))
VIEW_LEASE_SECONDS = min(10.0, env.float("CLAIREVOIE_VIEW_LEASE", 10.0))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.log.Line", "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # The renderer and its fonts tell every step of every page; a queue kept in a folder has no host, and says so.
    "loggers": {
        **{name: {"level": "WARNING"} for name in ("weasyprint", "fontTools", "pikepdf")},
        "kombu.connection": {"level": "ERROR"},
    },
    "root": {"handlers": ["console"], "level": env.str("CLAIREVOIE_LOG", "INFO")},
}
os.umask(0o077)
