#!/usr/bin/env bash
# The benchmark policy margin and its peer on one workload, in turn: checks that their results agree and prints the ratios.
#   benches/policy/run.sh [tiny|small|ref] [PYTHON]
# PYTHON needs numpy. ROUNDS=5 by default.
set -euo pipefail
cd "$(dirname "$0")/../.."
preset=${1:-ref}
python=${2:-python3}
store=target/peers
mkdir -p "$store"
[ -f "$store/$preset/meta.json" ] || "$python" benches/peers/workload.py "$preset" "$store/$preset" >/dev/null
cargo bench --bench policy --no-run
exec "$python" benches/policy/compare.py "$preset" "$store/$preset"
