// SPDX-License-Identifier: GPL-2.0-only
/*
 * A whole driver on the memory backend, as small as it can be: it captures grey frames of one size
 * from the virtual machine's DMA test function, through the MMU of the function's own.
 *
 * It names no PCI device, so it does not take the function from the test driver: bind it by
 * writing "1234 1d0a" to its new_id.
 */
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <media/v4l2-dev.h>
#include <media/v4l2-device.h>
#include <media/v4l2-ioctl.h>
#include <media/vb2-ipu-iommu.h>
#include <media/videobuf2-v4l2.h>

#include "compat.h"
#include "ipu-dmatest-regs.h"

#define EX_NAME		"ipu-example"
#define EX_WIDTH	640
#define EX_HEIGHT	480
#define EX_SLOT		DMT_SLOT(0, 0)

/**
 * struct ex_buffer - a frame's memory
 * @vb: For videobuf2; must come first.
 * @list: In &ex_device.waiting.
 */
struct ex_buffer {
	struct vb2_v4l2_buffer vb;
	struct list_head list;
};

/**
 * struct ex_device - one PCI function
 * @pdev: The function.
 * @base: Its registers.
 * @irq: Its interrupt.
 * @vid: The memory backend's device.
 * @v4l2_dev: Its last reference frees this structure.
 * @vdev: The node.
 * @queue: Its buffers.
 * @lock: Serialises ioctls and the queue's operations.
 * @gone: The driver is being unbound. Covered by @lock.
 * @hw_lock: Covers what follows. Taken in hard interrupt context.
 * @awake: The device may be given buffers: its registers and the backend's device are up.
 * @waiting: Buffers that the device does not have yet.
 * @current_buf: The one that it has.
 * @sequence: Number of the next frame.
 */
struct ex_device {
	struct pci_dev *pdev;
	void __iomem *base;
	int irq;
	struct vb2_ipu_device *vid;
	struct v4l2_device v4l2_dev;
	struct video_device vdev;
	struct vb2_queue queue;
	struct mutex lock; /* ioctls and queue operations; see above */
	bool gone;

	spinlock_t hw_lock; /* all that follows; see above */
	bool awake;
	struct list_head waiting;
	struct ex_buffer *current_buf;
	u32 sequence;
};

/* ---- the hardware ---- */

/* 1. The MMU: where its first-level table is, and that it forgets what it knew of it. */
static void ex_set_l1(void *hw, dma_addr_t l1)
{
	struct ex_device *ex = hw;

	writel(l1 >> DMT_MMU_PAGE_SHIFT, ex->base + DMT_MMU_L1_BASE);
}

static void ex_invalidate(void *hw)
{
	struct ex_device *ex = hw;

	writel(DMT_MMU_TLB_INVALIDATE_ALL, ex->base + DMT_MMU_TLB_INVALIDATE);
	/* It has taken effect when a read after it is answered. */
	readl(ex->base + DMT_MMU_TLB_INVALIDATE);
}

static const struct ipu_mmu_hw_ops ex_mmu_ops = {
	.set_l1 = ex_set_l1,
	.invalidate = ex_invalidate,
};

static void ex_feed(struct ex_device *ex)
{
	dma_addr_t address;

	lockdep_assert_held(&ex->hw_lock);
	if (!ex->awake || ex->current_buf || list_empty(&ex->waiting))
		return;
	ex->current_buf = list_first_entry(&ex->waiting, struct ex_buffer, list);
	list_del(&ex->current_buf->list);
	/* 2. What the device is told: an address of its own address space. */
	address = vb2_ipu_iommu_plane_dma_addr(&ex->current_buf->vb.vb2_buf, 0);
	writel(DMT_COMMAND_FILL, ex->base + EX_SLOT + DMT_SLOT_COMMAND);
	writel(lower_32_bits(address), ex->base + EX_SLOT + DMT_SLOT_ADDRESS_LOW);
	writel(upper_32_bits(address), ex->base + EX_SLOT + DMT_SLOT_ADDRESS_HIGH);
	writel(EX_WIDTH, ex->base + EX_SLOT + DMT_SLOT_LINE_BYTES);
	writel(EX_HEIGHT, ex->base + EX_SLOT + DMT_SLOT_LINES);
	writel(EX_WIDTH, ex->base + EX_SLOT + DMT_SLOT_STRIDE);
	writel(ex->sequence, ex->base + EX_SLOT + DMT_SLOT_FRAME);
	writel(10 * USEC_PER_MSEC, ex->base + EX_SLOT + DMT_SLOT_DELAY);
	writel(1, ex->base + EX_SLOT + DMT_SLOT_DOORBELL);
}

