"""Writes the API's own description to a file: ``python openapi.py openapi.json``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pacesetter.web.app import create_app

if __name__ == "__main__":
    described = json.dumps(create_app().openapi(), indent=1, sort_keys=True)
    Path(sys.argv[1]).write_text(described + "\n", "utf-8")
