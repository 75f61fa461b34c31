#!/usr/bin/env bash
# Instructions that the kernels take on the committed workload, against benches/instructions.txt: wall-clock times say
# nothing on a busy machine, counts do. Fails if one is more than 5 % above its baseline.
#   benches/instructions.sh             check
#   benches/instructions.sh --refresh   write the baseline: after a change that is meant to cost or save, or a new rustc
# Counts are of the portable path, on one thread: the same on every x86-64 machine (valgrind has no AVX-512, and another
# machine may have no AVX2). They belong to one compiler: with another they are printed and not compared.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v valgrind >/dev/null; then
  echo "SKIPPED: instruction counts need valgrind, which is not installed" >&2
  exit 0
fi
baseline=benches/instructions.txt
compiler="$(rustc --version) $(rustc -vV | grep '^host' | cut -d' ' -f2)"
cargo bench --quiet --bench peers --no-run
bench=$(cargo bench --bench peers --no-run --message-format json 2>/dev/null | grep -o '"executable":"[^"]*/peers-[^"]*"' | tail -1 | cut -d'"' -f4)
count() {
  RAYON_NUM_THREADS=1 valgrind --tool=callgrind --callgrind-out-file=/dev/null "$bench" --workload benches/peers/tiny \
    --isa portable --threads 1 --kernel "$1" --rounds 50 2>&1 >/dev/null | grep -oE 'Collected : [0-9]+' | grep -oE '[0-9]+'
}
kernels="engine_brute engine_fast engine_delay_fast engine_neighbours engine_project"
if [ "${1:-}" = --refresh ]; then
  echo "# $compiler" >"$baseline"
  for kernel in $kernels; do
    echo "$kernel $(count "$kernel")" | tee -a "$baseline"
  done
  exit 0
fi
comparable=yes
if [ "$(head -1 "$baseline")" != "# $compiler" ]; then
  echo "NOT COMPARED: the baseline is of$(head -1 "$baseline" | cut -c2-), this is $compiler; benches/instructions.sh --refresh" >&2
  comparable=no
fi
worse=0
for kernel in $kernels; do
  now=$(count "$kernel")
  was=$(grep "^$kernel " "$baseline" | cut -d' ' -f2 || true)
  echo "$kernel $now instructions, baseline $was"
  if [ $comparable = yes ] && [ "$now" -gt $((was * 105 / 100)) ]; then
    echo "$kernel takes more than 5 % above its baseline" >&2
    worse=1
  fi
done
exit $worse
