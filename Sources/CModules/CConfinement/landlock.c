// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The headers may be older than the kernel that we run on, so what came after the first version is written down here, with the
   version that brought it (landlock(7)). */
enum {
    MOVE_BETWEEN_FOLDERS = 1 << 13, /* 2 */
    TRUNCATE = 1 << 14,             /* 3 */
    CONTROL_DEVICE = 1 << 15,       /* 5 */
    BIND_TCP = 1 << 0,              /* 4 */
    CONNECT_TCP = 1 << 1,           /* 4 */
    ABSTRACT_SOCKETS = 1 << 0,      /* 6 */
};

/* The kernel takes a longer structure than its own if the rest is zero. */
struct rules {
    uint64_t files, network, scopes;
};

static const uint64_t first_version = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;

/* What a version can forbid of files. */
static uint64_t known(int version) {
    return first_version | (version >= 2 ? MOVE_BETWEEN_FOLDERS : 0) | (version >= 3 ? TRUNCATE : 0) |
           (version >= 5 ? CONTROL_DEVICE : 0);
}

int cconfinement_landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version < 0 ? -errno : (int)version;
}

int cconfinement_hide(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : -errno; }

int cconfinement_begin(int version, bool is_client) {
    struct rules rules = {.files = known(version)};
    if (version >= 4) rules.network = BIND_TCP | (is_client ? 0 : CONNECT_TCP);
    /* Not signals (6): a pinentry that was started before must be endable. */
    if (version >= 6) rules.scopes = ABSTRACT_SOCKETS;
    long result = syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
    return result < 0 ? -errno : (int)result;
}

int cconfinement_allow(int rules, int version, const char *path, enum cconfinement_access access) {
    const uint64_t of_files = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                              TRUNCATE | CONTROL_DEVICE;
    uint64_t rights = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    if (access == CCONFINEMENT_DEVICE) rights |= LANDLOCK_ACCESS_FS_WRITE_FILE | CONTROL_DEVICE;
    if (access == CCONFINEMENT_CHANGE)
        rights |= LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE | TRUNCATE;
    int place = open(path, O_PATH | O_CLOEXEC);
    if (place < 0) return -errno;
    struct stat status;
    int result = fstat(place, &status);
    if (result == 0 && !S_ISDIR(status.st_mode)) rights &= of_files;
    struct landlock_path_beneath_attr rule = {.allowed_access = rights & known(version), .parent_fd = place};
    if (result == 0) result = (int)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    int failure = result < 0 ? -errno : 0;
    close(place);
    return failure;
}

int cconfinement_enforce(int rules) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -errno;
    return syscall(SYS_landlock_restrict_self, rules, 0) < 0 ? -errno : 0;
}
