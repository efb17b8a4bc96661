"""Vanish on AWS: CDK stacks, their configuration, stages of the image, capacity and cost."""

import os
import sys
from pathlib import Path

# CDK uses the Node that is installed beside this Python, and needs no other.
_NODE = Path(sys.executable).with_name("node")
if _NODE.exists():
    os.environ.setdefault("JSII_NODE", str(_NODE))
