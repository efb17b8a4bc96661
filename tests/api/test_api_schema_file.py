"""docs/openapi.yaml is what the code says now: who changes the API sees it in the diff."""

from pathlib import Path

from django.core.management import call_command

KEPT = Path(__file__).resolve().parents[2] / "docs/openapi.yaml"


def test_the_checked_in_schema_is_the_codes_own(tmp_path: Path) -> None:
    fresh = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(fresh))
    is_same = fresh.read_text() == KEPT.read_text()
    assert is_same, "`make schema`, look at what changed, and say so in docs/api-changes.md"
