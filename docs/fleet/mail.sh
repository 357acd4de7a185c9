#!/bin/sh
# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
# Command=/usr/local/lib/eonay/mail.sh helpdesk@example.org
# By msmtp, which speaks SMTP itself: a set-user-ID sendmail does not work within the service's limits.
set -eu
end=$(date -u -d "@$EONAY_NOT_AFTER" '+%Y-%m-%d %H:%M UTC')
msmtp -- "$1" <<MAIL
To: $1
Subject: E-Onay: certificate of $(id -un) on $(uname -n), days left: $EONAY_DAYS_LEFT
Content-Type: text/plain; charset=UTF-8

Event: $EONAY_EVENT ($EONAY_PHASE)
Certificate: $EONAY_CERTIFICATE
Issuer: $EONAY_ISSUER
Good until: $end
MAIL
