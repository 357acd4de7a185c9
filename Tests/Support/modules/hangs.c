// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Never answers when it is asked for its slots.
#include "module.h"
#include <unistd.h>

static CK_RV hang(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *count) {
    (void)present, (void)slots, (void)count;
    for (;;) pause();
    return CKR_OK;
}

MODULE(.C_GetSlotList = hang)
