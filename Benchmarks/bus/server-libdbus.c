// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Answers Status and Expiry with libdbus, as its tutorial would: an object-path handler and read_write_dispatch.

#include "answers.h"
#include <dbus/dbus.h>
#include <stdio.h>
#include <stdlib.h>

static void append_status(DBusMessageIter *row, const struct answer *answer)
{
    dbus_message_iter_append_basic(row, DBUS_TYPE_STRING, &answer->id);
    dbus_message_iter_append_basic(row, DBUS_TYPE_STRING, &answer->holder);
    dbus_message_iter_append_basic(row, DBUS_TYPE_STRING, &answer->decision);
    dbus_message_iter_append_basic(row, DBUS_TYPE_INT64, &answer->decided);
    dbus_message_iter_append_basic(row, DBUS_TYPE_STRING, &answer->portal);
}

static void append_expiry(DBusMessageIter *row, const struct answer *answer)
{
    dbus_message_iter_append_basic(row, DBUS_TYPE_STRING, &answer->id);
    dbus_message_iter_append_basic(row, DBUS_TYPE_STRING, &answer->holder);
    dbus_message_iter_append_basic(row, DBUS_TYPE_INT64, &answer->not_after);
    dbus_message_iter_append_basic(row, DBUS_TYPE_INT32, &answer->days_left);
    dbus_message_iter_append_basic(row, DBUS_TYPE_STRING, &answer->phase);
}

static DBusMessage *answer_rows(DBusMessage *call, const char *element,
                                void (*append)(DBusMessageIter *, const struct answer *))
{
    DBusMessage *reply = dbus_message_new_method_return(call);
    DBusMessageIter body, rows, row;
    dbus_message_iter_init_append(reply, &body);
    dbus_message_iter_open_container(&body, DBUS_TYPE_ARRAY, element, &rows);
    for (int i = 0; i < ANSWERS; i++) {
        dbus_message_iter_open_container(&rows, DBUS_TYPE_STRUCT, NULL, &row);
        append(&row, &answers[i]);
        dbus_message_iter_close_container(&rows, &row);
    }
    dbus_message_iter_close_container(&body, &rows);
    return reply;
}

static DBusHandlerResult handle(DBusConnection *connection, DBusMessage *call, void *data)
{
    (void)data;
    DBusMessage *reply;
    if (dbus_message_is_method_call(call, INTERFACE, "Status") && dbus_message_has_signature(call, ""))
        reply = answer_rows(call, "(sssxs)", append_status);
    else if (dbus_message_is_method_call(call, INTERFACE, "Expiry") && dbus_message_has_signature(call, ""))
        reply = answer_rows(call, "(ssxis)", append_expiry);
    else
        return DBUS_HANDLER_RESULT_NOT_YET_HANDLED;
    dbus_connection_send(connection, reply, NULL);
    dbus_message_unref(reply);
    return DBUS_HANDLER_RESULT_HANDLED;
}

int main(int argc, char **argv)
{
    DBusError error = DBUS_ERROR_INIT;
    DBusConnection *connection = dbus_bus_get_private(DBUS_BUS_SESSION, &error);
    DBusObjectPathVTable table = { .message_function = handle };
    if (argc != 2 || connection == NULL
        || !dbus_connection_register_object_path(connection, OBJECT_PATH, &table, NULL)
        || dbus_bus_request_name(connection, argv[1], DBUS_NAME_FLAG_DO_NOT_QUEUE, &error)
               != DBUS_REQUEST_NAME_REPLY_PRIMARY_OWNER) {
        fprintf(stderr, "usage: server-libdbus NAME (%s)\n", error.message ? error.message : "no connection or name");
        return EXIT_FAILURE;
    }
    while (dbus_connection_read_write_dispatch(connection, -1)) { }
    return EXIT_SUCCESS;
}