/* When it returns, the device has ended its DMA, and the buffer that it had waits again. */
static void ex_abort(struct ex_device *ex)
{
	lockdep_assert_held(&ex->hw_lock);
	if (ex->awake) {
		writel(DMT_CHANNEL_DO_ABORT, ex->base + DMT_CHANNEL(0) + DMT_CHANNEL_DO);
		writel(DMT_INT_SLOTS(0), ex->base + DMT_INT_STATUS);
		readl(ex->base + DMT_INT_STATUS);
	}
	if (ex->current_buf)
		list_add(&ex->current_buf->list, &ex->waiting);
	ex->current_buf = NULL;
}

static irqreturn_t ex_interrupt(int irq, void *data)
{
	struct ex_device *ex = data;
	u32 status = readl(ex->base + DMT_INT_STATUS);
	struct ex_buffer *buf;

	if (!status || status == ~0U)
		return IRQ_NONE;
	writel(status, ex->base + DMT_INT_STATUS);
	spin_lock(&ex->hw_lock);
	buf = ex->current_buf;
	if (buf) {
		ex->current_buf = NULL;
		buf->vb.vb2_buf.timestamp = ktime_get_ns();
		buf->vb.sequence = ex->sequence++;
		buf->vb.field = V4L2_FIELD_NONE;
		vb2_set_plane_payload(&buf->vb.vb2_buf, 0, EX_WIDTH * EX_HEIGHT);
		/* 3. In any context: caches are seen to when user space takes the buffer. */
		vb2_buffer_done(&buf->vb.vb2_buf, VB2_BUF_STATE_DONE);
	}
	ex_feed(ex);
	spin_unlock(&ex->hw_lock);
	return IRQ_HANDLED;
}

/* ---- videobuf2 ---- */

static int ex_queue_setup(struct vb2_queue *queue, unsigned int *num_buffers,
			  unsigned int *num_planes, unsigned int sizes[],
			  struct device *alloc_devs[])
{
	struct ex_device *ex = vb2_get_drv_priv(queue);

	if (ex->gone)
		return -ENODEV;
	if (*num_planes)
		return sizes[0] < EX_WIDTH * EX_HEIGHT ? -EINVAL : 0;
	*num_planes = 1;
	sizes[0] = EX_WIDTH * EX_HEIGHT;
	return 0;
}

static int ex_buf_prepare(struct vb2_buffer *vb)
{
	return vb2_plane_size(vb, 0) < EX_WIDTH * EX_HEIGHT ? -EINVAL : 0;
}

static void ex_buf_queue(struct vb2_buffer *vb)
{
	struct ex_device *ex = vb2_get_drv_priv(vb->vb2_queue);
	struct ex_buffer *buf = container_of(to_vb2_v4l2_buffer(vb), struct ex_buffer, vb);

	spin_lock_irq(&ex->hw_lock);
	list_add_tail(&buf->list, &ex->waiting);
	if (vb2_start_streaming_called(vb->vb2_queue))
		ex_feed(ex);
	spin_unlock_irq(&ex->hw_lock);
}

static void ex_return_all(struct ex_device *ex, enum vb2_buffer_state state)
{
	struct ex_buffer *buf, *next;

	lockdep_assert_held(&ex->hw_lock);
	list_for_each_entry_safe(buf, next, &ex->waiting, list) {
		list_del(&buf->list);
		vb2_buffer_done(&buf->vb.vb2_buf, state);
	}
}

static int ex_start_streaming(struct vb2_queue *queue, unsigned int count)
{
	struct ex_device *ex = vb2_get_drv_priv(queue);

	spin_lock_irq(&ex->hw_lock);
	if (ex->gone) {
		ex_return_all(ex, VB2_BUF_STATE_QUEUED);
	} else {
		ex->sequence = 0;
		ex_feed(ex);
	}
	spin_unlock_irq(&ex->hw_lock);
	return ex->gone ? -ENODEV : 0;
}

static void ex_stop_streaming(struct vb2_queue *queue)
{
	struct ex_device *ex = vb2_get_drv_priv(queue);

	spin_lock_irq(&ex->hw_lock);
	/* First the DMA: buffers may be freed from here on. */
	ex_abort(ex);
	ex_return_all(ex, VB2_BUF_STATE_ERROR);
	spin_unlock_irq(&ex->hw_lock);
}

static const struct vb2_ops ex_queue_ops = {
	.queue_setup = ex_queue_setup,
	.buf_prepare = ex_buf_prepare,
	/* 4. What the device wrote becomes visible here. */
	.buf_finish = vb2_ipu_iommu_buf_finish,
	.buf_queue = ex_buf_queue,
	.start_streaming = ex_start_streaming,
	.stop_streaming = ex_stop_streaming,
	DMT_VB2_OPS_WAIT
};

