// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Holds the card in a reader for itself alone until its standard input ends: hold-card READER
#include <stdio.h>
#include <winscard.h>

int main(int count, char **arguments) {
    SCARDCONTEXT context;
    SCARDHANDLE card;
    DWORD protocol;
    if (count != 2 || SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context) != SCARD_S_SUCCESS) return 1;
    if (SCardConnect(context, arguments[1], SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_ANY, &card, &protocol) != SCARD_S_SUCCESS)
        return 2;
    puts("held");
    fflush(stdout);
    while (getchar() != EOF) {}
    SCardDisconnect(card, SCARD_LEAVE_CARD);
    SCardReleaseContext(context);
    return 0;
}
