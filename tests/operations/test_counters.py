"""Everybody adds to the same numbers, nothing is lost, and nothing else suffers."""

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
from tests.operations import scrape

THREADS, ROUNDS = 4, 25


def in_threads(work: Callable[[int], object], number: int = THREADS) -> list[object]:
    """`work` done at the same time by so many threads, each with a connection of its own."""
    start = threading.Barrier(number)

    def begin(index: int) -> object:
        try:
            start.wait()
            return work(index)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(begin, range(number)))


def make_table(_index: int) -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Tally)


def forget(_index: int) -> None:
    Tally.objects.all().delete()


def tallies(_index: int) -> dict[str, float]:
    return dict(Tally.objects.values_list("name", "value"))


@pytest.fixture
def shared_database(db: None, tmp_path: Path) -> Iterator[None]:
    """One that the connections of threads meet in; SQLite's in memory lets none of them wait.

    The test's own transaction is not theirs: what they count is taken away by hand.
    """
    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "sqlite":
            patch.setitem(connections.settings["default"], "NAME", tmp_path / "shared.sqlite3")
            in_threads(make_table, 1)
        yield
        in_threads(forget, 1)


@pytest.mark.django_db
@pytest.mark.usefixtures("shared_database")
def test_what_many_count_at_once_is_counted_exactly() -> None:
    both = [Amount("apples"), Amount("pears", 2)]

    def work(index: int) -> None:
        for turn in range(ROUNDS):
            count_many(both if (index + turn) % 2 else reversed(both))

    in_threads(work)

    assert in_threads(tallies, 1) == [
        {"apples": THREADS * ROUNDS, "pears": 2 * THREADS * ROUNDS},
    ]


@pytest.mark.django_db
def test_labels_are_told_apart_but_not_by_their_order() -> None:
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
    assert tallies(0) == {"drops": 1.5}


@pytest.mark.django_db
def test_nothing_to_count_asks_nothing(django_assert_num_queries: Callable[..., object]) -> None:
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        count_many([])


@pytest.mark.django_db
def test_a_count_that_fails_takes_nothing_with_it(caplog: pytest.LogCaptureFixture) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE operations_tally RENAME TO gone")

    with transaction.atomic():
        people.create_alice()
        count("drops")
        people.create_bob()

    assert User.objects.count() == 2
    assert "could not be increased: drops" in caplog.text


@pytest.mark.django_db
def test_what_is_taken_back_is_not_counted() -> None:
    def fail() -> None:
        with transaction.atomic():
            count("drops")
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert tallies(0) == {}


@pytest.mark.django_db
def test_durations_fall_into_buckets_that_include_the_smaller_ones() -> None:
    for seconds in (0.01, 0.05, 0.06, 7, 1000):
        count_many(build_observation("stage_seconds", seconds, kind="edit", stage="fill"))
    count_many(build_observation("stage_seconds", 3, kind="edit", stage="open"))

    def bucket(bound: str) -> float | None:
        name = "vanish_stage_seconds_bucket"
        return scrape.value(name, kind="edit", stage="fill", le=bound)

    bounds = ("0.05", "0.1", "5.0", "10.0", "300.0", "+Inf")
    assert [bucket(bound) for bound in bounds] == [2, 3, 3, 4, 4, 5]
    assert scrape.value("vanish_stage_seconds_count", kind="edit", stage="fill") == 5
    total = scrape.value("vanish_stage_seconds_sum", kind="edit", stage="fill")
    assert total == pytest.approx(1007.12)
    assert scrape.value("vanish_stage_seconds_count", kind="edit", stage="open") == 1


@pytest.mark.django_db
def test_buckets_of_an_earlier_release_stay_in_place() -> None:
    labels = {"kind": "edit", "stage": "fill"}
    count_many(build_observation("stage_seconds", 0.01, **labels))
    count("stage_seconds_bucket", 1, le="0.07", **labels)

    def bucket(bound: str) -> float | None:
        return scrape.value("vanish_stage_seconds_bucket", le=bound, **labels)

    assert [bucket(bound) for bound in ("0.05", "0.07", "0.1", "+Inf")] == [1, 2, 2, 2]
