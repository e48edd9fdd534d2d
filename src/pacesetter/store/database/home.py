"""The home folder: all state of one installation in one place."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pacesetter.kernel.errors import ConfigError


@dataclass(frozen=True)
class Home:
    """Where things lie. Simulated data has a database of its own, for life."""

    root: Path

    @property
    def real_db(self) -> Path:
        """The SQLite file of real data."""
        return self.root / "pacesetter.db"

    @property
    def simulated_db(self) -> Path:
        """The SQLite file of simulated data."""
        return self.root / "simulated.db"

    @property
    def panels(self) -> Path:
        """Cached panel segments; may be deleted at any time."""
        return self.root / "panels"

    @property
    def backups(self) -> Path:
        """Backups, newest name last."""
        return self.root / "backups"

    @property
    def imports(self) -> Path:
        """A folder an import, with its refused rows."""
        return self.root / "imports"

    @property
    def llm(self) -> Path:
        """What a language model was asked and answered, and what it took."""
        return self.root / "llm"

    @property
    def logs(self) -> Path:
        """Reports of unexpected errors."""
        return self.root / "logs"

    def create(self) -> None:
        """Make the folder, readable by its owner only."""
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise ConfigError(
                f"the home folder cannot be made: {error.strerror}",
                where=str(self.root),
                mend="give --home DIR (or PACESETTER_HOME) a folder that can be written",
            ) from error


def holds_data(path: Path) -> bool:
    """Whether a SQLite file has ever been given data; one that cannot be read counts as holding some."""
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT EXISTS (SELECT 1 FROM data_revisions)").fetchone()
            return bool(found[0])
    except sqlite3.Error:
        return True


def database_url(given: str | None, home: Home, *, simulated: bool) -> str:
    """The address given in the settings, else the SQLite file of the right kind."""
    if given:
        return given
    return f"sqlite:///{home.simulated_db if simulated else home.real_db}"
