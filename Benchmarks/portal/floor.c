// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// The work that a decision cannot do without, and nothing else: `floor DATABASE THREADS COUNT OCTETS,… [SIGNATURE ANCHOR…]`. COUNT times, on
// so many threads: verify the signature with libcrypto (CMS, CAdES, its certificate's chain up to one of the anchors), where one is
// given, and commit a row of each of the sizes to SQLite (WAL; one connection, as SQLite has one writer). A row is on the disk when it is
// done (synchronous=FULL), but for a size with an "u" behind it (NORMAL). Prints times per second, CPU microseconds each, and the median
// in microseconds.

#define _GNU_SOURCE
#include "measure.h"
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <pthread.h>
#include <sqlite3.h>
#include <string.h>

#define MOST_SIZES 8

static sqlite3 *database;
static sqlite3_stmt *insertion;
static pthread_mutex_t writer = PTHREAD_MUTEX_INITIALIZER;
static X509_STORE *anchors;
static unsigned char signature[64 * 1024], row[64 * 1024];
static long signature_length, sizes[MOST_SIZES], sizes_count, count_each;
static int is_unsynced[MOST_SIZES], is_normal;

static void read_signature(const char *path)
{
    FILE *file = fopen(path, "r");
    if (file == NULL || (signature_length = (long)fread(signature, 1, sizeof signature, file)) == 0) fail("%s cannot be read", path);
    fclose(file);
}

static void add_anchor(const char *path)
{
    FILE *file = fopen(path, "r");
    X509 *anchor = file == NULL ? NULL : PEM_read_X509(file, NULL, NULL, NULL);
    if (anchor == NULL || X509_STORE_add_cert(anchors, anchor) != 1) fail("%s: no certificate", path);
    fclose(file);
}

static void make_trust(void)
{
    X509_VERIFY_PARAM *parameters = X509_VERIFY_PARAM_new();
    anchors = X509_STORE_new();
    if (parameters == NULL || anchors == NULL) fail("no memory");
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_IGNORE_CRITICAL);
    X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_ANY);
    X509_VERIFY_PARAM_set_auth_level(parameters, 2);
    X509_STORE_set1_param(anchors, parameters);
}

static void verify(void)
{
    const unsigned char *place = signature;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &place, signature_length);
    BIO *content = BIO_new(BIO_s_mem());
    if (cms == NULL || CMS_verify(cms, NULL, anchors, NULL, content, CMS_BINARY | CMS_CADES) != 1)
        fail("the signature does not verify: %s", ERR_error_string(ERR_peek_last_error(), NULL));
    BIO_free(content);
    CMS_ContentInfo_free(cms);
}

static void execute(const char *sql)
{
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK) fail("%s: %s", sql, sqlite3_errmsg(database));
}

static void commit(long size)
{
    pthread_mutex_lock(&writer);
    if (is_normal != is_unsynced[size]) {
        is_normal = is_unsynced[size];
        execute(is_normal ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL");
    }
    sqlite3_bind_blob(insertion, 1, row, (int)sizes[size], SQLITE_STATIC);
    if (sqlite3_step(insertion) != SQLITE_DONE || sqlite3_reset(insertion) != SQLITE_OK)
        fail("a row could not be written: %s", sqlite3_errmsg(database));
    pthread_mutex_unlock(&writer);
}

static void *run(void *data)
{
    double *times = data;
    for (long i = 0; i < count_each; i++) {
        double begin = now();
        if (signature_length > 0) verify();
        for (long size = 0; size < sizes_count; size++) commit(size);
        times[i] = now() - begin;
    }
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc < 5) fail("usage: floor DATABASE THREADS COUNT OCTETS,… [SIGNATURE ANCHOR…]");
    long threads_count = number(argv[2], 1, 100), count = number(argv[3], threads_count, 1000000);
    count_each = count / threads_count;
    count = count_each * threads_count;
    for (char *word = strtok(argv[4], ","); word != NULL && sizes_count < MOST_SIZES; word = strtok(NULL, ",")) {
        char *last = word + strlen(word) - 1;
        is_unsynced[sizes_count] = last >= word && *last == 'u';
        if (is_unsynced[sizes_count]) *last = '\0';
        sizes[sizes_count++] = number(word, 1, sizeof row);
    }
    if (argc > 5) {
        read_signature(argv[5]);
        make_trust();
        for (int i = 6; i < argc; i++) add_anchor(argv[i]);
    }
    if (sqlite3_open(argv[1], &database) != SQLITE_OK) fail("%s cannot be opened", argv[1]);
    // As with a service that stays: the write-ahead log is not made anew by each start.
    int persists = 1;
    sqlite3_file_control(database, "main", SQLITE_FCNTL_PERSIST_WAL, &persists);
    execute("PRAGMA journal_mode = WAL");
    execute("PRAGMA synchronous = FULL");
    execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, content BLOB NOT NULL)");
    if (sqlite3_prepare_v2(database, "INSERT INTO row (content) VALUES (?)", -1, &insertion, NULL) != SQLITE_OK)
        fail("%s", sqlite3_errmsg(database));

    double *times = calloc((size_t)count, sizeof *times);
    pthread_t threads[100];
    if (times == NULL) fail("no memory");
    double used = nanoseconds(CLOCK_PROCESS_CPUTIME_ID), begin = now();
    for (long i = 0; i < threads_count; i++)
        if (pthread_create(&threads[i], NULL, run, times + i * count_each) != 0) fail("no thread");
    for (long i = 0; i < threads_count; i++) pthread_join(threads[i], NULL);
    double elapsed = now() - begin;
    used = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - used;
    printf("%.1f %.1f %.1f\n", (double)count / (elapsed / 1e9), used / 1e3 / (double)count, quantile(times, count, 0.5) / 1e3);
    sqlite3_finalize(insertion);
    sqlite3_close(database);
    return EXIT_SUCCESS;
}
