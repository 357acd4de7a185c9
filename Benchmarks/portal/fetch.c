// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Asks a server on the loopback COUNT times over CONNECTIONS that stay open, each with one request under way:
// `fetch PORT PROCESSES CONNECTIONS COUNT /PATH|sessions`. `sessions` posts to the portal's /api/v1/sessions, each time with another
// identity number. Prints requests per second, the processes' CPU microseconds per request, and the median of the times in microseconds.

#include "http.h"
#include <sys/epoll.h>
#include <sys/random.h>

#define MOST_CONNECTIONS 1000

static struct connection *connections[MOST_CONNECTIONS];
static double asked[MOST_CONNECTIONS];
static const char *what;
static long port;

// The next number whose last two digits fit.
static unsigned long next_identity(void)
{
    static unsigned long nine;
    if (nine == 0 && getrandom(&nine, sizeof nine, 0) != sizeof nine) fail("no random octets");
    nine = nine % 800000000 + 100000001;
    long digit[9], sum = 0, weighted = 0;
    unsigned long rest = nine;
    for (int place = 8; place >= 0; place--, rest /= 10) digit[place] = (long)(rest % 10);
    for (int place = 0; place < 9; place++) {
        sum += digit[place];
        weighted += place % 2 == 0 ? 7 * digit[place] : 9 * digit[place]; // 9 is -1 of 10
    }
    long tenth = weighted % 10;
    return nine * 100 + (unsigned long)(tenth * 10 + (sum + tenth) % 10);
}

static void ask(long place)
{
    char head[400], body[60];
    int length = 0;
    if (what[0] == '/') {
        snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%ld\r\nAccept: */*\r\n\r\n", what, port);
    } else {
        length = snprintf(body, sizeof body, "{\"identity\":\"%lu\"}", next_identity());
        snprintf(head, sizeof head,
                 "POST /api/v1/sessions HTTP/1.1\r\nHost: 127.0.0.1:%ld\r\nContent-Type: application/json\r\n"
                 "Content-Length: %d\r\n\r\n", port, length);
    }
    asked[place] = now();
    send_request(connections[place], head, body, (size_t)length);
}

int main(int argc, char **argv)
{
    if (argc != 6) fail("usage: fetch PORT PROCESSES CONNECTIONS COUNT /PATH|sessions");
    port = number(argv[1], 1, 65535);
    long depth = number(argv[3], 1, MOST_CONNECTIONS), count = number(argv[4], depth, 10000000);
    what = argv[5];
    if (what[0] != '/' && strcmp(what, "sessions") != 0) fail("%s is neither a path nor sessions", what);
    double *times = malloc((size_t)count * sizeof *times);
    int waiting = epoll_create1(EPOLL_CLOEXEC);
    if (times == NULL || waiting < 0) fail("no memory");
    for (long place = 0; place < depth; place++) {
        connections[place] = connect_to(port);
        struct epoll_event event = {.events = EPOLLIN, .data.u64 = (uint64_t)place};
        if (epoll_ctl(waiting, EPOLL_CTL_ADD, connections[place]->socket, &event) != 0) fail("cannot wait for a connection");
    }

    double used = processor_time(argv[2]), begin = now();
    long sent = 0, received = 0;
    while (sent < depth) ask(sent++);
    while (received < count) {
        struct epoll_event events[64];
        int ready = epoll_wait(waiting, events, 64, PATIENCE * 1000);
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) fail("no answer within %d seconds", PATIENCE);
        for (int event = 0; event < ready; event++) {
            long place = (long)events[event].data.u64;
            if (!receive(connections[place])) continue;
            expect(connections[place], what[0] == '/' ? "200" : "201");
            times[received++] = now() - asked[place];
            if (sent < count) {
                sent++;
                ask(place);
            }
        }
    }
    double elapsed = now() - begin;
    used = processor_time(argv[2]) - used;
    printf("%.1f %.2f %.1f\n", (double)count / (elapsed / 1e9), used / 1e3 / (double)count, quantile(times, count, 0.5) / 1e3);
    return EXIT_SUCCESS;
}
