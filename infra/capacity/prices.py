"""Prices of AWS in us-east-1 without free tiers and volume discounts, as pages told them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Price:
    """What one unit costs.

    Attributes:
        as_of: the date of the page, or the year alone where it tells no date.
        source: where it was read. AWS's own pages that end in /pricing/ load their numbers by
            script and could not be read: their prices are known from before, and unconfirmed.
    """

    name: str
    usd: float
    unit: str
    as_of: str
    source: str


_FARGATE = "https://cloudburn.io/blog/aws-fargate-pricing"
_NAT = "https://cloudburn.io/blog/aws-nat-gateway-pricing"
_RDS = "https://infratally.com/articles/aws-rds-pricing-explained-2026.html"
_WAF = "https://c3x.dev/blog/aws-waf-cost-explained/"
_S3 = "https://devnotes.tech/understanding-aws-s3-pricing-a-complete-cost-breakdown-with-examples"
_VPC = "https://www.zacfukuda.com/blog/aws-nat-gateway-vs-vpc-endpoint"
_ALB = "https://awsnegotiations.com/elastic-load-balancer-cost.html"
_STORAGE = "https://www.usage.ai/blogs/aws/reserved-instances/rds/pricing-calculator/"
_SECRETS = (
    "https://hivebook.wiki/wiki/aws-secrets-manager-rotated-secrets-dynamic-db-credentials-kms"
)

FARGATE_CPU = Price("Fargate, Linux on x86", 0.04048, "vCPU-hour", "2026-04-01", _FARGATE)
FARGATE_MEMORY = Price("Fargate, Linux on x86", 0.004445, "GB-hour", "2026-04-01", _FARGATE)
SPOT_SHARE = Price(
    "Fargate Spot, 50–70 % off, here 60 %",
    0.4,
    "of Fargate's price",
    "2026",
    "https://fortem.dev/fargate-spot/",
)
SQS = Price(
    "SQS, standard queue",
    0.40,
    "million requests",
    "2026-03-14",
    "https://cloudburn.io/blog/amazon-sqs-pricing",
)
S3_PUT = Price("S3, PUT", 0.005, "1,000 requests", "2025", _S3)
S3_GET = Price("S3, GET and HEAD", 0.0004, "1,000 requests", "2025", _S3)
S3_STORAGE = Price("S3, storage", 0.023, "GB-month", "2025", _S3)
DETECT_LABELS = Price(
    "Rekognition, DetectLabels",
    0.001,
    "image",
    "2024",
    "https://aws.amazon.com/rekognition/pricing/",
)
NAT_GATEWAY = Price("NAT gateway", 0.045, "hour", "2026-02-24", _NAT)
PUBLIC_ADDRESS = Price("Public IPv4 address", 0.005, "hour", "2026-02-24", _NAT)
ENDPOINT = Price("Interface endpoint", 0.01, "hour and zone", "2026-06-01", _VPC)
LOAD_BALANCER = Price("Application Load Balancer", 0.0225, "hour", "2026-05", _ALB)
RDS_STORAGE = Price("RDS, gp3 storage", 0.115, "GB-month and zone", "2026-06", _STORAGE)
RDS_INSTANCES = {
    "t4g.micro": Price("RDS for PostgreSQL, db.t4g.micro", 0.016, "hour and zone", "2026", _RDS),
    "m7g.large": Price(
        "RDS for PostgreSQL, db.m7g.large",
        0.168,
        "hour and zone",
        "2024",
        "https://aws.amazon.com/rds/postgresql/pricing/",
    ),
}
SECRET = Price("Secrets Manager", 0.40, "secret and month", "2026", _SECRETS)
WEB_ACL = Price("WAF, web ACL", 5.0, "month", "2026", _WAF)
WEB_ACL_RULE = Price("WAF, rule or group", 1.0, "month", "2026", _WAF)

PRICES = (
    FARGATE_CPU,
    FARGATE_MEMORY,
    SPOT_SHARE,
    SQS,
    S3_PUT,
    S3_GET,
    S3_STORAGE,
    DETECT_LABELS,
    NAT_GATEWAY,
    PUBLIC_ADDRESS,
    ENDPOINT,
    LOAD_BALANCER,
    *RDS_INSTANCES.values(),
    RDS_STORAGE,
    SECRET,
    WEB_ACL,
    WEB_ACL_RULE,
)
