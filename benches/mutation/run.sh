#!/usr/bin/env bash
# The long form of the mutation test: prints every case that fails, and a table of what was found.
#   benches/mutation/run.sh [CASES] [FROM]        100,000 cases unless given, from number 0
# The same numbers are the same cases. WORKERS=2 by default. The table is written to target/mutation/table.md as well, all
# that was said to target/mutation/log. Ends with 1 if a case failed.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p target/mutation
# the profile of the tests: sums that overflow are found there, and nothing is built again
cargo test --bench mutation --no-run
bench=$(cargo test --bench mutation --no-run --message-format json 2>/dev/null | grep -o '"executable":"[^"]*/mutation-[^"]*"' | tail -1 | cut -d'"' -f4)
began=$SECONDS
code=0
"$bench" --cases "${1:-100000}" --from "${2:-0}" --workers "${WORKERS:-2}" | tee target/mutation/log || code=$?
{
  grep '^| ' target/mutation/log | tail -5
  echo
  echo "$(git rev-parse --short HEAD), $(date -u +%F), ${WORKERS:-2} workers, $((SECONDS - began)) s"
} | tee target/mutation/table.md
exit "$code"
