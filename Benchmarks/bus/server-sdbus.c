// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Answers Status and Expiry with sd-bus: a vtable, process and wait.

#include "answers.h"
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-bus.h>

static int status(sd_bus_message *call, void *data, sd_bus_error *error)
{
    (void)data;
    (void)error;
    sd_bus_message *reply = NULL;
    int result = sd_bus_message_new_method_return(call, &reply);
    if (result >= 0) result = sd_bus_message_open_container(reply, 'a', "(sssxs)");
    for (int i = 0; i < ANSWERS && result >= 0; i++)
        result = sd_bus_message_append(reply, "(sssxs)", answers[i].id, answers[i].holder, answers[i].decision,
                                       answers[i].decided, answers[i].portal);
    if (result >= 0) result = sd_bus_message_close_container(reply);
    if (result >= 0) result = sd_bus_send(NULL, reply, NULL);
    sd_bus_message_unref(reply);
    return result;
}

static int expiry(sd_bus_message *call, void *data, sd_bus_error *error)
{
    (void)data;
    (void)error;
    sd_bus_message *reply = NULL;
    int result = sd_bus_message_new_method_return(call, &reply);
    if (result >= 0) result = sd_bus_message_open_container(reply, 'a', "(ssxis)");
    for (int i = 0; i < ANSWERS && result >= 0; i++)
        result = sd_bus_message_append(reply, "(ssxis)", answers[i].id, answers[i].holder, answers[i].not_after,
                                       answers[i].days_left, answers[i].phase);
    if (result >= 0) result = sd_bus_message_close_container(reply);
    if (result >= 0) result = sd_bus_send(NULL, reply, NULL);
    sd_bus_message_unref(reply);
    return result;
}

static const sd_bus_vtable table[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Status", "", "a(sssxs)", status, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Expiry", "", "a(ssxis)", expiry, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_VTABLE_END,
};

int main(int argc, char **argv)
{
    sd_bus *bus = NULL;
    if (argc != 2 || sd_bus_open_user(&bus) < 0
        || sd_bus_add_object_vtable(bus, NULL, OBJECT_PATH, INTERFACE, table, NULL) < 0
        || sd_bus_request_name(bus, argv[1], 0) < 0) {
        fprintf(stderr, "usage: server-sdbus NAME (no connection or name)\n");
        return EXIT_FAILURE;
    }
    for (;;) {
        int result = sd_bus_process(bus, NULL);
        if (result < 0) return EXIT_FAILURE;
        if (result == 0 && sd_bus_wait(bus, UINT64_MAX) < 0) return EXIT_FAILURE;
    }
}
