"""Numba with masks: a project opens `delay` years late in a draw, so its places are masked draw by draw; with the group algebra:
one row for each combination of openings that occurs in a group, then the sum over groups and the select in one parallel pass.
python nb_delay.py WL [S]"""
from common import *
import numba as nb
w = load(arg(1, ''), arg(2, 0)); nb.set_num_threads(os.cpu_count())
@nb.njit(parallel=True, fastmath=True)
def table(dem, base, op, late, seats, L):                # dem [T,D], op [K,k], late [k,D]
    for r in nb.prange(op.shape[0]):
        x = np.empty(dem.shape[1], np.float32)
        for t in range(dem.shape[0]):
            for d in range(dem.shape[1]): x[d] = dem[t, d] - base[t]
            for p in range(op.shape[1]):
                u = np.int32(op[r, p]); n = seats[p]
                for d in range(dem.shape[1]): x[d] -= n if u + late[p, d] <= t else np.float32(0)
            for d in range(dem.shape[1]): L[r, d] += max(x[d], np.float32(0))
@nb.njit(parallel=True, fastmath=True)
def bag(L, col, const, k, m, c):
    for s in nb.prange(col.shape[0]):
        A = const.copy()
        for j in range(col.shape[1]):
            r = col[s, j]
            for d in range(A.shape[0]): A[d] += L[r, d]
        x = 0.0
        for d in range(A.shape[0]): x += A[d]
        m[s] = x / A.shape[0]; p = np.partition(A, A.shape[0] - k); y = 0.0
        for d in range(A.shape[0] - k, A.shape[0]): y += p[d]
        c[s] = y / k
def run():
    const = np.zeros(w.D, np.float32); tabs = []; idx = []
    for g in range(w.G):
        ps = np.where(w.pgroup == g)[0]
        if len(ps) == 0: const += np.maximum(w.demand[g] - w.base[g][:, None], 0).sum(0); continue
        key = np.zeros(w.S, np.int64)
        for p in ps: key = key * (w.T + 1) + w.open[:, p]
        u, first, inv = np.unique(key, return_index=True, return_inverse=True)
        L = np.zeros((len(u), w.D), np.float32); table(w.demand[g], w.base[g], w.open[first][:, ps], w.delay[ps].astype(np.int32), w.pseats[ps], L)
        tabs.append(L); idx.append(inv)
    off = np.cumsum([0] + [len(L) for L in tabs]); col = np.stack([i + o for i, o in zip(idx, off)], 1).astype(np.int32)
    m = np.empty(w.S); c = np.empty(w.S); bag(np.concatenate(tabs), col, const, max(1, round(w.D * .05)), m, c); return m, c
report('nb_delay', w, run, 5)
