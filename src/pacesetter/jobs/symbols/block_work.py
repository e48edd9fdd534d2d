"""Measure exposures block by block: on this machine's threads, or on the workers of a Dask scheduler.

A symbol's figures do not depend on who else is in its block, so both ways, any number of workers, and
a block that is measured again because its worker died, give the same bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import fields, replace
from importlib import import_module
from queue import Empty, Queue
from typing import Any

import numpy as np

from pacesetter.factors.columns import count_cores
from pacesetter.kernel.errors import ConfigError
from pacesetter.market.panel import F8, I8
from pacesetter.portfolio.exposure import Exposures, FactorDefinition, measure_exposures

BLOCK = 512  # symbols
CONNECT_S = 10.0  # so long a scheduler has to answer, and to have a worker
LOOK_S = 10.0  # how often it is asked whether it still has workers, where no block comes back

SETTING = "PACESETTER_DASK_SCHEDULER"

Found = Mapping[str, Exposures]
Counted = Callable[[int], None]  # called with the number of symbols that are done


def measure_blocks(
    definitions: Sequence[FactorDefinition],
    returns: F8,
    proxies: Mapping[str, F8],
    ends: I8,
    *,
    scheduler: str | None = None,
    tell: Counted = lambda done: None,
) -> Found:
    """``measure_exposures`` of all symbols, in blocks; ``scheduler``: the address of a Dask scheduler
    (None: threads of this process). ``ConfigError`` for one that does not answer or has no workers."""
    count = returns.shape[1]
    starts = list(range(0, count, BLOCK)) or [0]
    blocks = [np.ascontiguousarray(returns[:, first : first + BLOCK]) for first in starts]
    run = on_threads if scheduler is None else on_dask(scheduler)
    found: list[Found | None] = [None] * len(blocks)
    done = 0
    for place, block in run([(definitions, block, proxies, ends) for block in blocks]):
        found[place] = block
        done += blocks[place].shape[1]
        tell(done)
    return side_by_side([one for one in found if one is not None])


def measure_block(given: tuple[Any, ...]) -> Found:
    """One block, by one thread: what a worker does."""
    return measure_exposures(*given, threads=1)


def on_threads(blocks: Sequence[tuple[Any, ...]]) -> Iterator[tuple[int, Found]]:
    """The blocks' places and exposures as threads of this process finish them."""
    if len(blocks) == 1:
        yield 0, measure_exposures(*blocks[0])
        return
    with ThreadPoolExecutor(count_cores(), "exposures") as pool:
        places = {pool.submit(measure_block, block): place for place, block in enumerate(blocks)}
        for one in as_completed(places):
            yield places[one], one.result()


def on_dask(scheduler: str) -> Callable[[Sequence[tuple[Any, ...]]], Iterator[tuple[int, Found]]]:
    """The same by the workers of a scheduler; it gives a lost worker's blocks to the others."""

    def run(blocks: Sequence[tuple[Any, ...]]) -> Iterator[tuple[int, Found]]:
        with connected(scheduler) as client:
            ended: Queue[Any] = Queue()
            places = {}
            for place, one in enumerate(client.map(measure_block, blocks, pure=False)):
                places[one] = place
                one.add_done_callback(ended.put)
            while places:
                try:
                    one = ended.get(timeout=LOOK_S)
                except Empty:
                    check_workers(client, scheduler)
                    continue
                yield places.pop(one), one.result()

    return run


def dask() -> Any:
    """The package `distributed`, which is installed only where it is wanted; ``ConfigError`` without it."""
    try:
        return import_module("distributed")
    except ImportError:
        raise ConfigError(
            "batch work on Dask needs the package `distributed`",
            where=SETTING,
            mend="pip install 'pacesetter[dask]', or unset it: threads of this machine do the work then",
        ) from None


@contextmanager
def connected(scheduler: str) -> Iterator[Any]:
    """A client of a scheduler that has workers; ``ConfigError`` otherwise."""
    try:
        client = dask().Client(scheduler, timeout=CONNECT_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ConfigError(
            f"no Dask scheduler answers at {scheduler}",
            where=SETTING,
            mend="start it (`dask scheduler`), mend the address (tcp://host:8786), or unset it: "
            "threads of this machine do the work then",
        ) from error
    try:
        try:
            client.wait_for_workers(1, timeout=CONNECT_S)
        except TimeoutError:
            check_workers(client, scheduler)
        yield client
    finally:
        client.close(timeout=CONNECT_S)


def check_workers(client: Any, scheduler: str) -> None:
    """``ConfigError`` for a scheduler that has no workers (any more)."""
    if not client.scheduler_info()["workers"]:
        raise ConfigError(
            f"the Dask scheduler at {scheduler} has no workers",
            where=SETTING,
            mend=f"start some where Pacesetter is installed: `dask worker {scheduler}`",
        )


def side_by_side(found: Sequence[Found]) -> Found:
    """The exposures of all blocks, symbol after symbol."""
    first = found[0]
    if len(found) == 1:
        return first
    arrays = [field.name for field in fields(Exposures) if field.name != "window"]

    def joined(name: str) -> Exposures:
        parts: dict[str, Any] = {
            column: np.hstack([getattr(one[name], column) for one in found]) for column in arrays
        }
        return replace(first[name], **parts)

    return {name: joined(name) for name in first}
