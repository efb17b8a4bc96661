"""Which database the tests run on, and that the main flows run on PostgreSQL as well."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
ON_POSTGRES = (
    "tests/accounts",
    "tests/gallery/test_albums.py",
    "tests/gallery/test_photos.py",
    "tests/gallery/test_revisions.py",
    "tests/inpainting",
    "tests/project/test_database.py::test_the_database_is_the_one_that_is_set",
)


def psycopg2_is_used() -> bool:
    """Which of the two drivers Django took: it prefers psycopg 3 where that is installed too."""
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    return not is_psycopg3


@pytest.mark.django_db
def test_the_database_is_the_one_that_is_set() -> None:
    with connection.cursor() as cursor:
        if os.environ.get("DATABASE_URL"):
            cursor.execute("SHOW server_version_num")
            assert int(cursor.fetchone()[0]) >= 150000
            assert psycopg2_is_used()
        else:
            cursor.execute("PRAGMA journal_mode")
            assert connection.vendor == "sqlite"


@pytest.mark.postgres
def test_services_and_queue_also_run_on_postgresql(postgres_url: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *ON_POSTGRES],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": postgres_url, "VANISH_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )

    assert done.returncode == 0, done.stdout[-6000:]
    assert " passed" in done.stdout
