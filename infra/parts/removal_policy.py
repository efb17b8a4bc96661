"""CDK's removal policy for resources that hold data."""

from aws_cdk import RemovalPolicy

from infra.config import Config


def choose_removal_policy(config: Config) -> RemovalPolicy:
    """Return the policy: retain data in prod, except where the deployment that created it failed.

    Otherwise the resources of a failed first deployment would block the next one by their names.
    """
    return RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if config.keeps_data else RemovalPolicy.DESTROY
