"""`python -m infra.capacity` prints the tables; with `--write` they go into infra/README.md."""

import argparse
import sys

from infra.capacity.table import README, document, put_into


def main() -> None:
    """Simulate, then print or write."""
    parser = argparse.ArgumentParser(prog="python -m infra.capacity", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put them into infra/README.md")
    tables = document()
    if parser.parse_args().write:
        README.write_text(put_into(README.read_text(), tables))
    else:
        sys.stdout.write(f"{tables}\n")


if __name__ == "__main__":
    main()
