/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FIRMWARE_SHIM_STRING_CHOICES_H
#define FIRMWARE_SHIM_STRING_CHOICES_H

#define str_down_up(down) ((down) ? "down" : "up")

#endif
