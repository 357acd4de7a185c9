// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Signs in to the portal over each of CONNECTIONS and then declares decisions, COUNT together, as E-Onay would:
// `decide PORT PROCESS CERTIFICATE KEY IDENTITY CONNECTIONS COUNT SIGNATURE`. A decision is POST /decision and the POST of its signature
// (CAdES-B-B, made here by libcrypto, the making not counted). Prints decisions per second, the portal's CPU microseconds per decision,
// the median and the 95th percentile of the two requests together in microseconds, and the last record's reference; the last signature
// goes to the file SIGNATURE.

#include "http.h"
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <pthread.h>

#define MOST_CONNECTIONS 100
#define LONGEST_SIGNATURE (16 * 1024)

struct person {
    pthread_t thread;
    struct connection *connection;
    char token[100], reference[100];
    unsigned char signature[LONGEST_SIGNATURE];
    size_t signature_length;
    long count;
    double *times;
};

static long port;
static const char *identity;
static X509 *certificate;
static EVP_PKEY *key;
static pthread_barrier_t signed_in, started;

static void ask(struct person *person, const char *method, const char *path, const char *type, const void *body, size_t length,
                const char *status)
{
    char head[600], authorization[140] = "";
    if (person->token[0] != '\0')
        snprintf(authorization, sizeof authorization, "Authorization: Bearer %s\r\n", person->token);
    snprintf(head, sizeof head,
             "%s /api/v1%s HTTP/1.1\r\nHost: 127.0.0.1:%ld\r\n%sContent-Type: %s\r\nContent-Length: %zu\r\n\r\n",
             method, path, port, authorization, type, length);
    send_request(person->connection, head, body, length);
    while (!receive(person->connection)) { }
    expect(person->connection, status);
}

static void post(struct person *person, const char *path, const char *body, const char *status)
{
    ask(person, "POST", path, "application/json", body, strlen(body), status);
}

// The text of a member of the answer, wherever in it that is.
static void copy_member(const struct person *person, const char *name, char *into, size_t room)
{
    char quoted[40];
    snprintf(quoted, sizeof quoted, "\"%s\":\"", name);
    const char *text = strstr(person->connection->body, quoted);
    if (text == NULL) fail("no %s in the answer: %s", name, person->connection->body);
    text += strlen(quoted);
    size_t length = strcspn(text, "\"");
    if (memchr(text, '\\', length) != NULL || length >= room) fail("%s has an escape in it, or is too long", name);
    memcpy(into, text, length);
    into[length] = '\0';
}

static void sign(struct person *person, const char *text)
{
    BIO *content = BIO_new_mem_buf(text, -1);
    CMS_ContentInfo *cms = CMS_sign(certificate, key, NULL, content, CMS_BINARY | CMS_NOSMIMECAP | CMS_CADES);
    unsigned char *end = person->signature;
    int length = cms == NULL ? -1 : i2d_CMS_ContentInfo(cms, NULL);
    if (length < 0 || length > LONGEST_SIGNATURE) fail("cannot sign: %s", ERR_error_string(ERR_get_error(), NULL));
    i2d_CMS_ContentInfo(cms, &end);
    person->signature_length = (size_t)length;
    CMS_ContentInfo_free(cms);
    BIO_free(content);
}

static void post_signature(struct person *person, const char *code)
{
    char path[60];
    snprintf(path, sizeof path, "/codes/%s/signature", code);
    ask(person, "POST", path, "application/pkcs7-mime", person->signature, person->signature_length, "200");
}

static size_t begin_text(char *text, size_t room, const char *purpose, const char *code)
{
    return (size_t)snprintf(text, room,
                            "E-ONAY/1\nPortal: http://127.0.0.1:%ld\nAmaç: %s\nT.C. Kimlik No: %s\nDoğrulama kodu: %s\n",
                            port, purpose, identity, code);
}

static void sign_in(struct person *person)
{
    char body[100], code[20], text[400], confirmation[10];
    snprintf(body, sizeof body, "{\"identity\":\"%s\"}", identity);
    post(person, "/sessions", body, "201");
    copy_member(person, "session", person->token, sizeof person->token);
    copy_member(person, "code", code, sizeof code);
    begin_text(text, sizeof text, "giriş", code);
    sign(person, text);
    post_signature(person, code);
    copy_member(person, "number", confirmation, sizeof confirmation);
    snprintf(body, sizeof body, "{\"number\":\"%s\"}", confirmation);
    post(person, "/session/confirm", body, "200");
}

