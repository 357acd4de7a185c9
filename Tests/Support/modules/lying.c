// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// A real module with lies. Everything goes through to the module it is built over, but for what the file beside it says:
// "lying.so" reads "lying.so.lies" when it is loaded, and needs no environment. One lie a line (docs/card-bench.md):
//
//     FUNCTION [slot=N] [call=N | call=N+] [load=N | load=N+] [after] WORD [ARGUMENT]
//
// FUNCTION is PKCS#11's name, or * for every one. slot=N: the n-th slot of the list in which the module first names it, from 0.
// call=N: the n-th call of that function (in that slot) in this process; load=N: the n-th process that loads this file.
// An act comes before the real call, or after it where "after" stands. Words:
//
//     return HEX            answer this instead (with "after": although the real call was made)
//     description|label|manufacturer|model|serial TEXT      a field, blank-padded and cut as it is; \xHH is an octet
//     raise HEX, lower HEX  flags of CK_SLOT_INFO or CK_TOKEN_INFO
//     length TYPE|* N|max|+N    what an attribute says of its length ("+N": more at each call)
//     value TYPE|* FILE     an attribute's octets (TYPE: a CKA_ in hexadecimal, as 11 for CKA_VALUE)
//     fail TYPE|* HEX       the answer to a question for this attribute
//     repeat N              the objects found are found N times over; 0: for ever
//     extra N               N slots more, in which is nothing
//     count HEX             a number of slots that is not so
//     print N TEXT          so many lines on the standard error, and as many on the standard output
//     fork, fork-away       a child that lives on with every descriptor (in a session of its own)
//     die, hang             by SIGSEGV; for ever
//
// Each load adds a line to "lying.so.loads", each call its name to "lying.so.calls" where that file exists.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef REAL_MODULE
#error "REAL_MODULE: the path of the module that is told of"
#endif

enum { MOST_LIES = 128, MOST_SLOTS = 8192, MOST_SESSIONS = 4096 };
// Beyond the numbers that real modules give, SoftHSM's random ones of 31 bits.
#define FIRST_EXTRA (1UL << 40)

static struct lie {
    char function[40], word[20], argument[1024];
    long slot, firstCall, lastCall, firstLoad, lastLoad, calls;
    int after;
} lies[MOST_LIES];
static int lieCount;
static long loads, grown, extras;
static char here[4096];
static CK_FUNCTION_LIST *real, functions;
static CK_SLOT_ID slots[MOST_SLOTS];
static long slotCount;
static struct { CK_SESSION_HANDLE session; CK_SLOT_ID slot; } sessions[MOST_SESSIONS];
static long sessionCount;
static CK_OBJECT_HANDLE found[1024];
static CK_ULONG foundCount, foundNext;
static long foundRounds;
static int isRepeating;

static void beside(char *path, size_t size, const char *suffix) { snprintf(path, size, "%s%s", here, suffix); }

static void range(const char *text, long *first, long *last) {
    char *end;
    *first = strtol(text, &end, 10);
    *last = *end == '+' ? 0x7fffffff : *first;
}

static void readLies(void) {
    char path[4200], line[2048];
    beside(path, sizeof path, ".lies");
    FILE *file = fopen(path, "r");
    if (!file) return;
    while (fgets(line, sizeof line, file) && lieCount < MOST_LIES) {
        line[strcspn(line, "\n")] = 0;
        if (!line[0] || line[0] == '#') continue;
        struct lie *lie = &lies[lieCount];
        memset(lie, 0, sizeof *lie);
        lie->slot = -1, lie->lastCall = lie->lastLoad = 0x7fffffff;
        char *rest = line, *word;
        snprintf(lie->function, sizeof lie->function, "%s", strsep(&rest, " "));
        while ((word = strsep(&rest, " "))) {
            if (!strncmp(word, "slot=", 5)) lie->slot = strtol(word + 5, NULL, 10);
            else if (!strncmp(word, "call=", 5)) range(word + 5, &lie->firstCall, &lie->lastCall);
            else if (!strncmp(word, "load=", 5)) range(word + 5, &lie->firstLoad, &lie->lastLoad);
            else if (!strcmp(word, "after")) lie->after = 1;
            else break;
        }
        if (!word) continue;
        snprintf(lie->word, sizeof lie->word, "%s", word);
        snprintf(lie->argument, sizeof lie->argument, "%s", rest ? rest : "");
        if (!strcmp(lie->word, "extra")) extras = strtol(lie->argument, NULL, 10);
        lieCount++;
    }
    fclose(file);
}

