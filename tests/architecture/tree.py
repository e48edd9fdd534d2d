"""Where things are: the repository's root, the package's source and its parsed modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "pacesetter"


def modules(package: Path = PACKAGE) -> list[Path]:
    """Every Python file of the package, sorted."""
    return sorted(path for path in package.rglob("*.py") if "__pycache__" not in path.parts)


def parsed() -> Iterator[tuple[str, ast.Module]]:
    """Every module as (path inside the package, syntax tree)."""
    for path in modules():
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text("utf-8"))


def markdown() -> list[Path]:
    """Every page of documentation."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