static int ex_init_queue(struct ex_device *ex)
{
	struct vb2_queue *queue = &ex->queue;

	queue->type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
	queue->io_modes = VB2_MMAP | VB2_USERPTR | VB2_DMABUF;
	/* 5. The device that buffers are mapped for, and who does it. */
	queue->dev = vb2_ipu_device_dma_dev(ex->vid);
	queue->mem_ops = &vb2_ipu_iommu_memops;
	queue->drv_priv = ex;
	queue->buf_struct_size = sizeof(struct ex_buffer);
	queue->ops = &ex_queue_ops;
	queue->timestamp_flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
	queue->lock = &ex->lock;
	return vb2_queue_init(queue);
}

/* ---- V4L2 ---- */

static int ex_querycap(struct file *file, void *priv, struct v4l2_capability *cap)
{
	strscpy(cap->driver, EX_NAME, sizeof(cap->driver));
	strscpy(cap->card, EX_NAME, sizeof(cap->card));
	return 0;
}

static int ex_enum_fmt(struct file *file, void *priv, struct v4l2_fmtdesc *format)
{
	if (format->index)
		return -EINVAL;
	format->pixelformat = V4L2_PIX_FMT_GREY;
	return 0;
}

static int ex_fmt(struct file *file, void *priv, struct v4l2_format *format)
{
	format->fmt.pix = (struct v4l2_pix_format){
		.width = EX_WIDTH,
		.height = EX_HEIGHT,
		.pixelformat = V4L2_PIX_FMT_GREY,
		.field = V4L2_FIELD_NONE,
		.bytesperline = EX_WIDTH,
		.sizeimage = EX_WIDTH * EX_HEIGHT,
		.colorspace = V4L2_COLORSPACE_RAW,
	};
	return 0;
}

static const struct v4l2_ioctl_ops ex_ioctl_ops = {
	.vidioc_querycap = ex_querycap,
	.vidioc_enum_fmt_vid_cap = ex_enum_fmt,
	.vidioc_g_fmt_vid_cap = ex_fmt,
	.vidioc_s_fmt_vid_cap = ex_fmt,
	.vidioc_try_fmt_vid_cap = ex_fmt,
	.vidioc_reqbufs = vb2_ioctl_reqbufs,
	.vidioc_create_bufs = vb2_ioctl_create_bufs,
	.vidioc_querybuf = vb2_ioctl_querybuf,
	.vidioc_qbuf = vb2_ioctl_qbuf,
	.vidioc_dqbuf = vb2_ioctl_dqbuf,
	.vidioc_expbuf = vb2_ioctl_expbuf,
	.vidioc_streamon = vb2_ioctl_streamon,
	.vidioc_streamoff = vb2_ioctl_streamoff,
};

static const struct v4l2_file_operations ex_fops = {
	.owner = THIS_MODULE,
	.open = v4l2_fh_open,
	.release = vb2_fop_release,
	.mmap = vb2_fop_mmap,
	.poll = vb2_fop_poll,
	.unlocked_ioctl = video_ioctl2,
};

/* ---- power ---- */

static int ex_suspend(struct device *dev)
{
	struct ex_device *ex = dev_get_drvdata(dev);

	spin_lock_irq(&ex->hw_lock);
	ex_abort(ex);
	ex->awake = false;
	spin_unlock_irq(&ex->hw_lock);
	writel(0, ex->base + DMT_INT_ENABLE);
	synchronize_irq(ex->irq);
	/* 6. Before registers can no longer be accessed. */
	vb2_ipu_device_suspend(ex->vid);
	return 0;
}

static int ex_resume(struct device *dev)
{
	struct ex_device *ex = dev_get_drvdata(dev);
	/* 7. When they can: the MMU gets its table and knows what was mapped meanwhile. */
	int ret = vb2_ipu_device_resume(ex->vid);

	if (ret)
		return ret;
	writel(DMT_INT_ALL, ex->base + DMT_INT_ENABLE);
	spin_lock_irq(&ex->hw_lock);
	ex->awake = true;
	ex_feed(ex);
	spin_unlock_irq(&ex->hw_lock);
	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(ex_pm_ops, ex_suspend, ex_resume);

/* ---- life ---- */

/* Nobody has the node open any more. */
static void ex_release(struct v4l2_device *v4l2_dev)
{
	struct ex_device *ex = container_of(v4l2_dev, struct ex_device, v4l2_dev);

	mutex_destroy(&ex->lock);
	kfree(ex);
}

static int ex_init_pci(struct ex_device *ex)
{
	struct pci_dev *pdev = ex->pdev;
	int ret = pcim_enable_device(pdev);

	if (ret)
		return ret;
	ex->base = pcim_iomap_region(pdev, DMT_BAR, EX_NAME);
	if (IS_ERR(ex->base))
		return PTR_ERR(ex->base);
	/* 8. What the PCI function can address: tables and pages are placed below. */
	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(DMT_DMA_BITS));
	if (ret)
		return ret;
	pci_set_master(pdev);
	return 0;
}

