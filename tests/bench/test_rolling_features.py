"""14 rolling features on 800 symbols × 14 years: warm panel to finished columns, against pandas and Qlib."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pacesetter.factors.base import factors
from pacesetter.factors.columns import columns
from tests.bench.qlib_features import FEATURES
from tests.bench.stopwatch import best_of, report
from tests.bench.synthetic import market_of, synthetic_panel, wide, write_qlib

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]
SYMBOLS, DAYS = 800, 14 * 252


@pytest.fixture(scope="module")
def panel():
    return synthetic_panel(SYMBOLS, DAYS)


@pytest.fixture(scope="module")
def ours(panel) -> tuple[float, np.ndarray]:
    """Seconds, and the columns as dates × symbols (K×T×S)."""
    chosen = [factors.get(name) for name in FEATURES]
    made = columns(chosen, panel)  # compiles
    took = best_of(7, lambda: columns(chosen, panel))
    return took, made.raw.reshape(len(chosen), SYMBOLS, DAYS).transpose(0, 2, 1)


def pandas_features(close: pd.DataFrame, volume: pd.DataFrame, market: pd.Series) -> list[pd.DataFrame]:
    """The same features, column by column over all symbols at once."""
    change = close / close.shift(1) - 1
    log = np.log(close / close.shift(1))
    step = close.diff()
    m = pd.DataFrame(np.broadcast_to(market.to_numpy()[:, None], close.shape))
    both, of_both = (change * m).rolling(252).mean(), change.rolling(252).mean()
    mean = m.rolling(252).mean()
    beta = (both - of_both * mean) / ((m * m).rolling(252).mean() - mean * mean)
    up = step.clip(lower=0).ewm(span=27).mean()
    return [
        close.shift(21) / close.shift(252) - 1,
        close / close.shift(5) - 1,
        close / close.shift(21) - 1,
        log.rolling(63).std() * np.sqrt(252),
        log.rolling(21).std(ddof=0),
        log.rolling(63).skew(),
        np.log(volume.rolling(21).mean() / volume.rolling(126).mean()),
        volume / volume.shift(5) - 1,
        (change.abs() / (close * volume)).rolling(21).mean() * 1e6,
        close / close.rolling(252).max() - 1,
        change.rolling(21).max(),
        100 * up / step.abs().ewm(span=27).mean(),
        beta,
        change.rolling(126).sum() - beta * m.rolling(126).sum(),
    ]


def compare(mine: np.ndarray, theirs: np.ndarray, tolerance: float) -> None:
    """The features are the same ones: the last quarter of the dates agrees."""
    for name, a, b in zip(FEATURES, mine, theirs, strict=True):
        a, b = a[-DAYS // 4 :], b[-DAYS // 4 :]
        loose = 2e-4 * 100 if name == "rsi_14" else 0.0  # theirs is not restarted 140 changes ago
        scale = np.nanstd(a)
        assert np.nanmax(np.abs(a - b)) <= tolerance * scale + loose, name
        assert not np.isnan(a).any(), name


def test_against_pandas(panel, ours) -> None:
    took, mine = ours
    close, volume, market = wide(panel, "close"), wide(panel, "volume"), pd.Series(market_of(panel))
    theirs = np.stack([f.to_numpy() for f in pandas_features(close, volume, market)])
    compare(mine, theirs, 1e-6)
    peer = best_of(2, lambda: pandas_features(close, volume, market))
    report("14 rolling features, 2.8 M bars", took, peer, f"pandas {pd.__version__}, wide frames", "≥ 1")


def test_against_qlib(panel, ours, tmp_path) -> None:
    python = os.environ.get("PACESETTER_QLIB_PYTHON")
    if not python:
        pytest.skip(
            "Qlib: set PACESETTER_QLIB_PYTHON to a Python that has pyqlib (in an environment of its own)"
        )
    took, mine = ours
    write_qlib(panel, tmp_path / "data")
    script = Path(__file__).with_name("qlib_features.py")
    command = [python, str(script), str(tmp_path / "data"), "2", str(tmp_path / "out.npy")]
    shown = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr[-3000:]
    told = json.loads(shown.stdout.strip().splitlines()[-1])
    theirs = np.load(tmp_path / "out.npy").reshape(SYMBOLS, DAYS, len(FEATURES)).transpose(2, 1, 0)
    compare(mine, theirs, 1e-2)  # Qlib calculates in float32
    versions = " ".join(f"{name} {version}" for name, version in told["versions"].items())
    report("14 rolling features, 2.8 M bars", took, min(told["seconds"]), "Qlib D.features", "≥ 20")
    print(f"  {versions}")
