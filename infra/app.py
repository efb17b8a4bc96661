"""All stacks of one environment: `python -m infra.app`, which the CDK command line runs.

CDK's context must have `environment`, and `digest`, the image's, for all stacks but the registry.
"""

import sys

from aws_cdk import App, Stack, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from infra.config import ENVIRONMENTS, Config
from infra.parts.functions import add_log_groups
from infra.parts.tasks import DIGEST
from infra.stacks.data import DataStack
from infra.stacks.edge import EdgeStack
from infra.stacks.firewall import FirewallStack
from infra.stacks.mail import MailStack
from infra.stacks.network import NetworkStack
from infra.stacks.registry import RegistryStack
from infra.stacks.service import ServiceStack
from infra.stacks.watching import WatchingStack

FEATURES: dict[str, object] = {
    # Report what CloudFormation would refuse as an error, not as a warning.
    "@aws-cdk/core:validateAgainstDefaultRules": True,
    # A stack cannot delete a resource that another stack uses.
    "@aws-cdk/core:defaultCrossStackReferences": "strong",
}


def create_app(outdir: str | None = None) -> App:
    """Create an app that sends no usage data to AWS."""
    return App(outdir=outdir, analytics_reporting=False, context=FEATURES)


def build_stacks(app: App, config: Config, digest: str | None) -> dict[str, Stack]:
    """Add the stacks of an environment to the app, checked by cdk-nag. Return them by name."""
    registry = RegistryStack(app, f"{config.prefix}-registry", config=config)
    stacks: dict[str, Stack] = {"registry": registry}
    if digest:
        stacks |= _build_release(app, config, registry, digest)
    for stack in stacks.values():
        add_log_groups(stack, config)
    Tags.of(app).add("project", "vanish")
    Tags.of(app).add("environment", config.name)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return stacks


def _build_release(
    app: App, config: Config, registry: RegistryStack, digest: str
) -> dict[str, Stack]:
    def format_name(stack: str) -> str:
        return f"{config.prefix}-{stack}"

    network = NetworkStack(app, format_name("network"), config=config)
    data = DataStack(app, format_name("data"), config=config, network=network)
    mail = MailStack(app, format_name("mail"), config=config)
    firewall = FirewallStack(app, format_name("firewall"), config=config)
    edge = EdgeStack(
        app, format_name("edge"), config=config, network=network, web_acl_arn=firewall.web_acl_arn
    )
    service = ServiceStack(
        app,
        format_name("service"),
        config=config,
        network=network,
        data=data,
        edge=edge,
        repository=registry.repository,
        digest=digest,
    )
    watching = WatchingStack(
        app, format_name("watching"), config=config, data=data, edge=edge, service=service
    )
    return {
        "network": network,
        "data": data,
        "mail": mail,
        "firewall": firewall,
        "edge": edge,
        "service": service,
        "watching": watching,
    }


def main() -> None:
    """Synthesize the environment that the context names."""
    app = create_app()
    name, digest = (app.node.try_get_context(key) for key in ("environment", "digest"))
    if name not in ENVIRONMENTS:
        sys.exit(f"Say which environment: -c environment={'|'.join(ENVIRONMENTS)}, not {name!r}")
    if digest is not None and not DIGEST.fullmatch(digest):
        sys.exit(f"-c digest={digest} is not the digest of an image: sha256: and 64 hex digits")
    build_stacks(app, ENVIRONMENTS[name], digest)
    app.synth()


if __name__ == "__main__":
    main()
