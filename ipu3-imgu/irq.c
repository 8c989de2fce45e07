// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts. The handler notes the time and takes the causes away; the thread looks at what the
 * firmware has put into its rings.
 */
#include <linux/interrupt.h>
#include <linux/ktime.h>
#include <linux/pci.h>

#include "ipu3-imgu.h"

/* Both SPs, and the two pins by which SP0's program says that there are events. */
#define IMGU_IRQ_USED	\
	(IMGU_IRQ_BIT_SP0 | IMGU_IRQ_BIT_SP1 | IMGU_IRQ_BIT_PIN(0) | IMGU_IRQ_BIT_PIN(1))

static irqreturn_t imgu_interrupt(int irq, void *data)
{
	struct imgu_device *imgu = data;
	u32 wrapper = imgu_read(imgu, IMGU_INT_STATUS), status[IMGU_IRQS];
	unsigned int i;

	/* All ones: the function has no power, and the interrupt is late. */
	if (wrapper == ~0U) {
		atomic_inc(&imgu->spurious);
		return IRQ_NONE;
	}
	atomic64_set(&imgu->interrupted_ns, ktime_get_ns());
	imgu_write(imgu, IMGU_INT_STATUS, wrapper);
	for (i = 0; i < IMGU_IRQS; i++)
		status[i] = imgu_read(imgu, IMGU_IRQ_STATUS(i));
	/* From the sources to where they come together, each write having arrived. */
	for (i = IMGU_IRQS; i-- > 0;) {
		if (!status[i])
			continue;
		imgu_write(imgu, IMGU_IRQ_CLEAR(i), status[i]);
		imgu_read(imgu, IMGU_IRQ_ENABLE(i));
	}
	if (!wrapper && !status[IMGU_IRQ_MAIN]) {
		atomic_inc(&imgu->spurious);
		return IRQ_NONE;
	}
	return IRQ_WAKE_THREAD;
}

static irqreturn_t imgu_interrupt_thread(int irq, void *data)
{
	imgu_stream_interrupt(data);
	return IRQ_HANDLED;
}

static void imgu_irq_enable_controller(struct imgu_device *imgu, unsigned int controller)
{
	imgu_write(imgu, IMGU_IRQ_EDGE_NOT_PULSE(controller), ~0U);
	imgu_write(imgu, IMGU_IRQ_MASK(controller), 0);
	imgu_write(imgu, IMGU_IRQ_EDGE(controller), IMGU_IRQ_USED);
	imgu_write(imgu, IMGU_IRQ_ENABLE(controller), IMGU_IRQ_USED);
	imgu_write(imgu, IMGU_IRQ_CLEAR(controller), IMGU_IRQ_USED);
	imgu_write(imgu, IMGU_IRQ_MASK(controller), IMGU_IRQ_USED);
	/* It ends once the writes have arrived. */
	imgu_read(imgu, IMGU_IRQ_ENABLE(controller));
}

/**
 * imgu_irq_enable() - let interrupts come, until the processors are reset
 * @imgu: The device, with power.
 *
 * Context: Process context, within &imgu_device.stream_lock.
 */
void imgu_irq_enable(struct imgu_device *imgu)
{
	u32 control = imgu_read(imgu, IMGU_SP_CTRL(0)) | IMGU_CTRL_IRQ_READY;
	unsigned int i;

	imgu_write(imgu, IMGU_SP_CTRL(0), control);
	imgu_write(imgu, IMGU_SP_CTRL(0), control | IMGU_CTRL_IRQ_CLEAR);
	imgu_write(imgu, IMGU_INT_ENABLE, IMGU_INT_CSS);
	imgu_write(imgu, IMGU_INT_STATUS, IMGU_INT_CSS);
	for (i = 0; i < IMGU_IRQS; i++)
		imgu_irq_enable_controller(imgu, i);
}

/**
 * imgu_irq_init() - take the function's interrupt
 * @imgu: The device.
 *
 * Context: Process context, probe.
 * Return: 0, or what the PCI core or the interrupt core said.
 */
int imgu_irq_init(struct imgu_device *imgu)
{
	struct pci_dev *pdev = imgu->pdev;
	int ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);

	if (ret < 0)
		return dev_err_probe(&pdev->dev, ret, "no interrupt\n");
	imgu->irq = pci_irq_vector(pdev, 0);
	ret = request_threaded_irq(imgu->irq, imgu_interrupt, imgu_interrupt_thread, 0, IMGU_NAME,
				   imgu);
	if (ret)
		pci_free_irq_vectors(pdev);
	return ret;
}

/**
 * imgu_irq_exit() - give the function's interrupt back
 * @imgu: The device.
 *
 * Context: Process context. When it returns, no handler is running.
 */
void imgu_irq_exit(struct imgu_device *imgu)
{
	free_irq(imgu->irq, imgu);
	pci_free_irq_vectors(imgu->pdev);
}
