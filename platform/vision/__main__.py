"""`python -m vision IN -o OUT`, or `vanish IN -o OUT` where the package is installed."""

import argparse
import os
import sys

from vision.command_line import HELP, CommandFailed, Surroundings, add_arguments, run_command
from vision.images import DEFAULT_LIMITS
from vision.weights import ModelStore


def main() -> None:
    """Run the command with the arguments of this process; end with one line if it fails."""
    parser = argparse.ArgumentParser(prog="vanish", description=HELP)
    add_arguments(parser, detector=os.environ.get("DETECTOR", "local"))
    surroundings = Surroundings(
        store=ModelStore.from_environment(),
        region=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1",
        endpoint_url=os.environ.get("AWS_ENDPOINT_URL"),
        limits=DEFAULT_LIMITS,
        write_line=lambda line: sys.stdout.write(f"{line}\n"),
        write_warning=lambda line: sys.stderr.write(f"{line}\n"),
    )
    try:
        run_command(vars(parser.parse_args()), surroundings)
    except CommandFailed as failure:
        sys.stderr.write(f"{failure}\n")
        sys.exit(failure.status)


if __name__ == "__main__":
    main()
