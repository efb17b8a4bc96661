"""The network: subnets, endpoints, and which group may connect to which."""

from typing import cast

from aws_cdk import Environment, Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.config import PORT, Config
from infra.parts.logs import add_log_group

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
"""Services that tasks reach without leaving the network. S3 has a gateway, which is free."""
ZONES = {"us-east-1": ("use1-az2", "use1-az4")}
"""By their ids, because their letters differ between accounts. In use1-az3 CloudFront cannot reach
a network, and some databases and endpoints are not available."""
S3_ADDRESSES = {"us-east-1": "pl-63a5400a"}
"""The id of AWS's prefix list of S3, which CloudFormation cannot look up."""


class NetworkStack(Stack):
    """A network in two zones. Only NAT has public addresses, and few tasks may use it.

    Attributes:
        vpc: the whole network.
        outward, inner: the subnets that reach the internet through NAT, and those that do not.
        load_balancer_group, web_group, workers_group, database_group: security groups.
        outward_group: for connections to the internet: imports by address, and webhooks.
        rotation_group: for the functions that change the database's passwords.
        endpoints_group: for the endpoints of AWS's services.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: Config) -> None:
        super().__init__(scope, construct_id, env=Environment(region=config.region))
        self._config = config
        self.outward = ec2.SubnetSelection(subnet_group_name="Outward")
        self.inner = ec2.SubnetSelection(subnet_group_name="Inner")
        self.vpc = self._add_vpc()
        self.load_balancer_group = self._add_group("LoadBalancer", "The load balancer")
        self.web_group = self._add_group("Web", "The web server")
        self.outward_group = self._add_group("Outward", "Who may go out to the internet")
        self.workers_group = self._add_group("Workers", "Workers and the migration")
        self.rotation_group = self._add_group("Rotation", "What changes passwords of the database")
        self.database_group = self._add_group("Database", "The database")
        self.endpoints_group = self._add_group("Endpoints", "The doors to services of AWS")
        self._add_endpoints()
        self._allow_visitors()
        self._allow_outbound()

    def _add_vpc(self) -> ec2.Vpc:
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
        self._set_zones(vpc)
        log = add_log_group(self, "FlowLog", self._config)
        vpc.add_flow_log("Flows", destination=ec2.FlowLogDestination.to_cloud_watch_logs(log))
        return vpc

    def _set_zones(self, vpc: ec2.Vpc) -> None:
        for group in ("Public", "Outward", "Inner"):
            subnets = vpc.select_subnets(subnet_group_name=group).subnets
            for subnet, zone in zip(subnets, ZONES[self._config.region], strict=True):
                resource = cast(ec2.CfnSubnet, subnet.node.default_child)
                resource.add_property_deletion_override("AvailabilityZone")
                resource.add_property_override("AvailabilityZoneId", zone)

    def _add_group(self, name: str, description: str) -> ec2.SecurityGroup:
        """Add a security group that allows nothing yet."""
        return ec2.SecurityGroup(
            self, f"{name}Group", vpc=self.vpc, allow_all_outbound=False, description=description
        )

    def _add_endpoints(self) -> None:
        """Add endpoints, and allow connections to them and to the database."""
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
            _allow_traffic(group, self.endpoints_group, HTTPS, "services of AWS")
            _allow_traffic(group, self.database_group, POSTGRES, "the database")
        for group in (self.web_group, self.workers_group):
            group.add_egress_rule(files, HTTPS, "S3")

    def _allow_visitors(self) -> None:
        """Allow CloudFront's interface in our subnets to connect to the load balancer.

        Its security group does not exist beforehand, so the whole network is allowed. Of our
        own groups only the outward one, which allows all addresses, could connect to it.
        """
        anyone_here = ec2.Peer.ipv4(ADDRESSES)
        self.load_balancer_group.add_ingress_rule(anyone_here, HTTP, "CloudFront, from within")
        _allow_traffic(
            self.load_balancer_group, self.web_group, ec2.Port.tcp(PORT), "the web server"
        )

    def _allow_outbound(self) -> None:
        for port in (HTTP, HTTPS):
            self.outward_group.add_egress_rule(
                ec2.Peer.any_ipv4(), port, "photos by address, webhooks"
            )


def _allow_traffic(
    source: ec2.SecurityGroup, target: ec2.SecurityGroup, port: ec2.Port, what: str
) -> None:
    source.add_egress_rule(target, port, f"to {what}")
    target.add_ingress_rule(source, port, f"to {what}")
