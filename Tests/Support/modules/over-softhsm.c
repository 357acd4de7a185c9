// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// SoftHSM with what it cannot do itself, as the environment says: EONAY_TEST_FLAGS (hexadecimal) are added to the token's
// flags; a login without a PIN, as a keypad's, is one with EONAY_TEST_KEYPAD; with EONAY_TEST_ALWAYS every private key demands
// the PIN for each signature, and a signature without it fails.
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdlib.h>
#include <string.h>

static CK_FUNCTION_LIST *real, functions;
static int isAuthenticated;

static CK_RV token(CK_SLOT_ID slot, CK_TOKEN_INFO *info) {
    CK_RV result = real->C_GetTokenInfo(slot, info);
    const char *flags = getenv("EONAY_TEST_FLAGS");
    if (result == CKR_OK && flags) info->flags |= strtoul(flags, NULL, 16);
    return result;
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin, CK_ULONG length) {
    const char *keypad = getenv("EONAY_TEST_KEYPAD");
    if (!pin && !keypad) return CKR_FUNCTION_CANCELED;
    if (!pin) pin = (unsigned char *)keypad, length = strlen(keypad);
    if (user != CKU_CONTEXT_SPECIFIC) return real->C_Login(session, user, pin, length);
    isAuthenticated = 1;
    return CKR_OK;
}

static CK_RV attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *template, CK_ULONG count) {
    CK_RV result = real->C_GetAttributeValue(session, object, template, count);
    if (getenv("EONAY_TEST_ALWAYS") && template->type == CKA_ALWAYS_AUTHENTICATE && template->pValue)
        *(CK_BBOOL *)template->pValue = CK_TRUE;
    return result;
}

static CK_RV sign(CK_SESSION_HANDLE session, unsigned char *data, CK_ULONG length, unsigned char *signature, CK_ULONG *room) {
    if (getenv("EONAY_TEST_ALWAYS") && !isAuthenticated) return CKR_USER_NOT_LOGGED_IN;
    isAuthenticated = 0;
    return real->C_Sign(session, data, length, signature, room);
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list) {
    void *library = dlopen("/usr/lib/softhsm/libsofthsm2.so", RTLD_NOW);
    if (!library) return CKR_GENERAL_ERROR;
    ((CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList"))(&real);
    functions = *real;
    functions.C_GetTokenInfo = token;
    functions.C_Login = login;
    functions.C_GetAttributeValue = attribute;
    functions.C_Sign = sign;
    *list = &functions;
    return CKR_OK;
}
