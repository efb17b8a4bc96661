"""All stacks of one environment: `python -m infra.app`, which the CDK command line runs.

Its context: `environment`, and `digest` of the image for all stacks but the registry's.
"""

import sys

from aws_cdk import App, Stack, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from infra.config import ENVIRONMENTS, Config
from infra.parts.functions import keep_lines
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
    # What CloudFormation would refuse is an error here, not a warning.
    "@aws-cdk/core:validateAgainstDefaultRules": True,
    # A stack that another one needs cannot lose what that one uses.
    "@aws-cdk/core:defaultCrossStackReferences": "strong",
}


def new_app(outdir: str | None = None) -> App:
    """An app that tells nobody of itself."""
    return App(outdir=outdir, analytics_reporting=False, context=FEATURES)


def build(app: App, config: Config, digest: str | None) -> dict[str, Stack]:
    """Put an environment's stacks into the app, checked by cdk-nag; by their names."""
    registry = RegistryStack(app, f"{config.prefix}-registry", config=config)
    stacks: dict[str, Stack] = {"registry": registry}
    if digest:
        stacks |= _release(app, config, registry, digest)
    for stack in stacks.values():
        keep_lines(stack, config)
    Tags.of(app).add("project", "vanish")
    Tags.of(app).add("environment", config.name)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return stacks


def _release(app: App, config: Config, registry: RegistryStack, digest: str) -> dict[str, Stack]:
    def name(stack: str) -> str:
        return f"{config.prefix}-{stack}"

    network = NetworkStack(app, name("network"), config=config)
    data = DataStack(app, name("data"), config=config, network=network)
    mail = MailStack(app, name("mail"), config=config)
    firewall = FirewallStack(app, name("firewall"), config=config)
    edge = EdgeStack(
        app, name("edge"), config=config, network=network, web_acl_arn=firewall.web_acl_arn
    )
    service = ServiceStack(
        app,
        name("service"),
        config=config,
        network=network,
        data=data,
        edge=edge,
        repository=registry.repository,
        digest=digest,
    )
    watching = WatchingStack(
        app, name("watching"), config=config, data=data, edge=edge, service=service
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
    """Synthesize what the context asks for."""
    app = new_app()
    name, digest = (app.node.try_get_context(key) for key in ("environment", "digest"))
    if name not in ENVIRONMENTS:
        sys.exit(f"Say which environment: -c environment={'|'.join(ENVIRONMENTS)}, not {name!r}")
    if digest is not None and not DIGEST.fullmatch(digest):
        sys.exit(f"-c digest={digest} is not the digest of an image: sha256: and 64 hex digits")
    build(app, ENVIRONMENTS[name], digest)
    app.synth()


if __name__ == "__main__":
    main()
