// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Answers the login with the CK_RV that the PIN spells in hexadecimal.
#include "module.h"
#include <stdlib.h>

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin, CK_ULONG length) {
    char digits[17] = {0};
    (void)session, (void)user;
    memcpy(digits, pin, length < 16 ? length : 16);
    return strtoul(digits, NULL, 16);
}

static CK_RV session(CK_SESSION_HANDLE session, CK_SESSION_INFO *info) {
    (void)session;
    memset(info, 0, sizeof *info);
    return CKR_OK;
}

MODULE(.C_Login = login, .C_GetSessionInfo = session)
