// SPDX-License-Identifier: GPL-2.0-only
/*
 * Formats: ten-bit samples, of which the DMA packs 25 into 32 bytes.
 */
#include <linux/kernel.h>
#include <linux/math.h>
#include <linux/media-bus-format.h>
#include <linux/minmax.h>

#include "ipu3-cio2.h"

/* RAW10 in MIPI's CSI-2. */
#define CIO2_DATA_TYPE_RAW10	0x2b

/* A line ends with a group of 64 bytes, which holds 50 pixels. */
#define CIO2_LINE_GROUP_PIXELS	50
#define CIO2_LINE_GROUP_BYTES	64

#define CIO2_RAW10(order) {					\
	.mbus_code = MEDIA_BUS_FMT_##order##10_1X10,		\
	.fourcc = V4L2_PIX_FMT_IPU3_##order##10,		\
	.data_type = CIO2_DATA_TYPE_RAW10,			\
	.bpp = 10,						\
}

/* The first one is the default. */
static const struct cio2_format cio2_formats[] = {
	CIO2_RAW10(SGRBG),
	CIO2_RAW10(SGBRG),
	CIO2_RAW10(SBGGR),
	CIO2_RAW10(SRGGB),
	CIO2_RAW10(Y),
};

/**
 * cio2_format_at() - enumerate formats
 * @index: From 0.
 *
 * Return: The format; %NULL behind the last one.
 */
const struct cio2_format *cio2_format_at(unsigned int index)
{
	return index < ARRAY_SIZE(cio2_formats) ? &cio2_formats[index] : NULL;
}

/**
 * cio2_format_of_code() - find a format by its media bus code
 * @mbus_code: The code.
 *
 * Return: The format; %NULL if there is none.
 */
const struct cio2_format *cio2_format_of_code(u32 mbus_code)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cio2_formats); i++)
		if (cio2_formats[i].mbus_code == mbus_code)
			return &cio2_formats[i];
	return NULL;
}

/**
 * cio2_format_of_fourcc() - find a format by its pixel format
 * @fourcc: The pixel format.
 *
 * Return: The format; %NULL if there is none.
 */
const struct cio2_format *cio2_format_of_fourcc(u32 fourcc)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cio2_formats); i++)
		if (cio2_formats[i].fourcc == fourcc)
			return &cio2_formats[i];
	return NULL;
}

/**
 * cio2_format_adjust() - make a possible format of what was asked for
 * @pix: The format. Size and pixel format are respected where they can be; all else follows.
 */
void cio2_format_adjust(struct v4l2_pix_format_mplane *pix)
{
	u32 stride;

	if (!cio2_format_of_fourcc(pix->pixelformat))
		pix->pixelformat = cio2_formats[0].fourcc;
	pix->width = clamp(pix->width, 1U, CIO2_MAX_WIDTH);
	pix->height = clamp(pix->height, 1U, CIO2_MAX_HEIGHT);
	stride = DIV_ROUND_UP(pix->width, CIO2_LINE_GROUP_PIXELS) * CIO2_LINE_GROUP_BYTES;
	pix->num_planes = 1;
	pix->plane_fmt[0].bytesperline = stride;
	pix->plane_fmt[0].sizeimage = stride * pix->height;
	pix->field = V4L2_FIELD_NONE;
	pix->colorspace = V4L2_COLORSPACE_RAW;
	pix->ycbcr_enc = V4L2_YCBCR_ENC_DEFAULT;
	pix->quantization = V4L2_QUANTIZATION_DEFAULT;
	pix->xfer_func = V4L2_XFER_FUNC_DEFAULT;
}
