// SPDX-License-Identifier: GPL-2.0-only
/*
 * v4l2_get_link_freq() as it is from 6.14 on, before 6234d0df236a made it a function (6.18): it
 * chooses by the type of its argument, exactly. For headers of 6.14 and later: compat.h treats all
 * of these alike.
 */
#include <media/v4l2-common.h>
#include <media/v4l2-ctrls.h>

s64 signature_of_controls(struct v4l2_ctrl_handler *handler, unsigned int mul, unsigned int div);
s64 signature_of_pad(struct media_pad *pad, unsigned int mul, unsigned int div);

#undef v4l2_get_link_freq
#define v4l2_get_link_freq(source, mul, div)				\
	_Generic((source),						\
		 struct v4l2_ctrl_handler *: signature_of_controls,	\
		 struct media_pad *: signature_of_pad)(source, mul, div)

#include "compat.h"

s64 signature_used(struct media_pad *pad);
s64 signature_used(struct media_pad *pad)
{
	return cio2_link_freq(pad, 10, 4);
}