static int ex_init_irq(struct ex_device *ex)
{
	int ret = pci_alloc_irq_vectors(ex->pdev, 1, 1, PCI_IRQ_MSI);

	if (ret < 0)
		return ret;
	ex->irq = pci_irq_vector(ex->pdev, 0);
	ret = request_irq(ex->irq, ex_interrupt, 0, EX_NAME, ex);
	if (ret)
		pci_free_irq_vectors(ex->pdev);
	return ret;
}

static int ex_register(struct ex_device *ex)
{
	struct video_device *vdev = &ex->vdev;

	strscpy(vdev->name, EX_NAME, sizeof(vdev->name));
	vdev->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
	vdev->fops = &ex_fops;
	vdev->ioctl_ops = &ex_ioctl_ops;
	vdev->queue = &ex->queue;
	vdev->lock = &ex->lock;
	vdev->v4l2_dev = &ex->v4l2_dev;
	vdev->release = video_device_release_empty;
	return video_register_device(vdev, VFL_TYPE_VIDEO, -1);
}

static int ex_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct vb2_ipu_device_config config = {
		.name = "example",
		.mmu_ops = &ex_mmu_ops,
		/* Nobody knows whether it snoops: it is safe to say that it does not. */
		.noncoherent_tables = true,
		.noncoherent_buffers = true,
	};
	struct ex_device *ex = kzalloc(sizeof(*ex), GFP_KERNEL);
	int ret;

	if (!ex)
		return -ENOMEM;
	ex->pdev = pdev;
	mutex_init(&ex->lock);
	spin_lock_init(&ex->hw_lock);
	INIT_LIST_HEAD(&ex->waiting);
	pci_set_drvdata(pdev, ex);
	ex->v4l2_dev.release = ex_release;
	ret = v4l2_device_register(&pdev->dev, &ex->v4l2_dev);
	if (ret) {
		ex_release(&ex->v4l2_dev);
		return ret;
	}
	ret = ex_init_pci(ex);
	if (ret)
		goto err_v4l2;
	/* 9. The backend's device, for as long as the driver is bound. */
	config.hw = ex;
	ex->vid = vb2_ipu_device_create(&pdev->dev, &config);
	if (IS_ERR(ex->vid)) {
		ret = PTR_ERR(ex->vid);
		goto err_v4l2;
	}
	ret = ex_init_queue(ex);
	if (ret)
		goto err_backend;
	ret = ex_init_irq(ex);
	if (ret)
		goto err_backend;
	ret = ex_resume(&pdev->dev);
	if (ret)
		goto err_irq;
	ret = ex_register(ex);
	if (ret)
		goto err_power;
	return 0;

err_power:
	ex_suspend(&pdev->dev);
err_irq:
	free_irq(ex->irq, ex);
	pci_free_irq_vectors(pdev);
err_backend:
	vb2_ipu_device_destroy(ex->vid);
err_v4l2:
	v4l2_device_unregister(&ex->v4l2_dev);
	v4l2_device_put(&ex->v4l2_dev);
	return ret;
}

static void ex_remove(struct pci_dev *pdev)
{
	struct ex_device *ex = pci_get_drvdata(pdev);

	mutex_lock(&ex->lock);
	ex->gone = true;
	mutex_unlock(&ex->lock);
	/* Ends the stream. Files may stay open, and with them the buffers' memory. */
	vb2_video_unregister_device(&ex->vdev);
	ex_suspend(&pdev->dev);
	free_irq(ex->irq, ex);
	pci_free_irq_vectors(pdev);
	/* 10. After DMA has stopped. The device can no longer reach what is still open. */
	vb2_ipu_device_destroy(ex->vid);
	v4l2_device_unregister(&ex->v4l2_dev);
	v4l2_device_put(&ex->v4l2_dev);
}

static struct pci_driver ex_driver = {
	.name = EX_NAME,
	.probe = ex_probe,
	.remove = ex_remove,
	.driver.pm = pm_sleep_ptr(&ex_pm_ops),
};
module_pci_driver(ex_driver);

MODULE_DESCRIPTION("The smallest driver on vb2-ipu-iommu");
MODULE_AUTHOR("The vb2-ipu-iommu authors");
MODULE_LICENSE("GPL");