static void countLoad(void) {
    char path[4200], text[4096];
    beside(path, sizeof path, ".loads");
    int file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return;
    if (write(file, "+\n", 2) < 0) loads = 0;
    lseek(file, 0, SEEK_SET);
    ssize_t count = read(file, text, sizeof text);
    loads = count / 2;
    close(file);
}

static void noteCall(const char *function) {
    char path[4200], line[64];
    beside(path, sizeof path, ".calls");
    int file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (file < 0) return;
    int length = snprintf(line, sizeof line, "%s\n", function);
    if (write(file, line, length) < 0) lieCount = 0;
    close(file);
}

static long indexOf(CK_SLOT_ID slot) {
    for (long i = 0; i < slotCount; i++)
        if (slots[i] == slot) return i;
    if (slotCount < MOST_SLOTS) slots[slotCount++] = slot;
    return slotCount - 1;
}

// Whether the lie holds for this call; each time it might, it is counted.
static int holds(struct lie *lie, const char *function, long slot, int after) {
    if (lie->after != after) return 0;
    if (strcmp(lie->function, "*") && strcmp(lie->function, function)) return 0;
    if (loads < lie->firstLoad || loads > lie->lastLoad) return 0;
    if (lie->slot >= 0 && lie->slot != slot) return 0;
    lie->calls++;
    return lie->calls >= lie->firstCall && lie->calls <= lie->lastCall;
}

static void leaveChild(int away) {
    if (fork()) return;
    if (away) setsid();
    for (;;) pause();
}

static void printLines(const char *argument) {
    char *text;
    long count = strtol(argument, &text, 10);
    while (count-- > 0) {
        fprintf(stderr, "%s\n", *text ? text + 1 : text);
        printf("%s\n", *text ? text + 1 : text);
    }
    fflush(stdout);
}

// Does what is done before or after each kind of call; true where the answer is another than the real one.
static int lied(const char *function, long slot, int after, CK_RV *answer) {
    int isOther = 0;
    for (struct lie *lie = lies; lie < lies + lieCount; lie++) {
        const char *word = lie->word;
        int general = !strcmp(word, "return") || !strcmp(word, "print") || !strncmp(word, "fork", 4) || !strcmp(word, "die")
            || !strcmp(word, "hang");
        if (!general || !holds(lie, function, slot, after)) continue;
        if (!strcmp(word, "return")) *answer = strtoul(lie->argument, NULL, 16), isOther = 1;
        if (!strcmp(word, "print")) printLines(lie->argument);
        if (!strncmp(word, "fork", 4)) leaveChild(word[4] != 0);
        if (!strcmp(word, "die")) *(volatile int *)8 = 0;
        while (!strcmp(word, "hang")) pause();
    }
    return isOther;
}

static struct lie *special(const char *function, long slot, const char *word) {
    struct lie *last = NULL;
    for (struct lie *lie = lies; lie < lies + lieCount; lie++)
        if (!strcmp(lie->word, word) && holds(lie, function, slot, lie->after)) last = lie;
    return last;
}

static void field(unsigned char *bytes, size_t size, const char *text) {
    memset(bytes, ' ', size);
    for (size_t i = 0; i < size && *text; i++) {
        unsigned octet;
        if (text[0] == '\\' && text[1] == 'x' && sscanf(text + 2, "%2x", &octet) == 1) bytes[i] = octet, text += 4;
        else bytes[i] = *text++;
    }
}

