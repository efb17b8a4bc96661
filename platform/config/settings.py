"""Django's settings: embedded by default, everything else by environment variables."""

from pathlib import Path

from django.utils.csp import CSP

from config.database import database
from config.env import BadSetting, Env
from config.folders import load_secret_key, require_writable
from config.logs import build_logging_settings
from config.mail import mailer
from config.scheme import SCHEME_HEADERS, build_meta_key
from config.services import LOCAL_STORAGE, build_bucket_origin, build_bucket_storage, queue_urls

ROOT = Path(__file__).resolve().parents[2]
env = Env()

ENVIRONMENT = env.read_choice("VANISH_ENVIRONMENT", "laptop", ("laptop", "production"))
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.read_flag("VANISH_DEBUG")
if DEBUG and PRODUCTION:
    raise BadSetting("VANISH_DEBUG", "must be off in production: it shows source and settings")

DATA_DIR = env.read_folder_path("VANISH_DATA_DIR", ROOT / "var") or ROOT / "var"
try:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    require_writable(DATA_DIR)
except OSError as error:
    reason = error.strerror or str(error)
    raise BadSetting("VANISH_DATA_DIR", f"{DATA_DIR}: {reason}") from None

if PRODUCTION or env.read_text("SECRET_KEY"):
    SECRET_KEY = env.require_text("SECRET_KEY", "at least 50 random characters, kept secret")
    if PRODUCTION and len(SECRET_KEY) < 50:
        raise BadSetting("SECRET_KEY", "must have at least 50 random characters")