// Nanoseconds of its two requests.
static double decide(struct person *person, bool accepts, const char *version)
{
    char body[100], code[20], statement[600], text[1200];
    snprintf(body, sizeof body, "{\"decision\":\"%s\",\"statementVersion\":\"%s\"}", accepts ? "accept" : "decline", version);
    double begin = now();
    post(person, "/decision", body, "201");
    double elapsed = now() - begin;
    copy_member(person, "code", code, sizeof code);
    copy_member(person, "statement", statement, sizeof statement);
    size_t length = begin_text(text, sizeof text, "onay", code);
    snprintf(text + length, sizeof text - length, "Karar: %s\nBeyan sürümü: %s\n\n%s\n",
             accepts ? "KABUL EDİYORUM" : "KABUL ETMİYORUM", version, statement);
    sign(person, text);
    begin = now();
    post_signature(person, code);
    elapsed += now() - begin;
    copy_member(person, "reference", person->reference, sizeof person->reference);
    return elapsed;
}

static void *run(void *data)
{
    struct person *person = data;
    char version[40];
    ask(person, "GET", "/statement", "application/json", NULL, 0, "200");
    copy_member(person, "version", version, sizeof version);
    sign_in(person);
    pthread_barrier_wait(&signed_in);
    pthread_barrier_wait(&started);
    for (long i = 0; i < person->count; i++) person->times[i] = decide(person, i % 2 == 0, version);
    return NULL;
}

static void read_signer(const char *certificate_path, const char *key_path)
{
    FILE *file = fopen(certificate_path, "r");
    if (file == NULL || (certificate = PEM_read_X509(file, NULL, NULL, NULL)) == NULL) fail("%s: no certificate", certificate_path);
    fclose(file);
    file = fopen(key_path, "r");
    if (file == NULL || (key = PEM_read_PrivateKey(file, NULL, NULL, NULL)) == NULL) fail("%s: no key", key_path);
    fclose(file);
}

int main(int argc, char **argv)
{
    if (argc != 9) fail("usage: decide PORT PROCESS CERTIFICATE KEY IDENTITY CONNECTIONS COUNT SIGNATURE");
    port = number(argv[1], 1, 65535);
    read_signer(argv[3], argv[4]);
    identity = argv[5];
    long connections = number(argv[6], 1, MOST_CONNECTIONS), count = number(argv[7], connections, 1000000) / connections * connections;
    struct person *people = calloc((size_t)connections, sizeof *people);
    double *times = calloc((size_t)count, sizeof *times);
    if (people == NULL || times == NULL) fail("no memory");
    pthread_barrier_init(&signed_in, NULL, (unsigned)connections + 1);
    pthread_barrier_init(&started, NULL, (unsigned)connections + 1);
    for (long i = 0; i < connections; i++) {
        people[i].connection = connect_to(port);
        people[i].count = count / connections;
        people[i].times = times + i * (count / connections);
        if (pthread_create(&people[i].thread, NULL, run, &people[i]) != 0) fail("no thread");
    }
    pthread_barrier_wait(&signed_in);
    double used = processor_time(argv[2]), begin = now();
    pthread_barrier_wait(&started);
    for (long i = 0; i < connections; i++) pthread_join(people[i].thread, NULL);
    double elapsed = now() - begin;
    used = processor_time(argv[2]) - used;

    FILE *file = fopen(argv[8], "w");
    if (file == NULL || fwrite(people[0].signature, people[0].signature_length, 1, file) != 1 || fclose(file) != 0)
        fail("%s cannot be written", argv[8]);
    double median = quantile(times, count, 0.5) / 1e3, high = quantile(times, count, 0.95) / 1e3;
    printf("%.1f %.1f %.1f %.1f %s\n", (double)count / (elapsed / 1e9), used / 1e3 / (double)count, median, high, people[0].reference);
    return EXIT_SUCCESS;
}
