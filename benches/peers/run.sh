#!/usr/bin/env bash
# The engine and its peers on one workload, in turn: checks that their checksums agree and prints the table of ratios.
#   benches/peers/run.sh [tiny|small|ref|large|all] [PYTHON]        all = small, ref and large, one table
# PYTHON needs numpy and numba; without it, python3 is taken if it has both, else an environment is made under target/peers.
# ROUNDS=5 by default. The table is written to target/peers/PRESET.md as well, every figure behind it to PRESET.json.
set -euo pipefail
cd "$(dirname "$0")/../.."
preset=${1:-ref}
case $preset in
  all) presets="small ref large" ;;
  tiny | small | ref | large) presets=$preset ;;
  *)
    echo "no preset $preset: tiny, small, ref, large or all" >&2
    exit 2
    ;;
esac
store=target/peers
mkdir -p "$store"
if [ $# -ge 2 ]; then
  python=$2
elif python3 -c 'import numpy, numba' 2>/dev/null; then
  python=python3
else
  python=$store/python/bin/python
  [ -x "$python" ] || python3 -m venv "$store/python"
  "$python" -c 'import numpy, numba' 2>/dev/null || "$python" -m pip install --quiet numpy numba
fi
for p in $presets; do
  [ -f "$store/$p/meta.json" ] || "$python" benches/peers/workload.py "$p" "$store/$p" >/dev/null
done
# built once and run by its path, so that no round waits for cargo
cargo bench --bench peers --no-run
bench=$(cargo bench --bench peers --no-run --message-format json 2>/dev/null | grep -o '"executable":"[^"]*/peers-[^"]*"' | tail -1 | cut -d'"' -f4)
exec "$python" benches/peers/compare.py "$preset" "$store" "$bench" $presets
