"""The problem codes that our sources raise, read from their syntax trees.

A code that is built from parts, like f"unknown_{kind}", is found as the pattern `unknown_*`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
# These codes are printed on a terminal and never part of a response.
TERMINAL_ONLY_FILES = {ROOT / "platform/vision/files.py"}
CODE_KEYWORDS = {"code", "error_code"}


def find_codes_in_sources() -> set[str]:
    """Return every code that is a literal, a constant of the same file, or a default."""
    files = [path for folder in ("apps", "platform") for path in (ROOT / folder).rglob("*.py")]
    return {
        code
        for path in files
        if path not in TERMINAL_ONLY_FILES and "management" not in path.parts
        for code in find_codes(path.read_text())
    }


def find_codes(source: str) -> set[str]:
    """Return the codes in the source of one file."""
    tree = ast.parse(source)
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    values = [value for node in ast.walk(tree) for value in _find_values(node)]
    resolved = [
        constants.get(value.id, value) if isinstance(value, ast.Name) else value for value in values
    ]
    return {text for value in resolved for text in _list_texts(value) if text}


def _find_values(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        yield from (item.value for item in node.keywords if item.arg in CODE_KEYWORDS)
    elif isinstance(node, ast.FunctionDef):
        defaults = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        yield from (value for arg, value in defaults if value and arg.arg in CODE_KEYWORDS)
    elif isinstance(node, ast.Assign):
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        if "default_code" in names:
            yield node.value
    elif isinstance(node, ast.Dict):
        items = zip(node.keys, node.values, strict=True)
        yield from (value for key, value in items if key and _list_texts(key) == ["error_code"])


def _list_texts(value: ast.expr) -> list[str]:
    """Return the strings that an expression may be; an interpolated part becomes a star."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return [value.value]
    if isinstance(value, ast.JoinedStr):
        parts = [
            _list_texts(part) if isinstance(part, ast.Constant) else ["*"] for part in value.values
        ]
        return ["".join(text for texts in parts for text in texts)]
    if isinstance(value, ast.IfExp):
        return _list_texts(value.body) + _list_texts(value.orelse)
    if isinstance(value, ast.BoolOp):
        return [text for part in value.values for text in _list_texts(part)]
    return []
