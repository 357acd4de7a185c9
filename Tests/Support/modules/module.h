// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// The sound part of a PKCS#11 module with one slot, one token and one certificate; each test module changes one thing.
#pragma once
#include <p11-kit/pkcs11.h>
#include <string.h>

static void blank(unsigned char *field, size_t size, const char *text) {
    memset(field, ' ', size);
    memcpy(field, text, strlen(text));
}

static inline CK_RV sound_initialize(void *arguments) { (void)arguments; return CKR_OK; }
static inline CK_RV sound_finalize(void *reserved) { (void)reserved; return CKR_OK; }

static inline CK_RV sound_slots(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *count) {
    (void)present;
    if (slots) slots[0] = 7;
    *count = 1;
    return CKR_OK;
}

static inline CK_RV sound_slot(CK_SLOT_ID slot, CK_SLOT_INFO *info) {
    (void)slot;
    memset(info, 0, sizeof *info);
    blank(info->slotDescription, sizeof info->slotDescription, "Test Reader 00 00");
    info->flags = CKF_TOKEN_PRESENT;
    return CKR_OK;
}

static inline CK_RV sound_token(CK_SLOT_ID slot, CK_TOKEN_INFO *info) {
    (void)slot;
    memset(info, 0, sizeof *info);
    blank(info->label, sizeof info->label, "Test");
    blank(info->manufacturerID, sizeof info->manufacturerID, "Test");
    blank(info->model, sizeof info->model, "Test");
    info->flags = CKF_TOKEN_INITIALIZED | CKF_USER_PIN_INITIALIZED | CKF_LOGIN_REQUIRED;
    info->ulMinPinLen = 4;
    info->ulMaxPinLen = 8;
    return CKR_OK;
}

static inline CK_RV sound_open(CK_SLOT_ID slot, CK_FLAGS flags, void *data, CK_NOTIFY notify, CK_SESSION_HANDLE *session) {
    (void)slot, (void)flags, (void)data, (void)notify;
    *session = 1;
    return CKR_OK;
}
static inline CK_RV sound_close(CK_SESSION_HANDLE session) { (void)session; return CKR_OK; }

static int found_all;
static inline CK_RV sound_find_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE *template, CK_ULONG count) {
    (void)session, (void)count;
    found_all = *(CK_OBJECT_CLASS *)template[0].pValue != CKO_CERTIFICATE;
    return CKR_OK;
}
static inline CK_RV sound_find(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *objects, CK_ULONG room, CK_ULONG *count) {
    (void)session, (void)room;
    *count = found_all ? 0 : 1;
    if (!found_all) objects[0] = 1;
    found_all = 1;
    return CKR_OK;
}
static inline CK_RV sound_find_final(CK_SESSION_HANDLE session) { (void)session; return CKR_OK; }

static inline CK_RV sound_attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *template, CK_ULONG count) {
    static const unsigned char value[] = {0x30, 0x03, 0x02, 0x01, 0x00};
    (void)session, (void)object, (void)count;
    if (template->pValue) memcpy(template->pValue, value, sizeof value);
    template->ulValueLen = sizeof value;
    return CKR_OK;
}

#define SOUND                                                                                                          \
    .version = {2, 20}, .C_Initialize = sound_initialize, .C_Finalize = sound_finalize, .C_GetSlotList = sound_slots,  \
    .C_GetSlotInfo = sound_slot, .C_GetTokenInfo = sound_token, .C_OpenSession = sound_open,                           \
    .C_CloseSession = sound_close, .C_FindObjectsInit = sound_find_init, .C_FindObjects = sound_find,                  \
    .C_FindObjectsFinal = sound_find_final, .C_GetAttributeValue = sound_attribute

#define MODULE(...)                                                                                                    \
    static CK_FUNCTION_LIST functions = {SOUND, __VA_ARGS__};                                                          \
    CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list) { *list = &functions; return CKR_OK; }
