"""The 14 rolling features in Qlib: `python qlib_features.py FOLDER RUNS [OUT.npy]` prints JSON.

Stands alone and is run by the interpreter of Qlib's own environment (PACESETTER_QLIB_PYTHON):
pyqlib pins what Pacesetter does not need. FOLDER is a data directory in Qlib's own format.
Tried with pyqlib 0.9.7 on NumPy 2.4.6, pandas 3.1.1 and Python 3.11.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from pathlib import Path
from time import perf_counter

R, LOG = "($close/Ref($close,1)-1)", "Log($close/Ref($close,1))"
BETA = f"Cov({R},$market,252)/Var($market,252)"
FEATURES = {
    "momentum": "Ref($close,21)/Ref($close,252)-1",
    "return_5d": "$close/Ref($close,5)-1",
    "reversal_21d": "$close/Ref($close,21)-1",
    "volatility": f"Std({LOG},63)*15.874507866387544",
    "volatility_21d": f"Std({LOG},21)*0.9759000729485332",
    "skewness_63d": f"Skew({LOG},63)",
    "volume_change": "Log(Mean($volume,21)/Mean($volume,126))",
    "volume_change_5d": "$volume/Ref($volume,5)-1",
    "amihud_21d": f"Mean(Abs({R})/($close*$volume),21)*1000000",
    "high_52w_distance": "$close/Max($close,252)-1",
    "max_return_21d": f"Max({R},21)",
    "rsi_14": "100*EMA(Greater($close-Ref($close,1),0),27)/EMA(Abs($close-Ref($close,1)),27)",
    "beta_252d": BETA,
    "relative_strength": f"Sum({R},126)-({BETA})*Sum($market,126)",
}


def main(folder: str, runs: int, out: str | None) -> None:
    """Time ``D.features`` over all instruments, on all cores, without its disk caches."""
    import numpy
    import pandas
    import qlib
    from qlib.config import REG_US
    from qlib.data import D

    qlib.init(
        provider_uri=folder,
        region=REG_US,
        kernels=os.cpu_count(),
        expression_cache=None,
        dataset_cache=None,
        logging_level=logging.ERROR,
    )
    names = sorted(path.name for path in (Path(folder) / "features").iterdir())
    seconds, frame = [], None
    for _ in range(runs):
        started = perf_counter()
        frame = D.features([name.upper() for name in names], list(FEATURES.values()), freq="day")
        seconds.append(perf_counter() - started)
    if out:
        numpy.save(out, frame.sort_index().to_numpy())
    versions = {"pyqlib": qlib.__version__, "numpy": numpy.__version__, "pandas": pandas.__version__}
    print(json.dumps({"seconds": seconds, "shape": list(frame.shape), "versions": versions}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None)
