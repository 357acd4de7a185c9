// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Shows as certificates what the file named by EONAY_TEST_OBJECTS holds: four octets of length, most significant first,
// and so many octets, again and again.
#include "module.h"
#include <stdio.h>
#include <stdlib.h>

static unsigned char content[4 << 20];
static struct { const unsigned char *start; CK_ULONG length; } objects[512];
static CK_ULONG count, next;

static CK_RV initialize(void *arguments) {
    (void)arguments;
    FILE *file = fopen(getenv("EONAY_TEST_OBJECTS"), "rb");
    if (!file) return CKR_GENERAL_ERROR;
    size_t size = fread(content, 1, sizeof content, file);
    fclose(file);
    count = 0;
    for (size_t at = 0; at + 4 <= size && count < 512;) {
        size_t length = (size_t)content[at] << 24 | content[at + 1] << 16 | content[at + 2] << 8 | content[at + 3];
        objects[count].start = content + at + 4;
        objects[count++].length = length;
        at += 4 + length;
    }
    return CKR_OK;
}

static CK_RV find_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE *template, CK_ULONG conditions) {
    (void)session, (void)conditions;
    next = *(CK_OBJECT_CLASS *)template[0].pValue == CKO_CERTIFICATE ? 0 : count;
    return CKR_OK;
}

static CK_RV find(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *found, CK_ULONG room, CK_ULONG *number) {
    (void)session;
    for (*number = 0; *number < room && next < count; next++) found[(*number)++] = next;
    return CKR_OK;
}

static CK_RV attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *template, CK_ULONG number) {
    (void)session, (void)number;
    if (template->type != CKA_VALUE) return CKR_ATTRIBUTE_TYPE_INVALID;
    if (template->pValue) memcpy(template->pValue, objects[object].start, objects[object].length);
    template->ulValueLen = objects[object].length;
    return CKR_OK;
}

MODULE(.C_Initialize = initialize, .C_FindObjectsInit = find_init, .C_FindObjects = find,
       .C_GetAttributeValue = attribute)
