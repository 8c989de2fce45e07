// SPDX-License-Identifier: GPL-2.0-only
#include "pure.h"
#include "reason.h"

#define IMGU_REASON_TEXT(name, text) [IMGU_REASON_##name] = text,

static const char *const texts[IMGU_REASONS] = {
	[IMGU_OK] = "nothing is wrong",
	IMGU_REASONS_GEOMETRY(IMGU_REASON_TEXT)
	IMGU_REASONS_SETTINGS(IMGU_REASON_TEXT)
	IMGU_REASONS_FIRMWARE(IMGU_REASON_TEXT)
	IMGU_REASONS_RING(IMGU_REASON_TEXT)
};

/**
 * imgu_reason_text() - a reason in words
 * @reason: What a judge returned.
 *
 * Context: any.
 * Return: a sentence without a full stop, never NULL.
 */
const char *imgu_reason_text(enum imgu_reason reason)
{
	return (unsigned int)reason < IMGU_REASONS ? texts[reason] : "an unknown reason";
}
