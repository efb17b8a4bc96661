"""The codes of refusals that our sources raise, read from their syntax; `unknown_*` if built."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Here the codes go to a terminal, never into an answer.
OF_THE_TERMINAL = {"photo_files.py"}
CODE_KEYWORDS = {"code", "error_code"}


def codes_in_sources() -> set[str]:
    """Every code that is given by name, by a constant of the same file, or as a default."""
    files = [path for room in ("apps", "platform") for path in (ROOT / room).rglob("*.py")]
    return {
        code
        for path in files
        if path.name not in OF_THE_TERMINAL and "management" not in path.parts
        for code in codes_in(path.read_text())
    }


def codes_in(source: str) -> set[str]:
    """The codes of one file."""
    tree = ast.parse(source)
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    said = [value for node in ast.walk(tree) for value in _given(node)]
    resolved = [
        constants.get(value.id, value) if isinstance(value, ast.Name) else value for value in said
    ]
    return {text for value in resolved for text in _texts(value) if text}


def _given(node: ast.AST) -> Iterator[ast.expr]:
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
        named = zip(node.keys, node.values, strict=True)
        yield from (value for key, value in named if key and _texts(key) == ["error_code"])


def _texts(value: ast.expr) -> list[str]:
    """The strings that an expression may be; what is put into one is a star."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return [value.value]
    if isinstance(value, ast.JoinedStr):
        parts = [_texts(part) if isinstance(part, ast.Constant) else ["*"] for part in value.values]
        return ["".join(text for texts in parts for text in texts)]
    if isinstance(value, ast.IfExp):
        return _texts(value.body) + _texts(value.orelse)
    if isinstance(value, ast.BoolOp):
        return [text for part in value.values for text in _texts(part)]
    return []
