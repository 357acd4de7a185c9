// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// The wire between a virtual reader and a virtual card, as vsmartcard's vpcd defined it: each message is a length of two
// bytes, most significant first, and as many bytes. A message of one byte from the reader is a control, others are APDUs.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum frame_control { CONTROL_POWER_OFF = 0, CONTROL_POWER_ON = 1, CONTROL_RESET = 2, CONTROL_GET_ATR = 4 };

// Sends one message, header and body in one piece. Returns 0, or -1 when the card is gone.
int frame_send(int card, const void *body, size_t length);

// Waits for one message and returns its length, or -1 when the card is gone or the message is longer than `space`.
ssize_t frame_receive(int card, void *body, size_t space);
