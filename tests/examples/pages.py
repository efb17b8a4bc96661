"""The code blocks of the documentation, as a reader would run them."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.installation import ROOT

FOLDERS = (".", "docs", "docs/adr", "examples", "infra", "infra/image/mirror", "benchmarks")
PAGES = sorted(
    path.relative_to(ROOT).as_posix() for folder in FOLDERS for path in (ROOT / folder).glob("*.md")
)
NOT_TESTED = re.compile(r"\*Not tested: (.+)\*")
_FENCE = re.compile(r"( *)```(\w*)")


@dataclass(frozen=True)
class Block:
    """A code block: its language, its lines, and why the tests do not run it, if they do not."""

    page: str
    line: int
    language: str
    code: str
    reason: str = ""

    @property
    def script(self) -> str:
        """The block as commands of a shell."""
        if self.language == "python":
            return f"python3 - <<'PYTHON'\n{self.code}\nPYTHON\n"
        return self.code


def read_blocks(page: str) -> list[Block]:
    """Return the code blocks of a page, in order.

    A block is not run if the last line of text before it says *Not tested: REASON.*
    """
    blocks: list[Block] = []
    last_text, start, lines = "", 0, list[str]()
    opening: re.Match[str] | None = None
    for number, line in enumerate((ROOT / page).read_text(encoding="utf-8").splitlines(), 1):
        fence = _FENCE.fullmatch(line.rstrip())
        if opening is None and fence:
            opening, start, lines = fence, number, []
        elif opening is not None and fence:
            reason = NOT_TESTED.fullmatch(last_text)
            code = "\n".join(each.removeprefix(opening[1]) for each in lines)
            blocks.append(Block(page, start, opening[2], code, reason[1] if reason else ""))
            opening, last_text = None, ""
        elif opening is not None:
            lines.append(line)
        elif line.strip():
            last_text = line.strip()
    assert opening is None, f"{page}:{start} has no end"
    return blocks


def list_blocks() -> list[Block]:
    """Return all code blocks of all pages, except diagrams (`text`)."""
    return [block for page in PAGES for block in read_blocks(page) if block.language != "text"]


def write_programs(folder: Path, python: str) -> Path:
    """Put the checkout's programs into a working folder; return the folder of the `python3` there.

    `.venv/bin/python` and `python3` are the interpreter of the tests.
    """
    programs = folder / ".venv/bin"
    programs.mkdir(parents=True)
    for name in ("python", "python3"):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{python}" "$@"\n')
        program.chmod(0o755)
    (folder / "manage.py").symlink_to(ROOT / "manage.py")
    return programs
