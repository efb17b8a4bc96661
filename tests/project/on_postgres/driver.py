"""Print which driver Django uses and the version of the server."""

import json

import django
from django.db import connection

django.setup()

from django.db.backends.postgresql.psycopg_any import is_psycopg3  # noqa: E402

with connection.cursor() as cursor:
    cursor.execute("SHOW server_version_num")
    version = int(cursor.fetchone()[0])
print(json.dumps({"driver": "psycopg3" if is_psycopg3 else "psycopg2", "version": version}))  # noqa: T201
