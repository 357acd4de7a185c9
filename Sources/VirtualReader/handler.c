// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// The functions by which pcscd drives a reader (IFD handler interface 3.0, PCSC/ifdhandler.h), over reader.h.
//
// A reader's device name tells where its cards connect:
//   * from a configuration file: "/dev/null:PATH" (pcscd wants an existing file before the colon);
//   * from a bundle (a plugged reader): "usb:VVVV/PPPP:libudev:N:NODE"; the socket is NODE's last two components, joined
//     by "-", in the folder that the environment variable EONAY_READER_FOLDER names.
#define _GNU_SOURCE
#include "reader.h"
#include <PCSC/ifdhandler.h>
#include <PCSC/reader.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

enum { MOST_READERS = PCSCLITE_MAX_READERS_CONTEXTS };

// pcscd's logical unit number: the reader's index above, its slot (always 0 here) below. pcscd opens, uses and closes a
// reader in this order, so an entry is never changed while in use; different entries are independent.
static struct reader *readers[MOST_READERS];

static struct reader **entry(DWORD lun) {
    DWORD index = lun >> 16;
    return index < MOST_READERS && (lun & 0xFFFF) == 0 ? &readers[index] : NULL;
}

static struct reader *reader_of(DWORD lun) {
    struct reader **found = entry(lun);
    return found ? *found : NULL;
}

// Writes the socket's path for a device name to `path`; returns false if the name is none of ours.
static bool socket_path(const char *device, char *path, size_t space) {
    int length;
    if (!strncmp(device, "usb:", 4)) {
        const char *folder = secure_getenv("EONAY_READER_FOLDER");
        const char *node = strrchr(device, ':') + 1, *number = strrchr(node, '/');
        const char *bus = number ? memrchr(node, '/', (size_t)(number - node)) : NULL;
        if (!folder || !bus) return false;
        length = snprintf(path, space, "%s/%.*s-%s", folder, (int)(number - bus - 1), bus + 1, number + 1);
    } else {
        const char *colon = strchr(device, ':');
        if (!colon) return false;
        length = snprintf(path, space, "%s", colon + 1);
    }
    return length > 0 && (size_t)length < space;
}

RESPONSECODE IFDHCreateChannelByName(DWORD Lun, LPSTR DeviceName) {
    struct reader **place = entry(Lun);
    char path[sizeof ((struct sockaddr_un *)0)->sun_path];
    if (!place || *place || !socket_path(DeviceName, path, sizeof path)) return IFD_NO_SUCH_DEVICE;
    *place = reader_open(path);
    if (!*place) syslog(LOG_ERR, "virtual reader: cannot listen at %s: %m", path);
    return *place ? IFD_SUCCESS : IFD_COMMUNICATION_ERROR;
}

RESPONSECODE IFDHCreateChannel(DWORD Lun, DWORD Channel) {
    (void)Lun;
    (void)Channel;
    return IFD_NO_SUCH_DEVICE;
}

RESPONSECODE IFDHCloseChannel(DWORD Lun) {
    struct reader **place = entry(Lun);
    if (!place || !*place) return IFD_NO_SUCH_DEVICE;
    reader_close(*place);
    *place = NULL;
    return IFD_SUCCESS;
}

static RESPONSECODE wait_for_change(DWORD lun, int timeout) {
    struct reader *reader = reader_of(lun);
    if (!reader) return IFD_NO_SUCH_DEVICE;
    reader_wait(reader, timeout);
    return IFD_SUCCESS;
}

static RESPONSECODE stop_waiting(DWORD lun) {
    struct reader *reader = reader_of(lun);
    if (!reader) return IFD_NO_SUCH_DEVICE;
    reader_stop(reader);
    return IFD_SUCCESS;
}

