// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Finds objects for ever.
#include "module.h"

static CK_RV find(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *objects, CK_ULONG room, CK_ULONG *count) {
    (void)session;
    for (CK_ULONG i = 0; i < room; i++) objects[i] = i + 1;
    *count = room;
    return CKR_OK;
}

MODULE(.C_FindObjects = find)
