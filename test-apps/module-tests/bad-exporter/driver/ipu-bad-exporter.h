/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * /dev/ipu-bad-exporter: dma-bufs that misbehave.
 */
#ifndef IPU_BAD_EXPORTER_H
#define IPU_BAD_EXPORTER_H

#include <linux/ioctl.h>

/* What a dma-buf does wrong, always. */
#define IPU_BAD_EXPORTER_NONE 0
/* Attaching fails: EBUSY. */
#define IPU_BAD_EXPORTER_ATTACH 1
/* Mapping fails: ENOSPC. */
#define IPU_BAD_EXPORTER_MAP 2
/* The device gets addresses of all pages but the last. */
#define IPU_BAD_EXPORTER_SHORT 3
/* The device's addresses have a hole after the first page. */
#define IPU_BAD_EXPORTER_HOLE 4

/* Pages of each dma-buf. */
#define IPU_BAD_EXPORTER_PAGES 4

/* Make one with the fault in the argument; returns its file descriptor. */
#define IPU_BAD_EXPORTER_MAKE _IO('i', 0x90)

#endif /* IPU_BAD_EXPORTER_H */
