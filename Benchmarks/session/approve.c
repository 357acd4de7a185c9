// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Gives an approval with the PIN from a descriptor and prints how many microseconds it took from the call to its end, and what came
// of it: `approve DECISION PIN`. The answer and the signal that tells of the end come by one connection, in their order.

#include <dbus/dbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SERVICE "org.eonay.EOnay1"

static void fail(const char *what)
{
    fprintf(stderr, "approve: %s\n", what);
    exit(EXIT_FAILURE);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static int pipe_with(const char *pin)
{
    int ends[2];
    if (pipe(ends) != 0 || write(ends[1], pin, strlen(pin)) < 0 || write(ends[1], "\n", 1) < 0) fail("no pipe");
    close(ends[1]);
    return ends[0];
}

static DBusMessage *new_call(const char *decision, int pin)
{
    static const char *certificate = "", *key = "pin";
    DBusMessage *call = dbus_message_new_method_call(SERVICE, "/org/eonay/EOnay1", SERVICE, "Approve");
    DBusMessageIter body, options, entry, value;
    dbus_message_iter_init_append(call, &body);
    dbus_message_iter_append_basic(&body, DBUS_TYPE_STRING, &certificate);
    dbus_message_iter_append_basic(&body, DBUS_TYPE_STRING, &decision);
    dbus_message_iter_open_container(&body, DBUS_TYPE_ARRAY, "{sv}", &options);
    dbus_message_iter_open_container(&options, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
    dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, &key);
    dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, "h", &value);
    dbus_message_iter_append_basic(&value, DBUS_TYPE_UNIX_FD, &pin);
    dbus_message_iter_close_container(&entry, &value);
    dbus_message_iter_close_container(&options, &entry);
    dbus_message_iter_close_container(&body, &options);
    return call;
}

int main(int argc, char **argv)
{
    if (argc != 3) fail("usage: approve DECISION PIN");
    DBusConnection *connection = dbus_bus_get_private(DBUS_BUS_SESSION, NULL);
    if (connection == NULL) fail("no session bus");
    dbus_bus_add_match(connection, "type='signal',interface='" SERVICE ".Approval',member='Completed'", NULL);
    DBusError error = DBUS_ERROR_INIT;
    DBusMessage *call = new_call(argv[1], pipe_with(argv[2]));
    double before = now();
    DBusMessage *answer = dbus_connection_send_with_reply_and_block(connection, call, -1, &error);
    if (answer == NULL) fail(error.message);
    const char *approval, *result = "", *name = "";
    dbus_message_get_args(answer, &error, DBUS_TYPE_OBJECT_PATH, &approval, DBUS_TYPE_INVALID);
    while (dbus_connection_read_write(connection, -1)) {
        for (DBusMessage *message; (message = dbus_connection_pop_message(connection)) != NULL;) {
            if (!dbus_message_is_signal(message, SERVICE ".Approval", "Completed")
                || !dbus_message_has_path(message, approval))
                continue;
            double elapsed = now() - before;
            dbus_message_get_args(message, NULL, DBUS_TYPE_STRING, &result, DBUS_TYPE_STRING, &name, DBUS_TYPE_INVALID);
            printf("%.1f %s %s\n", elapsed, result, name);
            return EXIT_SUCCESS;
        }
    }
    fail("the bus is gone");
}
