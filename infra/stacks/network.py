"""The network: who stands where, and who may reach whom."""

from typing import cast

from aws_cdk import Environment, Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.config import PORT, Config
from infra.parts.logs import log_group

HTTP, HTTPS, POSTGRES = ec2.Port.tcp(80), ec2.Port.tcp(443), ec2.Port.tcp(5432)
ADDRESSES = "10.0.0.0/16"
ENDPOINTS = {
    "Sqs": ec2.InterfaceVpcEndpointAwsService.SQS,
    "EcrApi": ec2.InterfaceVpcEndpointAwsService.ECR,
    "EcrDocker": ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER,
    "Logs": ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
    "Secrets": ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    "Rekognition": ec2.InterfaceVpcEndpointAwsService.REKOGNITION,
}
"""What tasks ask of AWS without leaving the network. S3 has a gateway, which is free."""
ZONES = {"us-east-1": ("use1-az2", "use1-az4")}
"""By their ids: letters mean other zones in each account. In use1-az3 CloudFront has no way into a
network, and some databases and endpoints are not to be had."""
S3_ADDRESSES = {"us-east-1": "pl-63a5400a"}
"""AWS's own list of S3's addresses; CloudFormation cannot look up its id."""


class NetworkStack(Stack):
    """Two zones. Only NAT has public addresses, and few may use it.

    Attributes:
        vpc: all of it.
        outward, inner: the subnets that reach the internet through NAT, and those that do not.
        load_balancer_group, web_group, workers_group, database_group: who each of them may reach.
        outward_group: the right to go out: to photos that are imported by address, and to the
            receivers of webhooks.
        rotation_group: what changes the database's passwords.
        endpoints_group: the doors to AWS's services.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: Config) -> None:
        super().__init__(scope, construct_id, env=Environment(region=config.region))
        self._config = config
        self.outward = ec2.SubnetSelection(subnet_group_name="Outward")
        self.inner = ec2.SubnetSelection(subnet_group_name="Inner")
        self.vpc = self._vpc()
        self.load_balancer_group = self._group("LoadBalancer", "The load balancer")
        self.web_group = self._group("Web", "The web server")
        self.outward_group = self._group("Outward", "Who may go out to the internet")
        self.workers_group = self._group("Workers", "Workers and the migration")
        self.rotation_group = self._group("Rotation", "What changes passwords of the database")
        self.database_group = self._group("Database", "The database")
        self.endpoints_group = self._group("Endpoints", "The doors to services of AWS")
        self._open_doors()
        self._let_in_visitors()
        self._let_out()

    def _vpc(self) -> ec2.Vpc:
        vpc = ec2.Vpc(
            self,
            "Network",
            ip_addresses=ec2.IpAddresses.cidr(ADDRESSES),
            max_azs=2,
            nat_gateways=self._config.nat_gateways,
            restrict_default_security_group=True,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name=name, subnet_type=kind, cidr_mask=mask, map_public_ip_on_launch=public
                )
                for name, kind, mask, public in (
                    ("Public", ec2.SubnetType.PUBLIC, 24, False),
                    ("Outward", ec2.SubnetType.PRIVATE_WITH_EGRESS, 20, None),
                    ("Inner", ec2.SubnetType.PRIVATE_ISOLATED, 20, None),
                )
            ],
        )
        self._place(vpc)
        log = log_group(self, "FlowLog", self._config)
        vpc.add_flow_log("Flows", destination=ec2.FlowLogDestination.to_cloud_watch_logs(log))
        return vpc

    def _place(self, vpc: ec2.Vpc) -> None:
        for group in ("Public", "Outward", "Inner"):
            subnets = vpc.select_subnets(subnet_group_name=group).subnets
            for subnet, zone in zip(subnets, ZONES[self._config.region], strict=True):
                resource = cast(ec2.CfnSubnet, subnet.node.default_child)
                resource.add_property_deletion_override("AvailabilityZone")
                resource.add_property_override("AvailabilityZoneId", zone)

    def _group(self, name: str, description: str) -> ec2.SecurityGroup:
        """Lets nobody in or out until it is told to."""
        return ec2.SecurityGroup(
            self, f"{name}Group", vpc=self.vpc, allow_all_outbound=False, description=description
        )

    def _open_doors(self) -> None:
        """To AWS's services and to the database, for each who needs them."""
        inner = self.vpc.select_subnets(subnet_group_name=self.inner.subnet_group_name).subnets
        for name, service in ENDPOINTS.items():
            self.vpc.add_interface_endpoint(
                name,
                service=service,
                subnets=ec2.SubnetSelection(subnets=inner[: self._config.endpoint_zones]),
                security_groups=[self.endpoints_group],
                open=False,
            )
        self.vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
        files = ec2.Peer.prefix_list(S3_ADDRESSES[self._config.region])
        for group in (self.web_group, self.workers_group, self.rotation_group):
            _let(group, self.endpoints_group, HTTPS, "services of AWS")
            _let(group, self.database_group, POSTGRES, "the database")
        for group in (self.web_group, self.workers_group):
            group.add_egress_rule(files, HTTPS, "S3")

    def _let_in_visitors(self) -> None:
        """By CloudFront's interface in our subnets, whose own group does not exist before it.

        No other group of ours lets anyone out to the load balancer but the web server's.
        """
        anyone_here = ec2.Peer.ipv4(ADDRESSES)
        self.load_balancer_group.add_ingress_rule(anyone_here, HTTP, "CloudFront, from within")
        _let(self.load_balancer_group, self.web_group, ec2.Port.tcp(PORT), "the web server")

    def _let_out(self) -> None:
        for port in (HTTP, HTTPS):
            self.outward_group.add_egress_rule(
                ec2.Peer.any_ipv4(), port, "photos by address, webhooks"
            )


def _let(source: ec2.SecurityGroup, target: ec2.SecurityGroup, port: ec2.Port, what: str) -> None:
    source.add_egress_rule(target, port, f"to {what}")
    target.add_ingress_rule(source, port, f"to {what}")
