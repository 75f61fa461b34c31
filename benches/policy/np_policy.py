"""The benchmark policy margin in closed loop, expert NumPy vectorised over draws. Each year t: forecast 6 years ahead from the observed grade cohorts
(mean ratios), commit the group's next project to open at t+3 if the forecast peak over t+3..t+6 exceeds margin*(seats open or committed), rent prefab seats
at t+1 for the forecast 1-year gap. Forecasts do not depend on the policy (demand is exogenous): computed once, reused for every policy.
python np_policy.py WL [policies]
The rolls that are observed are written to WL/pupils.npy, so that the engine sees the same."""
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'peers'))
from common import *
import workload as wl
d = arg(1, ''); NP = arg(2, 5); w = load(d); L = lambda k: np.load(f'{d}/{k}.npy'); births, entry, prog, n0, eps, city = map(L, 'births entry prog n0 eps city'.split())
T, Z, G9, D = eps.shape; N = wl.project(births, entry, prog, n0, eps, city)
np.save(f'{d}/pupils.npy', N)
def forecasts():                                          # F[t,h-1,Z,2,D] from cohorts seen at t
    F = np.empty((T, 6, Z, 2, D), np.float32)
    for t in range(T):
        c = N[t]
        for h in range(1, 7):
            n = np.empty_like(c); n[:, 0] = (births[:, min(t + h, T - 1)] * entry)[:, None]; n[:, 1:] = c[:, :-1] * prog[:, 1:, None]; c = n
            F[t, h-1, :, 0] = c[:, :6].sum(1); F[t, h-1, :, 1] = c[:, 6:].sum(1)
    return F.reshape(T, 6, 2 * Z, D)
order = [np.where(w.pgroup == g)[0] for g in range(w.G)]; K = max(map(len, order)); cum = np.zeros((w.G, K + 1), np.float32); cc = np.zeros((w.G, K + 1), np.float32)
for g, p in enumerate(order): cum[g, 1:len(p)+1] = np.cumsum(w.pseats[p]); cc[g, 1:len(p)+1] = np.cumsum(w.pcost[p]); cum[g, len(p)+1:] = cum[g, len(p)]; cc[g, len(p)+1:] = cc[g, len(p)]
kmax = np.array([len(p) for p in order])[:, None]; gi = np.arange(w.G)[:, None]
def policy(F, margin):
    k = np.zeros((T + 4, w.G, D), np.int8); short = np.zeros(D); pre = np.zeros(D); pf = np.zeros((w.G, D), np.float32)
    for t in range(T):
        s = w.base[:, t][:, None] + cum[gi, k[t]]; short += np.maximum(w.demand[:, t] - s - pf, 0).sum(0, dtype=np.float64)
        need = F[t, 2:6].max(0) * np.float32(margin); com = k[t + 3]; add = (need > w.base[:, t][:, None] + cum[gi, com]) & (com < kmax); k[t+3:] += add
        if t + 1 < T: pf = np.rint(np.maximum(F[t, 0] * np.float32(margin) - w.base[:, t + 1][:, None] - cum[gi, k[t + 1]], 0)); pre += pf.sum(0, dtype=np.float64)
    return short.mean(), pre.mean(), cc[gi, k[T - 1]].sum(0).mean()
t = time.perf_counter(); F = forecasts(); tf = time.perf_counter() - t; ts = []; res = []
for i in range(NP): t = time.perf_counter(); res.append(policy(F, .9 + .05 * i)); ts.append(time.perf_counter() - t)
m = statistics.median(ts); print(json.dumps(dict(peer='np_policy', forecast_s=round(tf, 3), sec_per_policy=round(m, 4), decisions=w.G * T * D, Mdecisions_s=round(w.G * T * D / m / 1e6, 2), results=[[round(float(y), 2) for y in x] for x in res])))
