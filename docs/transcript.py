"""Guides whose figures are true: run the commands of a page, and write what they print below them.

A block ```` ```console ```` holds commands (``$ pacesetter …``), each followed by what it
prints on a terminal of 110 columns. A single ``…`` in its place keeps the output off the page.
Hashes are cut: the last bits of a logarithm, and so a digest, depend on the processor.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ pacesetter ((?:.*\\\n)*.*)$", re.MULTILINE)
COLUMNS = 110
HASH = re.compile(r"\b[0-9a-f]{64}\b")
LEFT_OUT = "…"

Run = Callable[[list[str]], str]


def replay(text: str, run: Run) -> str:
    """The page with the output of every command as it is now."""
    return BLOCK.sub(lambda block: replay_block(block[0], run), text)


def replay_block(block: str, run: Run) -> str:
    """One block again, command by command."""
    found = list(COMMAND.finditer(block))
    ends = [command.start() for command in found[1:]] + [len(block)]
    lines = []
    for command, end in zip(found, ends, strict=True):
        printed = run(shlex.split(command[1].replace("\\\n", " ")))
        left_out = block[command.end() : end].strip() == LEFT_OUT
        lines += [command[0], LEFT_OUT if left_out else printed]
    return HASH.sub("…", "\n".join(lines)) + "\n"


@contextmanager
def fresh_home() -> Iterator[Run]:
    """A way to call the program in an empty folder with nothing stored; a command that fails raises."""
    from pacesetter.cli import output
    from pacesetter.cli.main import call

    def run(arguments: list[str]) -> str:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = call(arguments)
        if code:
            raise RuntimeError(f"pacesetter {shlex.join(arguments)}: exit {code}\n{err.getvalue()}")
        return "\n".join(line.rstrip() for line in out.getvalue().strip("\n").splitlines())

    before, width, folder = dict(os.environ), output.WIDTH, Path.cwd()
    with TemporaryDirectory() as home:
        for name in [name for name in os.environ if name.startswith("PACESETTER_") or name == "DATABASE_URL"]:
            del os.environ[name]
        os.environ["PACESETTER_HOME"] = str(Path(home) / "home")
        output.WIDTH = COLUMNS
        os.chdir(home)
        try:
            yield run
        finally:
            os.chdir(folder)
            output.WIDTH = width
            os.environ.clear()
            os.environ.update(before)


def main(pages: list[str]) -> None:
    """Write the pages again."""
    for page in map(Path, pages):
        text = page.read_text("utf-8")
        with fresh_home() as run:
            again = replay(text, run)
        page.write_text(again, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
