// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Calls that glibc declares for _GNU_SOURCE alone, which Swift's Glibc module is not built with.
#pragma once
#include <spawn.h>
#include <sys/types.h>

// pipe2(2) with O_CLOEXEC.
int ctestbench_pipe(int ends[2]);

// pidfd_open(2), closed on exec.
int ctestbench_pidfd_open(pid_t pid);

// posix_spawn_file_actions_addclosefrom_np(3).
int ctestbench_add_close_from(posix_spawn_file_actions_t *actions, int first);

// posix_spawn_file_actions_addchdir_np(3).
int ctestbench_add_change_folder(posix_spawn_file_actions_t *actions, const char *folder);
