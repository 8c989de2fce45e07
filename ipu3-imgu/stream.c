// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which pipes run. A pipe is ready when all of its linked nodes stream, the input being one of
 * them; the firmware runs for those that are ready. It can only be started and ended as a whole: so
 * when their number changes, what is on its way is waited for, the firmware is ended, and started
 * anew. Buffers that it has not come to go back to where they were, and a pipe that goes on does
 * not notice.
 *
 *	STREAMON: ready?, power up, boot, parameters, START, frame sets
 *	STREAMOFF: wait for frame sets, STOP, end, reset, power down, take buffers back
 *
 * A firmware that gives up, says what cannot be, or says nothing for too long is ended and started
 * anew in the same way. Only if it does so again before it has made a frame its streams end.
 */
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <media/vb2-ipu-iommu.h>

#include "run.h"
#include "trace.h"

static unsigned int timeout_ms = 5000;
module_param(timeout_ms, uint, 0644);
MODULE_PARM_DESC(timeout_ms,
		 "Milliseconds without a frame after which the firmware is started anew; 0: never");

/* What is on its way at the end of a stream is waited for; a frame takes a tenth of it. */
#define IMGU_DRAIN_MS		1000

/* How long the events of an interrupt that was lost wait at most. */
#define IMGU_WATCH_MS		500

/* Events that are looked at in one go. */
#define IMGU_EVENTS_AT_ONCE	(4 * IMGU_FROM_SP_EVENTS)

/* Frames that the slower clock is too slow for. */
#define IMGU_SLOW_MHZ		200
#define IMGU_FAST_MHZ		450
#define IMGU_FAST_PIXELS	(2048 * 1152)

#define imgu_for_each_pipe(number, pipes) \
	for_each_set_bit((number), &(pipes), IMGU_PIPES)

/* ---- what the firmware says ---- */

/* Who waits for a buffer gets an error; the buffers come back when streaming is stopped. */
static void imgu_stream_fail_pipe(struct imgu_pipe *pipe)
{
	unsigned int kind;

	for (kind = 0; kind < IMGU_NODES; kind++)
		if (READ_ONCE(pipe->nodes[kind].streaming))
			vb2_queue_error(&pipe->nodes[kind].vbq);
	if (pipe->run)
		pipe->run->failed = true;
}

static struct imgu_run *imgu_stream_run_up(struct imgu_pipe *pipe)
{
	return pipe->run && pipe->run->up ? pipe->run : NULL;
}

/* What it was given since the last time may be what it does not survive. */
static bool imgu_stream_may_restart(struct imgu_device *imgu)
{
	bool may = false;
	unsigned int i;

	for (i = 0; i < IMGU_PIPES; i++) {
		const struct imgu_run *run = imgu_stream_run_up(&imgu->pipes[i]);

		if (run && run->on_way && !run->may_restart)
			return false;
		may = may || (run && run->may_restart);
	}
	return may;
}

/* Nothing more can be expected of the firmware, which may still write to the buffers. */
static void imgu_stream_break(struct imgu_device *imgu, const char *why)
{
	bool restarts;
	unsigned int i;

	lockdep_assert_held(&imgu->engine_lock);
	if (imgu->broken)
		return;
	imgu->broken = true;
	restarts = imgu_stream_may_restart(imgu);
	imgu->restart_wanted = restarts;
	if (restarts)
		dev_warn_ratelimited(imgu_dev(imgu), "%s; it is started anew\n", why);
	else
		dev_err(imgu_dev(imgu), "%s; the streams have ended\n", why);
	/* The reset takes away what could be seen. */
	if (!restarts || !imgu->dumped)
		imgu_dump_log(imgu);
	imgu->dumped = true;
	for (i = 0; i < IMGU_PIPES; i++) {
		struct imgu_run *run = imgu_stream_run_up(&imgu->pipes[i]);

		if (run && !restarts)
			imgu_stream_fail_pipe(&imgu->pipes[i]);
		else if (run)
			run->may_restart = false;
	}
	if (restarts)
		queue_work(system_long_wq, &imgu->restart);
	wake_up_all(&imgu->drained);
}