else:
    SECRET_KEY = load_secret_key(DATA_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.read_list("SECRET_KEY_FALLBACKS")
PORT = env.read_number("PORT", 8000, low=1, high=65535)
BIND_ADDRESS = env.read_text("VANISH_BIND", "127.0.0.1")
# Any other host name could belong to another site that points to this machine.
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.read_list("VANISH_ALLOWED_HOSTS") or ([] if PRODUCTION else LOCAL_HOSTS)
if PRODUCTION and not ALLOWED_HOSTS:
    raise BadSetting("VANISH_ALLOWED_HOSTS", "must name the site's host names, comma-separated")
CSRF_TRUSTED_ORIGINS = env.read_list("VANISH_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "accounts",
    "jobs",
    "gallery",
    "inpainting",
    "operations",
    "webhooks",
    "api",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "web.static_files.StaticFiles",
    "allauth",
    "allauth.account",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "web.proxies.TrustedProxies",
    "web.requests.RequestLogMiddleware",
    "operations.probes.ProbeMiddleware",
    "api.http.trailing_slash.MissingSlashMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "web.caching.UnknownStaticFileMiddleware",
    "web.caching.PrivateCacheMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASE_SECRET = env.read_text("VANISH_DATABASE_SECRET")
DATABASE_ADMIN_SECRET = env.read_text("VANISH_DATABASE_ADMIN_SECRET")
DATABASES = {
    "default": database(
        env.read_text("DATABASE_URL"),
        secret=DATABASE_SECRET,
        sqlite_file=DATA_DIR / "db.sqlite3",
        authority=env.read_file_path("VANISH_DATABASE_CA"),
        is_tls_demanded=PRODUCTION,
    )
}
# The cache is in the database: all processes share it, and no other server is needed.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.authentication.EmailBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "photos"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# Albums are shared by e-mail address, so a user must prove to own the address.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if PRODUCTION else "optional"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
DEMO_ENABLED = not PRODUCTION
DEMO_EMAIL = "demo@vanish.example"
DEMO_PASSWORD = "make-it-vanish"  # noqa: S105  a laptop's demo account; refused in production
KNOX_TOKEN_MODEL = "accounts.Token"  # noqa: S105

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "accounts.authentication.HasScope",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    # extend_schema reads it, although ApiView has a schema of its own.
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.problems.responses.build_problem_response",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Vanish API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "DESCRIPTION": "Makes things vanish from photos. The guide is at [/docs/api.md](/docs/api.md), "
    "what has changed at [/docs/api-changes.md](/docs/api-changes.md), all at [/docs/](/docs/).",
    # Our PATCH serializers declare their optional fields themselves.
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "Role": "gallery.models.Role",
        "ShareableRole": "api.serializers.albums.SHAREABLE",
        "JobState": "jobs.models.State",
        "DeliveryState": "webhooks.models.DeliveryState",
        "WebhookEvent": "webhooks.models.Event",
        "WebhookDisabledReason": "webhooks.models.DisabledReason",
        "MaskConvention": "vision.mask_reading.CONVENTIONS",
        "TakenMaskConvention": "vision.mask_reading.TAKEN_CONVENTIONS",
    },
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.read_folder_path("VANISH_STATIC_DIR", DATA_DIR / "static") or DATA_DIR / "static"
STATICFILES_DIRS = [ROOT / "assets"]
MEDIA_ROOT = DATA_DIR / "media"
BUCKET = env.read_text("AWS_STORAGE_BUCKET_NAME")
AWS_REGION = env.read_text("AWS_REGION", env.read_text("AWS_DEFAULT_REGION", "us-east-1"))
AWS_ENDPOINT_URL = env.read_endpoint("AWS_ENDPOINT_URL", is_tls_demanded=PRODUCTION)
S3_ENDPOINT_URL = env.read_endpoint("AWS_ENDPOINT_URL_S3", is_tls_demanded=PRODUCTION)
STORAGES = {
    "default": build_bucket_storage(BUCKET, AWS_REGION, S3_ENDPOINT_URL)
    if BUCKET
    else LOCAL_STORAGE,
    "staticfiles": {"BACKEND": "web.static_files.HashedStaticFiles"},
}
UPLOAD_MAX_BYTES = env.read_number("VANISH_UPLOAD_MAX_MB", 80, low=1, high=80) * 2**20
PHOTO_MAX_MEGAPIXELS = env.read_number("VANISH_PHOTO_MAX_MEGAPIXELS", 120, low=1, high=250)
PHOTO_MAX_SIDE = env.read_number("VANISH_PHOTO_MAX_SIDE", 30_000, low=1000, high=32_000)
# Of the process that opens a photo. By default enough for the largest photo in any format.
PHOTO_MEMORY_MB = env.read_number(
    "VANISH_PHOTO_MEMORY_MB", 1024 + 16 * PHOTO_MAX_MEGAPIXELS, low=512, high=65_536
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20

# Calls of one user a minute, by their cost; each kind is counted separately.
API_CALLS_A_MINUTE = {
    "reads": env.read_number("VANISH_CALLS_READS", 6000, low=1, high=10_000_000),
    "writes": env.read_number("VANISH_CALLS_WRITES", 1200, low=1, high=10_000_000),
    "heavy": env.read_number("VANISH_CALLS_HEAVY", 600, low=1, high=10_000_000),
}
API_TOKEN_PERCENT = env.read_number("VANISH_CALLS_TOKEN_PERCENT", 50, low=1, high=100)
# The quota of a user, unless an admin sets another one.
QUOTA_STORAGE_MB = env.read_number("VANISH_QUOTA_STORAGE_MB", 102_400, low=1, high=2**31 - 1)
QUOTA_MEGAPIXELS_A_DAY = env.read_number("VANISH_QUOTA_MEGAPIXELS", 100_000, low=1, high=2**31 - 1)
QUOTA_EDITS_IN_FLIGHT = env.read_number("VANISH_QUOTA_EDITS", 1000, low=1, high=100_000)

if PRODUCTION:
    env.require_text(
        "VANISH_MAIL_URL", "smtp://USER:PASSWORD@HOST:PORT or ses://REGION, or no mail is sent"
    )
MAILERS = {"default": mailer(env.read_text("VANISH_MAIL_URL"), endpoint_url=AWS_ENDPOINT_URL)}
DEFAULT_FROM_EMAIL = env.read_text("VANISH_MAIL_FROM", "vanish@localhost")

# With a bucket, browsers load pictures from it and upload to it.
FILE_ORIGINS = [build_bucket_origin(BUCKET, AWS_REGION, S3_ENDPOINT_URL)] if BUCKET else []
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "blob:", "data:", *FILE_ORIGINS],
    "connect-src": [CSP.SELF, *FILE_ORIGINS],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
TRUSTED_PROXIES = env.read_networks("VANISH_TRUSTED_PROXIES")
SCHEME_HEADER = env.read_choice("VANISH_PROXY_SCHEME_HEADER", SCHEME_HEADERS[0], SCHEME_HEADERS)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = (build_meta_key(SCHEME_HEADER), "https")

INPAINTER = env.read_choice("INPAINTER", "auto", ("auto", "hifill", "patchmatch", "migan", "lama"))
DETECTOR = env.read_choice("DETECTOR", "local", ("local", "rekognition"))
MODEL_DIR = env.read_folder_path("VANISH_MODEL_DIR", DATA_DIR / "models") or DATA_DIR / "models"
MODEL_MIRROR = env.read_folder_path("VANISH_MODEL_MIRROR", None)
EXAMPLES_DIR = DATA_DIR / "examples"
EXAMPLES_MIRROR = env.read_folder_path("VANISH_EXAMPLE_MIRROR", None)
EXAMPLES_EXTRA = env.read_folder_path("VANISH_EXAMPLES", None)

CELERY_BROKER_URL = env.read_url(
    "CELERY_BROKER_URL", "filesystem://localhost/", schemes=("filesystem", "sqs")
)
QUEUE_DIR = DATA_DIR / "queue"
QUEUE_URLS = queue_urls(
    {
        "edits": env.read_text("VANISH_EDITS_QUEUE_URL"),
        "detection": env.read_text("VANISH_DETECTION_QUEUE_URL"),
        "housekeeping": env.read_text("VANISH_HOUSEKEEPING_QUEUE_URL"),
    },
    is_needed=CELERY_BROKER_URL.startswith("sqs"),
    is_tls_demanded=PRODUCTION,
)
LEASE_SECONDS = env.read_number("VANISH_LEASE_SECONDS", 30, low=5, high=3600)
LONGEST_JOB_SECONDS = env.read_number("VANISH_LONGEST_JOB_SECONDS", 900, low=30, high=7200)
SWEEP_SECONDS = env.read_number("VANISH_SWEEP_SECONDS", 10, low=1, high=600)
# Amazon ECS kills a task at most 120 s after SIGTERM.
STOP_SECONDS = env.read_number("VANISH_STOP_SECONDS", 20, low=1, high=110)
# In each web process.
WEB_THREADS = 8
CHILD_MEMORY_MB = env.read_number("VANISH_CHILD_MEMORY_MB", 2048, low=256, high=65536)
CHILD_JOBS = env.read_number("VANISH_CHILD_JOBS", 200, low=1, high=100_000)

METRICS_TOKEN = env.read_text("VANISH_METRICS_TOKEN")
if PRODUCTION and METRICS_TOKEN and len(METRICS_TOKEN) < 20:
    raise BadSetting("VANISH_METRICS_TOKEN", "must have at least 20 random characters")
TRACES_ENDPOINT = env.read_text("OTEL_EXPORTER_OTLP_ENDPOINT")
LOG_LEVEL = env.read_choice("VANISH_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOG_FORMAT = env.read_choice(
    "VANISH_LOG_FORMAT", "json" if PRODUCTION else "plain", ("plain", "json")
)
LOGGING = build_logging_settings(LOG_LEVEL, LOG_FORMAT)
