"""A `moto_server` that can create our stacks.

moto fails where a template refers to a type of resource that it does not support; and it runs the
function of a custom resource in Docker, which is not available, and waits for it for ever. Here
both count as created, but only their names exist. The log says which types they are.
"""

import sys
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.custom_model import CustomModel
from moto.core.common_models import CloudFormationModel
from moto.ec2.models.route_tables import RouteTable
from moto.elbv2.models import FakeTargetGroup
from moto.rds.models import DBParameterGroup
from moto.server import main

find_known_model = parsing.resource_class_from_type
delete_resources = parsing.ResourceMap.delete


class Unknown(CloudFormationModel):
    """A resource that only has a name and any attribute."""

    def __init__(self, name: str) -> None:
        self.physical_resource_id = name

    @classmethod
    def has_cfn_attr(cls, _attribute: str) -> bool:
        return True

    def get_cfn_attribute(self, attribute: str) -> str:
        return f"{self.physical_resource_id}.{attribute}"

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> "Unknown":
        # Policies refer to some of them, and moto checks that these names are ARNs.
        service = cloudformation_json["Type"].split("::")[1].lower()
        return cls(f"arn:aws:{service}:{region_name}:{account_id}:{resource_name}")

    @classmethod
    def delete_from_cloudformation_json(cls, *_: Any, **__: Any) -> None:
        pass


def find_model(resource_type: str) -> type[CloudFormationModel] | None:
    """Return moto's model of a type, or `Unknown`."""
    if resource_type in parsing.NULL_MODELS:
        return None
    model = find_known_model(resource_type)
    return Unknown if model in (None, CustomModel) else model


def _get_full_name(group: FakeTargetGroup, _attribute: str) -> str:
    """Return a target group's full name, the attribute that our templates read; moto lacks it."""
    return str(group.arn).rpartition(":")[2]


def _delete(resources: parsing.ResourceMap) -> None:
    """Delete resources but keep their names: moto would create them again to look these up."""
    names = dict(resources._parsed_resources)
    delete_resources(resources)
    resources._parsed_resources = names


def _delete_table(table: RouteTable, *_: Any) -> None:
    """Delete a route table with its associations, which would block its network's deletion."""
    table._associations.clear()
    table.ec2_backend.delete_route_table(table.id)


CHANGES = (
    (parsing, "resource_class_from_type", find_model),
    (parsing.ResourceMap, "delete", _delete),
    (RouteTable, "delete", _delete_table),
    (FakeTargetGroup, "get_cfn_attribute", _get_full_name),
    # Where a template refers to the group, moto uses the group itself as its name.
    (DBParameterGroup, "physical_resource_id", DBParameterGroup.resource_id),
)


def serve() -> None:
    """Run the server with the arguments of this process."""
    for owner, name, replacement in CHANGES:
        setattr(owner, name, replacement)
    main(sys.argv[1:])
