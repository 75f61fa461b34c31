#!/usr/bin/env bash
# Instructions that the kernels take on the committed workload, against benches/instructions.txt: wall-clock times say
# nothing on a busy machine, counts do. Fails if one is more than 3 % above its baseline.
#   benches/instructions.sh             check
#   benches/instructions.sh --refresh   write the baseline: after a change that is meant to cost or save, or a new rustc
# valgrind has no AVX-512, so the kernels take their AVX2 path. One thread: idle ones would be counted too.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v valgrind >/dev/null; then
  echo "SKIPPED: instruction counts need valgrind, which is not installed" >&2
  exit 0
fi
baseline=benches/instructions.txt
bench=$(cargo bench --bench peers --no-run --message-format json 2>/dev/null | grep -o '"executable":"[^"]*/peers-[^"]*"' | tail -1 | cut -d'"' -f4)
count() {
  RAYON_NUM_THREADS=1 valgrind --tool=callgrind --callgrind-out-file=/dev/null "$bench" \
    --workload benches/peers/tiny --kernel "$1" --rounds 50 2>&1 >/dev/null | grep -oE 'Collected : [0-9]+' | grep -oE '[0-9]+'
}
[ "${1:-}" = --refresh ] && : >"$baseline"
worse=0
for kernel in engine_brute engine_fast engine_delay_fast engine_neighbours; do
  now=$(count "$kernel")
  if [ "${1:-}" = --refresh ]; then
    echo "$kernel $now" | tee -a "$baseline"
    continue
  fi
  was=$(grep "^$kernel " "$baseline" | cut -d' ' -f2)
  echo "$kernel $now instructions, baseline $was"
  if [ "$now" -gt $((was * 103 / 100)) ]; then
    echo "$kernel takes more than 3 % above its baseline" >&2
    worse=1
  fi
done
exit $worse
