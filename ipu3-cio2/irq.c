// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts. The handler takes the causes and tells of the begin of frames, for that is worth
 * something only at once; the thread does the rest.
 */
#include <linux/interrupt.h>
#include <linux/ktime.h>
#include <linux/pci.h>

#include "ipu3-cio2.h"
#include "trace.h"

/* A cause that comes back so often within one interrupt never goes. */
#define CIO2_INT_ROUNDS	32

static void cio2_frame_begins(struct cio2_port *port)
{
	u32 head = READ_ONCE(port->head), sequence = port->begun;

	/* Interrupts of two frames may have become one; then the count is behind. */
	if ((s32)(head - sequence) > 0)
		sequence = head;
	port->begun = sequence + 1;
	trace_cio2_frame_begin(cio2_dev(port), port->index, sequence);
	cio2_subdev_frame_sync(port, sequence);
}

static void cio2_take_causes(struct cio2_device *cio2, u32 causes, u64 now)
{
	unsigned int i;

	for (i = 0; i < CIO2_PORTS; i++) {
		if (causes & CIO2_INT_IOC(cio2_channel(i)))
			WRITE_ONCE(cio2->ports[i].done_ns, now);
		if (causes & CIO2_INT_IOS(cio2_channel(i))) {
			causes &= ~CIO2_INT_IOS(cio2_channel(i));
			cio2_frame_begins(&cio2->ports[i]);
		}
	}
	atomic_or(causes, &cio2->pending);
}

static irqreturn_t cio2_interrupt(int irq, void *data)
{
	struct cio2_device *cio2 = data;
	u32 causes = cio2_read(cio2, CIO2_INT_STS);
	u64 now = ktime_get_ns();
	unsigned int round;

	/* All ones: the device has no power, and the interrupt is late, or somebody else's. */
	if (!causes || causes == ~0U) {
		atomic_inc(&cio2->spurious);
		return IRQ_NONE;
	}
	for (round = 0; causes && causes != ~0U; round++) {
		if (round == CIO2_INT_ROUNDS) {
			/* Streams then end for want of frames, which is better than the machine. */
			cio2_write(cio2, CIO2_INT_EN, 0);
			cio2_write(cio2, CIO2_INT_EN_EXT_IE, 0);
			cio2_write(cio2, CIO2_INT_EN_EXT_OE, 0);
			dev_err_ratelimited(&cio2->pdev->dev,
					    "interrupt %#x does not go; all are off now\n", causes);
			break;
		}
		cio2_write(cio2, CIO2_INT_STS, causes);
		cio2_take_causes(cio2, causes, now);
		causes = cio2_read(cio2, CIO2_INT_STS);
	}
	/* Nothing is left for the thread when a frame has begun, and that is all. */
	return atomic_read(&cio2->pending) ? IRQ_WAKE_THREAD : IRQ_HANDLED;
}

static void cio2_input_errors(struct cio2_device *cio2)
{
	u32 word = cio2_read(cio2, CIO2_INT_STS_EXT_IE);
	unsigned int i;

	for (i = 0; i < CIO2_PORTS; i++)
		cio2_receiver_errors(&cio2->ports[i], word);
	cio2_write(cio2, CIO2_INT_STS_EXT_IE, word);
}

static void cio2_output_errors(struct cio2_device *cio2)
{
	u32 word = cio2_read(cio2, CIO2_INT_STS_EXT_OE);
	u32 overflows = FIELD_GET(CIO2_INT_EXT_OE_OES, word);
	u32 channels = FIELD_GET(CIO2_INT_EXT_OE_DMAOE, word);
	unsigned int i;

	cio2_write(cio2, CIO2_INT_STS_EXT_OE, word);
	for (i = 0; i < CIO2_PORTS; i++)
		cio2_dma_errors(&cio2->ports[i], channels & BIT(cio2_channel(i)),
				overflows & BIT(i));
}

/* Errors first: they belong to the frames that have ended. */
static irqreturn_t cio2_interrupt_thread(int irq, void *data)
{
	struct cio2_device *cio2 = data;
	u32 causes = atomic_xchg(&cio2->pending, 0);
	unsigned int i;

	if (causes & (CIO2_INT_IOIE | CIO2_INT_IOIRQ))
		cio2_input_errors(cio2);
	if (causes & CIO2_INT_IOOE)
		cio2_output_errors(cio2);
	for (i = 0; i < CIO2_PORTS; i++)
		if (causes & CIO2_INT_IOC(cio2_channel(i)))
			cio2_dma_complete(&cio2->ports[i]);
	return IRQ_HANDLED;
}

/**
 * cio2_irq_init() - take the function's interrupt
 * @cio2: The device.
 *
 * Context: Process context, probe.
 * Return: 0, or what the PCI core or the interrupt core said.
 */
int cio2_irq_init(struct cio2_device *cio2)
{
	struct pci_dev *pdev = cio2->pdev;
	int ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI | PCI_IRQ_INTX);

	if (ret < 0)
		return dev_err_probe(&pdev->dev, ret, "no interrupt\n");
	cio2->irq = pci_irq_vector(pdev, 0);
	ret = request_threaded_irq(cio2->irq, cio2_interrupt, cio2_interrupt_thread, IRQF_SHARED,
				   CIO2_NAME, cio2);
	if (ret)
		pci_free_irq_vectors(pdev);
	return ret;
}

/**
 * cio2_irq_exit() - give the function's interrupt back
 * @cio2: The device.
 *
 * Context: Process context. When it returns, no handler is running.
 */
void cio2_irq_exit(struct cio2_device *cio2)
{
	free_irq(cio2->irq, cio2);
	pci_free_irq_vectors(cio2->pdev);
}
