// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

#pragma once
/* libnotify names this one type of gdk-pixbuf; its own headers would need a pkg-config entry whose -pthread SwiftPM warns of. */
typedef struct _GdkPixbuf GdkPixbuf;
