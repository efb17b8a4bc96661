"""A description of the machine that the figures were measured on, without its name."""

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path


def describe_machine() -> str:
    """Return the processor, memory, system, Python version and date as a Markdown list."""
    today = datetime.now(UTC).date().isoformat()
    return "\n".join(
        [
            f"- {os.cpu_count()} cores, {_find_processor()}",
            f"- {_measure_memory_gib():.0f} GiB of memory, no GPU used",
            f"- {platform.system()} on {platform.machine()}",
            f"- Python {platform.python_version()}",
            f"- measured on {today}",
        ]
    )


def _find_processor() -> str:
    file = Path("/proc/cpuinfo")
    names = re.findall(r"^model name\s*: (.*)$", file.read_text(), re.M) if file.exists() else []
    return names[0] if names else platform.processor() or "processor unknown"


def _measure_memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
