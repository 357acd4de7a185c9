// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

#pragma once
#include <stdbool.h>

/* Landlock has no function in the C library, and a filter of seccomp's is a program. Each function gives -errno where it fails. */

enum cconfinement_access {
    CCONFINEMENT_READ,   /* read files and list folders */
    CCONFINEMENT_DEVICE, /* use devices */
    CCONFINEMENT_CHANGE, /* read, write, make and remove files */
};

/* The version of Landlock's interface that the kernel has. */
int cconfinement_landlock_version(void);

/* Whether the kernel has filters of system calls: 0 where it has. */
int cconfinement_filter_support(void);

/* No core file, and for others of the same user no look into this process. */
int cconfinement_hide(void);

/* A set of rules that allows nothing of what this version of the interface can forbid; a network client may connect by TCP.
   The caller closes it. */
int cconfinement_begin(int version, bool is_client);

/* Allows what lies at a path or below it. One that does not exist, or cannot be opened, stays forbidden. */
int cconfinement_allow(int rules, int version, const char *path, enum cconfinement_access access);

/* Binds the calling thread and all that it starts to the rules, for ever. */
int cconfinement_enforce(int rules);

/* Refuses system calls to all threads of this process and to all that they start, for ever. A network client may have sockets of
   the internet. */
int cconfinement_filter(bool is_client);
