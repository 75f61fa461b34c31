"""Runs peers and engine in turn on one workload and prints ratios of medians; ends with 1 if a checksum differs.
python compare.py PRESET DIR          ROUNDS=5 rounds, each peer and kernel once a round after a warm-up of its own"""
import json, os, statistics, subprocess, sys
here = os.path.dirname(os.path.abspath(__file__))
preset, work = sys.argv[1], os.path.abspath(sys.argv[2])
rounds, cores = int(os.environ.get('ROUNDS', 5)), os.cpu_count()
# schedules that the slow ones and the fast ones go through
slow, fast = dict(tiny=(200, 200), small=(10000, 10000), ref=(2000, 10000), large=(100, 10000))[preset]
# (kernel, peer, schedules, at least, aim)
pairs = dict(
    tiny=[('engine_brute', 'np_brute', slow, 0, 0), ('engine_fast', 'np_prefix', fast, 0, 0), ('engine_delay_fast', 'nb_delay', fast, 0, 0)],
    small=[('engine_fast', 'np_prefix', fast, 6, 15), ('engine_fast', 'nb_brute', fast, 4, 8)],
    ref=[('engine_brute', 'np_brute', slow, 20, 40), ('engine_brute', 'nb_brute', slow, 4, 9),
         ('engine_fast', 'np_prefix', fast, 5, 12), ('engine_fast', 'nb_prefix', fast, 3, 6),
         ('engine_delay_fast', 'nb_delay', fast, 4, 10), ('engine_neighbours', 'engine_neighbours_full', fast, 10, 30),
         ('engine_project', 'np_project', 0, 4, 8)],
    large=[('engine_fast', 'np_prefix', fast, 2.5, 5), ('engine_fast', 'nb_prefix', fast, 2.5, 5)])[preset]
engine = [os.environ.get('CARGO', 'cargo'), 'bench', '--quiet', '--bench', 'peers', '--', '--workload', work]
def command(name, schedules):
    some = ['--schedules', str(schedules)] if schedules else []
    if name.startswith('engine_'): return engine + ['--kernel', name, '--rounds', '3'] + some
    args = dict(np_brute=['float32', str(cores)], np_project=['numpy']).get(name, [])
    return [sys.executable, f'{here}/{name}.py', work] + ([str(schedules)] if schedules else []) + args
runs = sorted({(name, s) for kernel, peer, s, *_ in pairs for name in (kernel, peer)})
lines = {run: [] for run in runs}
for n in range(rounds):
    print(f'round {n + 1} of {rounds}, load {os.getloadavg()[0]:.1f}', file=sys.stderr, flush=True)
    for run in runs:
        out = subprocess.run(command(*run), env=dict(os.environ, REPS='3', NUMBA_NUM_THREADS=str(cores)), capture_output=True, text=True)
        if out.returncode: sys.exit(f'{run[0]}: {out.stderr}')
        lines[run].append(json.loads(out.stdout.strip().splitlines()[-1]))
# NumPy projects from shocks in memory: the time to draw them belongs to it
for found in lines.values():
    for line in found: line['sec'] += line.get('rng_sec', 0)
def seconds(run): return statistics.median(line['sec'] for line in lines[run])
keys = ['sum_mean', 'sum_cvar', 'best', 'pareto']
wrong = 0
print(f'\n| {preset} | against | schedules | engine s | peer s | ratio | least and most of a round | at least | aim | checksums |\n|---|---|---|---|---|---|---|---|---|---|')
for kernel, peer, s, least, aim in pairs:
    a, b = (kernel, s), (peer, s)
    sums = [{k: x[0].get(k) for k in keys} for x in (lines[a], lines[b])]
    same = sums[0]['sum_mean'] is None or (sums[0] == sums[1])
    wrong += not same
    each = [y['sec'] / x['sec'] for x, y in zip(lines[a], lines[b])]
    note = 'none' if sums[0]['sum_mean'] is None else 'equal' if same else f'DIFFER {sums}'
    print(f'| {kernel} | {peer} | {s} | {seconds(a):.5f} | {seconds(b):.5f} | {statistics.median(each):.1f}x | {min(each):.1f}-{max(each):.1f} | {least}x | {aim}x | {note} |')
sys.exit(1 if wrong else 0)
