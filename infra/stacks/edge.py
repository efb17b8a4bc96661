"""The entrance: CloudFront, and behind it a load balancer without a public address."""

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
from infra.parts.findings import accept
from infra.parts.removal_policy import choose_removal_policy

if TYPE_CHECKING:
    from infra.stacks.network import NetworkStack

ANSWER_SECONDS = 60
"""The longest that CloudFront, the load balancer and the web server wait for an answer."""
KEEPALIVE_SECONDS = 30
"""CloudFront must close an idle connection earlier than the load balancer does."""
ERRORS = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
"""Statuses whose responses CloudFront caches by default, for all visitors."""
NOT_LOGGED = "AwsSolutions-S1"


class EdgeStack(Stack):
    """CloudFront and the load balancer, between visitors and the web server.

    Attributes:
        load_balancer, listener, target_group: inside the network.
        distribution: CloudFront's, which visitors connect to.
        host_name: the site's custom domain, or CloudFront's name.
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
        self._logs = self._add_log_bucket()
        self.load_balancer = self._add_load_balancer(network)
        self.target_group = self._add_target_group(network)
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
            keepalive_timeout=Duration.seconds(KEEPALIVE_SECONDS),
        )
        zone = self._find_zone(config.domain) if config.domain else None
        self.distribution = self._add_distribution(web_acl_arn, zone)
        self.host_name = self.distribution.distribution_domain_name
        if config.domain and zone:
            self.host_name = config.domain.name
            self._add_records(config.domain, zone)
        # Exported with a custom domain too: services that use it must be updated before it goes.
        self.export_value(self.distribution.distribution_domain_name)
        CfnOutput(self, "Address", value=f"https://{self.host_name}")

    def _add_log_bucket(self) -> s3.Bucket:
        """Add the bucket for the access logs of load balancer and CloudFront."""
        keeps = self._config.keeps_data
        bucket = s3.Bucket(
            self,
            "Logs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            # CloudFront writes its logs by an access control list.
            object_ownership=s3.ObjectOwnership.OBJECT_WRITER,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(self._config.log_days))],
            removal_policy=choose_removal_policy(self._config),
            auto_delete_objects=not keeps,
        )
        accept(
            bucket,
            "It holds the access logs; its own logs would only record themselves.",
            NOT_LOGGED,
        )
        return bucket

    def _add_load_balancer(self, network: "NetworkStack") -> balancing.ApplicationLoadBalancer:
        """Add the load balancer, with plain HTTP: CloudFront reaches it inside the network."""
        balancer = balancing.ApplicationLoadBalancer(
            self,
            "LoadBalancer",
            vpc=network.vpc,
            vpc_subnets=network.inner,
            internet_facing=False,
            # Only by its id: the network's stack holds its rules.
            security_group=ec2.SecurityGroup.from_security_group_id(
                self, "Group", network.load_balancer_group.security_group_id, mutable=False
            ),
            idle_timeout=Duration.seconds(ANSWER_SECONDS),
            drop_invalid_header_fields=True,
            deletion_protection=self._config.keeps_data,
        )
        balancer.log_access_logs(self._logs, prefix="load-balancer")
        return balancer

    def _add_target_group(self, network: "NetworkStack") -> balancing.ApplicationTargetGroup:
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

    def _add_distribution(
        self, web_acl_arn: str, zone: route53.IHostedZone | None
    ) -> cloudfront.Distribution:
        """Add the distribution. Only static files are cached: their names change with content."""
        domain = self._config.domain
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=self._config.prefix,
            default_behavior=self._build_page_behavior(),
            additional_behaviors={"/static/*": self._build_static_behavior()},
            error_responses=[
                cloudfront.ErrorResponse(http_status=status, ttl=Duration.seconds(0))
                for status in ERRORS
            ],
            domain_names=[domain.name] if domain else None,
            certificate=self._add_certificate(domain, zone) if domain and zone else None,
            minimum_protocol_version=(
                cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021 if domain else None
            ),
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=cloudfront.PriceClass.PRICE_CLASS_100,
            web_acl_id=web_acl_arn,
            log_bucket=self._logs,
            log_file_prefix="cloudfront/",
        )
        accept(
            distribution, "The site is open to visitors from all countries.", "AwsSolutions-CFR1"
        )
        if not domain:
            accept(
                distribution,
                "CloudFront's own name has CloudFront's certificate; a custom domain has TLS 1.2.",
                "AwsSolutions-CFR4",
            )
        return distribution

    def _build_page_behavior(self) -> cloudfront.BehaviorOptions:
        """Build the behavior of pages: pass on everything that visitors send, cache nothing."""
        return cloudfront.BehaviorOptions(
            origin=self._origin,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_AND_CLOUDFRONT_2022,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        )

    def _build_static_behavior(self) -> cloudfront.BehaviorOptions:
        """Build the behavior of static files: no cookies, because all visitors share the cache."""
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

    def _find_zone(self, domain: Domain) -> route53.IHostedZone:
        return route53.HostedZone.from_hosted_zone_attributes(
            self, "Zone", hosted_zone_id=domain.zone_id, zone_name=domain.zone_name
        )

    def _add_certificate(self, domain: Domain, zone: route53.IHostedZone) -> acm.Certificate:
        return acm.Certificate(
            self,
            "Certificate",
            domain_name=domain.name,
            validation=acm.CertificateValidation.from_dns(zone),
        )

    def _add_records(self, domain: Domain, zone: route53.IHostedZone) -> None:
        """Add the domain's records for IPv4 and IPv6."""
        target = route53.RecordTarget.from_alias(targets.CloudFrontTarget(self.distribution))
        for kind, record in (("A", route53.ARecord), ("Aaaa", route53.AaaaRecord)):
            record(self, f"Alias{kind}", zone=zone, record_name=domain.name, target=target)
