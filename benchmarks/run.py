"""Runs the quick benchmarks one after the other: `make bench`."""

import subprocess
import sys
from pathlib import Path

QUICK = ("import_time",)

for name in QUICK:
    print(f"== {name}", flush=True)
    subprocess.run([sys.executable, str(Path(__file__).parent / f"{name}.py"), *sys.argv[1:]], check=True)
