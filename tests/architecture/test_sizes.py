"""Files stay small enough to be read in one go."""

from __future__ import annotations

from statistics import median

from tests.architecture.tree import PACKAGE, modules

LONGEST, LONG, MIDDLE = 400, 250, 120


def lengths() -> dict[str, int]:
    return {
        path.relative_to(PACKAGE).as_posix(): len(path.read_text("utf-8").splitlines()) for path in modules()
    }


def test_no_file_is_too_long() -> None:
    assert not {name: n for name, n in lengths().items() if n > LONGEST}


def test_nine_files_in_ten_are_short() -> None:
    sizes = lengths()
    long = {name: n for name, n in sizes.items() if n > LONG}
    assert len(long) <= len(sizes) / 10, long


def test_the_middle_file_is_small() -> None:
    assert median(lengths().values()) <= MIDDLE
