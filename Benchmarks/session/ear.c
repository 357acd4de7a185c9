// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Hears everything on a session bus and prints when it came: every signal, and, being the session's notification server, every
// notification. One line each, in one write: nanoseconds of CLOCK_MONOTONIC, "notify" or "signal", and the words of the message.
// The method Expire, which no other server has, lets all notifications expire.

#include <dbus/dbus.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SERVER "org.freedesktop.Notifications"
#define SERVER_PATH "/org/freedesktop/Notifications"

static void fail(const char *what)
{
    fprintf(stderr, "ear: %s\n", what);
    exit(EXIT_FAILURE);
}

// One word; what would end it or the line becomes a space.
static void print_text(const char *text)
{
    putchar('\t');
    for (; *text; text++) putchar(*text == '\t' || *text == '\n' ? ' ' : *text);
}

// Texts and truth values in their order, whatever they lie in.
static void print_words(DBusMessageIter *at)
{
    for (int type; (type = dbus_message_iter_get_arg_type(at)) != DBUS_TYPE_INVALID; dbus_message_iter_next(at)) {
        DBusBasicValue value;
        DBusMessageIter inside;
        switch (type) {
        case DBUS_TYPE_STRING:
        case DBUS_TYPE_OBJECT_PATH:
            dbus_message_iter_get_basic(at, &value);
            print_text(value.str);
            break;
        case DBUS_TYPE_BOOLEAN:
            dbus_message_iter_get_basic(at, &value);
            printf("\t%s", value.bool_val ? "true" : "false");
            break;
        case DBUS_TYPE_ARRAY:
        case DBUS_TYPE_STRUCT:
        case DBUS_TYPE_DICT_ENTRY:
        case DBUS_TYPE_VARIANT:
            dbus_message_iter_recurse(at, &inside);
            print_words(&inside);
            break;
        }
    }
}

static void print_message(const char *kind, DBusMessage *message)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    printf("%lld%09ld\t%s\t%s\t%s", (long long)now.tv_sec, now.tv_nsec, kind, dbus_message_get_member(message),
           dbus_message_get_path(message));
    DBusMessageIter words;
    if (dbus_message_iter_init(message, &words)) print_words(&words);
    printf("\n");
    fflush(stdout);
}

static dbus_uint32_t last_id;

static DBusMessage *answer(DBusMessage *call)
{
    static const char *capabilities[] = { "actions", "body" }, **list = capabilities;
    static const char *name = "ear", *vendor = "E-Onay", *version = "1", *specification = "1.2";
    const char *member = dbus_message_get_member(call);
    if (!dbus_message_has_interface(call, SERVER)) return dbus_message_new_error(call, DBUS_ERROR_UNKNOWN_METHOD, member);
    DBusMessage *reply = dbus_message_new_method_return(call);
    if (strcmp(member, "Notify") == 0) {
        print_message("notify", call);
        last_id++;
        dbus_message_append_args(reply, DBUS_TYPE_UINT32, &last_id, DBUS_TYPE_INVALID);
    } else if (strcmp(member, "GetCapabilities") == 0) {
        dbus_message_append_args(reply, DBUS_TYPE_ARRAY, DBUS_TYPE_STRING, &list, 2, DBUS_TYPE_INVALID);
    } else if (strcmp(member, "GetServerInformation") == 0) {
        dbus_message_append_args(reply, DBUS_TYPE_STRING, &name, DBUS_TYPE_STRING, &vendor, DBUS_TYPE_STRING, &version,
                                 DBUS_TYPE_STRING, &specification, DBUS_TYPE_INVALID);
    }
    return reply;
}

static void emit_closed(DBusConnection *connection, dbus_uint32_t id, dbus_uint32_t reason)
{
    DBusMessage *signal = dbus_message_new_signal(SERVER_PATH, SERVER, "NotificationClosed");
    dbus_message_append_args(signal, DBUS_TYPE_UINT32, &id, DBUS_TYPE_UINT32, &reason, DBUS_TYPE_INVALID);
    dbus_connection_send(connection, signal, NULL);
    dbus_message_unref(signal);
}

// A real server tells of each close, and libnotify waits for it.
static void close_asked(DBusConnection *connection, DBusMessage *call)
{
    dbus_uint32_t id = 0;
    dbus_message_get_args(call, NULL, DBUS_TYPE_UINT32, &id, DBUS_TYPE_INVALID);
    emit_closed(connection, id, 3);
}

// Closes what was not closed yet; what was is closed twice, which nobody minds.
static void expire(DBusConnection *connection)
{
    static dbus_uint32_t expired;
    while (expired < last_id) emit_closed(connection, ++expired, 1);
}

static DBusHandlerResult hear(DBusConnection *connection, DBusMessage *message, void *data)
{
    (void)data;
    if (dbus_message_is_signal(message, DBUS_INTERFACE_LOCAL, "Disconnected")) exit(EXIT_SUCCESS);
    if (dbus_message_get_type(message) == DBUS_MESSAGE_TYPE_SIGNAL) print_message("signal", message);
    if (dbus_message_get_type(message) != DBUS_MESSAGE_TYPE_METHOD_CALL) return DBUS_HANDLER_RESULT_HANDLED;
    DBusMessage *reply = answer(message);
    dbus_connection_send(connection, reply, NULL);
    dbus_message_unref(reply);
    if (dbus_message_is_method_call(message, SERVER, "CloseNotification")) close_asked(connection, message);
    if (dbus_message_is_method_call(message, SERVER, "Expire")) expire(connection);
    return DBUS_HANDLER_RESULT_HANDLED;
}

int main(void)
{
    DBusConnection *connection = dbus_bus_get_private(DBUS_BUS_SESSION, NULL);
    if (connection == NULL) fail("no session bus");
    dbus_connection_add_filter(connection, hear, NULL, NULL);
    dbus_bus_add_match(connection, "type='signal'", NULL);
    if (dbus_bus_request_name(connection, SERVER, DBUS_NAME_FLAG_DO_NOT_QUEUE, NULL)
        != DBUS_REQUEST_NAME_REPLY_PRIMARY_OWNER)
        fail("there is another notification server");
    printf("ready\n");
    fflush(stdout);
    while (dbus_connection_read_write_dispatch(connection, -1)) { }
    return EXIT_SUCCESS;
}
