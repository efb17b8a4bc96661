"""What only PostgreSQL shows: driver, row locks, query plans and migrations."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.stand_ins import postgres

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(__file__).with_name("on_postgres")


def run_script(script: str, postgres_url: str, folder: Path) -> Any:
    """Run a script of `on_postgres` on a new database; return the JSON that it prints."""
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
    result = subprocess.run(
        [sys.executable, str(SCRIPTS / f"{script}.py")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    return json.loads(result.stdout.splitlines()[-1])


def test_django_uses_psycopg2(postgres_url: str, tmp_path: Path) -> None:
    output = run_script("driver", postgres_url, tmp_path)

    assert output["driver"] == "psycopg2"
    assert output["version"] >= 150000


def test_a_locked_edit_is_skipped_and_every_edit_is_claimed_once(
    postgres_url: str, tmp_path: Path
) -> None:
    output = run_script("claims", postgres_url, tmp_path)

    assert output["first"] != output["locked"]
    assert len(output["claimed"]) == output["edits"] - 1
    assert len(set(output["claimed"])) == len(output["claimed"])
    assert output["first"] in output["claimed"]


def test_among_ten_thousand_edits_an_index_finds_the_next(
    postgres_url: str, tmp_path: Path
) -> None:
    output = run_script("queue_turns", postgres_url, tmp_path)

    assert output["place"] == 2
    assert output["taken"] == ["alice@people.example", "bob@people.example"]
    assert (output["turn_of_alice"], output["turn_of_bob"]) == (10_001, 2)
    assert "edits_by_turn" in output["next"]["indexes"]
    assert not output["next"]["sorts"]
    assert output["next"]["most_rows"] == 1
    assert "edits_by_turn" in output["place_plan"]["indexes"]
    assert output["place_plan"]["most_rows"] <= 2


def test_no_list_reads_a_whole_table(postgres_url: str, tmp_path: Path) -> None:
    assert run_script("plans", postgres_url, tmp_path) == {}


def test_every_migration_is_compatible_with_the_release_before(
    postgres_url: str, tmp_path: Path
) -> None:
    output = run_script("migrations", postgres_url, tmp_path)

    assert output["linted"] >= 4
    assert output["unsafe"] == 0


def test_every_delivery_is_claimed_once_by_parallel_workers(
    postgres_url: str, tmp_path: Path
) -> None:
    output = run_script("deliveries", postgres_url, tmp_path)

    assert len(output["claimed"]) == output["deliveries"]
    assert len(set(output["claimed"])) == output["deliveries"]


def test_of_parallel_changes_with_the_same_entity_tag_one_succeeds(
    postgres_url: str, tmp_path: Path
) -> None:
    output = run_script("preconditions", postgres_url, tmp_path)

    for changes in (output["photo"], output["album"]):
        assert changes["statuses"] == [200] + 7 * [412]
        assert changes["name"].startswith("by ")


def test_parallel_requests_cancellations_and_edits_do_not_deadlock(
    postgres_url: str, tmp_path: Path
) -> None:
    output = run_script("locks", postgres_url, tmp_path)

    assert set(output["statuses"]) <= {202, 409}
    assert output["errors"] == []
    assert output["succeeded"]
    assert output["cancelled"]
    assert output["pixels"] == output["pixels_of_started"]
