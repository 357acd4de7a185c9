// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Claims to have written more slots than it was given room for.
#include "module.h"

static CK_RV slots(CK_BBOOL present, CK_SLOT_ID *list, CK_ULONG *count) {
    (void)present, (void)list;
    *count = 0x7fffffffffffUL;
    return CKR_OK;
}

MODULE(.C_GetSlotList = slots)
