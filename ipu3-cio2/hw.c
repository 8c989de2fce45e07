// SPDX-License-Identifier: GPL-2.0-only
/*
 * What all ports share, and the order in which a port's parts are switched on and off.
 */
#include <linux/device.h>
#include <linux/pci.h>

#include "ipu3-cio2.h"

/* Values that the kernel's first driver of this device writes; nothing else is known of them. */
#define CIO2_WATERMARK_MIN	4
#define CIO2_WATERMARK_MID1	16
#define CIO2_WATERMARK_MID2	21
#define CIO2_WATERMARK_HIGH	40
#define CIO2_WATERMARK_LOW	22
#define CIO2_WATERMARK_OBFF	2
#define CIO2_PLL_SHUTDOWN	2
#define CIO2_PLL_WAKE_UP	480
#define CIO2_LANES_4422		0
#define CIO2_CLOCK_HOLDOFF	3
#define CIO2_CSI_CLOCK_HOLDOFF	5
/* In units of 1024 ns, as the scale of 2 says. */
#define CIO2_LATENCY_0		175
#define CIO2_LATENCY_OTHERS	90
#define CIO2_LATENCY_SCALE	2

static u32 cio2_latencies(u32 even, u32 odd)
{
	return FIELD_PREP(CIO2_LTRVAL_EVEN, even) |
	       FIELD_PREP(CIO2_LTRVAL_EVEN_SCALE, CIO2_LATENCY_SCALE) |
	       FIELD_PREP(CIO2_LTRVAL_ODD, odd) |
	       FIELD_PREP(CIO2_LTRVAL_ODD_SCALE, CIO2_LATENCY_SCALE);
}

static u32 cio2_port_interrupts(unsigned int port)
{
	return CIO2_INT_IOC(cio2_channel(port)) | CIO2_INT_IOS(cio2_channel(port));
}

static void cio2_hw_setup(struct cio2_device *cio2)
{
	u32 interrupts = CIO2_INT_IOIRQ;
	unsigned int i;

	cio2_write(cio2, CIO2_PBM_WMCTRL1,
		   FIELD_PREP(CIO2_PBM_WMCTRL1_MIN, CIO2_WATERMARK_MIN) |
		   FIELD_PREP(CIO2_PBM_WMCTRL1_MID1, CIO2_WATERMARK_MID1) |
		   FIELD_PREP(CIO2_PBM_WMCTRL1_MID2, CIO2_WATERMARK_MID2));
	cio2_write(cio2, CIO2_PBM_WMCTRL2,
		   FIELD_PREP(CIO2_PBM_WMCTRL2_HIGH, CIO2_WATERMARK_HIGH) |
		   FIELD_PREP(CIO2_PBM_WMCTRL2_LOW, CIO2_WATERMARK_LOW) |
		   FIELD_PREP(CIO2_PBM_WMCTRL2_OBFF, CIO2_WATERMARK_OBFF) |
		   FIELD_PREP(CIO2_PBM_WMCTRL2_TRANSDYN, 1) | CIO2_PBM_WMCTRL2_OBFF_MEM_EN);
	cio2_write(cio2, CIO2_PBM_ARB_CTRL,
		   FIELD_PREP(CIO2_PBM_ARB_CTRL_LANES_DIV, CIO2_LANES_4422) |
		   CIO2_PBM_ARB_CTRL_LE_EN |
		   FIELD_PREP(CIO2_PBM_ARB_CTRL_PLL_SHUTDOWN, CIO2_PLL_SHUTDOWN) |
		   FIELD_PREP(CIO2_PBM_ARB_CTRL_PLL_WAKE_UP, CIO2_PLL_WAKE_UP));
	cio2_write(cio2, CIO2_FB_HPLL_FREQ, CIO2_FB_HPLL_FREQ_VALUE);
	cio2_write(cio2, CIO2_ISCLK_RATIO, CIO2_ISCLK_RATIO_VALUE);
	cio2_write(cio2, CIO2_CGC,
		   CIO2_CGC_PRIM_TGE | CIO2_CGC_SIDE_TGE | CIO2_CGC_XOSC_TGE | CIO2_CGC_D3I3_TGE |
		   CIO2_CGC_CSI2_INTERFRAME_TGE | CIO2_CGC_CSI2_PORT_DCGE | CIO2_CGC_SIDE_DCGE |
		   CIO2_CGC_PRIM_DCGE | CIO2_CGC_ROSC_DCGE | CIO2_CGC_XOSC_DCGE |
		   FIELD_PREP(CIO2_CGC_HOLDOFF, CIO2_CLOCK_HOLDOFF) |
		   FIELD_PREP(CIO2_CGC_CSI_HOLDOFF, CIO2_CSI_CLOCK_HOLDOFF));
	cio2_write(cio2, CIO2_LTRCTRL, CIO2_LTRCTRL_DYNAMIC);
	cio2_write(cio2, CIO2_LTRVAL01, cio2_latencies(CIO2_LATENCY_0, CIO2_LATENCY_OTHERS));
	cio2_write(cio2, CIO2_LTRVAL23, cio2_latencies(CIO2_LATENCY_OTHERS, CIO2_LATENCY_OTHERS));
	for (i = 0; i < CIO2_DMA_CHANNELS; i++) {
		cio2_write(cio2, CIO2_CDMABA(i), 0);
		cio2_write(cio2, CIO2_CDMAC0(i), 0);
		cio2_write(cio2, CIO2_CDMAC1(i), 0);
	}
	cio2_write(cio2, CIO2_PBM_FOPN_ABORT, 0);

	cio2_write(cio2, CIO2_INT_STS_EXT_OE, ~0U);
	cio2_write(cio2, CIO2_INT_STS_EXT_IE, ~0U);
	cio2_write(cio2, CIO2_INT_STS, ~0U);
	cio2_write(cio2, CIO2_INT_EN_EXT_IE, CIO2_INT_EN_EXT_IE_ALL);
	cio2_write(cio2, CIO2_INT_EN_EXT_OE, CIO2_INT_EN_EXT_OE_VALUE);
	for (i = 0; i < CIO2_PORTS; i++)
		interrupts |= cio2_port_interrupts(i);
	cio2_write(cio2, CIO2_INT_EN, interrupts);
}

