// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "reader.h"
#include "frames.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

// Binds under a passing name and renames: whoever sees the file can connect to it.
static int listen_at(const struct sockaddr_un *address) {
    struct sockaddr_un passing = {.sun_family = AF_UNIX};
    int length = snprintf(passing.sun_path, sizeof passing.sun_path, "%s~", address->sun_path);
    if (length < 0 || (size_t)length >= sizeof passing.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0) return -1;
    unlink(passing.sun_path);
    if (bind(listener, (const struct sockaddr *)&passing, sizeof passing) || listen(listener, 8) ||
        rename(passing.sun_path, address->sun_path)) {
        int error = errno;
        unlink(passing.sun_path);
        close(listener);
        errno = error;
        return -1;
    }
    return listener;
}

struct reader *reader_open(const char *path) {
    struct reader *reader = calloc(1, sizeof *reader);
    if (!reader) return NULL;
    reader->card = -1;
    reader->address.sun_family = AF_UNIX;
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof reader->address.sun_path) {
        free(reader);
        errno = ENAMETOOLONG;
        return NULL;
    }
    memcpy(reader->address.sun_path, path, length + 1);
    reader->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    reader->listener = reader->stop < 0 ? -1 : listen_at(&reader->address);
    if (reader->listener < 0) {
        int error = errno;
        if (reader->stop >= 0) close(reader->stop);
        free(reader);
        errno = error;
        return NULL;
    }
    pthread_mutex_init(&reader->exchange, NULL);
    return reader;
}

void reader_close(struct reader *reader) {
    unlink(reader->address.sun_path);
    close(reader->listener);
    // Nobody else changes the descriptor now (rule 1), so this needs no lock, which the exchange would hold.
    if (reader->card >= 0) shutdown(reader->card, SHUT_RDWR);
    pthread_mutex_lock(&reader->exchange);
    if (reader->card >= 0) close(reader->card);
    pthread_mutex_unlock(&reader->exchange);
    close(reader->stop);
    pthread_mutex_destroy(&reader->exchange);
    free(reader);
}

void reader_stop(struct reader *reader) {
    // Cannot fail short of 2^64 stops, and there is nobody to tell.
    (void)eventfd_write(reader->stop, 1);
}

static bool has_hung_up(int card) {
    struct pollfd look = {.fd = card, .events = POLLRDHUP};
    return poll(&look, 1, 0) != 0;
}

bool reader_has_card(struct reader *reader) {
    pthread_mutex_lock(&reader->exchange);
    bool present = reader->card >= 0 && !has_hung_up(reader->card);
    pthread_mutex_unlock(&reader->exchange);
    return present;
}

// With the lock held. The card sees the end of its connection by that.
static void give_up_card(struct reader *reader) {
    close(reader->card);
    reader->card = -1;
    reader->atr_length = 0;
    reader->is_leaving = false;
}

void reader_wait(struct reader *reader, int timeout) {
    pthread_mutex_lock(&reader->exchange);
    if (reader->is_leaving) give_up_card(reader);
    int card = reader->card;
    pthread_mutex_unlock(&reader->exchange);

    struct pollfd waits[2] = {{.fd = reader->stop, .events = POLLIN},
                              {.fd = card < 0 ? reader->listener : card, .events = card < 0 ? POLLIN : POLLRDHUP}};
    // A signal ends the wait early; pcscd then looks, finds no change and calls again.
    if (poll(waits, 2, timeout) <= 0) return;
    eventfd_t stops;
    if (waits[0].revents) (void)eventfd_read(reader->stop, &stops);
    if (!waits[1].revents) return;

    pthread_mutex_lock(&reader->exchange);
    if (card >= 0) {
        reader->is_leaving = true;
    } else {
        // The listener does not block: a card that left again while it waited is no card (-1).
        reader->card = accept4(reader->listener, NULL, NULL, SOCK_CLOEXEC);
    }
    pthread_mutex_unlock(&reader->exchange);
}

int reader_power_up(struct reader *reader, bool warm) {
    uint8_t power = warm ? CONTROL_RESET : CONTROL_POWER_ON, ask = CONTROL_GET_ATR;
    uint8_t atr[256];
    ssize_t length = -1;
    pthread_mutex_lock(&reader->exchange);
    if (reader->card >= 0 && !frame_send(reader->card, &power, 1) && !frame_send(reader->card, &ask, 1))
        length = frame_receive(reader->card, atr, sizeof atr);
    bool sound = length > 0 && (size_t)length <= sizeof reader->atr;
    reader->atr_length = sound ? (size_t)length : 0;
    if (sound) memcpy(reader->atr, atr, (size_t)length);
    pthread_mutex_unlock(&reader->exchange);
    return sound ? 0 : -1;
}

void reader_power_down(struct reader *reader) {
    uint8_t power = CONTROL_POWER_OFF;
    pthread_mutex_lock(&reader->exchange);
    // A card that is gone is without power as well.
    if (reader->card >= 0) (void)frame_send(reader->card, &power, 1);
    reader->atr_length = 0;
    pthread_mutex_unlock(&reader->exchange);
}

ssize_t reader_transmit(struct reader *reader, const uint8_t *command, size_t length, uint8_t *answer, size_t space) {
    // One byte would be taken for a control, and an empty message for nothing at all.
    if (length < 4) return -1;
    ssize_t received = -1;
    pthread_mutex_lock(&reader->exchange);
    if (reader->card >= 0 && !frame_send(reader->card, command, length))
        received = frame_receive(reader->card, answer, space);
    pthread_mutex_unlock(&reader->exchange);
    return received;
}
