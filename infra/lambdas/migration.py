"""Runs the migration as an ECS task and waits for it: the two halves of a custom resource.

CloudFormation starts no service before it has ended well. See CDK's provider framework:
https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html
"""

from typing import Any

ID = "migration"
"""Always the same: another one would make CloudFormation delete the one before."""


class MigrationFailed(Exception):
    """Its text is what CloudFormation shows."""


def on_event(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Start the task; there is nothing to take back when the stack is deleted."""
    if event["RequestType"] == "Delete":
        return {"PhysicalResourceId": ID}
    told = event["ResourceProperties"]
    answer = _ecs().run_task(
        cluster=told["Cluster"],
        taskDefinition=told["TaskDefinition"],
        launchType="FARGATE",
        count=1,
        clientToken=event["RequestId"],  # CloudFormation may ask twice; two at once must not run
        networkConfiguration={
            "awsvpcConfiguration": {
                "subnets": told["Subnets"],
                "securityGroups": told["SecurityGroups"],
                "assignPublicIp": "DISABLED",
            }
        },
    )
    if not answer["tasks"]:
        reasons = ", ".join(failure.get("reason", "?") for failure in answer["failures"])
        raise MigrationFailed(f"The migration could not be started: {reasons}")
    return {"PhysicalResourceId": ID, "Data": {"Task": answer["tasks"][0]["taskArn"]}}


def is_complete(event: dict[str, Any], _context: object) -> dict[str, bool]:
    """Whether the task has ended. Raises MigrationFailed where it has not ended well."""
    if event["RequestType"] == "Delete":
        return {"IsComplete": True}
    told, task = event["ResourceProperties"], event["Data"]["Task"]
    found = _ecs().describe_tasks(cluster=told["Cluster"], tasks=[task])["tasks"]
    # ECS may not show yet what it has just started.
    if not found or found[0]["lastStatus"] != "STOPPED":
        return {"IsComplete": False}
    # AWS may have put containers of its own beside ours.
    codes = [
        container.get("exitCode")
        for container in found[0]["containers"]
        if container["name"] == told["Container"]
    ]
    if codes != [0]:
        reason = found[0].get("stoppedReason", "no reason is told")
        raise MigrationFailed(
            f"The migration ended with {codes}: {reason}. "
            f"Its log: {told['LogGroup']}, stream {told['LogStreams']}/{task.rpartition('/')[2]}"
        )
    return {"IsComplete": True}


def _ecs() -> Any:
    """Imported where it is used, as everywhere here."""
    import boto3

    return boto3.client("ecs")