static void imgu_stream_take(struct imgu_device *imgu, const struct imgu_event *event)
{
	struct imgu_run *run = imgu->pipes[event->pipe].run;
	u32 address;
	int ret;

	ret = imgu_dmem_get(imgu, event->queue, &address);
	if (!ret)
		ret = imgu_dmem_put(imgu, event->pipe, IMGU_QUEUE_EVENT,
				    imgu_event_dequeued(event->queue));
	if (ret) {
		imgu_stream_break(imgu, "the firmware tells of a buffer that is not there");
		return;
	}
	if (run && run->up)
		ret = imgu_pipe_take(run, event->queue, address,
				     atomic64_read(&imgu->interrupted_ns));
	if (ret)
		imgu_stream_break(imgu, "the firmware gives back a buffer that it does not have");
}

static void imgu_stream_event(struct imgu_device *imgu, u32 word)
{
	struct imgu_event event;
	enum imgu_reason reason;

	trace_imgu_event(imgu_dev(imgu), word);
	reason = imgu_event_parse(word, &event);
	if (reason) {
		dev_warn_ratelimited(imgu_dev(imgu), "event %#x: %s\n", word,
				     imgu_reason_text(reason));
		return;
	}
	switch (event.type) {
	case IMGU_EVENT_WARNING:
		dev_warn_ratelimited(imgu_dev(imgu), "firmware: warning of module %u, line %u\n",
				     event.module, event.line);
		break;
	case IMGU_EVENT_ASSERT:
		dev_err_ratelimited(imgu_dev(imgu), "firmware: assertion of module %u, line %u\n",
				    event.module, event.line);
		imgu_stream_break(imgu, "the firmware has given up");
		break;
	case IMGU_EVENT_PIPELINE:
	case IMGU_EVENT_TIMER:
		break;
	default:
		imgu_stream_take(imgu, &event);
		break;
	}
}

/* The rest is done soon, when others have had their turn. */
static void imgu_stream_do_rest(struct imgu_device *imgu)
{
	imgu->has_rest = true;
	mod_delayed_work(system_wq, &imgu->watchdog, 1);
}

/*
 * An event is answered by one, its buffer's by another: none is taken without room for both. Returns
 * whether there was one.
 */
static bool imgu_stream_events(struct imgu_device *imgu)
{
	unsigned int i;
	u32 word;
	int ret;

	for (i = 0; i < IMGU_EVENTS_AT_ONCE && !imgu->broken; i++) {
		if (!imgu_dmem_room(imgu, 0, IMGU_QUEUE_EVENT, 2))
			break;
		ret = imgu_dmem_get(imgu, IMGU_QUEUE_EVENT, &word);
		if (ret == -EAGAIN)
			return i;
		if (!ret)
			ret = imgu_dmem_put(imgu, 0, IMGU_QUEUE_EVENT, IMGU_EVENT_EVENT_DEQUEUED);
		if (ret)
			imgu_stream_break(imgu, "the firmware's ring of events is of no use");
		else
			imgu_stream_event(imgu, word);
	}
	if (!imgu->broken)
		imgu_stream_do_rest(imgu);
	return i;
}

static void imgu_stream_fill(struct imgu_device *imgu, struct imgu_pipe *pipe)
{
	if (!imgu->up || imgu->holding || imgu->broken || !pipe->run)
		return;
	if (imgu_pipe_fill(pipe->run))
		imgu_stream_break(imgu, "the firmware takes no more buffers");
}

static bool imgu_stream_turn(struct imgu_device *imgu)
{
	unsigned int i;
	bool found;

	if (!imgu->up || imgu->broken)
		return false;
	imgu->looked_ns = atomic64_read(&imgu->interrupted_ns);
	imgu->has_rest = false;
	found = imgu_stream_events(imgu);
	for (i = 0; i < IMGU_PIPES; i++)
		imgu_stream_fill(imgu, &imgu->pipes[i]);
	return found;
}

