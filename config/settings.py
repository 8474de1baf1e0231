"""Settings of Shuchi, all read from the environment.

Without any variable set, the site runs embedded: SQLite and a private Redis in the var/ folder, mail kept in the
database. DATABASE_URL, REDIS_URL, EMAIL_URL, SITE_URL and SECRET_KEY move the same code to a shared installation.
"""

import datetime as dt
import re
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from config import reminding

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def setting(name: str, default: str = "") -> str:
    """The variable's value; an empty one counts as unset."""
    return env.str(name, default="") or default


def kept_secret(path: Path) -> str:
    """The embedded installation's own key, made at the first start and readable by its owner only."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def hours(text: str) -> tuple[dt.time, dt.time] | None:
    """From and until, out of "8:00-20:00"; None for an empty text. Raises ImproperlyConfigured for anything else."""
    if not text:
        return None
    try:
        first, last = (dt.datetime.strptime(part.strip(), "%H:%M").time() for part in text.split("-"))
    except ValueError as error:
        raise ImproperlyConfigured(f"SENDING_HOURS wants hours like 8:00-20:00, not {text!r}") from error
    if first >= last:
        raise ImproperlyConfigured(f"SENDING_HOURS ends before it begins: {text!r}")
    return first, last


def days(text: str) -> tuple[int, ...]:
    """Numbers of days in their order, out of "-7,-3,0". Raises ImproperlyConfigured for anything else."""
    try:
        return tuple(sorted({int(day) for day in text.split(",")}))
    except ValueError as error:
        raise ImproperlyConfigured(f"REMINDER_DAYS wants days like -7,-3,0, not {text!r}") from error


def closed_days(text: str) -> tuple[tuple[tuple[int, int], tuple[int, int]], ...]:
    """First and last (month, day) of each period, out of "12/29-1/3,8/15"; none out of an empty text.

    Raises ImproperlyConfigured.
    """
    found = []
    try:
        for period in filter(None, text.split(",")):
            first, _, last = period.partition("-")
            # A leap year: the 29th of February may be meant.
            ends = [dt.datetime.strptime(f"2000/{day.strip()}", "%Y/%m/%d") for day in (first, last or first)]
            found.append(tuple((day.month, day.day) for day in ends))
    except ValueError as error:
        raise ImproperlyConfigured(f"CLOSED_DAYS wants days like 12/29-1/3,8/15, not {text!r}") from error
    reminding.check_closed(found)
    return tuple(found)


VAR_DIR = Path(setting("SHUCHI_VAR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
SITE_URL = setting("SITE_URL", "http://localhost:8000").rstrip("/")
SECRET_KEY = setting("SECRET_KEY") or kept_secret(VAR_DIR / "secret_key")
DEBUG = False

_site = urlsplit(SITE_URL)
SECURE = _site.scheme == "https"
ALLOWED_HOSTS = [_site.hostname or "localhost"] + ([] if SECURE else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "members",
    "notices",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_filters",
    "django_tables2",
]

MIDDLEWARE = [
    "members.afterwards.answers_first",
    # Before all that may answer by itself: what is refused is as private as what is shown.
    "members.middleware.private_pages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "members.middleware.own_forms",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "members.middleware.traced",
    "members.middleware.CapacityMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "config.forms.FormRenderer"

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
                "config.navigation.frame",
            ],
            "builtins": ["django.templatetags.static"],
        },
    }
]

# Data ----------------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url_config(setting("DATABASE_URL", f"sqlite:///{VAR_DIR / 'shuchi.sqlite3'}"))}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # synchronous=FULL: what was acknowledged survives a power cut. IMMEDIATE: a writer waits its turn instead of
    # failing when its read has grown old. cache_size (KiB, by connection): what a search or a board reads of 10,000
    # notices stays at hand; by itself it would be 2 MB.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA cache_size=-16000;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MEDIA_ROOT = VAR_DIR / "files"
# Pictures of pages of received PDFs, made again when they are missing.
PAGE_PICTURES = VAR_DIR / "pages"
# Files that were chosen together with one that was refused, for a day.
WAITING_FILES = VAR_DIR / "waiting"
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
# The text of a packet, all files together: three letters have 8 KB, and 2 MB take the reader some seconds.
PACKET_MAX_BYTES = 2 * 1024 * 1024

# Files from outside, and what one request may bring along (above that it is refused unread).
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
REQUEST_MAX_BYTES = 100 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "members.uploads.door.Door",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
PDF_MAX_PAGES = 1000
# A picture as it is sent in: a telephone takes up to 50 million pixels.
PICTURE_MAX_PIXELS = 60_000_000
# A letter bound with its enclosures as one PDF: pages, and bytes of the PDFs that are put together.
BOUND_MAX_PAGES = 1000
BOUND_MAX_BYTES = 100 * 1024 * 1024
# How long a worker has a packet to itself that it binds, before another one tries.
BINDING_LEASE_SECONDS = 300
PDF_MAX_CHARACTERS = 3_000_000  # a thousand full pages have half of that
# What a zip archive or an Office file may hold, with everything that lies packed in it: bytes, entries, and bytes for
# each byte of the archive.
UNPACKED_MAX_BYTES = 50 * 1024 * 1024
UNPACKED_MAX_ENTRIES = 1000
UNPACKED_MAX_RATIO = 100
# What a child process may use that looks into a file, and one that writes a PDF: seconds, and bytes of address space
# (an ordinary letter takes half a gigabyte).
FILE_READING_SECONDS = 30
FILE_READING_BYTES = 1024**3
PDF_WRITING_SECONDS = 60
PDF_WRITING_BYTES = 2 * 1024**3

REDIS_URL = setting("REDIS_URL")
_redis_socket = VAR_DIR / "redis.sock"
CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{_redis_socket}"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "shuchi"
CELERY_TIMEZONE = "Asia/Tokyo"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A request never waits for a broker that is away: the sweep finds the work.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 1,
    "interval_start": 0,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
}
CELERY_TASK_PUBLISH_RETRY = False
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL or f"unix://{_redis_socket}",
    }
}

# Words and time ------------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# Mail ----------------------------------------------------------------------------------------------------------------

EMAIL_URL = setting("EMAIL_URL")
if EMAIL_URL:
    for _name, _value in env.email_url_config(EMAIL_URL).items():
        globals()[_name] = _value
    EMAIL_TIMEOUT = env.float("SENDING_TIMEOUT_SECONDS", default=20)
else:
    # Sign-in codes of the embedded site lie in var/mail; notices are rendered on the outbox page.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = setting("DEFAULT_FROM_EMAIL", f"notice@{_site.hostname or 'localhost'}")
# A mailbox with subaddressing (bounce@… also takes bounce+anything@…) to which what cannot be delivered comes back.
BOUNCE_ADDRESS = setting("BOUNCE_ADDRESS")
for _name, _address, _longest in (
    ("DEFAULT_FROM_EMAIL", DEFAULT_FROM_EMAIL, 64),
    ("BOUNCE_ADDRESS", BOUNCE_ADDRESS, 20),
):
    if _address and not re.fullmatch(rf"[^\s<>@]{{1,{_longest}}}@[^\s<>@]+", _address):
        raise ImproperlyConfigured(f"{_name} is a plain address, up to {_longest} letters before the @: {_address!r}")
# Where it comes back to: a Maildir on this machine, an IMAP mailbox (imaps://user:password@host/INBOX), or both.
BOUNCE_MAILDIR = setting("BOUNCE_MAILDIR")
BOUNCE_IMAP_URL = setting("BOUNCE_IMAP_URL")
EMAIL_USE_LOCALTIME = True

# FAX by e-mail: the gateway's address with {number} (digits) or {intl} (+81…) in it; empty: staff send FAX by hand.
FAX_GATEWAY = setting("FAX_GATEWAY")
FAX_SENDER = setting("FAX_SENDER")  # whom the gateway knows; empty: as any mail
if FAX_GATEWAY and not ("@" in FAX_GATEWAY and ("{number}" in FAX_GATEWAY or "{intl}" in FAX_GATEWAY)):
    raise ImproperlyConfigured(f"FAX_GATEWAY names no place for the number: {FAX_GATEWAY!r}")

# Times of sending. A worker that is silent for so long has lost what it claimed. Half of it is left when a message is
# handed over, which may take two time-outs.
SENDING_LEASE_SECONDS = env.int("SENDING_LEASE_SECONDS", default=120)
# What the mail server puts off is tried again after these minutes, then ever after the last of them, for three days.
SENDING_RETRY_MINUTES = tuple(env.list("SENDING_RETRY_MINUTES", cast=float, default=[1, 5, 15, 60]))
SENDING_GIVE_UP_HOURS = env.float("SENDING_GIVE_UP_HOURS", default=72)
# How long a worker leaves a mail server alone that is away.
SENDING_REST_SECONDS = env.float("SENDING_REST_SECONDS", default=60)

# Manners of sending: messages a minute in all and to one domain ("docomo.ne.jp=60,*=300"; 0: as fast as it goes), and
# the hours in which messages go out ("8:00-20:00"; empty: always).
SENDING_PER_MINUTE = env.int("SENDING_PER_MINUTE", default=0)
SENDING_DOMAIN_PER_MINUTE = env.dict("SENDING_DOMAIN_PER_MINUTE", cast={"value": int}, default={})
SENDING_HOURS = hours(setting("SENDING_HOURS"))

# 再通知: the usual plan of a release. Days from its deadline, or from the release where there is no deadline; the hour
# in Tokyo; how often a recipient is reminded of one notice at most; so many days after the last of these days chairs
# get the list of members that are left, and the office has it on 今日の仕事.
REMINDER_DAYS = days(setting("REMINDER_DAYS", "-7,-3,0,3,7"))
REMINDER_DAYS_WITHOUT_DEADLINE = days(setting("REMINDER_DAYS_WITHOUT_DEADLINE", "7,14,21"))
REMINDER_HOUR = env.int("REMINDER_HOUR", default=9)
REMINDERS_MOST = env.int("REMINDERS_MOST", default=5)
REMINDER_CHAIRS_AFTER = env.int("REMINDER_CHAIRS_AFTER", default=1)
REMINDER_STAFF_AFTER = env.int("REMINDER_STAFF_AFTER", default=4)
reminding.check_plan(
    REMINDER_DAYS,
    REMINDER_DAYS_WITHOUT_DEADLINE,
    REMINDER_HOUR,
    REMINDERS_MOST,
    REMINDER_CHAIRS_AFTER,
    REMINDER_STAFF_AFTER,
)
reminding.check_hour(REMINDER_HOUR, SENDING_HOURS)
# まとめて送る: the day of the week on which what is gathered by weeks goes out, at REMINDER_HOUR; 0 is Monday.
GATHERING_WEEKDAY = env.int("GATHERING_WEEKDAY", default=0)
if not 0 <= GATHERING_WEEKDAY <= 6:
    raise ImproperlyConfigured(f"GATHERING_WEEKDAY is from 0 (Monday) to 6, not {GATHERING_WEEKDAY}")
# Days of the year on which nobody is reminded, beside weekends and 祝日: 年末年始 and お盆. Empty: none.
CLOSED_DAYS = closed_days(env.str("CLOSED_DAYS", default="12/29-1/3,8/13-8/15"))

# 代理: for so many minutes its author may undo what was recorded for a pharmacy; later staff may.
ON_BEHALF_UNDO_MINUTES = env.int("ON_BEHALF_UNDO_MINUTES", default=30)

# Sign-in -------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "members.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "members.signin.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# A site by HTTPS stands behind a proxy, from which every request comes: limits count the address that the proxy puts
# last into X-Forwarded-For, or all pharmacies would share one limit.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE else 0
ACCOUNT_FORMS = {
    "request_login_code": "members.forms.signin.RequestCodeForm",
    "confirm_login_code": "members.forms.signin.ConfirmCodeForm",
}
# Second factors. A code of an app is taken half a minute early or late, since telephones' clocks differ.
MFA_ADAPTER = "members.accounts.factors.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
MFA_TOTP_ISSUER = "周知"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "members.forms.factors.SecondFactorForm",
    "authenticate_webauthn": "members.forms.factors.SecondPasskeyForm",
    "login_webauthn": "members.forms.factors.PasskeySigninForm",
}
# A release asks for the second factor again, unless it was shown within so many minutes.
SECOND_FACTOR_MINUTES = env.float("SECOND_FACTOR_MINUTES", default=15)

# The roster ----------------------------------------------------------------------------------------------------------

# The prefecture's number (JIS X 0401), with which its 保険薬局コード begin.
PREFECTURE_NUMBER = setting("PREFECTURE_NUMBER", "40")
# A roster's file: 62,000 pharmacies are about 8 MB of Excel.
ROSTER_MAX_BYTES = 20 * 1024 * 1024
ROSTER_UNPACKED_MAX_BYTES = 150 * 1024 * 1024

# Personal addresses --------------------------------------------------------------------------------------------------

# Days for which a personal address opens its page after the message was made.
PERSONAL_ADDRESS_DAYS = env.int("PERSONAL_ADDRESS_DAYS", default=180)

# What is kept for a time only ----------------------------------------------------------------------------------------

# Days after which IP address and user agent of an event are deleted.
TRACE_DAYS = env.int("TRACE_DAYS", default=90)
# Years after which names are deleted: of who left an office or an account, and of who confirmed.
NAMES_YEARS = env.int("NAMES_YEARS", default=5)
# Days after which the pictures of a packet's pages are removed; they are drawn again when somebody looks.
PAGE_PICTURES_DAYS = env.int("PAGE_PICTURES_DAYS", default=30)

# Letters -------------------------------------------------------------------------------------------------------------

# The series of the association's document numbers; empty: the one it uses most.
NOTICE_SERIES = setting("NOTICE_SERIES")
# To more recipients than this nobody approves what they have drafted or asked for themselves.
APPROVED_ALONE_MOST = env.int("APPROVED_ALONE_MOST", default=50)

# 地区を通して: a district that has not passed a notice on after so many days holds it up.
DISTRICT_DAYS = env.int("DISTRICT_DAYS", default=7)

# Static files --------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", BASE_DIR / "node_modules/bootstrap/dist"),
    ("tokens", BASE_DIR / "node_modules/@digital-go-jp/design-tokens/dist"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Source maps are read by developers only: they need no compressed copy, which would take most of the start.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["br", "gz", "jpg", "map", "png", "woff2"]
DJANGO_TABLES2_TEMPLATE = "django_tables2/ledger.html"

# Doors ---------------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_REFERRER_POLICY = "no-referrer"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
if SECURE:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_tokens": {"()": "config.logs.WithoutTokens"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    # It tells every form it tries, and of its own failures we tell.
    "loggers": {
        "flufl.bounce": {"level": "CRITICAL"},
        # The web server's own lines, which name addresses where it writes an access log.
        "gunicorn.access": {"handlers": ["console"], "propagate": False},
        "gunicorn.error": {"handlers": ["console"], "propagate": False},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_tokens"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
