#!/bin/sh
# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
# Command=/usr/local/lib/eonay/ntfy.sh https://ntfy.example.org/certificates
set -eu
printf '%s: certificate %.8s, days left: %s\n' "$(uname -n)" "$EONAY_CERTIFICATE" "$EONAY_DAYS_LEFT" |
    curl --silent --show-error --fail --max-time 30 --header "Title: E-Onay: $EONAY_EVENT" --data-binary @- -- "$1"
