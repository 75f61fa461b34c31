#!/usr/bin/env bash
# The engine and its peers on one workload, in turn: checks that their checksums agree and prints the table of ratios.
#   benches/peers/run.sh [tiny|small|ref|large] [PYTHON]
# Without PYTHON (which needs numpy and numba) an environment is made under target/peers. ROUNDS=5 by default.
set -euo pipefail
cd "$(dirname "$0")/../.."
preset=${1:-ref}
store=target/peers
mkdir -p "$store"
python=${2:-$store/python/bin/python}
if [ $# -lt 2 ] && [ ! -x "$python" ]; then
  python3 -m venv "$store/python"
  "$python" -m pip install --quiet numpy numba
fi
[ -f "$store/$preset/meta.json" ] || "$python" benches/peers/workload.py "$preset" "$store/$preset" >/dev/null
cargo bench --bench peers --no-run
exec "$python" benches/peers/compare.py "$preset" "$store/$preset"
