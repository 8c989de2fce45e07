// SPDX-License-Identifier: GPL-2.0-only
/*
 * A port's D-PHY, CSI-2 receiver, MIPI back end and pixel mapper.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/math64.h>
#include <linux/pci.h>

#include "compat.h"
#include "ipu3-cio2.h"

/* The only virtual channel and stream: sensors of these machines have one. */
#define CIO2_VIRTUAL_CHANNEL	0
#define CIO2_STREAM		0

/* Checksum errors that a frame may have before the receiver complains; the first driver's. */
#define CIO2_CRC_THRESHOLD	16

/*
 * MIPI D-PHY gives each delay as a time and a number of unit intervals (UI, half a cycle of the
 * link's clock); these are the least that it allows.
 */
#define CIO2_CLOCK_SETTLE_NS	95
#define CIO2_CLOCK_SETTLE_UI	(-8)
#define CIO2_DATA_SETTLE_NS	85
#define CIO2_DATA_SETTLE_UI	(-2)
/* Of the delay registers. */
#define CIO2_TICKS_PER_NS	16

/* ---- errors ---- */

/**
 * struct cio2_error - something that a port can complain about
 * @name: As the log and debugfs have it.
 * @damaging: The frame must not be taken for whole.
 */
struct cio2_error {
	const char *name;
	bool damaging;
};

static const struct cio2_error cio2_errors[] = {
	{ "single packet header error corrected", false },
	{ "multiple packet header errors detected", true },
	{ "payload checksum (CRC) error", true },
	{ "fifo overflow", true },
	{ "reserved short packet data type detected", true },
	{ "reserved long packet data type detected", true },
	{ "incomplete long packet detected", true },
	{ "frame sync error", true },
	{ "line sync error", true },
	{ "DPHY start of transmission error", true },
	{ "DPHY synchronization error", true },
	{ "escape mode error", true },
	{ "escape mode trigger event", false },
	{ "escape mode ultra-low power state for data lane(s)", false },
	{ "escape mode ultra-low power state exit for clock lane", false },
	{ "inter-frame short packet discarded", false },
	{ "inter-frame long packet discarded", false },
	{ "non-matching long packet stalled", true },
	{ "ECC recoverable", false },
	{ "DPHY not recoverable", true },
	{ "ECC not recoverable", true },
	{ "CRC error", true },
	{ "data between frames", false },
	{ "packet too short", true },
	{ "packet too long", true },
};

static_assert(ARRAY_SIZE(cio2_errors) == CIO2_ERRORS);

/**
 * cio2_error_name() - what a port complains about
 * @error: Bit number, less than %CIO2_ERRORS.
 *
 * Return: Its name.
 */
const char *cio2_error_name(unsigned int error)
{
	return cio2_errors[error].name;
}

/**
 * cio2_receiver_errors() - see to what a port complains about
 * @port: The port.
 * @word: The word of input errors.
 *
 * Context: The interrupt's thread.
 */
void cio2_receiver_errors(struct cio2_port *port, u32 word)
{
	u32 errors = CIO2_INT_EXT_IE_ERRORS(port->index, word) << CIO2_RX_ERRORS, damaging = 0;
	u32 base = CIO2_PORT(port->index), status;
	unsigned int i;

	if (word & CIO2_INT_EXT_IE_IRQ(port->index)) {
		status = cio2_read(port->cio2, base + CIO2_IRQCTRL_STATUS);
		cio2_write(port->cio2, base + CIO2_IRQCTRL_CLEAR, status);
		errors |= status & CIO2_IRQCTRL_ALL;
	}
	if (!errors)
		return;
	for (i = 0; i < CIO2_ERRORS; i++)
		if (cio2_errors[i].damaging)
			damaging |= BIT(i);
	cio2_dma_damage(port, errors, damaging);
}

/* ---- on and off ---- */

static u32 cio2_delay(int ns, int ui, s64 link_freq)
{
	/* A UI is 500000000 / link_freq nanoseconds. */
	s64 ticks = CIO2_TICKS_PER_NS * ns +
		    div64_s64((s64)CIO2_TICKS_PER_NS * ui * (NSEC_PER_SEC / 2), link_freq);

	/* A link so slow that nothing is left; without any delay nothing is received. */
	return max(ticks, 1);
}

static int cio2_receiver_delays(struct cio2_port *port, const struct cio2_format *format)
{
	u32 base = CIO2_PORT(port->index);
	struct cio2_device *cio2 = port->cio2;
	struct media_pad *source;
	unsigned int lane;
	s64 freq;

	source = media_entity_remote_source_pad_unique(&port->subdev.entity);
	if (IS_ERR(source))
		return PTR_ERR(source);
	freq = cio2_link_freq(source, format->bpp, 2 * port->lanes);
	if (freq <= 0) {
		dev_err(cio2_dev(port), "port %u: the sensor tells no link frequency: %lld\n",
			port->index, freq);
		return freq ?: -EINVAL;
	}
	cio2_write(cio2, base + CIO2_RX_CLOCK_TERMEN, 0);
	cio2_write(cio2, base + CIO2_RX_CLOCK_SETTLE,
		   cio2_delay(CIO2_CLOCK_SETTLE_NS, CIO2_CLOCK_SETTLE_UI, freq));
	for (lane = 0; lane < port->lanes; lane++) {
		cio2_write(cio2, base + CIO2_RX_DATA_TERMEN(lane), 0);
		cio2_write(cio2, base + CIO2_RX_DATA_SETTLE(lane),
			   cio2_delay(CIO2_DATA_SETTLE_NS, CIO2_DATA_SETTLE_UI, freq));
	}
	return 0;
}

