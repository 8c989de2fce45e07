// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starting and ending the firmware. The bootloader, which the ISP runs, puts the SPs' programs into
 * their memories; then the SPs are started one after the other. The order is that of the kernel's
 * staging driver.
 */
#include <linux/pci.h>
#include <media/vb2-ipu-iommu.h>

#include "abi-sp.h"
#include "ipu3-imgu.h"
#include "warp.h"

/*
 * For each pipe of the SP, which events interrupt: all that tell of a buffer, of a pipeline or of a
 * stage that is done.
 */
#define IMGU_EVENT_MASK		0x0bff

/* Streams between the units must be empty. */
static const struct {
	u32 monitor;
	u32 busy;
	const char *name;
} imgu_streams[] = {
	{ IMGU_MONITOR_SP0, IMGU_MONITOR_SP0_TO_ISP, "SP0 to ISP" },
	{ IMGU_MONITOR_ISP, IMGU_MONITOR_ISP_TO_SP0, "ISP to SP0" },
	{ IMGU_MONITOR_UNITS, IMGU_MONITOR_ISP_TO_DMA, "ISP to DMA" },
	{ IMGU_MONITOR_ISP, IMGU_MONITOR_DMA_TO_ISP, "DMA to ISP" },
	{ IMGU_MONITOR_UNITS, IMGU_MONITOR_TO_GDC, "geometric correction, in" },
	{ IMGU_MONITOR_UNITS, IMGU_MONITOR_FROM_GDC, "geometric correction, out" },
	{ IMGU_MONITOR_UNITS, IMGU_MONITOR_SP0_TO_DMA, "SP0 to DMA" },
	{ IMGU_MONITOR_SP0, IMGU_MONITOR_DMA_TO_SP0, "DMA to SP0" },
};

static const struct imgu_firmware_info *imgu_boot_sp(const struct imgu_device *imgu,
						     unsigned int sp)
{
	return imgu_firmware_get_info(&imgu->firmware, imgu->firmware.sp[sp]);
}

static void imgu_boot_set(struct imgu_device *imgu, u32 control, u32 bits)
{
	imgu_write(imgu, control, imgu_read(imgu, control) | bits);
}

/* Words of a structure, one after the other. */
static void imgu_boot_copy(struct imgu_device *imgu, u32 to, const void *from, size_t size)
{
	const u32 *words = from;
	size_t i;

	for (i = 0; i < size / sizeof(*words); i++)
		imgu_write(imgu, to + i * sizeof(*words), words[i]);
}

static void imgu_boot_programs(struct imgu_device *imgu)
{
	const struct imgu_firmware *firmware = &imgu->firmware;
	unsigned int i;

	for (i = 0; i < IMGU_SPS; i++) {
		imgu_write(imgu, IMGU_SP_ICACHE(i), imgu_program_address(imgu, firmware->sp[i]));
		imgu_boot_set(imgu, IMGU_SP_CTRL(i), IMGU_CTRL_ICACHE_INVALIDATE);
	}
	imgu_write(imgu, IMGU_ISP_ICACHE, imgu_program_address(imgu, firmware->bootloader));
	imgu_boot_set(imgu, IMGU_ISP_CTRL, IMGU_CTRL_ICACHE_INVALIDATE);
}

static int imgu_boot_check(struct imgu_device *imgu)
{
	unsigned int i;

	if (!(imgu_read(imgu, IMGU_SP_CTRL(0)) & IMGU_CTRL_IDLE) ||
	    !(imgu_read(imgu, IMGU_ISP_CTRL) & IMGU_CTRL_IDLE)) {
		dev_err(imgu_dev(imgu), "a processor is busy before its start\n");
		return -EIO;
	}
	for (i = 0; i < ARRAY_SIZE(imgu_streams); i++) {
		if (!(imgu_read(imgu, imgu_streams[i].monitor) & imgu_streams[i].busy))
			continue;
		dev_err(imgu_dev(imgu), "data wait in a stream before the start: %s\n",
			imgu_streams[i].name);
		return -EIO;
	}
	return 0;
}

