// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "shim.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int ctestbench_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

// Always closed on exec; glibc has a wrapper since 2.36 only.
int ctestbench_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

// The time limit of a test begins when the test begins. Where hundreds begin at once, the last ones wait most of that time for the
// processors, so only a few run beside each other. swift-testing reads this after the constructors have run.
__attribute__((constructor)) static void run_a_few_tests_at_once(void) {
    setenv("SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH", "8", 0);
}

int ctestbench_add_close_from(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

int ctestbench_add_change_folder(posix_spawn_file_actions_t *actions, const char *folder) {
    return posix_spawn_file_actions_addchdir_np(actions, folder);
}
