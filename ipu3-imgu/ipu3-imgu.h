/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Driver of the ImgU, the image processor of Intel's IPU3: two pipes, each with a sub-device, three
 * nodes for frames and two for parameters and statistics, on one set of processors behind one MMU.
 *
 * Locks, in the order in which they are taken:
 *
 *	imgu_pipe.lock: formats, rectangles, STREAMON and STREAMOFF of one pipe
 *	media_device.graph_mutex: the media core's, which starts pipelines; link_setup is called
 *		within it and therefore takes none of these
 *	imgu_device.stream_lock: which pipes run, and power
 *	imgu_device.engine_lock: rings, frame sets, and the lists of buffers that wait
 *
 * No memory is allocated and nobody is waited for within engine_lock; it is a mutex since parameter
 * blocks are written and flushed within it. Whoever takes a pipe's lock never takes the other's.
 */
#ifndef IPU3_IMGU_H
#define IPU3_IMGU_H

#include <linux/atomic.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/videodev2.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <media/media-device.h>
#include <media/v4l2-ctrls.h>
#include <media/v4l2-dev.h>
#include <media/v4l2-device.h>
#include <media/v4l2-subdev.h>
#include <media/videobuf2-v4l2.h>

#include "event.h"
#include "firmware.h"
#include "geometry.h"
#include "registers.h"
#include "ring.h"
#include "settings.h"

struct dentry;
struct firmware;
struct pci_dev;
struct seq_file;
struct vb2_ipu_device;
struct vb2_ipu_mem;
struct vb2_ipu_pool;

#define IMGU_NAME	"ipu3-imgu"

/**
 * enum imgu_node_kind - the nodes of a pipe, in the order in which they are registered
 * @IMGU_NODE_IN: RAW frames for the ImgU.
 * @IMGU_NODE_PARAMS: Parameters.
 * @IMGU_NODE_OUT: The main picture.
 * @IMGU_NODE_VF: The viewfinder's picture.
 * @IMGU_NODE_STATS: Statistics.
 * @IMGU_NODES: How many.
 *
 * A node is linked to the pad of the same number.
 */
enum imgu_node_kind {
	IMGU_NODE_IN,
	IMGU_NODE_PARAMS,
	IMGU_NODE_OUT,
	IMGU_NODE_VF,
	IMGU_NODE_STATS,
	IMGU_NODES
};

/**
 * struct imgu_buffer - a buffer of any node
 * @vb: For videobuf2; must come first.
 * @list: In &imgu_node.waiting; in no list while the firmware has it.
 * @params: Of the parameters node: the driver's own copy of what user space gave, made once, in
 *	buf_prepare; allocated in buf_init. %NULL for other nodes.
 * @had_params: Of the input: it was given to the firmware before, and with it the parameters that
 *	were meant for it. Covered by &imgu_device.engine_lock.
 */
struct imgu_buffer {
	struct vb2_v4l2_buffer vb;
	struct list_head list;
	struct ipu3_uapi_params *params;
	bool had_params;
};

/**
 * struct imgu_node - a node
 * @pipe: Whose.
 * @kind: Which.
 * @vdev: The video device.
 * @pad: Its only pad.
 * @vbq: Its buffers.
 * @linked: Its link is enabled. Written by link_setup, within the media core's graph mutex; the
 *	media core refuses that while a node of the pipe streams.
 * @format: What is in its buffers: pix_mp or meta, by @vbq's type. Covered by &imgu_pipe.lock.
 * @streaming: Between STREAMON and STREAMOFF. Covered by &imgu_pipe.lock.
 * @waiting: Buffers that the firmware does not have, oldest first. Covered by
 *	&imgu_device.engine_lock.
 */
struct imgu_node {
	struct imgu_pipe *pipe;
	enum imgu_node_kind kind;
	struct video_device vdev;
	struct media_pad pad;
	struct vb2_queue vbq;
	bool linked;
	struct v4l2_format format;
	bool streaming;
	struct list_head waiting;
};

/**
 * struct imgu_stats - what happened at one pipe since the driver was bound
 * @frames: Frame sets that came back whole.
 * @sinks: Pictures and statistics that nobody had given a buffer for.
 * @params: Parameter sets that were taken.
 * @params_refused: Parameter sets that were refused.
 * @params_unreturned: Parameter sets that the firmware did not give back though it used newer ones.
 * @returned: Frame sets that were taken back from the firmware unfinished.
 * @stuck: Times that no frame came for too long.
 *
 * Covered by &imgu_device.engine_lock.
 */