/* Looks without an interrupt. What is found then did not come with the last one. */
static void imgu_stream_look(struct imgu_device *imgu)
{
	u64 looked = imgu->looked_ns;
	bool expected = imgu->has_rest;

	if (atomic64_cmpxchg(&imgu->interrupted_ns, looked, ktime_get_ns()) != looked)
		expected = true;
	if (imgu_stream_turn(imgu) && !expected)
		imgu->lost_interrupts++;
}

/**
 * imgu_stream_interrupt() - look what the firmware has to say
 * @imgu: The device.
 *
 * Context: Process context, the interrupt's thread. Takes &imgu_device.engine_lock.
 */
void imgu_stream_interrupt(struct imgu_device *imgu)
{
	mutex_lock(&imgu->engine_lock);
	imgu_stream_turn(imgu);
	mutex_unlock(&imgu->engine_lock);
}

static bool imgu_stream_is_stuck(const struct imgu_run *run, unsigned int ms)
{
	return ms && run && run->up && run->on_way &&
	       ktime_get_ns() - run->progress_ns > (u64)ms * NSEC_PER_MSEC;
}

static unsigned long imgu_stream_watch_period(void)
{
	unsigned int ms = READ_ONCE(timeout_ms);

	return msecs_to_jiffies(ms ? min(ms, IMGU_WATCH_MS) : IMGU_WATCH_MS);
}

static void imgu_stream_watch(struct work_struct *work)
{
	struct imgu_device *imgu =
		container_of(to_delayed_work(work), struct imgu_device, watchdog);
	unsigned int ms = READ_ONCE(timeout_ms), i;

	mutex_lock(&imgu->engine_lock);
	imgu_stream_look(imgu);
	for (i = 0; i < IMGU_PIPES && imgu->up && !imgu->broken; i++) {
		if (!imgu_stream_is_stuck(imgu->pipes[i].run, ms))
			continue;
		imgu->pipes[i].stats.stuck++;
		imgu_stream_break(imgu, "no frame has come for too long");
	}
	/* Not if it is to run sooner. */
	if (imgu->up && !imgu->broken)
		schedule_delayed_work(&imgu->watchdog, imgu_stream_watch_period());
	mutex_unlock(&imgu->engine_lock);
}

/* ---- on and off ---- */

static unsigned int imgu_stream_frequency(struct imgu_device *imgu, unsigned long pipes)
{
	unsigned int i;

	imgu_for_each_pipe(i, pipes) {
		const struct imgu_size *gdc = &imgu->pipes[i].run->geometry.gdc;

		if (gdc->width * gdc->height >= IMGU_FAST_PIXELS)
			return IMGU_FAST_MHZ;
	}
	return IMGU_SLOW_MHZ;
}

static int imgu_stream_drain_unused(struct imgu_device *imgu)
{
	u32 address;
	int ret;

	do
		ret = imgu_dmem_get(imgu, IMGU_QUEUE_UNUSED, &address);
	while (!ret);
	return ret == -EAGAIN ? 0 : ret;
}

/* The first parameters, then START: nothing comes before. */
static int imgu_stream_begin(struct imgu_device *imgu, unsigned long pipes)
{
	unsigned int i;
	int ret;

	imgu_for_each_pipe(i, pipes) {
		ret = imgu_pipe_begin(imgu->pipes[i].run);
		if (ret)
			return ret;
	}
	ret = imgu_params_drain(imgu);
	if (!ret)
		ret = imgu_stream_drain_unused(imgu);
	if (ret)
		return ret;
	imgu_for_each_pipe(i, pipes) {
		ret = imgu_dmem_put(imgu, i, IMGU_QUEUE_EVENT, imgu_event_start(i));
		if (ret)
			return ret;
	}
	imgu->up = true;
	imgu->broken = false;
	imgu->restart_wanted = false;
	imgu->holding = false;
	/* All before the first is given anything: if the firmware gives up then, all are told. */
	imgu_for_each_pipe(i, pipes)
		imgu->pipes[i].run->up = true;
	imgu_for_each_pipe(i, pipes)
		imgu_stream_fill(imgu, &imgu->pipes[i]);
	return 0;
}

