// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// One virtual reader: a listening AF_UNIX socket, and the card that is connected to it, if any.
//
// A card is put in by connecting and pulled out by closing. pcscd must see each removal, also that of a card which is
// back before pcscd has looked, and must never be woken for nothing. Hence three rules:
//   1. Only reader_wait(), which pcscd runs on the reader's own thread, takes a card in or gives its descriptor up.
//      Others who find the card gone only say so; so no descriptor is closed, and perhaps reused, under a reader of it.
//   2. One call of reader_wait() makes one change. After a card has gone, pcscd asks for the presence (absent) before
//      the next call lets the next card in, which has been waiting in the socket's backlog.
//      The descriptor of the one that has gone is closed then, too: a card that has only shut its own end down learns by
//      the end of the connection that pcscd has taken note of the removal, and that clients are told of it from now on.
//   3. The wait is for a hang-up only, not for data: answers belong to whoever sent the command.
#pragma once
#include <PCSC/pcsclite.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/un.h>

struct reader {
    struct sockaddr_un address;  // where the card connects; the file is removed at the end
    int listener;
    int stop;                    // eventfd that ends a wait
    pthread_mutex_t exchange;    // held while a message is out; guards the fields below
    int card;                    // -1: none
    bool is_leaving;             // the card has hung up, and pcscd has not asked for its presence since
    uint8_t atr[MAX_ATR_SIZE];
    size_t atr_length;           // 0: without power, or mute
};

// Listens at `path`. Returns NULL with errno set if that cannot be done.
struct reader *reader_open(const char *path);

// Gives everything back. No wait may be going on; an exchange ends at once, as if the card had been pulled out.
void reader_close(struct reader *reader);

// Ends the wait that is going on, or else the next one. pcscd does so when it wants to wait anew with another timeout,
// and when it gives the reader up. Safe on any thread.
void reader_stop(struct reader *reader);

// Waits until a card comes, the card goes, `timeout` milliseconds are over or the reader is stopped.
void reader_wait(struct reader *reader, int timeout);

bool reader_has_card(struct reader *reader);

// Powers the card up (or resets it) and reads its ATR. Returns 0, or -1 where the card is mute or gone.
int reader_power_up(struct reader *reader, bool warm);
void reader_power_down(struct reader *reader);

// Sends a command and returns the length of the answer, or -1 where the card is gone or its answer too long.
ssize_t reader_transmit(struct reader *reader, const uint8_t *command, size_t length, uint8_t *answer, size_t space);
