/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Driver of the CIO2, the CSI-2 receiver of Intel's IPU3: four ports, each with a D-PHY, a
 * receiver, a DMA channel and a video node.
 */
#ifndef IPU3_CIO2_H
#define IPU3_CIO2_H

#include <linux/atomic.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/videodev2.h>
#include <linux/workqueue.h>
#include <media/media-device.h>
#include <media/v4l2-async.h>
#include <media/v4l2-dev.h>
#include <media/v4l2-device.h>
#include <media/v4l2-subdev.h>
#include <media/videobuf2-v4l2.h>

#include "fbpt.h"
#include "registers.h"

struct dentry;
struct pci_dev;
struct vb2_ipu_device;
struct vb2_ipu_mem;

#define CIO2_NAME	"ipu3-cio2"
#define CIO2_MODEL	"Intel IPU3 CIO2"

/* The largest frame that the receiver takes. */
#define CIO2_MAX_WIDTH	4224U
#define CIO2_MAX_HEIGHT	3136U
/* What there is before a format is set. */
#define CIO2_DEFAULT_WIDTH	1936
#define CIO2_DEFAULT_HEIGHT	1096

enum cio2_pad {
	CIO2_PAD_SINK,
	CIO2_PAD_SOURCE,
	CIO2_PADS,
};

/* ---- formats: format.c ---- */

/**
 * struct cio2_format - a format that the receiver takes and the DMA writes
 * @mbus_code: On the bus.
 * @fourcc: In memory.
 * @data_type: In a CSI-2 packet's header.
 * @bpp: Bits of a pixel on the bus.
 */
struct cio2_format {
	u32 mbus_code;
	u32 fourcc;
	u8 data_type;
	u8 bpp;
};

const struct cio2_format *cio2_format_at(unsigned int index);
const struct cio2_format *cio2_format_of_code(u32 mbus_code);
const struct cio2_format *cio2_format_of_fourcc(u32 fourcc);
void cio2_format_adjust(struct v4l2_pix_format_mplane *pix);

/* ---- a port ---- */

/**
 * struct cio2_buffer - a frame's memory
 * @vb: For videobuf2; must come first.
 * @list: In &cio2_port.waiting, or of those that are done.
 * @lops: Its lists of pages.
 * @n_lops: How many.
 * @target: What leads to it.
 * @unsure: The device may have looked at the entry while it was written.
 * @state: What becomes of it, once it is done.
 */
struct cio2_buffer {
	struct vb2_v4l2_buffer vb;
	struct list_head list;
	struct vb2_ipu_mem *lops[CIO2_MAX_LOPS];
	unsigned int n_lops;
	struct cio2_fbpt_target target;
	bool unsure;
	enum vb2_buffer_state state;
};

/*
 * What a port can complain about: the bits of its interrupt controller, then those that it has in
 * the word of input errors.
 */
#define CIO2_RX_ERRORS		18
#define CIO2_PORT_ERRORS	7
#define CIO2_ERRORS		(CIO2_RX_ERRORS + CIO2_PORT_ERRORS)
/* In &cio2_port.damage only: the receiver's memory was full. */
#define CIO2_DAMAGE_OVERFLOW	BIT(CIO2_ERRORS)

/**
 * struct cio2_stats - what happened at one port since the driver was bound
 * @frames: Buffers returned as good.
 * @bad_frames: Buffers returned with an error.
 * @dropped: Frames for which there was no buffer.
 * @overflows: Times that a frame did not fit into the receiver's memory.
 * @dma_errors: Times that the DMA channel complained.
 * @stuck: Times that no frame came for too long.
 * @latency_ns: Of completions, from the interrupt to the buffer's return; the sum.
 * @latency_max_ns: The longest.
 * @errors: By kind, see cio2_error_name().
 */
struct cio2_stats {
	u64 frames;
	u64 bad_frames;
	u64 dropped;
	u64 overflows;
	u64 dma_errors;
	u64 stuck;
	u64 latency_ns;
	u64 latency_max_ns;
	u64 errors[CIO2_ERRORS];
};

