"""The functions that CDK puts into a stack by itself: their lines go with it, like all others."""

from aws_cdk import CfnResource, Stack
from aws_cdk import aws_lambda as lambdas

from infra.config import Config
from infra.parts.logs import log_group


def keep_lines(stack: Stack, config: Config) -> None:
    """Give each of them a group of log lines: AWS would make one that is kept for ever."""
    for construct in stack.node.find_all():
        if isinstance(construct, CfnResource) and _is_made_by_cdk(construct):
            name = construct.node.path.rpartition("Custom::")[2].partition("CustomResource")[0]
            log = log_group(stack, f"{name}Log", config)
            construct.add_property_override("LoggingConfig.LogGroup", log.log_group_name)


def _is_made_by_cdk(resource: CfnResource) -> bool:
    is_function = resource.cfn_resource_type == lambdas.CfnFunction.CFN_RESOURCE_TYPE_NAME
    return is_function and not isinstance(resource, lambdas.CfnFunction)
