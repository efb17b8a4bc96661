"""The platform's settings, with bare views beside the API, and every answer's queries counted."""

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE as OURS

ROOT_URLCONF = "benchmarks.api.site"
MIDDLEWARE = ["benchmarks.api.site.QueriesCounted", *OURS]
