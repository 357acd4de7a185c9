// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// OpenSC with a configuration of the bench's own. Jobs are given no OPENSC_CONF, since what it names can have OpenSC write the
// PIN down; so the module itself says where the configuration is. In the folder that this file was copied to lie "opensc.conf"
// and "opensc.so", a link to OpenSC's module.

#define _GNU_SOURCE
#include "ConfiguredOpenSC.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long (*get_list)(void **list);
enum { general_error = 5 }; // CKR_GENERAL_ERROR

// The path of a file beside this one; 0 where it has none.
static int beside(char *path, size_t size, const char *name) {
    Dl_info self;
    if (dladdr((void *)beside, &self) == 0 || self.dli_fname == NULL) return 0;
    const char *slash = strrchr(self.dli_fname, '/');
    if (slash == NULL) return 0;
    int length = snprintf(path, size, "%.*s/%s", (int)(slash - self.dli_fname), self.dli_fname, name);
    return length > 0 && (size_t)length < size;
}

unsigned long C_GetFunctionList(void **list) {
    char path[4096];
    if (!beside(path, sizeof path, "opensc.conf") || setenv("OPENSC_CONF", path, 1) != 0) return general_error;
    if (!beside(path, sizeof path, "opensc.so")) return general_error;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    get_list function = library ? (get_list)dlsym(library, "C_GetFunctionList") : NULL;
    return function ? function(list) : general_error;
}
