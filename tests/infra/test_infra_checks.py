"""What the checkers say of the templates, and that they are listened to."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aws_cdk import Acknowledgment
from constructs import IConstruct

from infra.app import build, new_app
from infra.config import ENVIRONMENTS, Config
from infra.parts import accepted
from tests.infra.assembly import Assembly
from tests.infra.conftest import DIGEST

NOT_HEARD = {
    "W3005": "CDK writes down all dependencies, also those that a reference tells already.",
    "W3691": "Only the major version of PostgreSQL is named: RDS takes its newest minor one.",
}
"""Warnings of cfn-lint that are none, each with its reason."""


@dataclass
class Accepted:
    """Stands for CDK's Validations: notes what is acknowledged, and acknowledges nothing."""

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
class Looked:
    """All that cdk-nag finds in an environment, (rule, path), and what of it was accepted."""

    found: frozenset[tuple[str, str]]
    accepted: Accepted


@pytest.fixture(scope="session")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Looked]:
    """Findings of an environment in which nothing was accepted."""
    known: dict[str, Looked] = {}

    def of(name: str) -> Looked:
        if name not in known:
            known[name] = _look(name, tmp_path_factory.mktemp(f"unaccepted-{name}"))
        return known[name]

    return of


def _look(name: str, folder: Path) -> Looked:
    noted = Accepted()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accepted, "Validations", noted)
        app = new_app(str(folder))
        build(app, ENVIRONMENTS[name], DIGEST)
        with pytest.raises(RuntimeError, match="ValidationFailed"):
            app.synth()
    return Looked(frozenset(_findings(folder)), noted)


def _findings(folder: Path) -> Iterator[tuple[str, str]]:
    report = json.loads((folder / "validation-report.json").read_text())
    for plugin in report["pluginReports"]:
        for violation in plugin["violations"]:
            for place in violation["violatingConstructs"]:
                yield violation["ruleName"], place["constructPath"]


@pytest.fixture
def looked(
    config: Config,
    looked_at: Callable[[str], Looked],
    synthesized: Callable[[str], Assembly],  # its marker: all that is slow stands in one process
) -> Looked:
    """What is found in the environment, accepted or not."""
    return looked_at(config.name)


def _covers(path: str, place: str) -> bool:
    return f"{place}/".startswith(f"{path}/")


def test_cdk_nag_finds_nothing_that_is_not_accepted_where_it_stands(looked: Looked) -> None:
    unheard = {
        (rule, place)
        for rule, place in looked.found
        if not any(rule == each and _covers(path, place) for each, path in looked.accepted.rules)
    }
    assert looked.found
    assert unheard == set()


def test_nothing_is_accepted_that_is_not_found(looked: Looked) -> None:
    idle = {
        (rule, path)
        for rule, path in looked.accepted.rules
        if not any(rule == found and _covers(path, place) for found, place in looked.found)
    }
    assert idle == set()


def test_nothing_is_accepted_for_a_whole_stack(looked: Looked) -> None:
    assert [path for _, path in looked.accepted.rules if "/" not in path] == []


def test_each_acceptance_has_a_reason_that_can_be_judged(looked: Looked) -> None:
    for rule, reason in looked.accepted.reasons.items():
        assert len(reason.split()) >= 4, rule
        assert reason[0].isupper() or reason.startswith("ecr:"), rule
        assert reason.endswith("."), rule


def test_cfn_lint_says_nothing(assembly: Assembly, tmp_path: Path) -> None:
    for name, template in assembly.templates.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(template))
    said = subprocess.run(
        [
            str(Path(sys.executable).with_name("cfn-lint")),
            *("--regions", "us-east-1"),
            *("--ignore-checks", *NOT_HEARD),
            *("--format", "parseable"),
            *("--template", *sorted(str(path) for path in tmp_path.glob("*.json"))),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.stdout, said.stderr, said.returncode) == ("", "", 0)


def test_cfn_lint_is_listened_to(tmp_path: Path) -> None:
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketNam": "photos"}}
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps({"Resources": {"Files": bucket}}))
    said = subprocess.run(
        [str(Path(sys.executable).with_name("cfn-lint")), str(wrong)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode
    assert "BucketNam" in said.stdout
