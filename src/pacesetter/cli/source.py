"""The names of price sources, as the command line takes them."""

from __future__ import annotations

from typing import Literal

# the same as pacesetter.settings.Source, which is slow to import; a test compares the two
SourceName = Literal["auto", "yahoo", "files", "simulated", "none"]
