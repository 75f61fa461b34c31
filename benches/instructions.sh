#!/usr/bin/env bash
# Instructions that the kernels take on the committed workload, against benches/instructions.txt: wall-clock times say
# nothing on a busy machine, counts do. Fails if one is more than 5 % above its baseline, and where it cannot count.
#   benches/instructions.sh             check
#   benches/instructions.sh --compiler  check that rustc is the one of the baseline, and nothing else
#   benches/instructions.sh --refresh   write the baseline: after a change that is meant to cost or save, or a new rustc
# Counts are of the portable path, on one thread: the same on every x86-64 machine (valgrind has no AVX-512, and another
# machine may have no AVX2). They belong to one compiler: under another one there is nothing to compare with.
set -euo pipefail
cd "$(dirname "$0")/.."
baseline=benches/instructions.txt
compiler="$(rustc --version) $(rustc -vV | grep '^host' | cut -d' ' -f2)"
if [ "${1:-}" != --refresh ] && [ "$(head -1 "$baseline")" != "# $compiler" ]; then
  echo "the baseline is of$(head -1 "$baseline" | cut -c2-), this is $compiler: use that compiler, or write the baseline with benches/instructions.sh --refresh" >&2
  exit 1
fi
if [ "${1:-}" = --compiler ]; then exit; fi
if ! command -v valgrind >/dev/null; then
  echo "instruction counts need valgrind, which is not installed" >&2
  exit 1
fi
# without the command line: the command would be linked along with the bench, and take as long
build=(cargo bench --no-default-features --bench peers --no-run)
"${build[@]}" --quiet
bench=$("${build[@]}" --message-format json 2>/dev/null | grep -o '"executable":"[^"]*/peers-[^"]*"' | tail -1 | cut -d'"' -f4)
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
worse=0
for kernel in $kernels; do
  now=$(count "$kernel")
  was=$(grep "^$kernel " "$baseline" | cut -d' ' -f2 || true)
  echo "$kernel $now instructions, baseline $was"
  if [ "$now" -gt $((was * 105 / 100)) ]; then
    echo "$kernel takes more than 5 % above its baseline" >&2
    worse=1
  fi
done
exit $worse
