// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

#include "frames.h"
#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>

int frame_send(int card, const void *body, size_t length) {
    if (length > UINT16_MAX) return -1;
    uint8_t header[2] = {(uint8_t)(length >> 8), (uint8_t)length};
    size_t sent = 0, total = sizeof header + length;
    while (sent < total) {
        struct iovec parts[2];
        struct msghdr message = {.msg_iov = parts};
        if (sent < sizeof header) {
            parts[message.msg_iovlen++] = (struct iovec){header + sent, sizeof header - sent};
            parts[message.msg_iovlen++] = (struct iovec){(void *)body, length};
        } else {
            size_t done = sent - sizeof header;
            parts[message.msg_iovlen++] = (struct iovec){(uint8_t *)body + done, length - done};
        }
        ssize_t count = sendmsg(card, &message, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return -1;
        sent += (size_t)count;
    }
    return 0;
}

static int receive_exactly(int card, uint8_t *bytes, size_t length) {
    size_t received = 0;
    while (received < length) {
        ssize_t count = recv(card, bytes + received, length - received, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return -1;
        received += (size_t)count;
    }
    return 0;
}

ssize_t frame_receive(int card, void *body, size_t space) {
    uint8_t header[2];
    if (receive_exactly(card, header, sizeof header)) return -1;
    size_t length = (size_t)header[0] << 8 | header[1];
    if (length > space || receive_exactly(card, body, length)) return -1;
    return (ssize_t)length;
}
