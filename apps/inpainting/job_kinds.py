"""The kinds of jobs of this app: edits and detection runs."""

from config.celery_queues import DETECTION, EDITS
from inpainting.engines import load_default_inpainter
from inpainting.models import DetectionRun, Edit
from inpainting.selectors import select_claimable_edits, select_claimable_runs
from jobs.registry import JobKind
from jobs.wakeups import WakeUp

RUN_NEXT_EDIT = WakeUp("inpainting.tasks.run_next_edit", EDITS)
RUN_NEXT_DETECTION = WakeUp("inpainting.tasks.run_next_detection", DETECTION)

JOB_KINDS = (
    JobKind(
        "edit", Edit, RUN_NEXT_EDIT, select_claimable_edits, prepare_child=load_default_inpainter
    ),
    JobKind("detection", DetectionRun, RUN_NEXT_DETECTION, select_claimable_runs),
)