static void flags(const char *function, long slot, CK_FLAGS *value) {
    struct lie *raise = special(function, slot, "raise"), *lower = special(function, slot, "lower");
    if (raise) *value |= strtoul(raise->argument, NULL, 16);
    if (lower) *value &= ~strtoul(lower->argument, NULL, 16);
}

static long slotOf(CK_SESSION_HANDLE session) {
    // The newest first: a handle may be given again.
    for (long i = sessionCount; i-- > 0;)
        if (sessions[i].session == session) return indexOf(sessions[i].slot);
    return -2;
}

// Every function that only passes on: NAME(parameters), where its slot comes from, the real call.
#define PASS(NAME, SLOT, PARAMETERS, ARGUMENTS)                                                                        \
    static CK_RV lying_##NAME PARAMETERS {                                                                             \
        CK_RV answer = CKR_OK;                                                                                         \
        long slot = SLOT;                                                                                              \
        noteCall(#NAME);                                                                                               \
        if (lied(#NAME, slot, 0, &answer)) return answer;                                                              \
        answer = real->NAME ARGUMENTS;                                                                                 \
        lied(#NAME, slot, 1, &answer);                                                                                 \
        return answer;                                                                                                 \
    }

PASS(C_Initialize, -2, (void *arguments), (arguments))
PASS(C_Finalize, -2, (void *reserved), (reserved))
PASS(C_CloseSession, slotOf(session), (CK_SESSION_HANDLE session), (session))
PASS(C_GetSessionInfo, slotOf(session), (CK_SESSION_HANDLE session, CK_SESSION_INFO *info), (session, info))
PASS(C_Login, slotOf(session), (CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin, CK_ULONG length),
     (session, user, pin, length))
PASS(C_SetPIN, slotOf(session),
     (CK_SESSION_HANDLE session, unsigned char *present, CK_ULONG length, unsigned char *new, CK_ULONG newLength),
     (session, present, length, new, newLength))
PASS(C_InitPIN, slotOf(session), (CK_SESSION_HANDLE session, unsigned char *pin, CK_ULONG length),
     (session, pin, length))
PASS(C_Logout, slotOf(session), (CK_SESSION_HANDLE session), (session))
PASS(C_SignInit, slotOf(session), (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key),
     (session, mechanism, key))
PASS(C_Sign, slotOf(session),
     (CK_SESSION_HANDLE session, unsigned char *data, CK_ULONG length, unsigned char *signature, CK_ULONG *room),
     (session, data, length, signature, room))

static CK_RV lying_C_GetSlotList(CK_BBOOL present, CK_SLOT_ID *list, CK_ULONG *count) {
    CK_RV answer = CKR_OK;
    noteCall("C_GetSlotList");
    if (lied("C_GetSlotList", -2, 0, &answer)) return answer;
    CK_ULONG room = *count;
    answer = real->C_GetSlotList(present, list, count);
    if (answer == CKR_OK && extras > 0) {
        CK_ULONG own = *count;
        *count = own + extras;
        if (list && room < *count) answer = CKR_BUFFER_TOO_SMALL;
        else if (list) {
            memmove(list + extras, list, own * sizeof *list);
            for (long i = 0; i < extras; i++) list[i] = FIRST_EXTRA + i;
        }
    }
    if (answer == CKR_OK && list)
        for (CK_ULONG i = 0; i < *count; i++)
            if (list[i] < FIRST_EXTRA) indexOf(list[i]);
    struct lie *lie = special("C_GetSlotList", -2, "count");
    if (lie) *count = strtoul(lie->argument, NULL, 16);
    lied("C_GetSlotList", -2, 1, &answer);
    return answer;
}

static CK_RV lying_C_GetSlotInfo(CK_SLOT_ID slot, CK_SLOT_INFO *info) {
    CK_RV answer = CKR_OK;
    noteCall("C_GetSlotInfo");
    if (slot >= FIRST_EXTRA) {
        memset(info, 0, sizeof *info);
        field(info->slotDescription, sizeof info->slotDescription, "Empty slot");
        return CKR_OK;
    }
    long index = indexOf(slot);
    if (lied("C_GetSlotInfo", index, 0, &answer)) return answer;
    answer = real->C_GetSlotInfo(slot, info);
    struct lie *lie = special("C_GetSlotInfo", index, "description");
    if (lie) field(info->slotDescription, sizeof info->slotDescription, lie->argument);
    flags("C_GetSlotInfo", index, &info->flags);
    lied("C_GetSlotInfo", index, 1, &answer);
    return answer;
}

static CK_RV lying_C_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO *info) {
    CK_RV answer = CKR_OK;
    noteCall("C_GetTokenInfo");
    if (slot >= FIRST_EXTRA) return CKR_TOKEN_NOT_PRESENT;
    long index = indexOf(slot);
    if (lied("C_GetTokenInfo", index, 0, &answer)) return answer;
    answer = real->C_GetTokenInfo(slot, info);
    struct lie *lie;
    if ((lie = special("C_GetTokenInfo", index, "label"))) field(info->label, sizeof info->label, lie->argument);
    if ((lie = special("C_GetTokenInfo", index, "manufacturer")))
        field(info->manufacturerID, sizeof info->manufacturerID, lie->argument);
    if ((lie = special("C_GetTokenInfo", index, "model"))) field(info->model, sizeof info->model, lie->argument);
    if ((lie = special("C_GetTokenInfo", index, "serial")))
        field(info->serialNumber, sizeof info->serialNumber, lie->argument);
    flags("C_GetTokenInfo", index, &info->flags);
    lied("C_GetTokenInfo", index, 1, &answer);
    return answer;
}

static CK_RV lying_C_OpenSession(CK_SLOT_ID slot, CK_FLAGS wish, void *data, CK_NOTIFY notify, CK_SESSION_HANDLE *session) {
    CK_RV answer = CKR_OK;
    noteCall("C_OpenSession");
    if (slot >= FIRST_EXTRA) return CKR_TOKEN_NOT_PRESENT;
    long index = indexOf(slot);
    if (lied("C_OpenSession", index, 0, &answer)) return answer;
    answer = real->C_OpenSession(slot, wish, data, notify, session);
    if (answer == CKR_OK && sessionCount < MOST_SESSIONS) {
        sessions[sessionCount].session = *session;
        sessions[sessionCount++].slot = slot;
    }
    lied("C_OpenSession", index, 1, &answer);
    return answer;
}

static CK_RV lying_C_FindObjectsInit(CK_SESSION_HANDLE session, CK_ATTRIBUTE *template, CK_ULONG count) {
    CK_RV answer = CKR_OK;
    long slot = slotOf(session);
    noteCall("C_FindObjectsInit");
    if (lied("C_FindObjectsInit", slot, 0, &answer)) return answer;
    answer = real->C_FindObjectsInit(session, template, count);
    struct lie *lie = special("C_FindObjects", slot, "repeat");
    isRepeating = answer == CKR_OK && lie != NULL;
    foundNext = foundCount = 0;
    if (isRepeating) {
        foundRounds = strtol(lie->argument, NULL, 10);
        CK_ULONG more = 1;
        while (more && foundCount < 1024 && real->C_FindObjects(session, found + foundCount, 1024 - foundCount, &more) == CKR_OK)
            foundCount += more;
    }
    lied("C_FindObjectsInit", slot, 1, &answer);
    return answer;
}

static CK_RV lying_C_FindObjects(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *objects, CK_ULONG room, CK_ULONG *count) {
    CK_RV answer = CKR_OK;
    long slot = slotOf(session);
    noteCall("C_FindObjects");
    if (lied("C_FindObjects", slot, 0, &answer)) return answer;
    if (!isRepeating) answer = real->C_FindObjects(session, objects, room, count);
    else {
        CK_ULONG end = foundCount * foundRounds;
        for (*count = 0; *count < room && foundCount && (!foundRounds || foundNext < end); foundNext++)
            objects[(*count)++] = found[foundNext % foundCount];
    }
    lied("C_FindObjects", slot, 1, &answer);
    return answer;
}

static CK_RV lying_C_FindObjectsFinal(CK_SESSION_HANDLE session) {
    CK_RV answer = CKR_OK;
    noteCall("C_FindObjectsFinal");
    if (lied("C_FindObjectsFinal", slotOf(session), 0, &answer)) return answer;
    return real->C_FindObjectsFinal(session);
}

// "TYPE rest", where TYPE is a hexadecimal CKA_ or *; the rest, or NULL where the attribute is another one.
static const char *restFor(const struct lie *lie, CK_ATTRIBUTE_TYPE type) {
    const char *space = strchr(lie->argument, ' ');
    if (!space || (lie->argument[0] != '*' && strtoul(lie->argument, NULL, 16) != type)) return NULL;
    return space + 1;
}

static CK_RV lying_C_GetAttributeValue(
    CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *template, CK_ULONG count) {
    CK_RV answer = CKR_OK;
    long slot = slotOf(session);
    noteCall("C_GetAttributeValue");
    for (struct lie *lie = lies; lie < lies + lieCount; lie++) {
        if (strcmp(lie->word, "fail") || !restFor(lie, template->type) || !holds(lie, "C_GetAttributeValue", slot, 0)) continue;
        return strtoul(restFor(lie, template->type), NULL, 16);
    }
    if (lied("C_GetAttributeValue", slot, 0, &answer)) return answer;
    CK_ULONG room = template->ulValueLen;
    answer = real->C_GetAttributeValue(session, object, template, count);
    for (struct lie *lie = lies; lie < lies + lieCount; lie++) {
        int isLength = !strcmp(lie->word, "length"), isValue = !strcmp(lie->word, "value");
        const char *rest = isLength || isValue ? restFor(lie, template->type) : NULL;
        if (!rest || !holds(lie, "C_GetAttributeValue", slot, lie->after)) continue;
        if (isLength) {
            if (!strcmp(rest, "max")) template->ulValueLen = (CK_ULONG)-1;
            else if (*rest == '+') template->ulValueLen += (grown += strtol(rest, NULL, 10));
            else template->ulValueLen = strtoul(rest, NULL, 10);
            answer = CKR_OK;
            continue;
        }
        FILE *file = fopen(rest, "rb");
        if (!file) continue;
        fseek(file, 0, SEEK_END);
        CK_ULONG length = ftell(file);
        rewind(file);
        answer = CKR_OK;
        if (template->pValue && length > room) answer = CKR_BUFFER_TOO_SMALL;
        else if (template->pValue && fread(template->pValue, 1, length, file) != length) answer = CKR_GENERAL_ERROR;
        template->ulValueLen = length;
        fclose(file);
    }
    lied("C_GetAttributeValue", slot, 1, &answer);
    return answer;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list) {
    Dl_info self;
    if (!dladdr((void *)C_GetFunctionList, &self)) return CKR_GENERAL_ERROR;
    snprintf(here, sizeof here, "%s", self.dli_fname);
    countLoad();
    readLies();
    CK_RV answer = CKR_OK;
    if (lied("C_GetFunctionList", -2, 0, &answer)) return answer;
    void *library = dlopen(REAL_MODULE, RTLD_NOW);
    if (!library) return CKR_LIBRARY_LOAD_FAILED;
    answer = ((CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList"))(&real);
    if (answer != CKR_OK) return answer;
    functions = *real;
#define LIE(NAME) functions.NAME = lying_##NAME
    LIE(C_Initialize), LIE(C_Finalize), LIE(C_GetSlotList), LIE(C_GetSlotInfo), LIE(C_GetTokenInfo), LIE(C_OpenSession);
    LIE(C_CloseSession), LIE(C_GetSessionInfo), LIE(C_Login), LIE(C_Logout), LIE(C_FindObjectsInit), LIE(C_FindObjects);
    LIE(C_FindObjectsFinal), LIE(C_GetAttributeValue), LIE(C_SignInit), LIE(C_Sign), LIE(C_SetPIN), LIE(C_InitPIN);
    *list = &functions;
    return CKR_OK;
}