static int imgu_stream_boot(struct imgu_device *imgu, unsigned long pipes)
{
	unsigned int i;
	int ret;

	ret = imgu_boot_start(imgu);
	if (!ret)
		ret = imgu_dmem_open(imgu);
	if (ret)
		return ret;
	imgu_for_each_pipe(i, pipes)
		imgu_run_fill(imgu->pipes[i].run);
	imgu_irq_enable(imgu);
	mutex_lock(&imgu->engine_lock);
	ret = imgu_stream_begin(imgu, pipes);
	mutex_unlock(&imgu->engine_lock);
	return ret;
}

static void imgu_stream_power_off(struct imgu_device *imgu)
{
	/* Nothing more may reach memory, whatever the processors still do. */
	if (imgu_mmu_gate(imgu, true) && !imgu->wedged)
		imgu_power_contain(imgu);
	vb2_ipu_device_suspend(imgu->vid);
	imgu_power_down(imgu);
	pm_runtime_put(imgu_dev(imgu));
}

static int imgu_stream_power_on(struct imgu_device *imgu, unsigned int mhz)
{
	int ret;

	ret = pm_runtime_resume_and_get(imgu_dev(imgu));
	if (ret)
		return ret;
	ret = imgu_power_up(imgu, mhz);
	if (ret)
		goto err_put;
	/* It has been reset by now. */
	if (imgu->wedged)
		pci_set_master(imgu->pdev);
	imgu->wedged = false;
	ret = vb2_ipu_device_resume(imgu->vid);
	if (ret)
		goto err_power;
	return 0;

err_power:
	imgu_power_down(imgu);
err_put:
	pm_runtime_put(imgu_dev(imgu));
	return ret;
}

static int imgu_stream_start(struct imgu_device *imgu, unsigned long pipes)
{
	int ret;

	lockdep_assert_held(&imgu->stream_lock);
	trace_imgu_running(imgu_dev(imgu), pipes);
	ret = imgu_stream_power_on(imgu, imgu_stream_frequency(imgu, pipes));
	if (ret)
		return ret;
	ret = imgu_stream_boot(imgu, pipes);
	if (ret) {
		if (imgu_power_reset(imgu))
			imgu_power_contain(imgu);
		imgu_stream_power_off(imgu);
		return ret;
	}
	imgu->running = pipes;
	schedule_delayed_work(&imgu->watchdog, imgu_stream_watch_period());
	return 0;
}

/* Without the lock, for nobody may wait for one while it waits for this; who changes it wakes. */
static bool imgu_stream_is_drained(const struct imgu_device *imgu)
{
	unsigned int i;

	if (READ_ONCE(imgu->broken))
		return true;
	for (i = 0; i < IMGU_PIPES; i++)
		if (imgu->pipes[i].run && READ_ONCE(imgu->pipes[i].run->on_way))
			return false;
	return true;
}

static void imgu_stream_drain(struct imgu_device *imgu)
{
	mutex_lock(&imgu->engine_lock);
	imgu->holding = true;
	mutex_unlock(&imgu->engine_lock);
	wait_event_timeout(imgu->drained, imgu_stream_is_drained(imgu),
			   msecs_to_jiffies(IMGU_DRAIN_MS));
}

static void imgu_stream_stop(struct imgu_device *imgu)
{
	unsigned int i;
	int ret;

	lockdep_assert_held(&imgu->stream_lock);
	imgu_stream_drain(imgu);
	mutex_lock(&imgu->engine_lock);
	/* Without room the firmware is ended all the same. */
	imgu_for_each_pipe(i, imgu->running)
		imgu_dmem_put(imgu, i, IMGU_QUEUE_EVENT, IMGU_EVENT_STOP);
	imgu->up = false;
	mutex_unlock(&imgu->engine_lock);
	cancel_delayed_work_sync(&imgu->watchdog);

	ret = imgu_boot_stop(imgu);
	if (imgu_power_reset(imgu) || ret)
		imgu_power_contain(imgu);
	synchronize_irq(imgu->irq);
	imgu_stream_power_off(imgu);

	mutex_lock(&imgu->engine_lock);
	imgu_for_each_pipe(i, imgu->running)
		imgu_pipe_take_back(imgu->pipes[i].run);
	mutex_unlock(&imgu->engine_lock);
	imgu->running = 0;
	trace_imgu_running(imgu_dev(imgu), 0);
}

