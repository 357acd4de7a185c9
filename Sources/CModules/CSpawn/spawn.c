// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The group is what is killed at a job's end, so nobody may leave it: setsid() and setpgid() succeed and do nothing, for this
   process and all that come of it. A refusal would be worse: daemon(3) and setsid(1) give up at one. The kernel asks for
   no_new_privs in return; nothing that a job starts needs a set-uid bit. */
static void keep_group(void) {
    enum { pass = SECCOMP_RET_ALLOW, nothing = SECCOMP_RET_ERRNO };
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#if defined(__x86_64__)
        /* Programs of 32 bits, and of the x32 kind, have numbers of their own. */
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 66, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 57, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_I386, 5, 0),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, ~0x40000000U),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_setsid, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_setpgid, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, pass),
        BPF_STMT(BPF_RET | BPF_K, nothing),
#else
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_setsid, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_setpgid, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, pass),
        BPF_STMT(BPF_RET | BPF_K, nothing),
#endif
    };
    struct sock_fprog filter = {.len = sizeof rules / sizeof *rules, .filter = rules};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
}

/* In the child of a vfork: it shares the parent's memory, so only system calls, and no return to the caller's frame. */
static int prepare_and_exec(const struct cspawn_order *order, pid_t parent, int report) {
    /* A handler of ours must not run here, nor its disposition or mask reach the program (eonayd blocks SIGTERM). */
    struct sigaction plain = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &plain, NULL);

    if (order->group == CSPAWN_SESSION ? setsid() < 0 : order->group != CSPAWN_SHARED && setpgid(0, 0) != 0) return errno;
    if (order->death_signal > 0) {
        if (prctl(PR_SET_PDEATHSIG, order->death_signal) != 0) return errno;
        if (getppid() != parent) return ESRCH; /* it died before the request */
    }

    for (int target = 0; target < order->count; target++) {
        int source = order->descriptors[target];
        if (source < 0) close(target);
        else if (dup2(source, target) < 0) return errno;
    }
    /* A file that a library opened without O_CLOEXEC stays out as well. */
    close_range((unsigned)order->count, (unsigned)report - 1, 0);
    close_range((unsigned)report + 1, ~0U, 0);

    /* A module may use select(2), which ends where descriptors have four digits. */
    struct rlimit files;
    if (order->open_files > 0 && getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur > order->open_files) {
        files.rlim_cur = order->open_files;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    if (order->group == CSPAWN_LOCKED) keep_group();

    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(order->path, order->arguments, order->environment);
    return errno;
}

/* The child's message before it became the program: nothing, or the errno that kept it from that. */
static int read_report(int report) {
    int failure = 0;
    ssize_t count;
    do count = read(report, &failure, sizeof failure);
    while (count < 0 && errno == EINTR);
    return count == sizeof failure ? failure : 0;
}

/* A pipe whose writing end is above all descriptors that the child will be given. */
static int open_report(int ends[2], int count) {
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    int lifted = fcntl(ends[1], F_DUPFD_CLOEXEC, count + 1);
    int failure = errno;
    close(ends[1]);
    ends[1] = lifted;
    if (lifted >= 0) return 0;
    close(ends[0]);
    errno = failure;
    return -1;
}

pid_t cspawn_start(const struct cspawn_order *order, int *pidfd) {
    int report[2];
    if (open_report(report, order->count) != 0) return -errno;
    pid_t parent = getpid();
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    /* vfork and not fork: no page tables are copied. Nothing relies on the shared memory (sanitizers turn it into a fork). */
    pid_t pid = vfork();
    if (pid == 0) {
        int failure = prepare_and_exec(order, parent, report[1]);
        if (write(report[1], &failure, sizeof failure) < 0) _exit(126);
        _exit(127);
    }
    int result = pid < 0 ? errno : 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    if (pid > 0) result = read_report(report[0]);
    close(report[0]);
    if (pid < 0) return -result;
    if (result == 0) {
        *pidfd = pidfd_open(pid, 0);
        if (*pidfd >= 0) return pid;
        result = errno;
        kill(pid, SIGKILL);
    }
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
    return -result;
}

int cspawn_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

const char *cspawn_signal_name(int number) { return sigabbrev_np(number); }