static void imgu_boot_correction(struct imgu_device *imgu)
{
	s16 taps[IMGU_WARP_CUBIC_TAPS];
	u32 word[2], i, at;

	for (i = 0; i < IMGU_WARP_CUBIC_PLACES; i++) {
		imgu_warp_cubic(i, taps);
		word[0] = (taps[0] & IMGU_GDC_LUT_COEFFICIENT) |
			  (u32)(taps[1] & IMGU_GDC_LUT_COEFFICIENT) << 16;
		word[1] = (taps[2] & IMGU_GDC_LUT_COEFFICIENT) |
			  (u32)(taps[3] & IMGU_GDC_LUT_COEFFICIENT) << 16;
		at = IMGU_GDC_LUT + i * sizeof(word);
		imgu_write(imgu, at, word[0]);
		imgu_write(imgu, at + sizeof(*word), word[1]);
	}
}

static int imgu_boot_bootloader(struct imgu_device *imgu)
{
	const struct imgu_firmware *firmware = &imgu->firmware;
	const struct imgu_firmware_bootloader *loader =
		&imgu_firmware_get_info(firmware, firmware->bootloader)->bootloader;
	unsigned int i;
	int ret;

	imgu_write(imgu, IMGU_ISP_DMEM + loader->sw_state, IMGU_BOOT_STATE_BUSY);
	imgu_write(imgu, IMGU_ISP_DMEM + loader->commands, IMGU_SPS);
	/* The last SP first. */
	for (i = 0; i < IMGU_SPS; i++) {
		unsigned int sp = IMGU_SPS - 1 - i;
		const struct imgu_blob *blob = &imgu_boot_sp(imgu, sp)->blob;
		const struct imgu_boot_command command = {
			.source = imgu_program_address(imgu, firmware->sp[sp]) + blob->text_source,
			.size = blob->text_size,
			.type = IMGU_BOOT_TO_SP_PROGRAM,
			.target = IMGU_SP_PMEM(sp),
		};

		imgu_boot_copy(imgu, IMGU_ISP_DMEM + loader->command_list + i * sizeof(command),
			       &command, sizeof(command));
	}
	imgu_write(imgu, IMGU_ISP_START, loader->entry);
	imgu_boot_set(imgu, IMGU_ISP_CTRL, IMGU_CTRL_START | IMGU_CTRL_RUN);
	ret = imgu_power_wait(imgu, IMGU_ISP_DMEM + loader->sw_state, ~0U, IMGU_BOOT_STATE_OK);
	if (ret)
		dev_err(imgu_dev(imgu), "the bootloader does not end: %pe, state %#x\n",
			ERR_PTR(ret), imgu_read(imgu, IMGU_ISP_DMEM + loader->sw_state));
	return ret;
}

static int imgu_boot_run(struct imgu_device *imgu, unsigned int sp)
{
	const struct imgu_firmware_info *info = imgu_boot_sp(imgu, sp);
	const struct imgu_sp_boot boot = {
		.data = imgu_program_address(imgu, imgu->firmware.sp[sp]) + info->blob.data_source,
		.data_target = info->blob.data_target,
		.bss_target = info->blob.bss_target,
		.data_size = info->blob.data_size,
		.bss_size = info->blob.bss_size,
		.number = sp,
	};
	int ret;

	imgu_boot_copy(imgu, IMGU_SP_DMEM(sp) + info->sp.init_dmem_data, &boot, sizeof(boot));
	imgu_write(imgu, IMGU_SP_START(sp), info->sp.entry);
	imgu_boot_set(imgu, IMGU_SP_CTRL(sp), IMGU_CTRL_START | IMGU_CTRL_RUN);
	ret = imgu_power_wait(imgu, IMGU_SP_DMEM(sp) + info->sp.sw_state, ~0U,
			      IMGU_SP_STATE_INITIALIZED);
	if (ret)
		dev_err(imgu_dev(imgu), "SP%u does not start: %pe, state %#x\n", sp, ERR_PTR(ret),
			imgu_dmem_read(imgu, sp, info->sp.sw_state));
	return ret;
}

