"""The migration as an ECS task: the two handlers of a CloudFormation custom resource.

CloudFormation starts no service before the migration has succeeded. See CDK's provider framework:
https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html
"""

from typing import Any

ID = "migration"
"""Never changes: with another id CloudFormation would delete the earlier resource."""


class MigrationFailed(Exception):
    """A migration that failed; CloudFormation shows the message."""


def on_event(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Start the task. Do nothing when the stack is deleted. Raises MigrationFailed."""
    if event["RequestType"] == "Delete":
        return {"PhysicalResourceId": ID}
    properties = event["ResourceProperties"]
    response = _create_client().run_task(
        cluster=properties["Cluster"],
        taskDefinition=properties["TaskDefinition"],
        launchType="FARGATE",
        count=1,
        clientToken=event[
            "RequestId"
        ],  # CloudFormation may repeat the call; two tasks must not run
        networkConfiguration={
            "awsvpcConfiguration": {
                "subnets": properties["Subnets"],
                "securityGroups": properties["SecurityGroups"],
                "assignPublicIp": "DISABLED",
            }
        },
    )
    if not response["tasks"]:
        reasons = ", ".join(failure.get("reason", "?") for failure in response["failures"])
        raise MigrationFailed(f"The migration could not be started: {reasons}")
    return {"PhysicalResourceId": ID, "Data": {"Task": response["tasks"][0]["taskArn"]}}


def is_complete(event: dict[str, Any], _context: object) -> dict[str, bool]:
    """Return whether the task has ended. Raises MigrationFailed where it failed."""
    if event["RequestType"] == "Delete":
        return {"IsComplete": True}
    properties, task = event["ResourceProperties"], event["Data"]["Task"]
    found = _create_client().describe_tasks(cluster=properties["Cluster"], tasks=[task])["tasks"]
    # ECS may not list the task yet when it has just started.
    if not found or found[0]["lastStatus"] != "STOPPED":
        return {"IsComplete": False}
    # AWS may have added containers of its own to the task.
    codes = [
        container.get("exitCode")
        for container in found[0]["containers"]
        if container["name"] == properties["Container"]
    ]
    if codes != [0]:
        reason = found[0].get("stoppedReason", "no reason given")
        raise MigrationFailed(
            f"The migration ended with {codes}: {reason}. "
            f"Its log: {properties['LogGroup']}, "
            f"stream {properties['LogStreams']}/{task.rpartition('/')[2]}"
        )
    return {"IsComplete": True}


def _create_client() -> Any:
    """Return the client of ECS."""
    import boto3

    return boto3.client("ecs")
