"""Log groups for the functions that CDK adds to a stack by itself."""

from aws_cdk import CfnResource, Stack
from aws_cdk import aws_lambda as lambdas

from infra.config import Config
from infra.parts.logs import add_log_group


def add_log_groups(stack: Stack, config: Config) -> None:
    """Add a log group for each of CDK's functions: AWS would create one that never expires."""
    for construct in stack.node.find_all():
        if isinstance(construct, CfnResource) and _is_made_by_cdk(construct):
            name = construct.node.path.rpartition("Custom::")[2].partition("CustomResource")[0]
            log = add_log_group(stack, f"{name}Log", config)
            construct.add_property_override("LoggingConfig.LogGroup", log.log_group_name)


def _is_made_by_cdk(resource: CfnResource) -> bool:
    is_function = resource.cfn_resource_type == lambdas.CfnFunction.CFN_RESOURCE_TYPE_NAME
    return is_function and not isinstance(resource, lambdas.CfnFunction)
