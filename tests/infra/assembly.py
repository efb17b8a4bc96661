"""Synthesized templates, read as CloudFormation reads them, across stacks."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Resource = dict[str, Any]
WORKERS = ("edits", "detection", "housekeeping")
COMMANDS = ("web", *(f"worker-{queue}" for queue in WORKERS), "migrate")


@dataclass(frozen=True)
class Right:
    """One action on one resource that a role is allowed."""

    action: str
    resource: str


@dataclass(frozen=True)
class Assembly:
    """All templates of one environment, by their stacks' names without the prefix."""

    templates: Mapping[str, dict[str, Any]]

    def find_resources(self, stack: str, kind: str) -> dict[str, Resource]:
        """Return the stack's resources of a type by logical id."""
        resources = self.templates[stack].get("Resources", {})
        return {name: found for name, found in resources.items() if found["Type"] == kind}

    def find_only(self, stack: str, kind: str) -> dict[str, Any]:
        """Return the properties of the stack's only resource of a type."""
        (found,) = self.find_resources(stack, kind).values()
        properties: dict[str, Any] = found["Properties"]
        return properties

    def find_everywhere(self, kind: str) -> Iterator[tuple[str, Resource]]:
        """Yield the resources of a type in all stacks, with `stack/logical id`."""
        for stack in self.templates:
            for name, found in self.find_resources(stack, kind).items():
                yield f"{stack}/{name}", found

    def to_text(self, value: Any) -> str:
        """Return a value as text, with imports replaced by the exported values."""
        if isinstance(value, str):
            return value
        match value:
            case {"Fn::ImportValue": name}:
                return self.to_text(self._collect_exports()[name])
            case {"Fn::Join": [glue, parts]}:
                return str(glue).join(self.to_text(part) for part in parts)
            case {"Ref": name}:
                return f"<{name}>"
            case {"Fn::GetAtt": [name, attribute]}:
                return f"<{name}>" if attribute == "Arn" else f"<{name}.{attribute}>"
        return json.dumps(value)

    def find_task(self, command: str) -> dict[str, Any]:
        """Return the properties of the task definition that runs `command`."""
        for definition in self.find_resources("service", "AWS::ECS::TaskDefinition").values():
            properties: dict[str, Any] = definition["Properties"]
            if properties["ContainerDefinitions"][0]["Command"] == [command]:
                return properties
        raise KeyError(command)

    def find_container(self, command: str) -> dict[str, Any]:
        """Return the only container of a command's task."""
        (container,) = self.find_task(command)["ContainerDefinitions"]
        return dict(container)

    def read_variable(self, command: str, name: str) -> str:
        """Return a variable of the container's environment as text."""
        variables = {
            each["Name"]: each["Value"] for each in self.find_container(command)["Environment"]
        }
        return self.to_text(variables[name])

    def read_queue(self, name: str) -> str:
        """Return a queue as it appears in texts of `to_text`."""
        return self.read_variable("web", f"VANISH_{name.upper()}_QUEUE_URL")

    def find_service(self, command: str) -> Resource:
        """Return the service that runs the command's tasks."""
        (definition,) = (
            name
            for name, found in self.find_resources("service", "AWS::ECS::TaskDefinition").items()
            if found["Properties"]["ContainerDefinitions"][0]["Command"] == [command]
        )
        (service,) = (
            found
            for found in self.find_resources("service", "AWS::ECS::Service").values()
            if found["Properties"]["TaskDefinition"] == {"Ref": definition}
        )
        return service

    def collect_rights(self, role: Any) -> set[Right]:
        """Return what all policies of the service stack allow a role, named by a GetAtt."""
        name = role["Fn::GetAtt"][0]
        return {
            Right(action, self.to_text(resource))
            for policy in self.find_resources("service", "AWS::IAM::Policy").values()
            if {"Ref": name} in policy["Properties"]["Roles"]
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]
            for action in to_list(statement["Action"])
            for resource in to_list(statement["Resource"])
        }

    def _collect_exports(self) -> dict[str, Any]:
        return {
            output["Export"]["Name"]: output["Value"]
            for template in self.templates.values()
            for output in template.get("Outputs", {}).values()
            if "Export" in output
        }


def to_list(value: Any) -> list[Any]:
    """Return a list: CDK writes a list of one as its only element."""
    return value if isinstance(value, list) else [value]
