"""All causes, by chapter and by code."""

from api.problems import of_edits, of_engines, of_people, of_pictures, of_quotas, of_requests
from api.problems.kinds import Chapter, ProblemKind

CHAPTERS: tuple[Chapter, ...] = (
    of_requests.READING,
    of_people.SIGNING_IN,
    of_people.RIGHTS,
    of_pictures.FILES,
    of_pictures.ADDRESSES,
    of_pictures.UPLOADS,
    of_edits.MASKS,
    of_edits.CHOOSING,
    of_edits.STEPS,
    of_engines.ENGINES,
    of_engines.FAILED_JOBS,
    of_pictures.DOWNLOADS,
    of_people.SHARING,
    of_people.WEBHOOKS,
    of_quotas.QUOTAS,
    of_requests.AGAIN,
    of_requests.LIMITS,
)
PROBLEMS: dict[str, ProblemKind] = {kind.code: kind for each in CHAPTERS for kind in each.kinds}