struct imgu_stats {
	u64 frames;
	u64 sinks;
	u64 params;
	u64 params_refused;
	u64 params_unreturned;
	u64 returned;
	u64 stuck;
};

struct imgu_run;

/**
 * struct imgu_pipe - a pipe
 * @imgu: The device.
 * @number: Which.
 * @lock: Serialises ioctls, the queues' operations, the sub-device's state and controls: it is the
 *	lock of all five video devices and queues, the sub-device's state_lock, and the lock of
 *	@controls. Covers what follows up to @sequence.
 * @subdev: The sub-device. Its active state has pad 0's format (the size after geometric
 *	correction), crop rectangle (what is used of the input) and compose rectangle (the size
 *	after the Bayer scaler).
 * @pads: Its pads, numbered as the nodes are.
 * @controls: Its controls.
 * @mode: Video or still pictures, one of them.
 * @pipeline: The media core's, while a node streams.
 * @nodes: The nodes.
 * @gone: The driver is being unbound.
 * @sequence: Number of the next frame: 0 after the first of the nodes began to stream. Covered by
 *	&imgu_device.engine_lock.
 * @run: What the pipe has to run with, since all of its linked nodes streamed for the first time
 *	and until none does; %NULL otherwise. Changed within &imgu_device.stream_lock and
 *	&imgu_device.engine_lock, so that either is enough to look at it.
 * @stats: Counters.
 */
struct imgu_pipe {
	struct imgu_device *imgu;
	unsigned int number;

	struct mutex lock; /* ioctls, queues, state, controls; see above */
	struct v4l2_subdev subdev;
	struct media_pad pads[IMGU_NODES];
	struct v4l2_ctrl_handler controls;
	struct v4l2_ctrl *mode;
	struct media_pipeline pipeline;
	struct imgu_node nodes[IMGU_NODES];
	bool gone;

	u32 sequence;
	struct imgu_run *run;
	struct imgu_stats stats;
};

/**
 * struct imgu_dmem_ring - the driver's side of a ring
 * @ring: How far it is.
 * @entries: Its first entry.
 * @own: The driver's index, a byte.
 * @other: The SP's index, a byte.
 */
struct imgu_dmem_ring {
	struct imgu_ring ring;
	void __iomem *entries;
	void __iomem *own;
	void __iomem *other;
};

/**
 * struct imgu_ring_accounts - the driver's side of all rings
 * @to_sp: Of buffers for the SP.
 * @from_sp: Of buffers that come back.
 * @events_to_sp: Of events for the SP.
 * @events_from_sp: Of events from the SP.
 */
struct imgu_ring_accounts {
	struct imgu_dmem_ring to_sp[IMGU_PIPES][IMGU_QUEUES];
	struct imgu_dmem_ring from_sp[IMGU_QUEUES];
	struct imgu_dmem_ring events_to_sp;
	struct imgu_dmem_ring events_from_sp;
};

/**
 * struct imgu_device - one PCI function
 * @pdev: The function.
 * @base: Its registers; accessible while it has power.
 * @irq: Linux interrupt number.
 * @vid: The memory backend's device.
 * @media: The media device.
 * @v4l2_dev: Its last reference frees this structure.
 * @pipes: The pipes.
 * @has_graph: Their entities have been prepared.
 * @file: The firmware file, held for as long as the driver is bound.
 * @firmware: What it says.
 * @bodies: By program of the file: its body in the device's memory; %NULL: not loaded yet. Covered
 *	by @stream_lock.
 * @shared: Memory of what follows.
 * @group: What the firmware is told of all pipes, in @shared.
 * @group_dma: Its address for the device.
 * @interrupted_ns: When the last interrupt came.
 * @spurious: Interrupts without a cause.
 * @stream_lock: Covers what follows, @bodies, @group and power.
 * @running: Pipes that the firmware was started for, by bit.
 * @paused: Pipes that go on after the system's sleep, by bit.
 * @powered: The hardware is powered up.
 * @wedged: The hardware could not be stopped: it has been cut off from memory.
 * @restarts: Times that the firmware was started anew since it had given up.
 * @engine_lock: Covers what follows, &imgu_node.waiting and &imgu_pipe.stats.
 * @rings: Rings.
 * @up: The firmware runs, and the rings are open.
 * @holding: It is to get no more frame sets.
 * @broken: Nothing more can be expected of the firmware before it is started anew.
 * @drained: Woken when a frame set has come back.
 * @watchdog: Looks whether frames come back, also if an interrupt was lost.
 * @restart: Starts the firmware anew.
 * @restart_wanted: It is to do so.
 * @dumped: The registers have been written to the log once.
 * @looked_ns: &imgu_device.interrupted_ns when events were last looked for.
 * @has_rest: There were more events than are looked at in one go.
 * @lost_interrupts: Times that there were events, and no interrupt had told of them.
 * @debugfs: Its folder.
 */
