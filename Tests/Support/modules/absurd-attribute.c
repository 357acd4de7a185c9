// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Announces a certificate of many gigabytes.
#include "module.h"

static CK_RV attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *template, CK_ULONG count) {
    (void)session, (void)object, (void)count;
    template->ulValueLen = 0x7fffffffffffUL;
    return CKR_OK;
}

MODULE(.C_GetAttributeValue = attribute)
