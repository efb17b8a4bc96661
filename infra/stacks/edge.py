"""The way in: CloudFront, and behind it a load balancer that no public address leads to."""

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, Duration, Environment, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as balancing
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.config import PORT, Config, Domain
from infra.parts.accepted import accept
from infra.parts.removal import removal_of

if TYPE_CHECKING:
    from infra.stacks.network import NetworkStack

ANSWER_SECONDS = 60
"""The longest that CloudFront, the load balancer and the web server wait for an answer."""
KEPT_SECONDS = 30
"""CloudFront closes an idle connection before the load balancer does, and is never surprised."""
ERRORS = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
"""All whose answers CloudFront would keep, for everybody, unless it is told not to."""
NOT_LOGGED = "AwsSolutions-S1"


class EdgeStack(Stack):
    """What stands between visitors and the web server.

    Attributes:
        load_balancer, listener, target_group: within the network.
        distribution: where visitors arrive.
        host_name: the site's name: one's own, or CloudFront's.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: Config,
        network: "NetworkStack",
        web_acl_arn: str,
    ) -> None:
        super().__init__(scope, construct_id, env=Environment(region=config.region))
        self._config = config
        self._logs = self._log_bucket()
        self.load_balancer = self._load_balancer(network)
        self.target_group = self._target_group(network)
        self.listener = self.load_balancer.add_listener(
            "Http",
            port=80,
            protocol=balancing.ApplicationProtocol.HTTP,
            open=False,
            default_target_groups=[self.target_group],
        )
        self._origin = origins.VpcOrigin.with_application_load_balancer(
            self.load_balancer,
            http_port=80,
            protocol_policy=cloudfront.OriginProtocolPolicy.HTTP_ONLY,
            read_timeout=Duration.seconds(ANSWER_SECONDS),
            keepalive_timeout=Duration.seconds(KEPT_SECONDS),
        )
        zone = self._zone(config.domain) if config.domain else None
        self.distribution = self._distribution(web_acl_arn, zone)
        self.host_name = self.distribution.distribution_domain_name
        if config.domain and zone:
            self.host_name = config.domain.name
            self._name(config.domain, zone)
        # Also under a name of one's own: services must not lose what they use before they let go.
        self.export_value(self.distribution.distribution_domain_name)
        CfnOutput(self, "Address", value=f"https://{self.host_name}")

    def _log_bucket(self) -> s3.Bucket:
        """Who asked for what, as load balancer and CloudFront write it."""
        keeps = self._config.keeps_data
        bucket = s3.Bucket(
            self,
            "Logs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            # CloudFront's writer comes by an access list.
            object_ownership=s3.ObjectOwnership.OBJECT_WRITER,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(self._config.log_days))],
            removal_policy=removal_of(self._config),
            auto_delete_objects=not keeps,
        )
        accept(bucket, "It holds the access logs; its own would tell of itself.", NOT_LOGGED)
        return bucket

    def _load_balancer(self, network: "NetworkStack") -> balancing.ApplicationLoadBalancer:
        """Plain http: CloudFront reaches it within AWS's network, over an interface in ours."""
        balancer = balancing.ApplicationLoadBalancer(
            self,
            "LoadBalancer",
            vpc=network.vpc,
            vpc_subnets=network.inner,
            internet_facing=False,
            # By its id alone: its rules are written in the network's stack.
            security_group=ec2.SecurityGroup.from_security_group_id(
                self, "Group", network.load_balancer_group.security_group_id, mutable=False
            ),
            idle_timeout=Duration.seconds(ANSWER_SECONDS),
            drop_invalid_header_fields=True,
            deletion_protection=self._config.keeps_data,
        )
        balancer.log_access_logs(self._logs, prefix="load-balancer")
        return balancer

    def _target_group(self, network: "NetworkStack") -> balancing.ApplicationTargetGroup:
        return balancing.ApplicationTargetGroup(
            self,
            "Web",
            vpc=network.vpc,
            port=PORT,
            protocol=balancing.ApplicationProtocol.HTTP,
            target_type=balancing.TargetType.IP,
            deregistration_delay=Duration.seconds(30),
            health_check=balancing.HealthCheck(
                path="/livez",
                healthy_http_codes="200",
                interval=Duration.seconds(10),
                timeout=Duration.seconds(5),
                healthy_threshold_count=2,
                unhealthy_threshold_count=3,
            ),
        )

    def _distribution(
        self, web_acl_arn: str, zone: route53.IHostedZone | None
    ) -> cloudfront.Distribution:
        """Nothing is kept but static files, whose names change with their content."""
        domain = self._config.domain
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=self._config.prefix,
            default_behavior=self._behavior_of_pages(),
            additional_behaviors={"/static/*": self._behavior_of_static_files()},
            error_responses=[
                cloudfront.ErrorResponse(http_status=status, ttl=Duration.seconds(0))
                for status in ERRORS
            ],
            domain_names=[domain.name] if domain else None,
            certificate=self._certificate(domain, zone) if domain and zone else None,
            minimum_protocol_version=(
                cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021 if domain else None
            ),
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=cloudfront.PriceClass.PRICE_CLASS_100,
            web_acl_id=web_acl_arn,
            log_bucket=self._logs,
            log_file_prefix="cloudfront/",
        )
        accept(distribution, "The site is for people everywhere.", "AwsSolutions-CFR1")
        if not domain:
            accept(
                distribution,
                "Under CloudFront's own name its certificate decides; one's own name has TLS 1.2.",
                "AwsSolutions-CFR4",
            )
        return distribution

    def _behavior_of_pages(self) -> cloudfront.BehaviorOptions:
        """All that visitors send reaches the web server, and nothing is kept."""
        return cloudfront.BehaviorOptions(
            origin=self._origin,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_AND_CLOUDFRONT_2022,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        )

    def _behavior_of_static_files(self) -> cloudfront.BehaviorOptions:
        """What is kept for everybody must not be answered by who asks: no cookie goes along."""
        policy = cloudfront.OriginRequestPolicy(
            self,
            "WithoutCookies",
            header_behavior=cloudfront.OriginRequestHeaderBehavior.allow_list(
                "Host", "CloudFront-Forwarded-Proto"
            ),
            cookie_behavior=cloudfront.OriginRequestCookieBehavior.none(),
            query_string_behavior=cloudfront.OriginRequestQueryStringBehavior.none(),
        )
        return cloudfront.BehaviorOptions(
            origin=self._origin,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD,
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            origin_request_policy=policy,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        )

    def _zone(self, domain: Domain) -> route53.IHostedZone:
        return route53.HostedZone.from_hosted_zone_attributes(
            self, "Zone", hosted_zone_id=domain.zone_id, zone_name=domain.zone_name
        )

    def _certificate(self, domain: Domain, zone: route53.IHostedZone) -> acm.Certificate:
        return acm.Certificate(
            self,
            "Certificate",
            domain_name=domain.name,
            validation=acm.CertificateValidation.from_dns(zone),
        )

    def _name(self, domain: Domain, zone: route53.IHostedZone) -> None:
        """Over IPv4 and IPv6."""
        target = route53.RecordTarget.from_alias(targets.CloudFrontTarget(self.distribution))
        for kind, record in (("A", route53.ARecord), ("Aaaa", route53.AaaaRecord)):
            record(self, f"Alias{kind}", zone=zone, record_name=domain.name, target=target)
