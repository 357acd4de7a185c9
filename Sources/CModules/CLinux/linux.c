// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

#include "shim.h"
#include <sys/timex.h>

void clinux_set_thread_name(const char *name)
{
    prctl(PR_SET_NAME, name, 0, 0, 0);
}

long clinux_largest_clock_error(void)
{
    struct timex time = {0};
    return adjtimex(&time) < 0 ? -1 : time.maxerror;
}
