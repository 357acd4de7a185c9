// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Refuses any argument to C_Initialize, as some builds of libakisp11 do.
#include "module.h"

static CK_RV initialize(void *arguments) { return arguments ? CKR_ARGUMENTS_BAD : CKR_OK; }

MODULE(.C_Initialize = initialize)