/**
 * struct cio2_port - a sensor's way to memory
 * @cio2: The device.
 * @index: Which of its ports; the DMA channel follows from it, see cio2_channel().
 * @subdev: The receiver.
 * @subdev_pads: Its pads.
 * @vdev: The video node.
 * @vdev_pad: Its pad.
 * @pipe: While it streams.
 * @queue: Its buffers.
 * @notifier: Waits for the sensor.
 * @connection: What it waits for, by the firmware's tables; %NULL without a sensor in them.
 * @lanes: Data lanes to the sensor, by the firmware's tables.
 * @lock: Serialises ioctls, the queue's operations and the coming and going of the sensor; covers
 *	what follows up to @format. Taken before &cio2_device.hw_lock.
 * @sensor: What is connected; %NULL if nothing is.
 * @complete: The sensor has had all that belongs to it.
 * @gone: The driver is being unbound.
 * @piped: The media pipeline is started.
 * @on: The hardware is on, and the sensor sends.
 * @format: Of the frames in memory.
 * @ring_lock: Covers what follows up to @stats. Taken with interrupts off, for the device goes on
 *	while the ring is being written.
 * @table: Memory of the ring, which the device walks.
 * @ring: Its entries.
 * @bufs: By entry: the buffer that it leads to; %NULL: the page that nobody looks at.
 * @waiting: Buffers that are in no entry.
 * @first: The number of the frame that the ring's first entry was for when the channel was
 *	started; further ones follow it in the ring.
 * @head: Frames that have ended since streaming began; the number of the next one.
 * @tail: The number behind the last frame that has a buffer; never less than @head.
 * @running: The channel is on.
 * @broken: Nothing more can be expected before streaming is started anew.
 * @damage: Errors of the frame that is being received, by bit; see cio2_error_name().
 * @logged: Errors that the log has told of since streaming began.
 * @stats: Counters.
 * @begun: Frames that have begun since streaming began, as far as interrupts tell. Of the hard
 *	interrupt handler.
 * @done_ns: When the last interrupt of a frame's end came.
 * @watchdog: Looks whether frames come.
 * @watched: @head when it last looked.
 */
struct cio2_port {
	struct cio2_device *cio2;
	unsigned int index;

	struct v4l2_subdev subdev;
	struct media_pad subdev_pads[CIO2_PADS];
	struct video_device vdev;
	struct media_pad vdev_pad;
	struct media_pipeline pipe;
	struct vb2_queue queue;

	struct v4l2_async_notifier notifier;
	struct v4l2_async_connection *connection;
	unsigned int lanes;

	struct mutex lock; /* ioctls, queue operations, the sensor; see above */
	struct v4l2_subdev *sensor;
	bool complete;
	bool gone;
	bool piped;
	bool on;
	struct v4l2_pix_format_mplane format;

	spinlock_t ring_lock; /* the ring and its state; see above */
	struct vb2_ipu_mem *table;
	struct cio2_fbpt_entry *ring;
	struct cio2_buffer *bufs[CIO2_RING_ENTRIES];
	struct list_head waiting;
	u32 first;
	u32 head;
	u32 tail;
	bool running;
	bool broken;
	u32 damage;
	u32 logged;
	struct cio2_stats stats;

	u32 begun;
	u64 done_ns;
	struct delayed_work watchdog;
	u32 watched;
};

/**
 * struct cio2_device - one PCI function
 * @pdev: The function.
 * @base: Its registers; accessible while it has power.
 * @irq: Linux interrupt number.
 * @vid: The memory backend's device.
 * @media: The media device.
 * @v4l2_dev: Its last reference frees this structure.
 * @ports: Ports.
 * @patience: Tells, once, which sensors and lenses have not come.
 * @hole: The page that frames without a buffer go to.
 * @hole_lop: A list that leads nowhere else.
 * @hole_target: What leads to it.
 * @pending: Interrupt causes that the handler has seen and the thread has not.
 * @spurious: Interrupts without a cause.
 * @hw_lock: Covers what follows, and registers that ports share.
 * @streams: Ports that are on.
 * @wedged: A DMA channel could not be stopped: the function may no longer access memory before it
 *	was reset.
 * @debugfs: Its folder.
 */
