"""A `moto_server` in which our stacks can be made.

moto does not know every kind of resource, and fails where a template refers to one that it does
not know; it runs a custom resource's function in Docker, which is not here, and waits for it for
ever. Here both count as made: nothing is there but their names. Its log says which kinds they are.
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

known = parsing.resource_class_from_type
delete = parsing.ResourceMap.delete


class Unknown(CloudFormationModel):
    """Has a name and all attributes that it is asked for, and does nothing."""

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
        # Policies name some of them, and moto looks whether those names are ARNs.
        service = cloudformation_json["Type"].split("::")[1].lower()
        return cls(f"arn:aws:{service}:{region_name}:{account_id}:{resource_name}")

    @classmethod
    def delete_from_cloudformation_json(cls, *_: Any, **__: Any) -> None:
        pass


def kind_of(resource_type: str) -> type[CloudFormationModel] | None:
    """Whatever moto makes of it, or a name alone."""
    if resource_type in parsing.NULL_MODELS:
        return None
    found = known(resource_type)
    return Unknown if found in (None, CustomModel) else found


def _full_name(group: FakeTargetGroup, _attribute: str) -> str:
    """The one attribute that our templates ask of a target group, which moto has none of."""
    return str(group.arn).rpartition(":")[2]


def _delete(resources: parsing.ResourceMap) -> None:
    """Deletes them, and still knows their names: moto makes them anew to look these up."""
    names = dict(resources._parsed_resources)
    delete(resources)
    resources._parsed_resources = names


def _delete_table(table: RouteTable, *_: Any) -> None:
    """Without it, no network goes that has one."""
    table._associations.clear()
    table.ec2_backend.delete_route_table(table.id)


CHANGES = (
    (parsing, "resource_class_from_type", kind_of),
    (parsing.ResourceMap, "delete", _delete),
    (RouteTable, "delete", _delete_table),
    (FakeTargetGroup, "get_cfn_attribute", _full_name),
    # moto takes the group itself for its name where a template refers to it.
    (DBParameterGroup, "physical_resource_id", DBParameterGroup.resource_id),
)


def serve() -> None:
    """Be that server, by the arguments of this process."""
    for owner, name, ours in CHANGES:
        setattr(owner, name, ours)
    main(sys.argv[1:])
