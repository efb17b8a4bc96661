"""What the simulation takes as given and no benchmark tells."""

from dataclasses import dataclass

from infra.config import STOP_SECONDS


@dataclass(frozen=True)
class Inputs:
    """Assumptions: nobody has measured them here. The units stand in the names.

    Attributes:
        small_share: of the photos; the rest has 12 megapixels. Assumed.
        spread: of an edit's seconds around the measured ones, as the standard deviation of
            their logarithm: holes differ, and only one was measured. Assumed.
        burst_factor: how many times the mean rate comes in a burst. Assumed.
        burst_share: of all time that is in a burst. Assumed.
        burst_seconds: a burst's mean length. Assumed.
        provisioning_seconds: until Fargate has a machine and a network interface; not billed.
            An image of 413 MB was seen to start after 57 s in all (elasticscale.com/blog/
            reduce-aws-fargate-pull-times-with-soci, 2024-04-10): 20 s for this are assumed.
        pull_seconds: for the image, some 1 GB compressed with TensorFlow. The other 37 s of the
            same page, as 90 s a GB; our image's size is assumed.
        spot_interruptions_per_hour: of one Spot task. AWS says of EC2 that fewer than 5 % are
            interrupted in a month (nops.io/blog/aws-spot-facts), of Fargate nothing: one in a
            hundred an hour is assumed, a hundred times as many.
        unwarned_share: of interruptions that come without the two minutes. AWS promises the
            warning on best effort only. Assumed.
        stop_seconds: VANISH_STOP_SECONDS: how long an edit may go on after SIGTERM.
        lease_seconds: until an edit whose worker died is queued again: the lease of 30 s and
            the sweep after it, at its latest.
        metric_delay_seconds: from a sample to when CloudWatch's alarm sees it. Assumed.
        poll_seconds: an idle worker asks the queue again after so long.
        gets_per_edit: S3 reads: original, mask, an earlier patch and the detection's original
            with a HEAD before each, and preview and thumbnail looked at once.
        puts_per_edit: S3 writes: mask, patch, preview, thumbnail.
        stored_gb_per_edit: of these together. Assumed.
        detections_per_edit: DetectLabels calls: one photo, one edit.
    """

    small_share: float = 0.6
    spread: float = 0.5
    burst_factor: float = 3.0
    burst_share: float = 0.1
    burst_seconds: float = 600.0
    provisioning_seconds: float = 20.0
    pull_seconds: float = 90.0
    spot_interruptions_per_hour: float = 0.01
    unwarned_share: float = 0.05
    stop_seconds: float = STOP_SECONDS
    lease_seconds: float = 40.0
    metric_delay_seconds: float = 60.0
    poll_seconds: float = 10.0
    gets_per_edit: float = 10.0
    puts_per_edit: float = 4.0
    stored_gb_per_edit: float = 0.001
    detections_per_edit: float = 1.0
