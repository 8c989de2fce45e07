/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Driver of the DMA test function: a capture node whose frames the device writes, and an output
 * node whose frames it checks, on the memory backend that is to be tested.
 */
#ifndef IPU_DMATEST_H
#define IPU_DMATEST_H

#include <linux/atomic.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/videodev2.h>
#include <linux/workqueue.h>
#include <media/v4l2-ctrls.h>
#include <media/v4l2-dev.h>
#include <media/v4l2-device.h>
#include <media/videobuf2-v4l2.h>

#include "ipu-dmatest-regs.h"

struct dentry;
struct pci_dev;
struct vb2_ipu_device;

#define DMT_NAME "ipu-dmatest"

/* The largest frame in bytes; the device's own limit. */
#define DMT_MAX_BYTES (64U << 20)

/**
 * struct dmt_buffer - a frame's memory
 * @vb: For videobuf2; must come first.
 * @list: In &dmt_node.waiting.
 */
struct dmt_buffer {
	struct vb2_v4l2_buffer vb;
	struct list_head list;
};

/**
 * struct dmt_stats - what happened at one node since the driver was bound
 * @frames: Completed commands.
 * @bad_bytes: Bytes that the device found to be wrong (output).
 * @leaked_bytes: Bytes other than 0 that it read beyond buffers' ends (output).
 * @errors: Commands that ended with an error.
 * @late: Times that the watchdog found completions whose interrupt was lost. (The next interrupt
 * may find them first.)
 * @stuck: Commands that never completed.
 */
struct dmt_stats {
	u64 frames;
	u64 bad_bytes;
	u64 leaked_bytes;
	u64 errors;
	u64 late;
	u64 stuck;
};

/**
 * struct dmt_test - what the test controls ask for
 * @delay_us: Microseconds that the device has a buffer.
 * @beyond: Bytes to go beyond its end.
 * @flip_bit: Get one bit wrong.
 * @keep: Go on with the last buffer.
 * @fault: For the next command: an enum ipu_dmatest_fault.
 */
struct dmt_test {
	u32 delay_us;
	u32 beyond;
	bool flip_bit;
	bool keep;
	u32 fault;
};

/**
 * struct dmt_node - a video node and the channel behind it
 * @dmt: The device.
 * @channel: The device's channel.
 * @output: Frames go to the device.
 * @vdev: The node.
 * @queue: Its buffers.
 * @controls: Its controls.
 * @lock: Serialises ioctls and the queue's operations; covers @format and @gone. Taken before
 * @hw_lock.
 * @format: Current format.
 * @gone: The driver is being unbound.
 * @hw_lock: Covers all that follows and the channel's registers. Not taken in hard interrupt
 * context.
 * @streaming: Buffers may be given to the device.
 * @broken: A command is stuck: nothing more is given to the device before streaming is started
 * anew.
 * @waiting: Buffers that the device does not have yet.
 * @slots: Buffers that it has.
 * @head: Slot of the oldest of them.
 * @count: How many.
 * @sequence: Number of the next frame.
 * @test: The controls' values.
 * @keeping: A command may go on in the background; holds a runtime PM reference.
 * @stats: Counters.
 * @watchdog: Looks after the oldest command.
 */
struct dmt_node {
	struct dmt_device *dmt;
	unsigned int channel;
	bool output;

	struct video_device vdev;
	struct vb2_queue queue;
	struct v4l2_ctrl_handler controls;
	struct mutex lock; /* ioctls and queue operations; see above */
	struct v4l2_pix_format format;
	bool gone;

	struct mutex hw_lock; /* all that follows; see above */
	bool streaming;
	bool broken;
	struct list_head waiting;
	struct dmt_buffer *slots[DMT_SLOTS];
	unsigned int head;
	unsigned int count;
	u32 sequence;
	struct dmt_test test;
	bool keeping;
	struct dmt_stats stats;

	struct delayed_work watchdog;
};

/* Channel numbers; the third channel is nobody's. */
enum dmt_node_index {
	DMT_CAPTURE,
	DMT_OUTPUT,
	DMT_NODES,
};

