"""Runs peers and engine in turn on workloads and prints ratios of medians; ends with 1 if a checksum differs.
python compare.py NAME STORE BENCH PRESET...      ROUNDS=5 rounds, each peer and kernel once a round after a warm-up of its own"""
import json, os, platform, statistics, subprocess, sys
here = os.path.dirname(os.path.abspath(__file__))
name, store, bench, presets = sys.argv[1], os.path.abspath(sys.argv[2]), sys.argv[3], sys.argv[4:]
rounds, cores = int(os.environ.get('ROUNDS', 5)), os.cpu_count()
# schedules that the slow ones and the fast ones go through
COUNTS = dict(tiny=(200, 200), small=(10000, 10000), ref=(2000, 10000), large=(100, 10000))
# what is compared: kernel, peer, schedules (0 = slow, 1 = fast), at least, aim
BRUTE_NP, BRUTE_NB = ('engine_brute', 'np_brute', 0), ('engine_brute', 'nb_brute', 0)
FAST_NP, FAST_NB, FAST_NB_BRUTE = ('engine_fast', 'np_prefix', 1), ('engine_fast', 'nb_prefix', 1), ('engine_fast', 'nb_brute', 1)
NEAR, NEAR_FAST = ('engine_neighbours', 'engine_neighbours_full', 1), ('engine_neighbours', 'engine_neighbours_fast', 1)
DELAY, PROJECT = ('engine_delay_fast', 'nb_delay', 1), ('engine_project', 'np_project', 1)
PAIRS = dict(
    tiny=[(*pair, 0, 0) for pair in (BRUTE_NP, BRUTE_NB, FAST_NP, FAST_NB, NEAR, NEAR_FAST, DELAY, PROJECT)],
    small=[(*FAST_NP, 6, 15), (*FAST_NB_BRUTE, 4, 8)],
    ref=[(*BRUTE_NP, 20, 40), (*BRUTE_NB, 4, 9), (*FAST_NP, 5, 12), (*FAST_NB, 3, 6), (*NEAR, 10, 30), (*NEAR_FAST, 0, 0), (*DELAY, 4, 10), (*PROJECT, 4, 8)],
    large=[(*FAST_NP, 2.5, 5), (*FAST_NB, 2.5, 5)])
WORDS = dict(engine_brute='brute, mean + CVaR', engine_fast='fast path', engine_neighbours='neighbours, exact CVaR', engine_delay_fast='per-draw delays, fast',
             engine_project='projection with its random numbers', np_brute='NumPy f32', nb_brute='Numba brute', np_prefix='NumPy, same algebra', nb_prefix='Numba, same algebra',
             engine_neighbours_full='full re-evaluation, brute', engine_neighbours_fast='full re-evaluation, fast path', nb_delay='Numba with masks', np_project='NumPy')
def command(preset, what, schedules):
    work = f'{store}/{preset}'
    if what.startswith('engine_'): return [bench, '--bench', '--workload', work, '--kernel', what, '--rounds', '3', '--schedules', str(schedules)]
    args = dict(np_brute=[str(schedules), 'float32', str(cores)], nb_brute=[str(schedules), str(cores)], np_project=['numpy']).get(what, [str(schedules)])
    return [sys.executable, f'{here}/{what}.py', work, *args]
def run(preset, what, schedules):
    out = subprocess.run(command(preset, what, schedules), env=dict(os.environ, REPS='3', NUMBA_NUM_THREADS=str(cores)), capture_output=True, text=True)
    lines = [line for line in out.stdout.splitlines() if line.startswith('{')]
    if out.returncode or len(lines) != 1: sys.exit(f'{what} on {preset} ended with {out.returncode}:\n{out.stdout}{out.stderr}')
    line = json.loads(lines[0])
    # NumPy projects from shocks in memory: the time to draw them belongs to it
    line['sec'] += line.get('rng_sec', 0)
    return dict(line, run=what, schedules=schedules)
# sums of tens of millions of pupils, printed to four digits
def same(a, b): return a is None or b is None or (abs(a - b) < 1e-3 if isinstance(a, float) else a == b)
keys = ['sum_mean', 'sum_cvar', 'best', 'pareto']
table = ['| workload | kernel | against | schedules | kernel, ms | peer, ms | ratio | least and most of a round | at least | aim | checksums |', '|' + '---|' * 11]
wrong, kept = 0, {}
for preset in presets:
    pairs = [(kernel, peer, COUNTS[preset][n], least, aim) for kernel, peer, n, least, aim in PAIRS[preset]]
    runs = sorted({(what, s) for kernel, peer, s, *_ in pairs for what in (kernel, peer)})
    lines = {r: [] for r in runs}
    for n in range(rounds):
        print(f'{preset}, round {n + 1} of {rounds}, load {os.getloadavg()[0]:.1f}', file=sys.stderr, flush=True)
        for r in runs: lines[r].append(run(preset, *r))
    kept[preset] = [line for of in lines.values() for line in of]
    for kernel, peer, s, least, aim in pairs:
        a, b = lines[kernel, s], lines[peer, s]
        agree = all(same(x.get(k), y.get(k)) for x in a + b for y in b for k in keys)
        wrong += not agree
        if not agree: print(f'{preset}: {kernel} and {peer} DIFFER:\n  ' + '\n  '.join(str([x.get(k) for k in keys]) for x in (a[0], b[0])), file=sys.stderr)
        each = [y['sec'] / x['sec'] for x, y in zip(a, b)]
        ms = [1e3 * statistics.median(x['sec'] for x in of) for of in (a, b)]
        goal = (f'{least}x', f'{aim}x') if least else ('', '')
        note = 'none' if a[0].get('sum_mean') is None else 'equal' if agree else 'DIFFER'
        table.append(f'| {preset} | {WORDS[kernel]} | {WORDS[peer]} | {s} | {ms[0]:.2f} | {ms[1]:.2f} | {statistics.median(each):.1f}x | {min(each):.1f}-{max(each):.1f} | {goal[0]} | {goal[1]} | {note} |')
cpu = next((line.split(':')[1].strip() for line in open('/proc/cpuinfo') if line.startswith('model name')), '') if os.path.exists('/proc/cpuinfo') else platform.processor()
table.append(f'\n{cpu}, {cores} cores; {rounds} rounds; each ratio is the median of the ratios of the rounds.')
print('\n' + '\n'.join(table))
with open(f'{store}/{name}.md', 'w') as out: out.write('\n'.join(table) + '\n')
with open(f'{store}/{name}.json', 'w') as out: json.dump(kept, out, indent=1)
sys.exit(1 if wrong else 0)
