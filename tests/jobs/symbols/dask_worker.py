"""A Dask scheduler or worker of its own process, for the tests: prints where it can be reached."""

from __future__ import annotations

import asyncio
import sys


async def main(role: str, address: str) -> None:
    """Serve until killed."""
    from distributed import Scheduler, Worker

    if role == "scheduler":
        serving = Scheduler(host="127.0.0.1", port=0, dashboard=False, dashboard_address=None)
    else:
        serving = Worker(address, nthreads=1, host="127.0.0.1", dashboard=False)
    async with serving:
        print(serving.address, flush=True)
        await serving.finished()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
