"""Templates of both environments, synthesized once a test run."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

# With infra comes which Node CDK runs on: before all of CDK.
from infra.config import ENVIRONMENTS, Config
from tests.infra.assembly import Assembly

DIGEST = f"sha256:{'0123456789abcdef' * 4}"
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever reads templates does so in the process that has synthesized them."""
    for item in items:
        reads = "synthesized" in getattr(item, "fixturenames", ())
        # Two groups would make a third, and a module's tests would run in two processes.
        if item.path.is_relative_to(HERE) and reads and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group("infra"))


@pytest.fixture(scope="session")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Assembly]:
    """Each environment's templates; tests in random order ask for them in turn."""
    from infra.app import build, new_app

    known: dict[str, Assembly] = {}

    def of(name: str) -> Assembly:
        if name not in known:
            folder = tmp_path_factory.mktemp(name)
            app = new_app(str(folder))
            stacks = build(app, ENVIRONMENTS[name], DIGEST)
            app.synth()
            known[name] = Assembly(
                {
                    short: json.loads((folder / stack.template_file).read_text())
                    for short, stack in stacks.items()
                }
            )
        return known[name]

    return of


@pytest.fixture(params=list(ENVIRONMENTS))
def config(request: pytest.FixtureRequest) -> Config:
    """Both environments, one after the other."""
    return ENVIRONMENTS[request.param]


@pytest.fixture
def assembly(config: Config, synthesized: Callable[[str], Assembly]) -> Assembly:
    """The environment's templates."""
    return synthesized(config.name)
