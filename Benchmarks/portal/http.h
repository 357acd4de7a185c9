// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// A client of servers on the loopback that keep connections open and tell the length of each answer. An error ends the program.

#define _GNU_SOURCE
#include "measure.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE 30 // seconds for one answer

struct connection {
    int socket;
    size_t filled;
    char *body; // of a whole answer; it ends with a zero octet
    char buffer[64 * 1024];
};

// Nanoseconds that all threads of the processes have run, those that have ended included: "PID,PID…".
static double processor_time(const char *processes)
{
    double sum = 0;
    for (const char *place = processes; *place != '\0';) {
        char *end;
        clockid_t clock;
        pid_t process = (pid_t)strtol(place, &end, 10);
        if (end == place || clock_getcpuclockid(process, &clock) != 0) fail("%s: no such processes", processes);
        sum += nanoseconds(clock);
        place = *end == ',' ? end + 1 : end;
    }
    return sum;
}

static struct connection *connect_to(long port)
{
    struct connection *connection = calloc(1, sizeof *connection);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = PATIENCE};
    int yes = 1;
    if (connection == NULL || (connection->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0) fail("no socket");
    setsockopt(connection->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(connection->socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(connection->socket, (struct sockaddr *)&address, sizeof address) != 0) fail("nobody listens on port %ld", port);
    return connection;
}

static void send_request(struct connection *connection, const char *head, const void *body, size_t length)
{
    char request[32 * 1024];
    size_t before = strlen(head);
    if (before + length > sizeof request) fail("a request is too long");
    memcpy(request, head, before);
    if (length > 0) memcpy(request + before, body, length);
    for (size_t sent = 0; sent < before + length;) {
        ssize_t some = send(connection->socket, request + sent, before + length - sent, MSG_NOSIGNAL);
        if (some <= 0) fail("a request could not be sent");
        sent += (size_t)some;
    }
    connection->filled = 0;
}

// Takes what has come; whether the answer is whole now.
static bool receive(struct connection *connection)
{
    size_t room = sizeof connection->buffer - 1 - connection->filled;
    ssize_t some = recv(connection->socket, connection->buffer + connection->filled, room, 0);
    if (some == 0) fail("the server has closed the connection, or its answer is too long");
    if (some < 0) fail("no answer within %d seconds", PATIENCE);
    connection->filled += (size_t)some;
    connection->buffer[connection->filled] = '\0';
    char *end = strstr(connection->buffer, "\r\n\r\n"), *length = strcasestr(connection->buffer, "\r\nContent-Length:");
    if (end == NULL) return false;
    if (length == NULL || length > end) fail("an answer does not tell its length");
    connection->body = end + 4;
    size_t whole = (size_t)(connection->body - connection->buffer) + strtoul(length + strlen("\r\nContent-Length:"), NULL, 10);
    if (connection->filled > whole) fail("more has come than was asked for");
    return connection->filled == whole;
}

static void expect(const struct connection *connection, const char *status)
{
    if (strncmp(connection->buffer, "HTTP/1.1 ", 9) != 0 || strncmp(connection->buffer + 9, status, 3) != 0)
        fail("not answered with %s: %s", status, connection->buffer);
}