static int imgu_boot_sp0(struct imgu_device *imgu)
{
	const struct imgu_firmware_sp *sp = &imgu_boot_sp(imgu, 0)->sp;
	unsigned int i;
	int ret;

	imgu_dmem_write(imgu, 0, sp->per_frame_data, imgu->group_dma);
	imgu_dmem_write(imgu, 0, sp->sw_state, IMGU_SP_STATE_TERMINATED);
	imgu_dmem_write(imgu, 0, sp->invalidate_tlb, 1);
	ret = imgu_boot_run(imgu, 0);
	if (ret)
		return ret;
	imgu_dmem_write(imgu, 0, sp->isp_started, 0);
	imgu_dmem_write(imgu, 0, sp->queues_initialized, 0);
	imgu_dmem_write(imgu, 0, sp->sleep_mode, 0);
	imgu_dmem_write(imgu, 0, sp->invalidate_tlb, 0);
	imgu_dmem_write(imgu, 0, sp->host_sp_com + IMGU_SP_COMMAND, IMGU_SP_COMMAND_READY);
	for (i = 0; i < IMGU_SP_EVENT_MASKS; i++)
		imgu_dmem_write(imgu, 0, sp->host_sp_com + IMGU_SP_EVENT_MASK(i),
				IMGU_EVENT_MASK);
	imgu_dmem_write(imgu, 0, sp->queues_initialized, 1);
	return 0;
}

static int imgu_boot_sp1(struct imgu_device *imgu)
{
	const struct imgu_firmware_sp *sp = &imgu_boot_sp(imgu, 1)->sp;
	int ret;

	imgu_dmem_write(imgu, 1, sp->sw_state, IMGU_SP_STATE_TERMINATED);
	ret = imgu_boot_run(imgu, 1);
	if (ret)
		return ret;
	imgu_dmem_write(imgu, 1, sp->host_sp_com + IMGU_SP_COMMAND, IMGU_SP_COMMAND_READY);
	return 0;
}

/**
 * imgu_boot_start() - start the firmware
 * @imgu: The device, with power and with the memory backend's device resumed.
 *
 * No pipe runs yet, and no interrupt comes.
 *
 * Context: Process context, within &imgu_device.stream_lock.
 * Return: 0; -EIO, -ETIMEDOUT or -ENODEV, and the log says what is wrong. The processors are to be
 * reset then.
 */
int imgu_boot_start(struct imgu_device *imgu)
{
	int ret;

	lockdep_assert_held(&imgu->stream_lock);
	imgu_boot_programs(imgu);
	ret = imgu_boot_check(imgu);
	if (ret)
		return ret;
	imgu_boot_correction(imgu);
	/* Nothing was mapped since the backend did this; but here the staging driver does it. */
	imgu_write(imgu, IMGU_TLB_INVALIDATE, 1);
	ret = imgu_boot_bootloader(imgu);
	if (ret)
		return ret;

	memset(imgu->group, 0, sizeof(*imgu->group));
	vb2_ipu_pool_sync_for_device(imgu->shared, imgu->group, sizeof(*imgu->group));
	ret = imgu_boot_sp0(imgu);
	if (ret)
		return ret;
	return imgu_boot_sp1(imgu);
}

/**
 * imgu_boot_stop() - end the firmware
 * @imgu: The device, whose pipes have been told to stop.
 *
 * Context: Process context, within &imgu_device.stream_lock.
 * Return: 0; otherwise the firmware may go on, and the log says so.
 */
int imgu_boot_stop(struct imgu_device *imgu)
{
	const struct imgu_firmware_sp *sp = &imgu_boot_sp(imgu, 0)->sp;
	int ret, isp;
	u32 state;

	lockdep_assert_held(&imgu->stream_lock);
	imgu_dmem_write(imgu, 0, sp->host_sp_com + IMGU_SP_COMMAND, IMGU_SP_COMMAND_TERMINATE);
	ret = imgu_power_wait(imgu, IMGU_SP_CTRL(0), IMGU_CTRL_IDLE, IMGU_CTRL_IDLE);
	state = imgu_dmem_read(imgu, 0, sp->sw_state);
	if (!ret && state != IMGU_SP_STATE_TERMINATED)
		ret = -EIO;
	isp = imgu_power_wait(imgu, IMGU_ISP_CTRL, IMGU_CTRL_IDLE, IMGU_CTRL_IDLE);
	if (ret || isp)
		dev_err(imgu_dev(imgu), "the firmware does not end: SP0 %pe, state %#x, ISP %pe\n",
			ERR_PTR(ret), state, ERR_PTR(isp));
	return ret ?: isp;
}
