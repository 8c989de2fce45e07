/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why something is refused: one number a rule, so that tests, tracepoints and log lines can name it.
 */
#ifndef IPU3_IMGU_REASON_H
#define IPU3_IMGU_REASON_H

/*
 * X(NAME, "sentence"), grouped by the file that judges. A sentence says what is wrong with which
 * thing, in the words of the documentation.
 */
#define IMGU_REASONS_GEOMETRY(X)
#define IMGU_REASONS_SETTINGS(X)
#define IMGU_REASONS_FIRMWARE(X)
#define IMGU_REASONS_RING(X)

#define IMGU_REASON_ENUM(name, text) IMGU_REASON_##name,

/**
 * enum imgu_reason - 0, or which rule is broken
 * @IMGU_OK: None.
 */
enum imgu_reason {
	IMGU_OK,
	IMGU_REASONS_GEOMETRY(IMGU_REASON_ENUM)
	IMGU_REASONS_SETTINGS(IMGU_REASON_ENUM)
	IMGU_REASONS_FIRMWARE(IMGU_REASON_ENUM)
	IMGU_REASONS_RING(IMGU_REASON_ENUM)
	IMGU_REASONS
};

const char *imgu_reason_text(enum imgu_reason reason);

#endif