/* Those who were running and cannot go on are told. */
static void imgu_stream_fail(struct imgu_device *imgu, unsigned long pipes)
{
	unsigned int i;

	mutex_lock(&imgu->engine_lock);
	imgu_for_each_pipe(i, pipes) {
		dev_err(imgu_dev(imgu), "pipe %u cannot go on; its stream has ended\n", i);
		imgu_stream_fail_pipe(&imgu->pipes[i]);
	}
	mutex_unlock(&imgu->engine_lock);
}

/* Those of the pipes that run whose readers still wait for frames. */
static unsigned long imgu_stream_alive(struct imgu_device *imgu)
{
	unsigned long alive = imgu->running;
	unsigned int i;

	mutex_lock(&imgu->engine_lock);
	imgu_for_each_pipe(i, imgu->running)
		if (imgu->pipes[i].run->failed)
			__clear_bit(i, &alive);
	mutex_unlock(&imgu->engine_lock);
	return alive;
}

static void imgu_stream_remove(struct imgu_device *imgu, unsigned int number)
{
	unsigned long others = imgu_stream_alive(imgu) & ~BIT(number);

	if (!test_bit(number, &imgu->running))
		return;
	imgu_stream_stop(imgu);
	if (others && imgu_stream_start(imgu, others))
		imgu_stream_fail(imgu, others);
}

static int imgu_stream_add(struct imgu_device *imgu, unsigned int number)
{
	unsigned long others = imgu_stream_alive(imgu);
	int ret;

	if (imgu->running)
		imgu_stream_stop(imgu);
	ret = imgu_stream_start(imgu, others | BIT(number));
	if (ret && others && imgu_stream_start(imgu, others))
		imgu_stream_fail(imgu, others);
	return ret;
}

static bool imgu_stream_wants_restart(struct imgu_device *imgu)
{
	bool wanted;

	mutex_lock(&imgu->engine_lock);
	wanted = imgu->restart_wanted;
	imgu->restart_wanted = false;
	mutex_unlock(&imgu->engine_lock);
	return wanted;
}

static void imgu_stream_restart(struct work_struct *work)
{
	struct imgu_device *imgu = container_of(work, struct imgu_device, restart);
	unsigned long pipes;

	mutex_lock(&imgu->stream_lock);
	pipes = imgu_stream_alive(imgu);
	/* It may have been ended meanwhile, even started, and have given up for good. */
	if (pipes && imgu_stream_wants_restart(imgu)) {
		imgu->restarts++;
		imgu_stream_stop(imgu);
		if (imgu_stream_start(imgu, pipes))
			imgu_stream_fail(imgu, pipes);
	}
	mutex_unlock(&imgu->stream_lock);
}

/* ---- nodes ---- */

static bool imgu_stream_is_ready(struct imgu_pipe *pipe)
{
	unsigned int kind;

	if (!pipe->nodes[IMGU_NODE_IN].linked)
		return false;
	for (kind = 0; kind < IMGU_NODES; kind++)
		if (pipe->nodes[kind].linked && !pipe->nodes[kind].streaming)
			return false;
	return true;
}

static bool imgu_stream_is_used(struct imgu_pipe *pipe)
{
	unsigned int kind;

	for (kind = 0; kind < IMGU_NODES; kind++)
		if (pipe->nodes[kind].streaming)
			return true;
	return false;
}

static int imgu_stream_judge(struct imgu_pipe *pipe, struct imgu_geometry *g,
			     struct imgu_firmware_program *chosen)
{
	struct imgu_device *imgu = pipe->imgu;
	enum imgu_reason reason;

	imgu_subdev_geometry(pipe, g);
	reason = imgu_firmware_choose(&imgu->firmware, imgu_subdev_mode(pipe), g, chosen);
	if (!reason)
		reason = imgu_geometry_judge(g, &chosen->program);
	if (!reason)
		return 0;
	dev_err(imgu_dev(imgu),
		"pipe %u: %s (input %ux%u, crop %ux%u, BDS %ux%u, GDC %ux%u, output %ux%u, viewfinder %ux%u)\n",
		pipe->number, imgu_reason_text(reason), g->in.width, g->in.height, g->crop.width,
		g->crop.height, g->bds.width, g->bds.height, g->gdc.width, g->gdc.height,
		g->out.width, g->out.height, g->vf.width, g->vf.height);
	return -EPIPE;
}

