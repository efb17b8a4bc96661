"""The platform's settings with bare views, and with the number of queries in each response."""

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE as OURS

ROOT_URLCONF = "benchmarks.api.site"
MIDDLEWARE = ["benchmarks.api.site.QueryCountMiddleware", *OURS]
