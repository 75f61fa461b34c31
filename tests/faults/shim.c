/* Lets the n-th call that changes a disk fail: preloaded into the command by tests/faults.rs (Linux).
 *
 * FAULT_DIR   only files below this folder count
 * FAULT_AT    which call fails, from 1; 0 = none
 * FAULT_KIND  ENOSPC, EIO, EACCES, SHORT (a write takes half), KILL (the process ends before the call)
 * FAULT_ON    "1": every later call of its kind fails too, as on a disk that stays full
 * FAULT_LOG   a file that gets a byte for each call that counts
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long calls;

static int below(const char *path) {
  const char *dir = getenv("FAULT_DIR");
  if (!dir || !path) return 0;
  return path[0] != '/' || strncmp(path, dir, strlen(dir)) == 0;
}

static int fd_below(int fd) {
  char link[64], path[4096];
  struct stat st;
  if (fstat(fd, &st) != 0 || !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 1);
  if (n <= 0) return 0;
  path[n] = 0;
  return below(path);
}

/* 0: go on; 1: fail with errno set; 2: do half of it. `writes`: the call takes space. */
static int fails(int writes) {
  const char *at = getenv("FAULT_AT"), *kind = getenv("FAULT_KIND"), *on = getenv("FAULT_ON"), *log = getenv("FAULT_LOG");
  if (log) {
    long fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CREAT, 0600);
    if (fd >= 0) { syscall(SYS_write, fd, ".", 1); syscall(SYS_close, fd); }
  }
  long n = atomic_fetch_add(&calls, 1) + 1, wanted = at ? atol(at) : 0;
  if (!kind || wanted == 0 || n < wanted || (n > wanted && !(on && *on == '1'))) return 0;
  if (!strcmp(kind, "KILL")) { kill(getpid(), SIGKILL); pause(); }
  if (!strcmp(kind, "SHORT")) return writes ? 2 : 0;
  if (!strcmp(kind, "ENOSPC")) { if (!writes) return 0; errno = ENOSPC; return 1; }
  errno = !strcmp(kind, "EIO") ? EIO : EACCES;
  return 1;
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define OPEN(name, at, ...)                                                              \
  mode_t mode = 0;                                                                       \
  if (flags & O_CREAT) { va_list ap; va_start(ap, flags); mode = va_arg(ap, mode_t); va_end(ap); } \
  REAL(name);                                                                            \
  int changes = flags & (O_CREAT | O_TRUNC | O_WRONLY | O_RDWR);                          \
  if (changes && (at) && fails(flags & O_CREAT) == 1) return -1;                          \
  return real(__VA_ARGS__, flags, mode)

int open(const char *p, int flags, ...) { OPEN(open, below(p), p); }
int open64(const char *p, int flags, ...) { OPEN(open64, below(p), p); }
int openat(int d, const char *p, int flags, ...) { OPEN(openat, below(p), d, p); }
int openat64(int d, const char *p, int flags, ...) { OPEN(openat64, below(p), d, p); }

ssize_t write(int fd, const void *b, size_t n) {
  REAL(write);
  if (fd_below(fd)) {
    int f = fails(1);
    if (f == 1) return -1;
    if (f == 2 && n > 1) n /= 2;
  }
  return real(fd, b, n);
}

ssize_t copy_file_range(int a, off64_t *x, int b, off64_t *y, size_t n, unsigned f) {
  REAL(copy_file_range);
  if (fd_below(b) && fails(1) == 1) return -1;
  return real(a, x, b, y, n, f);
}

#define ON(name, cond, params, args, writes)             \
  int name params {                                      \
    REAL(name);                                          \
    if ((cond) && fails(writes) == 1) return -1;         \
    return real args;                                    \
  }

ON(mkdir, below(p), (const char *p, mode_t m), (p, m), 1)
ON(rename, below(a), (const char *a, const char *b), (a, b), 0)
ON(renameat2, below(a), (int d, const char *a, int e, const char *b, unsigned f), (d, a, e, b, f), 0)
ON(unlink, below(p), (const char *p), (p), 0)
ON(rmdir, below(p), (const char *p), (p), 0)
ON(unlinkat, 1, (int d, const char *p, int f), (d, p, f), 0)
ON(fsync, fd_below(fd), (int fd), (fd), 1)
ON(fdatasync, fd_below(fd), (int fd), (fd), 1)
ON(ftruncate64, fd_below(fd), (int fd, off64_t n), (fd, n), 0)