/* A run is kept while a node of its pipe streams, and with it what user space has set. */
static bool imgu_stream_may_go_on(const struct imgu_run *run, const struct imgu_geometry *g,
				  const struct imgu_firmware_program *chosen)
{
	/* All that comes before is whole words. */
	return run && !memcmp(&run->geometry, g, offsetof(struct imgu_geometry, vf_enabled)) &&
	       run->geometry.vf_enabled == g->vf_enabled && run->chosen.number == chosen->number;
}

static void imgu_stream_set_run(struct imgu_pipe *pipe, struct imgu_run *run)
{
	struct imgu_run *old = pipe->run;

	mutex_lock(&pipe->imgu->engine_lock);
	pipe->run = run;
	mutex_unlock(&pipe->imgu->engine_lock);
	if (old)
		imgu_run_destroy(old);
}

static int imgu_stream_prepare(struct imgu_pipe *pipe)
{
	struct imgu_firmware_program chosen;
	struct imgu_geometry g;
	struct imgu_run *run;
	int ret;

	ret = imgu_stream_judge(pipe, &g, &chosen);
	if (ret || imgu_stream_may_go_on(pipe->run, &g, &chosen))
		return ret;
	ret = imgu_program_load(pipe->imgu, chosen.number);
	if (ret)
		return ret;
	run = imgu_run_create(pipe, &g, &chosen);
	if (IS_ERR(run))
		return PTR_ERR(run);
	imgu_stream_set_run(pipe, run);
	return 0;
}

static int imgu_stream_start_pipe(struct imgu_pipe *pipe)
{
	const struct imgu_run *before = pipe->run;
	int ret;

	ret = imgu_stream_prepare(pipe);
	if (ret)
		return ret;
	mutex_lock(&pipe->imgu->engine_lock);
	pipe->run->failed = false;
	pipe->run->may_restart = true;
	mutex_unlock(&pipe->imgu->engine_lock);
	ret = imgu_stream_add(pipe->imgu, pipe->number);
	/* What was made for a start that fails is of no use to the nodes that wait. */
	if (ret && pipe->run != before)
		imgu_stream_set_run(pipe, NULL);
	return ret;
}

static void imgu_stream_forget(struct imgu_node *node)
{
	struct imgu_pipe *pipe = node->pipe;

	node->streaming = false;
	if (pipe->run && !imgu_stream_is_used(pipe))
		imgu_stream_set_run(pipe, NULL);
}

/**
 * imgu_stream_start_node() - a node begins to stream
 * @node: The node, linked.
 *
 * The hardware is started if its pipe is now ready.
 *
 * Context: Process context, within &imgu_pipe.lock. Takes &imgu_device.stream_lock and
 * &imgu_device.engine_lock.
 * Return: 0; -EPIPE if the pipe's sizes do not go together, and the log says which; -ENODEV if the
 * driver is being unbound; -ENOMEM, or what else the memory backend said; -EIO, -ETIMEDOUT or
 * -ENODEV if the hardware does not start, and the log says why. The node does not stream then.
 */
int imgu_stream_start_node(struct imgu_node *node)
{
	struct imgu_pipe *pipe = node->pipe;
	struct imgu_device *imgu = pipe->imgu;
	int ret = 0;

	lockdep_assert_held(&pipe->lock);
	if (pipe->gone)
		return -ENODEV;
	mutex_lock(&imgu->stream_lock);
	if (!imgu_stream_is_used(pipe)) {
		mutex_lock(&imgu->engine_lock);
		pipe->sequence = 0;
		mutex_unlock(&imgu->engine_lock);
	}
	node->streaming = true;
	if (imgu_stream_is_ready(pipe))
		ret = imgu_stream_start_pipe(pipe);
	if (ret)
		imgu_stream_forget(node);
	mutex_unlock(&imgu->stream_lock);
	return ret;
}

