// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Dies of a bad pointer where it is asked for its slots.
#include "module.h"

static CK_RV crash(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *count) {
    (void)present, (void)slots, (void)count;
    *(volatile int *)8 = 0;
    return CKR_OK;
}

MODULE(.C_GetSlotList = crash)
