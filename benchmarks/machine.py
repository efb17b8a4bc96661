"""What the figures were measured on, without the machine's name."""

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path


def description() -> str:
    """Processor, memory, system and Python, as a Markdown list."""
    today = datetime.now(UTC).date().isoformat()
    return "\n".join(
        [
            f"- {os.cpu_count()} cores, {_processor()}",
            f"- {_memory_gib():.0f} GiB of memory, no GPU used",
            f"- {platform.system()} on {platform.machine()}",
            f"- Python {platform.python_version()}",
            f"- measured on {today}",
        ]
    )


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    names = re.findall(r"^model name\s*: (.*)$", facts.read_text(), re.M) if facts.exists() else []
    return names[0] if names else platform.processor() or "processor unknown"


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
