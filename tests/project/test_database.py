"""PostgreSQL: which driver speaks to it, how rows are claimed there, what lists cost there."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.stand_ins import postgres

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(__file__).with_name("on_postgres")


def told(script: str, postgres_url: str, folder: Path) -> Any:
    """What a script of ours prints as JSON, on an empty database of its own."""
    environment = os.environ | {
        "DATABASE_URL": postgres.create_database(postgres_url),
        "AWS_STORAGE_BUCKET_NAME": "",
        "CELERY_BROKER_URL": "",
        "VANISH_DATA_DIR": str(folder),
        "PYTHONPATH": os.pathsep.join(str(ROOT / part) for part in ("", "platform", "apps")),
        "PYTHONSAFEPATH": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VANISH_LOG_LEVEL": "WARNING",
    }
    done = subprocess.run(
        [sys.executable, str(SCRIPTS / f"{script}.py")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_psycopg2_speaks_to_it_though_django_would_prefer_another(
    postgres_url: str, tmp_path: Path
) -> None:
    found = told("driver", postgres_url, tmp_path)

    assert found["driver"] == "psycopg2"
    assert found["version"] >= 150000


def test_a_locked_row_is_stepped_over_and_every_row_is_claimed_once(
    postgres_url: str, tmp_path: Path
) -> None:
    found = told("claims", postgres_url, tmp_path)

    assert found["first"] != found["locked"]
    assert len(found["claimed"]) == found["edits"] - 1
    assert len(set(found["claimed"])) == len(found["claimed"])
    assert found["first"] in found["claimed"]


def test_among_ten_thousand_edits_an_index_tells_whose_is_next(
    postgres_url: str, tmp_path: Path
) -> None:
    found = told("fairness", postgres_url, tmp_path)

    assert found["place"] == 2
    assert found["taken"] == ["alice@people.example", "bob@people.example"]
    assert (found["turn_of_alice"], found["turn_of_bob"]) == (10_001, 2)
    assert "edits_by_turn" in found["next"]["indexes"]
    assert not found["next"]["sorts"]
    assert found["next"]["most_rows"] == 1
    assert "edits_by_turn" in found["place_plan"]["indexes"]
    assert found["place_plan"]["most_rows"] <= 2


def test_no_list_reads_a_whole_table(postgres_url: str, tmp_path: Path) -> None:
    assert told("plans", postgres_url, tmp_path) == {}


def test_every_migration_can_run_beside_the_release_before_it(
    postgres_url: str, tmp_path: Path
) -> None:
    found = told("migrations", postgres_url, tmp_path)

    assert found["linted"] >= 4
    assert found["unsafe"] == 0


def test_every_delivery_is_claimed_once_by_however_many_workers(
    postgres_url: str, tmp_path: Path
) -> None:
    found = told("deliveries", postgres_url, tmp_path)

    assert len(found["claimed"]) == found["deliveries"]
    assert len(set(found["claimed"])) == found["deliveries"]


def test_of_many_changes_on_one_condition_one_is_made(postgres_url: str, tmp_path: Path) -> None:
    found = told("conditions", postgres_url, tmp_path)

    for made in (found["photo"], found["album"]):
        assert made["statuses"] == [200] + 7 * [412]
        assert made["name"].startswith("by ")


def test_who_asks_for_edits_stops_and_does_them_never_waits_for_ever(
    postgres_url: str, tmp_path: Path
) -> None:
    found = told("locks", postgres_url, tmp_path)

    assert set(found["statuses"]) <= {202, 409}
    assert found["errors"] == []
    assert found["succeeded"]
    assert found["cancelled"]
    assert found["pixels"] == found["pixels_of_started"]
