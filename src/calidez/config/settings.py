"""All settings, read once from environment variables (listed and checked in `config.checks`)."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO

from calidez.config import environment
from calidez.config.languages import discover

ENV = environment.read()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = ENV.data_dir
DATASETS_DIR = DATA_DIR / "datasets"
UPLOADS_DIR = DATA_DIR / "uploads"
KEEP_FILES_DAYS = ENV.keep_files_days
REJECTS_DIR = DATA_DIR / "rejects"
FILES_DIR = DATA_DIR / "files"
RUNS_DIR = DATA_DIR / "runs"
RUNNING_DIR = DATA_DIR / "running"  # who works here just now, and what they counted: worth nothing tomorrow
BACKUP_DIR = ENV.backup_dir
BACKUP_KEEP = ENV.backup_keep
BACKUP_RECIPIENTS = ENV.backup_recipients
BACKUP_IDENTITY_FILE = ENV.backup_identity_file
UPLOAD_LIMIT_BYTES = ENV.upload_limit_mb * 1024 * 1024
API_REQUESTS_PER_MINUTE = ENV.api_limit
FILE_LIMIT_BYTES = ENV.file_limit_mb * 1024 * 1024

SECRET_KEY = ENV.secret_key
AUDIT_KEY = ENV.audit_key
# In tests the trail is rolled back, and a head that nobody takes back would contradict it.
TRAIL_HEAD = None if ENV.testing else DATA_DIR / "trail.head"
TRAIL_HEADS = ENV.trail_heads
DEBUG = ENV.debug
ALLOWED_HOSTS = ENV.allowed_hosts
CSRF_TRUSTED_ORIGINS = ENV.trusted_origins

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "calidez.kit",
    "calidez.people",
    "calidez.documents",
    "calidez.policy",
    "calidez.standards",
    "calidez.monitoring",
    "calidez.objectives",
    "calidez.charter",
    "calidez.samples",
    "calidez.backups",
    *ENV.parts,
]
PARTS_BESIDE = ENV.parts

if ENV.testing:  # a kind of record with rows of its own, for kit's tests alone
    INSTALLED_APPS.append("calidez.kit.tests.ledger.apps.LedgerConfig")

MIDDLEWARE = [
    "calidez.config.operating.requests.RequestMiddleware",
    "calidez.config.operating.probes.ProbeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "calidez.config.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "calidez.kit.faces.middleware.AddressMiddleware",
    "calidez.kit.faces.middleware.NullMiddleware",
    "calidez.kit.faces.middleware.FollowMiddleware",
    "calidez.config.welcome.middleware.WelcomeMiddleware",
    "calidez.people.middleware.SessionLimitMiddleware",
    "calidez.people.middleware.PersonLanguageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "calidez.kit.desk.drafts.middleware.DraftMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "calidez.people.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "calidez.kit.faces.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
    "calidez.kit.platform.failures.PanicMiddleware",
]

ROOT_URLCONF = "calidez.config.urls"
WSGI_APPLICATION = "calidez.config.wsgi.application"

_COTTON_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", _COTTON_LOADERS)]
            if not DEBUG
            else _COTTON_LOADERS,
            "builtins": ["django_cotton.templatetags.cotton"],
            "libraries": {"frame": "calidez.config.frame_tags"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "calidez.kit.desk.shell.context",
            ],
        },
    }
]
COTTON_DIR = "cotton"

DATABASES = {"default": ENV.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
UNIT_MODEL = "people.Unit"  # kit knows that records belong to a tree of units, not what they are
AUTHENTICATION_BACKENDS = [
    "calidez.people.lockout.Door",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "calidez.people.passwords.NoWordOfTheLists"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

# allauth does the second factor and the sign-in of the organisation's own identity provider; the pages are ours.
ACCOUNT_ADAPTER = "calidez.people.adapters.Accounts"
SOCIALACCOUNT_ADAPTER = "calidez.people.adapters.IdentityProvider"
MFA_ADAPTER = "calidez.people.adapters.SecondFactors"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # clocks of telephones differ
MFA_RECOVERY_CODE_COUNT = 10
SECOND_FACTOR_FOR_ALL = ENV.second_factor == "all"
PASSWORD_SIGN_IN = ENV.password_sign_in
OIDC_NAME = ENV.oidc.name if ENV.oidc else ""
OIDC_NEW_PEOPLE_ROLE = ENV.oidc.new_people_role if ENV.oidc else ""
# A link, because the policy `form-action` would stop a form that is redirected to the provider.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": ENV.oidc.apps() if ENV.oidc else []}
}

# Limits are by account and address together: a whole office may sit behind one address.
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# The form's and the signals' word; by default the limiter looks for the model's own ("email") and counts nobody.
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "calidez.people.lockout.account_of"
AXES_WHITELIST_CALLABLE = "calidez.people.lockout.is_known_browser"
AXES_CLIENT_IP_CALLABLE = "calidez.people.lockout.network_of"
BEHIND_PROXY = ENV.behind_proxy
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS: list[str] = []

LANGUAGE_CODE = ENV.language
LANGUAGES = [(code, LANG_INFO[code]["name_local"].capitalize()) for code in discover() if code in LANG_INFO]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = ENV.time_zone
TIME_ZONE_GIVEN = ENV.time_zone_given  # then the operator decides, not the choice of the first run
# How often a process looks whether another changed a preference; tests look when they say so.
PREFERENCES_LOOKED_AT_EVERY = None if ENV.testing else 5
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
_STATIC_STORAGE = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG or ENV.testing
    else "calidez.config.bundles.BundledStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC_STORAGE},
}
MEDIA_ROOT = UPLOADS_DIR
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = str(DATA_DIR / "tmp")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000

PASSWORD_RESET_TIMEOUT = 60 * 60
SESSION_ENGINE = "calidez.people.services.session_store"
SESSION_COOKIE_AGE = ENV.session_hours * 60 * 60  # the longest, however busy
SESSION_IDLE_LIMIT = ENV.session_idle_minutes * 60
SESSION_NOTED_EVERY = min(300, SESSION_IDLE_LIMIT // 10)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "calidez.kit.faces.pages.drafts.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.https
SECURE_SSL_REDIRECT = ENV.https
SECURE_HSTS_SECONDS = 31536000 if ENV.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENV.https
SECURE_HSTS_PRELOAD = ENV.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.behind_proxy else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        # A PDF of a document stands inside its page; every other page still refuses to stand in one.
        "frame-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# How long the number of what waits for somebody holds after others did something. What the person did, or was told of,
# makes it be counted at once; the worker counts ahead of this for those whose pages are open.
INBOX_COUNT_SECONDS = 180

# Links in mails and calendars: what runs without a request does not know by which name people reach the site.
SITE_ADDRESS = ENV.address
SITE_ADDRESS_GIVEN = ENV.address_given  # else links made in a request lead back by the name by which it came
BY_PROXY = ENV.behind_proxy or ENV.https
WEBHOOK_PRIVATE = ENV.webhook_private
WEBHOOK_ALLOW = ENV.webhook_allow
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.mail_from
MAIL_SERVER = "EMAIL_HOST" in ENV.mail  # else mails lie in a folder
globals().update(ENV.mail)

ACCESS_LOG = ENV.access_log
METRICS_TOKEN = ENV.metrics_token
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "calidez.kit.platform.log_lines.formatter"}},
    "filters": {
        "reference": {"()": "calidez.kit.platform.failures.NameReference"},
        "paths": {"()": "calidez.config.operating.told_paths.MaskedPaths"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["paths"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "calidez": {"level": "INFO"},
        "axes": {"level": "ERROR"},
        # What was refused stands in the line of its request.
        "django.request": {"filters": ["reference"], "level": "ERROR" if ACCESS_LOG else "WARNING"},
    },
}