/**
 * imgu_stream_stop_node() - a node ends to stream
 * @node: The node, streaming.
 *
 * When this returns, neither hardware nor firmware use the node's buffers: those that it has not
 * finished are in &imgu_node.waiting. So are the other nodes', to be used when the pipe goes on.
 *
 * Context: Process context, within &imgu_pipe.lock. Takes &imgu_device.stream_lock and
 * &imgu_device.engine_lock.
 */
void imgu_stream_stop_node(struct imgu_node *node)
{
	struct imgu_device *imgu = node->pipe->imgu;

	lockdep_assert_held(&node->pipe->lock);
	mutex_lock(&imgu->stream_lock);
	imgu_stream_remove(imgu, node->pipe->number);
	imgu_stream_forget(node);
	mutex_unlock(&imgu->stream_lock);
}

/**
 * imgu_stream_queue() - take a buffer
 * @node: Whose. It need not stream.
 * @buf: The buffer.
 *
 * Context: Process context. Takes &imgu_device.engine_lock.
 */
void imgu_stream_queue(struct imgu_node *node, struct imgu_buffer *buf)
{
	struct imgu_device *imgu = node->pipe->imgu;

	mutex_lock(&imgu->engine_lock);
	buf->had_params = false;
	list_add_tail(&buf->list, &node->waiting);
	imgu_stream_fill(imgu, node->pipe);
	mutex_unlock(&imgu->engine_lock);
}

/* ---- the system's sleep ---- */

/**
 * imgu_stream_pause() - end the firmware, to go on later
 * @imgu: The device.
 *
 * Context: Process context, system suspend; no ioctl is under way. Takes &imgu_device.stream_lock.
 */
void imgu_stream_pause(struct imgu_device *imgu)
{
	/* Resume does the same. */
	cancel_work_sync(&imgu->restart);
	mutex_lock(&imgu->stream_lock);
	imgu->paused = imgu_stream_alive(imgu);
	if (imgu->running)
		imgu_stream_stop(imgu);
	mutex_unlock(&imgu->stream_lock);
}

/**
 * imgu_stream_go_on() - start the firmware for the pipes that were paused
 * @imgu: The device.
 *
 * If that fails, whoever reads them is told.
 *
 * Context: Process context, system resume. Takes &imgu_device.stream_lock.
 */
void imgu_stream_go_on(struct imgu_device *imgu)
{
	mutex_lock(&imgu->stream_lock);
	if (imgu->paused && imgu_stream_start(imgu, imgu->paused))
		imgu_stream_fail(imgu, imgu->paused);
	imgu->paused = 0;
	mutex_unlock(&imgu->stream_lock);
}

/**
 * imgu_stream_try_hardware() - look whether the hardware powers up
 * @imgu: The device, with its memory backend.
 *
 * Context: Process context, probe. Takes &imgu_device.stream_lock.
 * Return: 0, or what imgu_power_up() or vb2_ipu_device_resume() said.
 */
int imgu_stream_try_hardware(struct imgu_device *imgu)
{
	int ret;

	mutex_lock(&imgu->stream_lock);
	ret = imgu_stream_power_on(imgu, IMGU_SLOW_MHZ);
	if (!ret)
		imgu_stream_power_off(imgu);
	mutex_unlock(&imgu->stream_lock);
	return ret;
}

/**
 * imgu_stream_init() - prepare
 * @imgu: The device, zeroed.
 *
 * Context: Process context, probe.
 */
void imgu_stream_init(struct imgu_device *imgu)
{
	init_waitqueue_head(&imgu->drained);
	INIT_DELAYED_WORK(&imgu->watchdog, imgu_stream_watch);
	INIT_WORK(&imgu->restart, imgu_stream_restart);
}

/**
 * imgu_stream_exit() - let nothing be done later any more
 * @imgu: The device, of which no pipe runs.
 *
 * Context: Process context, remove.
 */
void imgu_stream_exit(struct imgu_device *imgu)
{
	cancel_work_sync(&imgu->restart);
}
