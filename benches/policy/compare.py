"""Runs the peer and the engine in turn on one workload and prints ratios of medians; ends with 1 if a result differs.
python compare.py PRESET DIR          ROUNDS=5 rounds; the engine on one thread and on all"""
import json, os, statistics, subprocess, sys
here = os.path.dirname(os.path.abspath(__file__)); preset, work = sys.argv[1], os.path.abspath(sys.argv[2]); rounds = int(os.environ.get('ROUNDS', 5))
engine = [os.environ.get('CARGO', 'cargo'), 'bench', '--quiet', '--bench', 'policy', '--', '--workload', work, '--rounds', '15', '--threads']
runs = dict(peer=[sys.executable, f'{here}/np_policy.py', work], one=engine + ['1'], all=engine + ['0']); lines = {k: [] for k in runs}
for n in range(rounds):
    print(f'round {n + 1} of {rounds}, load {os.getloadavg()[0]:.1f}', file=sys.stderr, flush=True)
    for name, command in runs.items():
        out = subprocess.run(command, capture_output=True, text=True)
        if out.returncode: sys.exit(f'{name}: {out.stderr}')
        lines[name].append(json.loads(out.stdout.strip().splitlines()[-1]))
same = all(line['results'] == lines['peer'][0]['results'] for of in lines.values() for line in of)
print(f'\n| {preset} | million decisions a second | ratio to the peer | least and most of a round | forecasts, ratio | results |\n|---|---|---|---|---|---|')
for name, title in [('peer', 'NumPy'), ('one', 'engine, one thread'), ('all', f'engine, {os.cpu_count()} threads')]:
    each = [x['Mdecisions_s'] / y['Mdecisions_s'] for x, y in zip(lines[name], lines['peer'])]
    look = statistics.median(y['forecast_s'] / max(x['forecast_s'], 1e-9) for x, y in zip(lines[name], lines['peer']))
    rate = statistics.median(x['Mdecisions_s'] for x in lines[name])
    print(f'| {title} | {rate:.0f} | {statistics.median(each):.1f}x | {min(each):.1f}-{max(each):.1f} | {look:.1f}x | {"equal" if same else "DIFFER"} |')
sys.exit(0 if same else 1)
