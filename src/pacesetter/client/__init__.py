"""Ask a running Pacesetter from a notebook or a script: frames in one line.

    from pacesetter.client import Client

    Client().ranks("ai-tech")

Needs httpx, and Polars for the frames. Frames have one column a field; what lies inside a
field is named with a dot, such as ``factors.momentum.raw``.
"""

from __future__ import annotations

from pacesetter.client.boxes import Boxes
from pacesetter.client.desk import Desk
from pacesetter.client.portfolios import Portfolios
from pacesetter.client.rankings import Rankings


class Client(Rankings, Boxes, Portfolios, Desk):
    """A connection to one server; ``key``: an API key, where one is needed.

    Every method raises ``ApiError`` with what the server says: what, where, how to mend it.
    """
