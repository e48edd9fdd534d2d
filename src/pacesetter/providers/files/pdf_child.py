"""Run as a program of its own: the text of one PDF, to standard output, within limits of time and memory.

It imports nothing of the package: reading a hostile file must be able to fail without harm.
"""

from __future__ import annotations

import json
import resource
import sys

MEMORY_BYTES = 1 << 30
CPU_S = 20


def main(path: str, most_pages: int, most_characters: int) -> None:
    """Print ``{"text", "pages", "read"}``, or ``{"why"}``."""
    import pypdf

    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        reader = pypdf.PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            print(json.dumps({"why": "it is locked by a password"}))
            return
        pages, parts, left, read = len(reader.pages), [], most_characters, 0
        for page in reader.pages[:most_pages]:
            if left <= 0:
                break
            text = page.extract_text()[:left]
            parts.append(text)
            left -= len(text)
            read += 1
    except Exception as error:  # the reader raises whatever the bytes provoke
        print(json.dumps({"why": f"it cannot be read ({type(error).__name__})"}))
        return
    print(json.dumps({"text": "\n".join(parts), "pages": pages, "read": read}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
