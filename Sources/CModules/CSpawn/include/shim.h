// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

#pragma once
#include <sys/types.h>

/* posix_spawn cannot set a parent-death signal, and what runs between fork and exec must not be Swift. */

struct cspawn_order {
    const char *path;
    char *const *arguments;   /* ends with NULL */
    char *const *environment; /* ends with NULL */
    const int *descriptors;   /* descriptors[i] becomes descriptor i of the child; -1: closed; none is below count */
    int count;
    int keeps_group;          /* no process of the job can leave its process group */
    unsigned long open_files; /* soft RLIMIT_NOFILE of the child; 0: as ours */
};

/* Starts the program in a process group of its own, which dies with the calling thread. Gives the process id and its
   pidfd, or -errno. A kernel without seccomp filters lets processes of the job leave the group all the same. */
pid_t cspawn_start(const struct cspawn_order *order, int *pidfd);

/* Kills what is left of the group and reaps the leader, which has ended. Gives 0 or -errno. */
int cspawn_reap(pid_t pid, int *wait_status);

/* Sends a signal to the group of a leader that was not reaped yet. */
void cspawn_signal_group(pid_t pid, int number);

/* The process's environment: a mutable global, which Swift 6 does not let through. */
char *const *cspawn_environment(void);

/* "SEGV" and the like, NULL for a number that is no signal: shown by <string.h> under _GNU_SOURCE alone. */
const char *cspawn_signal_name(int number);

/* A pipe whose ends are closed on exec, the reading one non-blocking: Glibc's module does not show pipe2. -1 and errno. */
int cspawn_pipe(int ends[2]);

/* Raises the soft RLIMIT_NOFILE of this process to its hard one, but no further than the given number. Gives the soft limit
   that there was, 0 where none could be read. */
unsigned long cspawn_raise_open_files(unsigned long most);

/* The parts of a wait status, which are macros. */
int cspawn_was_signaled(int wait_status);
int cspawn_code(int wait_status);