/**
 * struct dmt_device - one PCI function
 * @pdev: The function.
 * @base: Its registers; valid while the driver is bound, and accessible while it has power.
 * @irq: Linux interrupt number.
 * @vid: The memory backend's device.
 * @bypass: The device's MMU is not used.
 * @v4l2_dev: Its last reference frees this structure.
 * @nodes: By &enum dmt_node_index.
 * @awake: The device has power, and no system sleep is under way. Changed within both nodes'
 * &dmt_node.hw_lock.
 * @spurious: Interrupts without a cause.
 * @debugfs: Its folder.
 */
struct dmt_device {
	struct pci_dev *pdev;
	void __iomem *base;
	int irq;
	struct vb2_ipu_device *vid;
	bool bypass;
	struct v4l2_device v4l2_dev;
	struct dmt_node nodes[DMT_NODES];
	bool awake;
	atomic_t spurious;
	struct dentry *debugfs;
};

static inline u32 dmt_read(struct dmt_device *dmt, u32 offset)
{
	return readl(dmt->base + offset);
}

static inline void dmt_write(struct dmt_device *dmt, u32 offset, u32 value)
{
	writel(value, dmt->base + offset);
}

/* hw.c */

/**
 * struct dmt_command - what the device is to do with a buffer
 * @command: DMT_COMMAND_*.
 * @address: The buffer's address for the device.
 * @line_bytes: Bytes of a line.
 * @lines: Lines.
 * @stride: Bytes from line to line.
 * @frame: Frame number.
 * @delay_us: Microseconds until its completion.
 * @beyond: Bytes to go beyond the end.
 */
struct dmt_command {
	u32 command;
	dma_addr_t address;
	u32 line_bytes;
	u32 lines;
	u32 stride;
	u32 frame;
	u32 delay_us;
	u32 beyond;
};

/**
 * struct dmt_result - what became of it
 * @code: 0, or why it failed.
 * @bytes: Bytes moved.
 * @bad_bytes: Of those checked, how many were wrong.
 * @first_bad: Offset of the first of these.
 * @frame: Frame number of the pattern.
 * @leaked_bytes: Bytes other than 0 beyond the end.
 */
struct dmt_result {
	u32 code;
	u32 bytes;
	u32 bad_bytes;
	u32 first_bad;
	u32 frame;
	u32 leaked_bytes;
};

extern const struct ipu_mmu_hw_ops dmt_mmu_ops;

void dmt_hw_start(struct dmt_device *dmt);
void dmt_hw_stop(struct dmt_device *dmt);
void dmt_hw_submit(struct dmt_node *node, unsigned int slot, const struct dmt_command *command);
bool dmt_hw_result(struct dmt_node *node, unsigned int slot, struct dmt_result *result);
void dmt_hw_abort(struct dmt_node *node);
void dmt_hw_stop_keep(struct dmt_node *node);

/* queue.c */
int dmt_queue_init(struct dmt_node *node);
void dmt_queue_complete(struct dmt_node *node);
void dmt_queue_pause(struct dmt_node *node);
void dmt_queue_go_on(struct dmt_node *node);
void dmt_queue_end_keep(struct dmt_node *node);
void dmt_queue_watch(struct work_struct *work);

/* node.c */
u32 dmt_line_bytes(const struct v4l2_pix_format *format);
u32 dmt_frame_bytes(const struct v4l2_pix_format *format);
int dmt_node_init(struct dmt_device *dmt, enum dmt_node_index index);
int dmt_node_register(struct dmt_node *node);
void dmt_node_unregister(struct dmt_node *node);
void dmt_node_free(struct dmt_node *node);

/* controls.c */
int dmt_controls_init(struct dmt_node *node);

/* debugfs.c */
void dmt_debugfs_init(void);
void dmt_debugfs_exit(void);
void dmt_debugfs_add(struct dmt_device *dmt);
void dmt_debugfs_remove(struct dmt_device *dmt);

#endif /* IPU_DMATEST_H */
