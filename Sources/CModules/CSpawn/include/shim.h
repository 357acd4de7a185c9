// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

#pragma once
#include <sys/types.h>

/* posix_spawn cannot set a parent-death signal, and what runs between fork and exec must not be Swift. */

enum cspawn_group {
    CSPAWN_SHARED,  /* the caller's */
    CSPAWN_OWN,     /* one of its own */
    CSPAWN_LOCKED,  /* one of its own, which no process that comes of it can leave */
    CSPAWN_SESSION, /* a session of its own, without a terminal */
};

struct cspawn_order {
    const char *path;
    char *const *arguments;   /* ends with NULL */
    char *const *environment; /* ends with NULL */
    const int *descriptors;   /* descriptors[i] becomes descriptor i of the child; -1: closed; none is below count */
    int count;
    enum cspawn_group group;
    int death_signal;         /* what the child is sent when the calling thread ends; 0: nothing */
    unsigned long open_files; /* soft RLIMIT_NOFILE of the child; 0: as ours */
};

/* Starts the program, with every signal as the system gives it. Gives the process id and its pidfd, or -errno. A kernel
   without seccomp filters lets processes leave a locked group all the same. */
pid_t cspawn_start(const struct cspawn_order *order, int *pidfd);

/* A pipe whose ends are closed on exec: Glibc's module does not show pipe2. -1 and errno. */
int cspawn_pipe(int ends[2]);

/* "SEGV" and the like, NULL for a number that is no signal: shown by <string.h> under _GNU_SOURCE alone. */
const char *cspawn_signal_name(int number);
