"""Vanish on AWS: CDK stacks, their configuration, the image's proof and the capacity table."""

import os
import sys
from pathlib import Path

# CDK runs on the Node that stands beside this Python, and needs no other.
_NODE = Path(sys.executable).with_name("node")
if _NODE.exists():
    os.environ.setdefault("JSII_NODE", str(_NODE))
