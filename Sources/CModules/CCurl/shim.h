// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

#pragma once
// The type checks are macros for C callers; here each function below has one type.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

// curl_easy_setopt and curl_easy_getinfo are variadic, so Swift does not see them: one function for each type of value.

static inline CURLcode ccurl_set_number(CURL *handle, CURLoption option, long value)
{
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *value)
{
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value)
{
    return curl_easy_setopt(handle, option, value);
}

// Copied by libcurl; its size must be known first, as the octets may hold zeros.
static inline CURLcode ccurl_set_body(CURL *handle, const void *octets, long size)
{
    CURLcode code = curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, size);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, octets);
}

static inline CURLcode ccurl_set_writer(CURL *handle, curl_write_callback writer, void *context)
{
    CURLcode code = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, writer);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
}

static inline CURLcode ccurl_get_number(CURL *handle, CURLINFO info, long *value)
{
    return curl_easy_getinfo(handle, info, value);
}

// The text belongs to the handle, until its next transfer.
static inline CURLcode ccurl_get_text(CURL *handle, CURLINFO info, const char **value)
{
    return curl_easy_getinfo(handle, info, value);
}