/* No interrupt comes any more once this returns, but a handler may still be running. */
static void cio2_hw_silence(struct cio2_device *cio2)
{
	cio2_write(cio2, CIO2_INT_EN, 0);
	cio2_write(cio2, CIO2_INT_EN_EXT_IE, 0);
	cio2_write(cio2, CIO2_INT_EN_EXT_OE, 0);
	cio2_read(cio2, CIO2_INT_EN);
}

static void cio2_hw_abort(struct cio2_port *port, bool abort)
{
	struct cio2_device *cio2 = port->cio2;
	u32 aborts = 0, own = CIO2_PBM_FOPN_ABORT_PORT(port->index);
	unsigned int i;

	for (i = 0; i < CIO2_PORTS; i++)
		aborts |= CIO2_PBM_FOPN_ABORT_PORT(i);
	aborts &= cio2_read(cio2, CIO2_PBM_FOPN_ABORT);
	cio2_write(cio2, CIO2_PBM_FOPN_ABORT, abort ? aborts | own : aborts & ~own);
}

/* Nothing streams, so that nobody loses anything by it. */
static void cio2_hw_reset(struct cio2_device *cio2)
{
	cio2_write(cio2, CIO2_SWRESET, CIO2_SWRESET_RESET);
	cio2_write(cio2, CIO2_D0I3C, CIO2_D0I3C_RESTORE_REQUIRED);
	cio2_read(cio2, CIO2_D0I3C);
	pci_set_master(cio2->pdev);
	cio2->wedged = false;
	dev_info(&cio2->pdev->dev, "reset\n");
}

/*
 * A channel may go on writing to memory that is about to be given back: it no longer gets there,
 * and nor does any other one.
 */
static void cio2_hw_contain(struct cio2_device *cio2)
{
	unsigned int i;

	dev_err(&cio2->pdev->dev, "a DMA channel cannot be halted; cut off from memory\n");
	pci_clear_master(cio2->pdev);
	cio2->wedged = true;
	for (i = 0; i < CIO2_PORTS; i++)
		cio2_dma_break(&cio2->ports[i], "the device was cut off from memory");
}

/**
 * cio2_hw_start() - make a port ready to receive
 * @port: The port. Its sensor does not send yet; the device has power.
 *
 * Context: Process context. Takes &cio2_device.hw_lock.
 * Return: 0; -EIO if the device has to be reset and another port still streams; or what
 * cio2_receiver_setup() said.
 */
int cio2_hw_start(struct cio2_port *port)
{
	struct cio2_device *cio2 = port->cio2;
	int ret;

	mutex_lock(&cio2->hw_lock);
	if (cio2->wedged) {
		ret = -EIO;
		if (cio2->streams)
			goto unlock;
		cio2_hw_reset(cio2);
	}
	if (!cio2->streams)
		cio2_hw_setup(cio2);
	ret = cio2_receiver_setup(port);
	if (ret) {
		if (!cio2->streams)
			cio2_hw_silence(cio2);
		goto unlock;
	}
	cio2_write(cio2, CIO2_INT_STS, cio2_port_interrupts(port->index));
	cio2_dma_start(port);
	cio2_hw_abort(port, false);
	cio2_receiver_enable(port);
	cio2->streams++;
unlock:
	mutex_unlock(&cio2->hw_lock);
	return ret;
}

/**
 * cio2_hw_stop() - end a port's receiving
 * @port: The port, started.
 *
 * Context: Process context. Takes &cio2_device.hw_lock. When it returns, the port's DMA has ended
 * and no interrupt handler is running.
 */
void cio2_hw_stop(struct cio2_port *port)
{
	struct cio2_device *cio2 = port->cio2;

	mutex_lock(&cio2->hw_lock);
	cio2_receiver_disable(port);
	if (cio2_dma_stop(port) && !cio2->wedged)
		cio2_hw_contain(cio2);
	cio2_write(cio2, CIO2_PXM_FRF_CFG(port->index),
		   cio2_read(cio2, CIO2_PXM_FRF_CFG(port->index)) | CIO2_PXM_FRF_CFG_ABORT);
	cio2_hw_abort(port, true);
	if (!--cio2->streams)
		cio2_hw_silence(cio2);
	mutex_unlock(&cio2->hw_lock);
	synchronize_irq(cio2->irq);
}
