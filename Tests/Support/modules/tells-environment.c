// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Writes down which variables it was given, a name on a line, into a file beside itself whose name ends with ".environment".
#define _GNU_SOURCE
#include "module.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static CK_RV tell(void *arguments) {
    char path[4096];
    Dl_info self;
    if (dladdr((void *)tell, &self) == 0) return CKR_GENERAL_ERROR;
    snprintf(path, sizeof path, "%s.environment", self.dli_fname);
    FILE *file = fopen(path, "w");
    if (!file) return CKR_GENERAL_ERROR;
    for (char **variable = environ; *variable; variable++)
        fprintf(file, "%.*s\n", (int)strcspn(*variable, "="), *variable);
    fclose(file);
    return sound_initialize(arguments);
}

MODULE(.C_Initialize = tell)
