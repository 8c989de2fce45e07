// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers by name, for debugfs and for the log when nothing else is left to say.
 */
#include <linux/pci.h>
#include <linux/seq_file.h>

#include "ipu3-imgu.h"

static const struct {
	const char *name;
	u32 offset;
} imgu_registers[] = {
	{ "pm_ctrl", IMGU_PM_CTRL },
	{ "system_req", IMGU_SYSTEM_REQ },
	{ "int_status", IMGU_INT_STATUS },
	{ "int_enable", IMGU_INT_ENABLE },
	{ "state", IMGU_STATE },
	{ "isp_ctrl", IMGU_ISP_CTRL },
	{ "isp_start", IMGU_ISP_START },
	{ "isp_icache", IMGU_ISP_ICACHE },
	{ "sp0_ctrl", IMGU_SP_CTRL(0) },
	{ "sp0_start", IMGU_SP_START(0) },
	{ "sp0_icache", IMGU_SP_ICACHE(0) },
	{ "sp1_ctrl", IMGU_SP_CTRL(1) },
	{ "sp1_start", IMGU_SP_START(1) },
	{ "sp1_icache", IMGU_SP_ICACHE(1) },
	{ "l1_page", IMGU_L1_PAGE },
	{ "cio_gate", IMGU_CIO_GATE },
	{ "gp_busy", IMGU_GP_BUSY },
	{ "monitor_sp0", IMGU_MONITOR_SP0 },
	{ "monitor_isp", IMGU_MONITOR_ISP },
	{ "monitor_units", IMGU_MONITOR_UNITS },
	{ "gp_halt", IMGU_GP_HALT },
	{ "gp_halted", IMGU_GP_HALTED },
	{ "irq_main_status", IMGU_IRQ_STATUS(IMGU_IRQ_MAIN) },
	{ "irq_main_mask", IMGU_IRQ_MASK(IMGU_IRQ_MAIN) },
	{ "irq_main_enable", IMGU_IRQ_ENABLE(IMGU_IRQ_MAIN) },
	{ "irq_sp0_status", IMGU_IRQ_STATUS(IMGU_IRQ_SP0) },
	{ "irq_sp0_mask", IMGU_IRQ_MASK(IMGU_IRQ_SP0) },
	{ "irq_sp0_enable", IMGU_IRQ_ENABLE(IMGU_IRQ_SP0) },
	{ "irq_sp1_status", IMGU_IRQ_STATUS(IMGU_IRQ_SP1) },
	{ "irq_sp1_mask", IMGU_IRQ_MASK(IMGU_IRQ_SP1) },
	{ "irq_sp1_enable", IMGU_IRQ_ENABLE(IMGU_IRQ_SP1) },
};

/**
 * imgu_dump_show() - list all registers
 * @imgu: The device, with power.
 * @file: Where to.
 *
 * Context: Process context, within &imgu_device.stream_lock.
 */
void imgu_dump_show(struct imgu_device *imgu, struct seq_file *file)
{
	unsigned int i;

	lockdep_assert_held(&imgu->stream_lock);
	for (i = 0; i < ARRAY_SIZE(imgu_registers); i++)
		seq_printf(file, "%s %#010x\n", imgu_registers[i].name,
			   imgu_read(imgu, imgu_registers[i].offset));
}

/**
 * imgu_dump_log() - put all registers and SP0's state into the log
 * @imgu: The device, with power.
 *
 * Context: Process context.
 */
void imgu_dump_log(struct imgu_device *imgu)
{
	const struct imgu_firmware_info *info =
		imgu_firmware_get_info(&imgu->firmware, imgu->firmware.sp[0]);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(imgu_registers); i++)
		dev_info(imgu_dev(imgu), "%s %#010x\n", imgu_registers[i].name,
			 imgu_read(imgu, imgu_registers[i].offset));
	dev_info(imgu_dev(imgu), "sp0_sw_state %#010x\n",
		 imgu_dmem_read(imgu, 0, info->sp.sw_state));
}
