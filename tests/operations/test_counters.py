"""Counters are exact under parallel writes, and their failures disturb nothing else."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from accounts.models import User
from operations.counters import Amount, build_observation, count, count_many
from operations.models import Tally
from tests import people
from tests.operations.metric_samples import read_value

THREADS, ROUNDS = 4, 25


def run_in_threads(work: Callable[[int], object], number: int = THREADS) -> list[object]:
    """Run `work` in parallel threads, each with its own connection; return the results."""
    start = threading.Barrier(number)

    def begin(index: int) -> object:
        try:
            start.wait()
            return work(index)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(begin, range(number)))


def create_table(_index: int) -> None:
    """Create the table of tallies."""
    with connection.schema_editor() as editor:
        editor.create_model(Tally)


def delete_tallies(_index: int) -> None:
    """Delete all tallies."""
    Tally.objects.all().delete()


def read_tallies(_index: int) -> dict[str, float]:
    """Return the tallies by name."""
    return dict(Tally.objects.values_list("name", "value"))


@pytest.fixture
def shared_database(db: None, tmp_path: Path) -> Iterator[None]:
    """A database that threads share; SQLite's in memory would not let their connections wait.

    The threads commit outside the test's transaction, so their tallies are deleted at the end.
    """
    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "sqlite":
            patch.setitem(connections.settings["default"], "NAME", tmp_path / "shared.sqlite3")
            run_in_threads(create_table, 1)
        yield
        run_in_threads(delete_tallies, 1)


@pytest.mark.django_db
@pytest.mark.usefixtures("shared_database")
def test_parallel_counts_are_added_exactly() -> None:
    both = [Amount("apples"), Amount("pears", 2)]

    def work(index: int) -> None:
        for turn in range(ROUNDS):
            count_many(both if (index + turn) % 2 else reversed(both))

    run_in_threads(work)

    assert run_in_threads(read_tallies, 1) == [
        {"apples": THREADS * ROUNDS, "pears": 2 * THREADS * ROUNDS},
    ]


@pytest.mark.django_db
def test_labels_distinguish_counters_in_any_order() -> None:
    count("drops", kind="rain", place="sea")
    count("drops", 2, place="sea", kind="rain")
    count("drops", kind="rain", place="land")

    assert dict(Tally.objects.values_list("labels", "value")) == {
        '{"kind": "rain", "place": "sea"}': 3,
        '{"kind": "rain", "place": "land"}': 1,
    }


@pytest.mark.django_db
def test_the_same_row_twice_in_one_call_is_added_twice() -> None:
    count_many([Amount("drops"), Amount("drops", 0.5)])
    assert read_tallies(0) == {"drops": 1.5}


@pytest.mark.django_db
def test_counting_nothing_takes_no_query(django_assert_num_queries: Callable[..., object]) -> None:
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        count_many([])


@pytest.mark.django_db
def test_a_count_that_fails_leaves_the_transaction_intact(caplog: pytest.LogCaptureFixture) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE operations_tally RENAME TO gone")

    with transaction.atomic():
        people.create_alice()
        count("drops")
        people.create_bob()

    assert User.objects.count() == 2
    assert "could not be increased: drops" in caplog.text


@pytest.mark.django_db
def test_a_rolled_back_count_is_not_counted() -> None:
    def fail() -> None:
        with transaction.atomic():
            count("drops")
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert read_tallies(0) == {}


@pytest.mark.django_db
def test_durations_are_counted_in_cumulative_buckets() -> None:
    for seconds in (0.01, 0.05, 0.06, 7, 1000):
        count_many(build_observation("stage_seconds", seconds, kind="edit", stage="fill"))
    count_many(build_observation("stage_seconds", 3, kind="edit", stage="open"))

    def read_bucket(bound: str) -> float | None:
        name = "vanish_stage_seconds_bucket"
        return read_value(name, kind="edit", stage="fill", le=bound)

    bounds = ("0.05", "0.1", "5.0", "10.0", "300.0", "+Inf")
    assert [read_bucket(bound) for bound in bounds] == [2, 3, 3, 4, 4, 5]
    assert read_value("vanish_stage_seconds_count", kind="edit", stage="fill") == 5
    total = read_value("vanish_stage_seconds_sum", kind="edit", stage="fill")
    assert total == pytest.approx(1007.12)
    assert read_value("vanish_stage_seconds_count", kind="edit", stage="open") == 1


@pytest.mark.django_db
def test_buckets_of_an_earlier_release_are_kept_in_order() -> None:
    labels = {"kind": "edit", "stage": "fill"}
    count_many(build_observation("stage_seconds", 0.01, **labels))
    count("stage_seconds_bucket", 1, le="0.07", **labels)

    def read_bucket(bound: str) -> float | None:
        return read_value("vanish_stage_seconds_bucket", le=bound, **labels)

    assert [read_bucket(bound) for bound in ("0.05", "0.07", "0.1", "+Inf")] == [1, 2, 2, 2]