struct imgu_device {
	struct pci_dev *pdev;
	void __iomem *base;
	int irq;
	struct vb2_ipu_device *vid;
	struct media_device media;
	struct v4l2_device v4l2_dev;
	struct imgu_pipe pipes[IMGU_PIPES];
	bool has_graph;

	const struct firmware *file;
	struct imgu_firmware firmware;
	struct vb2_ipu_mem **bodies;
	struct vb2_ipu_pool *shared;
	struct imgu_sp_group *group;
	u32 group_dma;

	atomic64_t interrupted_ns;
	atomic_t spurious;

	struct mutex stream_lock; /* running pipes and power; see above */
	unsigned long running;
	unsigned long paused;
	bool powered;
	bool wedged;
	u64 restarts;

	struct mutex engine_lock; /* rings, frame sets, waiting buffers; see above */
	struct imgu_ring_accounts rings;
	bool up;
	bool holding;
	bool broken;
	wait_queue_head_t drained;
	struct delayed_work watchdog;
	struct work_struct restart;
	bool restart_wanted;
	bool dumped;
	u64 looked_ns;
	bool has_rest;
	u64 lost_interrupts;

	struct dentry *debugfs;
};

static inline u32 imgu_read(const struct imgu_device *imgu, u32 offset)
{
	return readl(imgu->base + offset);
}

static inline void imgu_write(const struct imgu_device *imgu, u32 offset, u32 value)
{
	writel(value, imgu->base + offset);
}

static inline struct imgu_node *imgu_node_of(struct vb2_queue *vbq)
{
	return container_of(vbq, struct imgu_node, vbq);
}

static inline struct imgu_node *imgu_node_of_file(struct file *file)
{
	return imgu_node_of(video_devdata(file)->queue);
}

static inline struct imgu_buffer *imgu_buffer_of(struct vb2_buffer *vb)
{
	return container_of(to_vb2_v4l2_buffer(vb), struct imgu_buffer, vb);
}

struct device *imgu_dev(const struct imgu_device *imgu);

/* ---- V4L2 ---- */

/* graph.c: entities, links, and their order of registration */
int imgu_graph_init(struct imgu_device *imgu);
int imgu_graph_register(struct imgu_device *imgu);
void imgu_graph_unregister(struct imgu_device *imgu);
void imgu_graph_cleanup(struct imgu_device *imgu);

/* subdev.c */
int imgu_subdev_init(struct imgu_pipe *pipe);
void imgu_subdev_cleanup(struct imgu_pipe *pipe);
void imgu_subdev_geometry(struct imgu_pipe *pipe, struct imgu_geometry *g);
void imgu_subdev_settle(struct imgu_pipe *pipe);
u32 imgu_subdev_mode(struct imgu_pipe *pipe);

/* image.c, meta.c */
extern const struct v4l2_ioctl_ops imgu_image_out_ioctl_ops;
extern const struct v4l2_ioctl_ops imgu_image_cap_ioctl_ops;
extern const struct v4l2_ioctl_ops imgu_meta_ioctl_ops;
void imgu_image_init_format(struct imgu_node *node);
enum imgu_bayer imgu_image_bayer(const struct imgu_node *node);
void imgu_meta_init_format(struct imgu_node *node);

