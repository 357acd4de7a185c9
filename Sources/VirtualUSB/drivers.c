// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// pcscd looks for drivers of USB readers in a folder that is compiled in. Here it looks in the one that
// EONAY_DRIVER_FOLDER names instead.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char compiled_in[] = "/usr/lib/pcsc/drivers";

// The path to use for `path`, which is written to `place` if it is another one.
static const char *redirected(const char *path, char place[static PATH_MAX]) {
    const char *folder = secure_getenv("EONAY_DRIVER_FOLDER");
    size_t length = sizeof compiled_in - 1;
    if (!path || !folder || strncmp(path, compiled_in, length) || (path[length] && path[length] != '/')) return path;
    // The drivers of readers in configuration files lie below, too, and are named in full on purpose.
    if (!strncmp(path + length, "/serial", strlen("/serial"))) return path;
    int written = snprintf(place, PATH_MAX, "%s%s", folder, path + length);
    return written > 0 && written < PATH_MAX ? place : path;
}

// POSIX allows the conversion from void * that ISO C does not.
#define NEXT(name) __extension__((__typeof__(&name))dlsym(RTLD_NEXT, #name))

DIR *opendir(const char *path) {
    char place[PATH_MAX];
    return NEXT(opendir)(redirected(path, place));
}

FILE *fopen(const char *path, const char *mode) {
    char place[PATH_MAX];
    return NEXT(fopen)(redirected(path, place), mode);
}

// The name that files have for programs with 64-bit times and offsets, as Debian 13's pcscd is one.
FILE *fopen64(const char *path, const char *mode) { return fopen(path, mode); }

void *dlopen(const char *path, int flags) {
    char place[PATH_MAX];
    return NEXT(dlopen)(redirected(path, place), flags);
}
