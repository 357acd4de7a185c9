// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0
//
// The C peer of "card in → notification": waits for a card, loads a PKCS#11 module, reads every certificate, says so and exits.
// Usage: read-card MODULE. Prints "waiting" when it waits and "read N" when it is done.

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <winscard.h>

static void fail(const char *what, unsigned long code) {
    fprintf(stderr, "read-card: %s: 0x%lx\n", what, code);
    exit(1);
}

static void wait_for_card(void) {
    SCARDCONTEXT context;
    LONG rv = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context);
    if (rv != SCARD_S_SUCCESS) fail("SCardEstablishContext", rv);
    char names[1024];
    DWORD length = sizeof names;
    rv = SCardListReaders(context, NULL, names, &length);
    if (rv != SCARD_S_SUCCESS) fail("SCardListReaders", rv);
    SCARD_READERSTATE state = {.szReader = names, .dwCurrentState = SCARD_STATE_UNAWARE};
    rv = SCardGetStatusChange(context, 0, &state, 1);
    printf("waiting\n");
    fflush(stdout);
    while (!(state.dwEventState & SCARD_STATE_PRESENT)) {
        state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
        rv = SCardGetStatusChange(context, INFINITE, &state, 1);
        if (rv != SCARD_S_SUCCESS) fail("SCardGetStatusChange", rv);
    }
    SCardReleaseContext(context);
}

static int read_slot(CK_FUNCTION_LIST_PTR p11, CK_SLOT_ID slot) {
    CK_SESSION_HANDLE session;
    CK_RV rv = p11->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &session);
    if (rv != CKR_OK) fail("C_OpenSession", rv);
    CK_OBJECT_CLASS class = CKO_CERTIFICATE;
    CK_ATTRIBUTE query = {CKA_CLASS, &class, sizeof class};
    CK_OBJECT_HANDLE objects[16];
    CK_ULONG count = 0;
    rv = p11->C_FindObjectsInit(session, &query, 1);
    if (rv == CKR_OK) rv = p11->C_FindObjects(session, objects, 16, &count);
    if (rv != CKR_OK) fail("C_FindObjects", rv);
    p11->C_FindObjectsFinal(session);
    for (CK_ULONG i = 0; i < count; i++) {
        CK_ATTRIBUTE value = {CKA_VALUE, NULL, 0};
        rv = p11->C_GetAttributeValue(session, objects[i], &value, 1);
        if (rv == CKR_OK && (value.pValue = malloc(value.ulValueLen)))
            rv = p11->C_GetAttributeValue(session, objects[i], &value, 1);
        if (rv != CKR_OK) fail("C_GetAttributeValue", rv);
        free(value.pValue);
    }
    p11->C_CloseSession(session);
    return (int)count;
}

int main(int argc, char **argv) {
    if (argc != 2) fail("usage: read-card MODULE", 0);
    wait_for_card();
    void *module = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (!module) fail(dlerror(), 0);
    CK_C_GetFunctionList get = (CK_C_GetFunctionList)dlsym(module, "C_GetFunctionList");
    CK_FUNCTION_LIST_PTR p11;
    CK_RV rv = get ? get(&p11) : CKR_FUNCTION_NOT_SUPPORTED;
    CK_C_INITIALIZE_ARGS arguments = {.flags = CKF_OS_LOCKING_OK};
    if (rv == CKR_OK) rv = p11->C_Initialize(&arguments);
    if (rv != CKR_OK) fail("C_Initialize", rv);
    CK_SLOT_ID slots[16];
    CK_ULONG count = 16;
    rv = p11->C_GetSlotList(CK_TRUE, slots, &count);
    if (rv != CKR_OK) fail("C_GetSlotList", rv);
    int read = 0;
    for (CK_ULONG i = 0; i < count; i++) read += read_slot(p11, slots[i]);
    printf("read %d\n", read);
    p11->C_Finalize(NULL);
    return 0;
}
