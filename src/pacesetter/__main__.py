"""``python -m pacesetter``: the command line."""

from __future__ import annotations

from pacesetter.cli.main import run

run()
