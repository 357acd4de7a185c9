// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Holds the card in the reader named by its argument for itself alone, as some signing programs do, until its standard
// input ends. Prints "held", or PC/SC's error.
#include <stdio.h>
#include <winscard.h>

int main(int count, char **arguments) {
    SCARDCONTEXT context;
    SCARDHANDLE card;
    DWORD protocol;
    if (count != 2) return 2;
    LONG result = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context);
    if (result == SCARD_S_SUCCESS)
        result = SCardConnect(context, arguments[1], SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_ANY, &card, &protocol);
    if (result != SCARD_S_SUCCESS) {
        printf("%s\n", pcsc_stringify_error(result));
        return 1;
    }
    puts("held");
    fflush(stdout);
    while (getchar() != EOF) {}
    SCardDisconnect(card, SCARD_LEAVE_CARD);
    SCardReleaseContext(context);
    return 0;
}
