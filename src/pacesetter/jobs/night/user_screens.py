"""A user's own screens: TOML files in the home folder's ``screens/``, written like the shipped ones."""

from __future__ import annotations

from pathlib import Path

from pacesetter.agents.screen import SHIPPED, Screen, parse_screen
from pacesetter.kernel.errors import InputError

FOLDER = "screens"
MOST_FILES, MOST_BYTES = 50, 100_000


def read_screens(home: Path) -> tuple[tuple[Screen, ...], tuple[str, ...]]:
    """The screens of a home folder by file name, and a sentence on each file that is none.

    One wrong file must not stop a night: it is told in the morning, and the others work.
    """
    folder = home / FOLDER
    files = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    screens: dict[str, Screen] = {}
    flaws = [f"only the first {MOST_FILES} files of {FOLDER}/ are read"] if len(files) > MOST_FILES else []
    for path in files[:MOST_FILES]:
        try:
            screen = _read(path)
            if screen.name in screens or screen.name in SHIPPED:
                raise InputError(
                    f"there is a screen {screen.name!r} already", where=path.name, mend="give it another name"
                )
            screens[screen.name] = screen
        except InputError as error:
            flaws.append(str(error))
    return tuple(screens.values()), tuple(flaws)


def _read(path: Path) -> Screen:
    try:
        if not path.is_file() or path.is_symlink():
            raise InputError("it is no plain file", where=path.name, mend="put the file itself there")
        if path.stat().st_size > MOST_BYTES:
            raise InputError("it is too large for a screen", where=path.name, mend="see the shipped ones")
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("it is not UTF-8", where=path.name, mend="save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", where=path.name, mend="look at it") from None
    return parse_screen(text, where=path.name)
