"""What becomes of things that hold data."""

from aws_cdk import RemovalPolicy

from infra.config import Config


def removal_of(config: Config) -> RemovalPolicy:
    """Kept where the environment keeps its data, unless the very deployment that made it failed.

    Without that, what a first deployment left behind would bar the next one by its name.
    """
    return RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if config.keeps_data else RemovalPolicy.DESTROY
