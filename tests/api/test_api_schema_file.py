"""docs/openapi.yaml matches the code, so that every change of the API shows in the diff."""

from pathlib import Path

from django.core.management import call_command

CHECKED_IN = Path(__file__).resolve().parents[2] / "docs/openapi.yaml"


def test_the_checked_in_schema_matches_the_code(tmp_path: Path) -> None:
    fresh = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(fresh))
    is_same = fresh.read_text() == CHECKED_IN.read_text()
    assert is_same, "run `make schema`, review the diff and describe it in docs/api-changes.md"
