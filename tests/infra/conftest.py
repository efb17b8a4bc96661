"""Templates of both environments, synthesized once a test run."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

# infra sets the Node of CDK, so it must be imported before CDK.
from infra.config import ENVIRONMENTS, Config
from tests.infra.assembly import Assembly

DIGEST = f"sha256:{'0123456789abcdef' * 4}"
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run all tests of templates in one process, because it takes long to synthesize them."""
    for item in items:
        reads = "synthesized" in getattr(item, "fixturenames", ())
        # With two groups on one test, the tests of a module would run in two processes.
        if item.path.is_relative_to(HERE) and reads and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group("infra"))


@pytest.fixture(scope="session")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Assembly]:
    """A function that returns the templates of an environment, synthesized once."""
    from infra.app import build_stacks, create_app

    assemblies: dict[str, Assembly] = {}

    def synthesize(name: str) -> Assembly:
        if name not in assemblies:
            folder = tmp_path_factory.mktemp(name)
            app = create_app(str(folder))
            stacks = build_stacks(app, ENVIRONMENTS[name], DIGEST)
            app.synth()
            assemblies[name] = Assembly(
                {
                    short: json.loads((folder / stack.template_file).read_text())
                    for short, stack in stacks.items()
                }
            )
        return assemblies[name]

    return synthesize


@pytest.fixture(params=list(ENVIRONMENTS))
def config(request: pytest.FixtureRequest) -> Config:
    """Each environment in turn."""
    return ENVIRONMENTS[request.param]


@pytest.fixture
def assembly(config: Config, synthesized: Callable[[str], Assembly]) -> Assembly:
    """The environment's templates."""
    return synthesized(config.name)