/**
 * cio2_receiver_setup() - make a port's receiver ready to be switched on
 * @port: The port.
 *
 * Context: Process context, within &cio2_device.hw_lock.
 * Return: 0; -EPIPE for a format that the receiver does not know; what the sensor says of its link
 * frequency.
 */
int cio2_receiver_setup(struct cio2_port *port)
{
	const struct cio2_format *format = cio2_subdev_format(port);
	u32 base = CIO2_PORT(port->index);
	struct cio2_device *cio2 = port->cio2;
	unsigned int i;
	int ret;

	if (!format)
		return -EPIPE;
	ret = cio2_receiver_delays(port, format);
	if (ret)
		return ret;
	cio2_write(cio2, base + CIO2_RX_STATUS_DLANE_HS, CIO2_RX_STATUS_DLANE_HS_ALL);
	cio2_write(cio2, base + CIO2_RX_STATUS_DLANE_LP, CIO2_RX_STATUS_DLANE_LP_ALL);
	cio2_write(cio2, base + CIO2_RX_LANES, port->lanes);

	/* Of all packets, only those with pixels of the one stream are taken. */
	for (i = 0; i < CIO2_VIRTUAL_CHANNELS; i++)
		cio2_write(cio2, base + CIO2_BE_SHORT_LUT(i), CIO2_BE_LUT_DISREGARD);
	for (i = 1; i < CIO2_BE_LONG_LUT_ENTRIES; i++)
		cio2_write(cio2, base + CIO2_BE_LONG_LUT(i), CIO2_BE_LUT_DISREGARD);
	cio2_write(cio2, base + CIO2_BE_LONG_LUT(0),
		   FIELD_PREP(CIO2_BE_LUT_STREAM, CIO2_STREAM) |
		   FIELD_PREP(CIO2_BE_LUT_VIRTUAL_CHANNEL, CIO2_VIRTUAL_CHANNEL) |
		   FIELD_PREP(CIO2_BE_LUT_DATA_TYPE, format->data_type));
	cio2_write(cio2, base + CIO2_BE_GLOBAL_LUT_DISREGARD, 1);
	cio2_write(cio2, base + CIO2_BE_COMP_FORMAT(CIO2_VIRTUAL_CHANNEL), 0);
	cio2_write(cio2, base + CIO2_BE_FORCE_RAW8, 0);

	cio2_write(cio2, CIO2_PXM_FORMAT(port->index),
		   FIELD_PREP(CIO2_PXM_FORMAT_BPP, CIO2_PXM_FORMAT_BPP_10));
	cio2_write(cio2, CIO2_PXM_SID2BID(port->index),
		   FIELD_PREP(CIO2_PXM_SID2BID_STREAM0, cio2_channel(port->index)));
	cio2_write(cio2, CIO2_PXM_FRF_CFG(port->index),
		   FIELD_PREP(CIO2_PXM_FRF_CFG_CRC_THRESHOLD, CIO2_CRC_THRESHOLD) |
		   CIO2_PXM_FRF_CFG_MSK_ECC_DPHY_NR | CIO2_PXM_FRF_CFG_MSK_ECC_RE |
		   CIO2_PXM_FRF_CFG_MSK_ECC_DPHY_NE);

	cio2_write(cio2, base + CIO2_IRQCTRL_EDGE, 0);
	cio2_write(cio2, base + CIO2_IRQCTRL_LEVEL_NOT_PULSE, 0);
	cio2_write(cio2, base + CIO2_IRQCTRL_CLEAR, CIO2_IRQCTRL_ALL);
	cio2_write(cio2, base + CIO2_IRQCTRL_MASK, CIO2_IRQCTRL_ALL);
	cio2_write(cio2, base + CIO2_IRQCTRL_ENABLE, CIO2_IRQCTRL_ALL);
	return 0;
}

/**
 * cio2_receiver_enable() - switch a port's receiver on
 * @port: The port, set up.
 *
 * Context: Process context, within &cio2_device.hw_lock.
 */
void cio2_receiver_enable(struct cio2_port *port)
{
	/* Who takes comes before who gives. */
	cio2_write(port->cio2, CIO2_PORT(port->index) + CIO2_BE_ENABLE, 1);
	cio2_write(port->cio2, CIO2_PORT(port->index) + CIO2_RX_ENABLE, 1);
}

/**
 * cio2_receiver_disable() - switch a port's receiver off
 * @port: The port.
 *
 * Context: Process context, within &cio2_device.hw_lock.
 */
void cio2_receiver_disable(struct cio2_port *port)
{
	u32 base = CIO2_PORT(port->index);

	cio2_write(port->cio2, base + CIO2_IRQCTRL_MASK, 0);
	cio2_write(port->cio2, base + CIO2_IRQCTRL_ENABLE, 0);
	cio2_write(port->cio2, base + CIO2_RX_ENABLE, 0);
	cio2_write(port->cio2, base + CIO2_BE_ENABLE, 0);
}
