// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int clinux_sealed_memory(const void *bytes, size_t count) {
    int memory = memfd_create("eonay-log", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (memory < 0) return -1;
    for (size_t written = 0; written < count;) {
        ssize_t result = write(memory, (const char *)bytes + written, count - written);
        if (result < 0 && errno == EINTR) continue;
        if (result < 0) goto failed;
        written += (size_t)result;
    }
    if (fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0) return memory;
failed:
    close(memory);
    return -1;
}

int clinux_send_descriptor(int socket, int descriptor) {
    union {
        char bytes[CMSG_SPACE(sizeof descriptor)];
        struct cmsghdr head;
    } control = {0};
    struct msghdr message = {.msg_control = &control, .msg_controllen = sizeof control.bytes};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof descriptor);
    memcpy(CMSG_DATA(head), &descriptor, sizeof descriptor);
    return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -1 : 0;
}