static RESPONSECODE give(const void *value, size_t size, PDWORD Length, PUCHAR Value) {
    if (*Length < size) return IFD_ERROR_INSUFFICIENT_BUFFER;
    memcpy(Value, value, size);
    *Length = size;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHGetCapabilities(DWORD Lun, DWORD Tag, PDWORD Length, PUCHAR Value) {
    static RESPONSECODE (*const wait)(DWORD, int) = wait_for_change;
    static RESPONSECODE (*const stop)(DWORD) = stop_waiting;
    static const UCHAR none = 0, one = 1, most = MOST_READERS;
    static const char vendor[] = "E-Onay";
    switch (Tag) {
    case TAG_IFD_ATR:
    case SCARD_ATTR_ATR_STRING: {
        struct reader *reader = reader_of(Lun);
        return reader ? give(reader->atr, reader->atr_length, Length, Value) : IFD_NO_SUCH_DEVICE;
    }
    case SCARD_ATTR_VENDOR_NAME: return give(vendor, sizeof vendor, Length, Value);
    case TAG_IFD_SIMULTANEOUS_ACCESS: return give(&most, 1, Length, Value);
    case TAG_IFD_THREAD_SAFE: return give(&one, 1, Length, Value);  // between readers
    case TAG_IFD_SLOTS_NUMBER: return give(&one, 1, Length, Value);
    case TAG_IFD_SLOT_THREAD_SAFE: return give(&none, 1, Length, Value);
    case TAG_IFD_POLLING_THREAD_KILLABLE: return give(&none, 1, Length, Value);
    case TAG_IFD_POLLING_THREAD_WITH_TIMEOUT: return give(&wait, sizeof wait, Length, Value);
    case TAG_IFD_STOP_POLLING_THREAD: return give(&stop, sizeof stop, Length, Value);
    default: return IFD_ERROR_TAG;
    }
}

RESPONSECODE IFDHSetCapabilities(DWORD Lun, DWORD Tag, DWORD Length, PUCHAR Value) {
    (void)Lun;
    (void)Tag;
    (void)Length;
    (void)Value;
    return IFD_ERROR_TAG;
}

RESPONSECODE IFDHSetProtocolParameters(DWORD Lun, DWORD Protocol, UCHAR Flags, UCHAR PTS1, UCHAR PTS2, UCHAR PTS3) {
    (void)Lun;
    (void)Flags;
    (void)PTS1;
    (void)PTS2;
    (void)PTS3;
    return Protocol == SCARD_PROTOCOL_T0 || Protocol == SCARD_PROTOCOL_T1 ? IFD_SUCCESS : IFD_PROTOCOL_NOT_SUPPORTED;
}

RESPONSECODE IFDHPowerICC(DWORD Lun, DWORD Action, PUCHAR Atr, PDWORD AtrLength) {
    struct reader *reader = reader_of(Lun);
    if (!reader) return IFD_NO_SUCH_DEVICE;
    *AtrLength = 0;  // going in it says nothing; the buffer has MAX_ATR_SIZE bytes
    switch (Action) {
    case IFD_POWER_DOWN:
        reader_power_down(reader);
        return IFD_SUCCESS;
    case IFD_POWER_UP:
    case IFD_RESET:
        if (reader_power_up(reader, Action == IFD_RESET)) return IFD_ERROR_POWER_ACTION;
        memcpy(Atr, reader->atr, reader->atr_length);
        *AtrLength = reader->atr_length;
        return IFD_SUCCESS;
    default: return IFD_NOT_SUPPORTED;
    }
}

RESPONSECODE IFDHTransmitToICC(DWORD Lun, SCARD_IO_HEADER SendPci, PUCHAR TxBuffer, DWORD TxLength, PUCHAR RxBuffer,
                               PDWORD RxLength, PSCARD_IO_HEADER RecvPci) {
    struct reader *reader = reader_of(Lun);
    DWORD space = *RxLength;
    *RxLength = 0;
    if (!reader) return IFD_NO_SUCH_DEVICE;
    ssize_t received = reader_transmit(reader, TxBuffer, TxLength, RxBuffer, space);
    if (received < 0) return reader_has_card(reader) ? IFD_COMMUNICATION_ERROR : IFD_ICC_NOT_PRESENT;
    *RxLength = (DWORD)received;
    if (RecvPci) RecvPci->Protocol = SendPci.Protocol;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHControl(DWORD Lun, DWORD dwControlCode, PUCHAR TxBuffer, DWORD TxLength, PUCHAR RxBuffer, DWORD RxLength,
                         LPDWORD pdwBytesReturned) {
    (void)Lun;
    (void)TxBuffer;
    (void)TxLength;
    (void)RxBuffer;
    (void)RxLength;
    if (pdwBytesReturned) *pdwBytesReturned = 0;
    // No keypad, no display: the list of features is empty.
    return dwControlCode == CM_IOCTL_GET_FEATURE_REQUEST ? IFD_SUCCESS : IFD_ERROR_NOT_SUPPORTED;
}

RESPONSECODE IFDHICCPresence(DWORD Lun) {
    struct reader *reader = reader_of(Lun);
    if (!reader) return IFD_NO_SUCH_DEVICE;
    return reader_has_card(reader) ? IFD_ICC_PRESENT : IFD_ICC_NOT_PRESENT;
}