/* queue.c; what the ioctl operations of all nodes have in common */
#define IMGU_QUEUE_IOCTLS				\
	.vidioc_querycap = imgu_queue_querycap,		\
	.vidioc_reqbufs = vb2_ioctl_reqbufs,		\
	.vidioc_create_bufs = vb2_ioctl_create_bufs,	\
	.vidioc_prepare_buf = vb2_ioctl_prepare_buf,	\
	.vidioc_querybuf = vb2_ioctl_querybuf,		\
	.vidioc_qbuf = vb2_ioctl_qbuf,			\
	.vidioc_dqbuf = vb2_ioctl_dqbuf,		\
	.vidioc_expbuf = vb2_ioctl_expbuf,		\
	.vidioc_streamon = vb2_ioctl_streamon,		\
	.vidioc_streamoff = vb2_ioctl_streamoff,

int imgu_queue_init(struct imgu_node *node);
int imgu_queue_querycap(struct file *file, void *priv, struct v4l2_capability *cap);
bool imgu_queue_any_streams(const struct imgu_pipe *pipe);
void imgu_queue_done(struct imgu_node *node, struct imgu_buffer *buf, enum vb2_buffer_state state,
		     u32 sequence, u64 timestamp);

/* ---- Streams ---- */

/* stream.c */
void imgu_stream_init(struct imgu_device *imgu);
void imgu_stream_exit(struct imgu_device *imgu);
int imgu_stream_try_hardware(struct imgu_device *imgu);
int imgu_stream_start_node(struct imgu_node *node);
void imgu_stream_stop_node(struct imgu_node *node);
void imgu_stream_queue(struct imgu_node *node, struct imgu_buffer *buf);
void imgu_stream_interrupt(struct imgu_device *imgu);
void imgu_stream_pause(struct imgu_device *imgu);
void imgu_stream_go_on(struct imgu_device *imgu);

/* pipe.c */
int imgu_pipe_begin(struct imgu_run *run);
int imgu_pipe_fill(struct imgu_run *run);
int imgu_pipe_take(struct imgu_run *run, enum imgu_queue queue, u32 address, u64 ns);
void imgu_pipe_take_back(struct imgu_run *run);

/* ---- Hardware ---- */

/* power.c */
int imgu_power_wait(const struct imgu_device *imgu, u32 offset, u32 mask, u32 value);
int imgu_power_up(struct imgu_device *imgu, unsigned int mhz);
void imgu_power_down(struct imgu_device *imgu);
int imgu_power_reset(struct imgu_device *imgu);
void imgu_power_contain(struct imgu_device *imgu);

/* mmu.c */
extern const struct ipu_mmu_hw_ops imgu_mmu_ops;
int imgu_mmu_gate(struct imgu_device *imgu, bool closed);

/* program.c */
int imgu_program_init(struct imgu_device *imgu);
void imgu_program_exit(struct imgu_device *imgu);
int imgu_program_load(struct imgu_device *imgu, u32 number);
u32 imgu_program_address(const struct imgu_device *imgu, u32 number);

/* boot.c */
int imgu_boot_start(struct imgu_device *imgu);
int imgu_boot_stop(struct imgu_device *imgu);

/* dmem.c */
u32 imgu_dmem_read(const struct imgu_device *imgu, unsigned int sp, u32 offset);
void imgu_dmem_write(const struct imgu_device *imgu, unsigned int sp, u32 offset, u32 value);
int imgu_dmem_open(struct imgu_device *imgu);
bool imgu_dmem_room(struct imgu_device *imgu, unsigned int pipe, int queue, unsigned int entries);
int imgu_dmem_put(struct imgu_device *imgu, unsigned int pipe, int queue, u32 word);
int imgu_dmem_get(struct imgu_device *imgu, int queue, u32 *word);

/* irq.c */
int imgu_irq_init(struct imgu_device *imgu);
void imgu_irq_exit(struct imgu_device *imgu);
void imgu_irq_enable(struct imgu_device *imgu);

/* dump.c */
void imgu_dump_show(struct imgu_device *imgu, struct seq_file *file);
void imgu_dump_log(struct imgu_device *imgu);

/* pm.c */
extern const struct dev_pm_ops imgu_pm_ops;

/* debugfs.c */
void imgu_debugfs_init(void);
void imgu_debugfs_exit(void);
void imgu_debugfs_add(struct imgu_device *imgu);
void imgu_debugfs_remove(struct imgu_device *imgu);

#endif /* IPU3_IMGU_H */
