// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

#include "shim.h"

void clinux_set_thread_name(const char *name)
{
    prctl(PR_SET_NAME, name, 0, 0, 0);
}
