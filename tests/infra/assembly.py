"""Reads synthesized templates as CloudFormation does, across stacks."""

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
    """All templates of one environment, by what their stacks are called after the prefix."""

    templates: Mapping[str, dict[str, Any]]

    def of_type(self, stack: str, kind: str) -> dict[str, Resource]:
        """The stack's resources of a type, by their logical ids."""
        resources = self.templates[stack].get("Resources", {})
        return {name: found for name, found in resources.items() if found["Type"] == kind}

    def only(self, stack: str, kind: str) -> dict[str, Any]:
        """The properties of the one resource of its type."""
        (found,) = self.of_type(stack, kind).values()
        properties: dict[str, Any] = found["Properties"]
        return properties

    def everywhere(self, kind: str) -> Iterator[tuple[str, Resource]]:
        """Every stack's resources of a type, with where they stand."""
        for stack in self.templates:
            for name, found in self.of_type(stack, kind).items():
                yield f"{stack}/{name}", found

    def plain(self, value: Any) -> str:
        """A value as text, in which what another stack exports is what it exports there."""
        if isinstance(value, str):
            return value
        match value:
            case {"Fn::ImportValue": name}:
                return self.plain(self._exports()[name])
            case {"Fn::Join": [glue, parts]}:
                return str(glue).join(self.plain(part) for part in parts)
            case {"Ref": name}:
                return f"<{name}>"
            case {"Fn::GetAtt": [name, attribute]}:
                return f"<{name}>" if attribute == "Arn" else f"<{name}.{attribute}>"
        return json.dumps(value)

    def task(self, command: str) -> dict[str, Any]:
        """The properties of the task definition that runs `command`."""
        for definition in self.of_type("service", "AWS::ECS::TaskDefinition").values():
            properties: dict[str, Any] = definition["Properties"]
            if properties["ContainerDefinitions"][0]["Command"] == [command]:
                return properties
        raise KeyError(command)

    def container(self, command: str) -> dict[str, Any]:
        """Its one container."""
        (container,) = self.task(command)["ContainerDefinitions"]
        return dict(container)

    def variable(self, command: str, name: str) -> str:
        """A variable of the container's environment."""
        variables = {each["Name"]: each["Value"] for each in self.container(command)["Environment"]}
        return self.plain(variables[name])

    def queue(self, name: str) -> str:
        """What a queue is called in `plain` texts."""
        return self.variable("web", f"VANISH_{name.upper()}_QUEUE_URL")

    def service(self, command: str) -> Resource:
        """The service that runs the command's tasks."""
        (definition,) = (
            name
            for name, found in self.of_type("service", "AWS::ECS::TaskDefinition").items()
            if found["Properties"]["ContainerDefinitions"][0]["Command"] == [command]
        )
        (service,) = (
            found
            for found in self.of_type("service", "AWS::ECS::Service").values()
            if found["Properties"]["TaskDefinition"] == {"Ref": definition}
        )
        return service

    def rights(self, role: Any) -> set[Right]:
        """What all policies of the service's stack allow the role of an ARN like a GetAtt."""
        name = role["Fn::GetAtt"][0]
        return {
            Right(action, self.plain(resource))
            for policy in self.of_type("service", "AWS::IAM::Policy").values()
            if {"Ref": name} in policy["Properties"]["Roles"]
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]
            for action in listed(statement["Action"])
            for resource in listed(statement["Resource"])
        }

    def _exports(self) -> dict[str, Any]:
        return {
            output["Export"]["Name"]: output["Value"]
            for template in self.templates.values()
            for output in template.get("Outputs", {}).values()
            if "Export" in output
        }


def listed(value: Any) -> list[Any]:
    """CDK writes a list of one as its one element."""
    return value if isinstance(value, list) else [value]
