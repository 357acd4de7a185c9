// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0
//
// The cost of a card's signatures by themselves: logs in, signs COUNT times with its first private RSA key, and prints the microseconds
// that each C_SignInit and C_Sign took, and nothing of what comes before. Usage: sign-card MODULE PIN COUNT.

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void check(const char *what, CK_RV rv)
{
    if (rv == CKR_OK) return;
    fprintf(stderr, "sign-card: %s: 0x%lx\n", what, rv);
    exit(EXIT_FAILURE);
}

static CK_FUNCTION_LIST_PTR load(const char *path)
{
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    CK_C_GetFunctionList get = module ? (CK_C_GetFunctionList)dlsym(module, "C_GetFunctionList") : NULL;
    CK_FUNCTION_LIST_PTR p11 = NULL;
    check(path, get ? get(&p11) : CKR_FUNCTION_NOT_SUPPORTED);
    CK_C_INITIALIZE_ARGS arguments = { .flags = CKF_OS_LOCKING_OK };
    check("C_Initialize", p11->C_Initialize(&arguments));
    return p11;
}

static CK_OBJECT_HANDLE find_key(CK_FUNCTION_LIST_PTR p11, CK_SESSION_HANDLE session)
{
    CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
    CK_ATTRIBUTE query = { CKA_CLASS, &class, sizeof class };
    CK_OBJECT_HANDLE key;
    CK_ULONG count = 0;
    check("C_FindObjectsInit", p11->C_FindObjectsInit(session, &query, 1));
    check("C_FindObjects", p11->C_FindObjects(session, &key, 1, &count));
    check("C_FindObjectsFinal", p11->C_FindObjectsFinal(session));
    check("a private key", count == 1 ? CKR_OK : CKR_KEY_HANDLE_INVALID);
    return key;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: sign-card MODULE PIN COUNT\n");
        return EXIT_FAILURE;
    }
    CK_FUNCTION_LIST_PTR p11 = load(argv[1]);
    CK_SLOT_ID slots[16];
    CK_ULONG count = 16, length;
    check("C_GetSlotList", p11->C_GetSlotList(CK_TRUE, slots, &count));
    check("a card", count > 0 ? CKR_OK : CKR_TOKEN_NOT_PRESENT);
    CK_SESSION_HANDLE session;
    check("C_OpenSession", p11->C_OpenSession(slots[0], CKF_SERIAL_SESSION, NULL, NULL, &session));
    check("C_Login", p11->C_Login(session, CKU_USER, (CK_UTF8CHAR_PTR)argv[2], strlen(argv[2])));
    CK_OBJECT_HANDLE key = find_key(p11, session);
    CK_MECHANISM mechanism = { CKM_RSA_PKCS, NULL, 0 };
    CK_BYTE input[51], signature[512]; // as long as the DigestInfo of a SHA-256 value
    memset(input, 0x5A, sizeof input);
    for (long i = strtol(argv[3], NULL, 10); i > 0; i--) {
        length = sizeof signature;
        double before = now();
        check("C_SignInit", p11->C_SignInit(session, &mechanism, key));
        check("C_Sign", p11->C_Sign(session, input, sizeof input, signature, &length));
        printf("%.1f\n", now() - before);
    }
    p11->C_Finalize(NULL);
    return EXIT_SUCCESS;
}
