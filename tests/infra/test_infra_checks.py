"""cdk-nag and cfn-lint find nothing in the templates that is not accepted."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aws_cdk import Acknowledgment
from constructs import IConstruct

from infra.app import build_stacks, create_app
from infra.config import ENVIRONMENTS, Config
from infra.parts import findings as parts_findings
from tests.infra.assembly import Assembly
from tests.infra.conftest import DIGEST

IGNORED_CHECKS = {
    "W3005": "CDK writes all dependencies, also those that a reference implies.",
    "W3691": "Only the major version of PostgreSQL is named: RDS chooses the newest minor one.",
}
"""Checks of cfn-lint that do not apply, each with its reason."""


@dataclass
class Accepted:
    """A fake of CDK's Validations: records what is acknowledged, and acknowledges nothing."""

    rules: set[tuple[str, str]] = field(default_factory=set)
    reasons: dict[tuple[str, str], str] = field(default_factory=dict)
    _path: str = ""

    def of(self, construct: IConstruct) -> "Accepted":
        self._path = construct.node.path
        return self

    def acknowledge(self, *acknowledgments: Acknowledgment) -> None:
        for each in acknowledgments:
            self.rules.add((each.id, self._path))
            self.reasons[each.id, self._path] = each.reason


@dataclass(frozen=True)
class Findings:
    """All findings of cdk-nag in an environment, (rule, path), and those that are accepted."""

    found: frozenset[tuple[str, str]]
    accepted: Accepted


@pytest.fixture(scope="session")
def find_in_environment(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Findings]:
    """A function that returns the findings of an environment, computed once."""
    results: dict[str, Findings] = {}

    def find(name: str) -> Findings:
        if name not in results:
            results[name] = _find(name, tmp_path_factory.mktemp(f"unaccepted-{name}"))
        return results[name]

    return find


def _find(name: str, folder: Path) -> Findings:
    acceptances = Accepted()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts_findings, "Validations", acceptances)
        app = create_app(str(folder))
        build_stacks(app, ENVIRONMENTS[name], DIGEST)
        with pytest.raises(RuntimeError, match="ValidationFailed"):
            app.synth()
    return Findings(frozenset(_read_findings(folder)), acceptances)


def _read_findings(folder: Path) -> Iterator[tuple[str, str]]:
    report = json.loads((folder / "validation-report.json").read_text())
    for plugin in report["pluginReports"]:
        for violation in plugin["violations"]:
            for place in violation["violatingConstructs"]:
                yield violation["ruleName"], place["constructPath"]


@pytest.fixture
def findings(
    config: Config,
    find_in_environment: Callable[[str], Findings],
    synthesized: Callable[[str], Assembly],  # for its marker: all slow tests run in one process
) -> Findings:
    """All findings of the environment, accepted or not."""
    return find_in_environment(config.name)


def _covers(path: str, place: str) -> bool:
    return f"{place}/".startswith(f"{path}/")


def test_cdk_nag_finds_nothing_that_is_not_accepted(findings: Findings) -> None:
    not_accepted = {
        (rule, place)
        for rule, place in findings.found
        if not any(rule == each and _covers(path, place) for each, path in findings.accepted.rules)
    }
    assert findings.found
    assert not_accepted == set()


def test_nothing_is_accepted_that_is_not_found(findings: Findings) -> None:
    unused = {
        (rule, path)
        for rule, path in findings.accepted.rules
        if not any(rule == found and _covers(path, place) for found, place in findings.found)
    }
    assert unused == set()


def test_nothing_is_accepted_for_a_whole_stack(findings: Findings) -> None:
    assert [path for _, path in findings.accepted.rules if "/" not in path] == []


def test_each_acceptance_has_a_reason(findings: Findings) -> None:
    for rule, reason in findings.accepted.reasons.items():
        assert len(reason.split()) >= 4, rule
        assert reason[0].isupper() or reason.startswith("ecr:"), rule
        assert reason.endswith("."), rule


def test_cfn_lint_reports_nothing(assembly: Assembly, tmp_path: Path) -> None:
    for name, template in assembly.templates.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(template))
    result = subprocess.run(
        [
            str(Path(sys.executable).with_name("cfn-lint")),
            *("--regions", "us-east-1"),
            *("--ignore-checks", *IGNORED_CHECKS),
            *("--format", "parseable"),
            *("--template", *sorted(str(path) for path in tmp_path.glob("*.json"))),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)


def test_cfn_lint_reports_a_wrong_property(tmp_path: Path) -> None:
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketNam": "photos"}}
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps({"Resources": {"Files": bucket}}))
    result = subprocess.run(
        [str(Path(sys.executable).with_name("cfn-lint")), str(wrong)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode
    assert "BucketNam" in result.stdout
