// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Answers CKR_GENERAL_ERROR to the login, and has no token when it is asked for its slots again.
#include "module.h"

static int looks;
static CK_RV slots(CK_BBOOL present, CK_SLOT_ID *list, CK_ULONG *count) {
    (void)present;
    if (looks++ == 0) return sound_slots(present, list, count);
    *count = 0;
    return CKR_OK;
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin, CK_ULONG length) {
    (void)session, (void)user, (void)pin, (void)length;
    return CKR_GENERAL_ERROR;
}

MODULE(.C_GetSlotList = slots, .C_Login = login)