struct cio2_device {
	struct pci_dev *pdev;
	void __iomem *base;
	int irq;
	struct vb2_ipu_device *vid;
	struct media_device media;
	struct v4l2_device v4l2_dev;
	struct cio2_port ports[CIO2_PORTS];
	struct delayed_work patience;

	struct vb2_ipu_mem *hole;
	struct vb2_ipu_mem *hole_lop;
	struct cio2_fbpt_target hole_target;

	atomic_t pending;
	atomic_t spurious;

	struct mutex hw_lock; /* shared registers and what follows; see above */
	unsigned int streams;
	bool wedged;

	struct dentry *debugfs;
};

static inline u32 cio2_read(const struct cio2_device *cio2, u32 offset)
{
	return readl(cio2->base + offset);
}

static inline void cio2_write(const struct cio2_device *cio2, u32 offset, u32 value)
{
	writel(value, cio2->base + offset);
}

static inline struct device *cio2_dev(const struct cio2_port *port)
{
	return &port->cio2->pdev->dev;
}

/**
 * cio2_channel() - the DMA channel of a port
 * @port: Index of the port.
 *
 * Two neighbouring channels share the bit that tells of a frame's begin, so each port has the first
 * one of a pair.
 *
 * Return: Number of the channel.
 */
static inline unsigned int cio2_channel(unsigned int port)
{
	return 2 * port;
}

/* hw.c */
int cio2_hw_start(struct cio2_port *port);
void cio2_hw_stop(struct cio2_port *port);

/* receiver.c */
const char *cio2_error_name(unsigned int error);
int cio2_receiver_setup(struct cio2_port *port);
void cio2_receiver_enable(struct cio2_port *port);
void cio2_receiver_disable(struct cio2_port *port);
void cio2_receiver_errors(struct cio2_port *port, u32 word);

/* dma.c */
int cio2_dma_init(struct cio2_port *port);
void cio2_dma_exit(struct cio2_port *port);
void cio2_dma_start(struct cio2_port *port);
int cio2_dma_stop(struct cio2_port *port);
void cio2_dma_queue(struct cio2_port *port, struct cio2_buffer *buf);
void cio2_dma_complete(struct cio2_port *port);
void cio2_dma_errors(struct cio2_port *port, bool dma, bool overflow);
void cio2_dma_damage(struct cio2_port *port, u32 errors, u32 damaging);
void cio2_dma_take_back(struct cio2_port *port);
void cio2_dma_return_all(struct cio2_port *port, enum vb2_buffer_state state);
void cio2_dma_break(struct cio2_port *port, const char *why);

/* lop.c */
int cio2_lop_init(struct cio2_device *cio2);
void cio2_lop_exit(struct cio2_device *cio2);
int cio2_lop_make(struct cio2_device *cio2, struct cio2_buffer *buf);
void cio2_lop_free(struct cio2_buffer *buf);

/* irq.c */
int cio2_irq_init(struct cio2_device *cio2);
void cio2_irq_exit(struct cio2_device *cio2);

/* video.c */
int cio2_video_init(struct cio2_port *port);
int cio2_video_register(struct cio2_port *port);
void cio2_video_unregister(struct cio2_port *port);
void cio2_video_cut(struct cio2_port *port);
void cio2_video_pause(struct cio2_port *port);
void cio2_video_go_on(struct cio2_port *port);

/* subdev.c */
int cio2_subdev_init(struct cio2_port *port);
void cio2_subdev_frame_sync(struct cio2_port *port, u32 sequence);
const struct cio2_format *cio2_subdev_format(struct cio2_port *port);

/* bridge.c */
int cio2_bridge_init(struct cio2_device *cio2);
void cio2_bridge_exit(struct cio2_device *cio2);

/* pm.c */
extern const struct dev_pm_ops cio2_pm_ops;

/* debugfs.c */
void cio2_debugfs_init(void);
void cio2_debugfs_exit(void);
void cio2_debugfs_add(struct cio2_device *cio2);
void cio2_debugfs_remove(struct cio2_device *cio2);

#endif /* IPU3_CIO2_H */
