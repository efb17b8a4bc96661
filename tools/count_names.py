"""Count how many function names start with a verb, and how many are bare participles.

    python tools/count_names.py platform apps [--list] [--map RENAMES.jsonl]

Properties, dunder methods, fixtures and tests are not counted: they are named by other rules.
A name that says a yes-or-no question (`is_`, `has_`, `can_`) or a conversion (`to_`, `from_`,
`as_`) counts as verb first, and so does the `noun_verb` of a service.
`--map` counts as if the renames of that file had been made.
"""

import argparse
import ast
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

VERBS_FILE = Path(__file__).with_name("verbs.txt")
SKIPPED_FOLDERS = {"migrations", "node_modules", ".venv", "cdk.out"}
QUESTIONS_AND_CONVERSIONS = {"is", "has", "can", "may", "must", "needs", "to", "from", "as", "on"}
ATTRIBUTE_DECORATORS = {"property", "cached_property", "setter", "fixture", "register", "overload"}
NOT_PARTICIPLES_TEXT = "speed seed feed embed need red shed bed exceed proceed"
IRREGULAR_PARTICIPLES_TEXT = """
begun bought bound broken brought built caught chosen cut done drawn fed forgotten found given gone
grown held hidden kept known laid left lost made meant met paid put read said seen sent shown sold
spent spoken stood taken thought thrown told torn understood won worn written
"""
NOT_PARTICIPLES = frozenset(NOT_PARTICIPLES_TEXT.split())
IRREGULAR_PARTICIPLES = frozenset(IRREGULAR_PARTICIPLES_TEXT.split())


@dataclass(frozen=True)
class Name:
    """One counted function: where it stands and what it is called."""

    path: str
    line: int
    qualified: str

    @property
    def own(self) -> str:
        """The function's own name without leading underscores."""
        return self.qualified.rpartition(".")[2].lstrip("_")


def read_verbs() -> frozenset[str]:
    """Return the base forms of all verbs that may start a name."""
    return frozenset(VERBS_FILE.read_text().split())


def find_names(folder: Path) -> Iterator[Name]:
    """Yield every function below `folder` that the naming rule is for."""
    files = [folder] if folder.is_file() else sorted(folder.rglob("*.py"))
    for path in files:
        if not SKIPPED_FOLDERS & set(path.parts):
            yield from _find_in(ast.parse(path.read_text()), str(path), "")


def _find_in(node: ast.AST, path: str, prefix: str) -> Iterator[Name]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            if _is_counted(child):
                yield Name(path, child.lineno, prefix + child.name)
            yield from _find_in(child, path, f"{prefix}{child.name}.")
        elif isinstance(child, ast.ClassDef):
            yield from _find_in(child, path, f"{prefix}{child.name}.")
        else:
            yield from _find_in(child, path, prefix)


def _is_counted(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    if function.name.startswith(("__", "test_", "pytest_")) or not function.name.strip("_"):
        return False
    decorators = {part for each in function.decorator_list for part in ast.unparse(each).split(".")}
    return not any(each.split("(")[0] in ATTRIBUTE_DECORATORS for each in decorators)


def starts_with_verb(name: str, verbs: frozenset[str], *, is_service: bool = False) -> bool:
    """Return whether the first word is a verb; a service's `noun_verb` counts by its last word."""
    words = name.split("_")
    return words[0] in verbs | QUESTIONS_AND_CONVERSIONS or (is_service and words[-1] in verbs)


def is_bare_participle(name: str, verbs: frozenset[str]) -> bool:
    """Return whether the whole name is one past participle, like `told` or `packed`."""
    if name in IRREGULAR_PARTICIPLES - verbs:
        return True
    return "_" not in name and name.endswith("ed") and name not in NOT_PARTICIPLES


def _read_renames(path: Path | None) -> dict[tuple[str, str], str]:
    if path is None:
        return {}
    rows = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    return {(row["file"], row["name"]): row["new"] for row in rows if "new" in row}


def main() -> None:
    """Print the shares of each folder, and the offenders where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--list", action="store_true", help="name the names that do not comply")
    parser.add_argument("--map", type=Path, help="count as if these renames were made")
    options = parser.parse_args()
    verbs, renames = read_verbs(), _read_renames(options.map)
    counts: dict[Path, list[int]] = defaultdict(lambda: [0, 0, 0])
    for folder in options.folders:
        for name in find_names(folder):
            own = renames.get((name.path, name.qualified), name.own).lstrip("_")
            is_service = "services" in name.path
            has_verb = starts_with_verb(own, verbs, is_service=is_service)
            is_participle = is_bare_participle(own, verbs)
            counts[folder][0] += 1
            counts[folder][1] += has_verb
            counts[folder][2] += is_participle
            if options.list and not has_verb:
                print(f"{name.path}:{name.line} {name.qualified}{' (participle)' * is_participle}")
    for folder, (total, with_verb, participles) in counts.items():
        print(
            f"{folder}: {total} functions, {with_verb / total:.0%} verb first, "
            f"{participles / total:.1%} participles"
        )


if __name__ == "__main__":
    main()
