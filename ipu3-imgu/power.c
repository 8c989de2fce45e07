// SPDX-License-Identifier: GPL-2.0-only
/*
 * The wrapper around the processors: power, clock, reset.
 *
 * There is no description of it. The order of accesses and the times are those of the kernel's
 * staging driver, the only ones that have been seen on silicon.
 */
#include <linux/delay.h>
#include <linux/iopoll.h>
#include <linux/pci.h>

#include "ipu3-imgu.h"

#define IMGU_POLL_US		1000
#define IMGU_POLL_TIMEOUT_US	100000
#define IMGU_RESET_US		200
#define IMGU_POWER_UP_US	2000

/* What is set aside while the clock changes. */
#define IMGU_PM_CTRL_KEPT	(IMGU_PM_CTRL_POWER_DOWN | IMGU_PM_CTRL_RESET_AT_EOF)

/**
 * imgu_power_wait() - wait until a register has a value
 * @imgu: The device, with power.
 * @offset: The register.
 * @mask: Bits of it that matter.
 * @value: What they are to become.
 *
 * Context: Process context; waits for up to 100 ms.
 * Return: 0, -ETIMEDOUT, or -ENODEV if the function no longer answers.
 */
int imgu_power_wait(const struct imgu_device *imgu, u32 offset, u32 mask, u32 value)
{
	u32 found;
	int ret;

	ret = readl_poll_timeout(imgu->base + offset, found, (found & mask) == value,
				 IMGU_POLL_US, IMGU_POLL_TIMEOUT_US);
	/* No register of those that are waited for is ever all ones. */
	return found == ~0U ? -ENODEV : ret;
}

static int imgu_power_expect(struct imgu_device *imgu, u32 offset, u32 mask, u32 value,
			     const char *what)
{
	int ret = imgu_power_wait(imgu, offset, mask, value);

	if (ret)
		dev_err(imgu_dev(imgu), "%s: %pe, register %#x is %#x\n", what, ERR_PTR(ret),
			offset, imgu_read(imgu, offset));
	return ret;
}

static void imgu_power_set(struct imgu_device *imgu, u32 bits)
{
	imgu_write(imgu, IMGU_PM_CTRL, imgu_read(imgu, IMGU_PM_CTRL) | bits);
}

/**
 * imgu_power_reset() - reset the processors
 * @imgu: The device, with power. The processors have ended what they did.
 *
 * Context: Process context, within &imgu_device.stream_lock.
 * Return: 0; or what imgu_power_wait() said, and then the processors were not idle. They are reset
 * all the same.
 */
int imgu_power_reset(struct imgu_device *imgu)
{
	int ret;

	lockdep_assert_held(&imgu->stream_lock);
	imgu_read(imgu, IMGU_GP_BUSY);
	imgu_write(imgu, IMGU_GP_BUSY, 0);
	ret = imgu_power_expect(imgu, IMGU_STATE, IMGU_STATE_IDLE, IMGU_STATE_IDLE,
				"not idle before reset");
	imgu_power_set(imgu, IMGU_PM_CTRL_FORCE_RESET);
	usleep_range(IMGU_RESET_US, IMGU_RESET_US + 100);
	return ret;
}

/* The request goes away when it has been done. */
static int imgu_power_request_start(struct imgu_device *imgu, const char *what)
{
	return imgu_power_expect(imgu, IMGU_PM_CTRL, IMGU_PM_CTRL_START, 0, what);
}

static int imgu_power_on(struct imgu_device *imgu)
{
	int ret;

	if (!(imgu_read(imgu, IMGU_STATE) & IMGU_STATE_POWER_DOWN)) {
		imgu_write(imgu, IMGU_PM_CTRL, IMGU_PM_CTRL_RACE_TO_HALT);
		return 0;
	}
	imgu_write(imgu, IMGU_PM_CTRL, IMGU_PM_CTRL_RACE_TO_HALT | IMGU_PM_CTRL_START);
	ret = imgu_power_request_start(imgu, "no power");
	if (!ret)
		usleep_range(IMGU_POWER_UP_US, IMGU_POWER_UP_US + 1000);
	return ret;
}

/* The clock may change only while all is halted. */
static int imgu_power_clock(struct imgu_device *imgu, unsigned int mhz)
{
	u32 control, kept;
	int ret;

	imgu_write(imgu, IMGU_GP_BUSY, imgu_read(imgu, IMGU_GP_BUSY) | 1);
	control = imgu_read(imgu, IMGU_PM_CTRL);
	kept = control & IMGU_PM_CTRL_KEPT;
	imgu_write(imgu, IMGU_PM_CTRL, control & ~IMGU_PM_CTRL_KEPT);
	imgu_write(imgu, IMGU_GP_BUSY, 0);
	ret = imgu_power_expect(imgu, IMGU_STATE, IMGU_STATE_POWER_DOWN_FSM, 0,
				"the power's state does not settle");
	if (ret)
		return ret;
	imgu_write(imgu, IMGU_SYSTEM_REQ, mhz / IMGU_SYSTEM_REQ_MHZ & IMGU_SYSTEM_REQ_FREQUENCY);
	imgu_write(imgu, IMGU_GP_BUSY, 1);
	imgu_power_set(imgu, IMGU_PM_CTRL_FORCE_HALT);
	ret = imgu_power_expect(imgu, IMGU_STATE, IMGU_STATE_HALTED, IMGU_STATE_HALTED,
				"not halted for another clock");
	if (ret)
		return ret;
	imgu_power_set(imgu, IMGU_PM_CTRL_START);
	ret = imgu_power_request_start(imgu, "no clock");
	if (ret)
		return ret;
	imgu_power_set(imgu, IMGU_PM_CTRL_FORCE_UNHALT);
	control = imgu_read(imgu, IMGU_PM_CTRL) & ~IMGU_PM_CTRL_KEPT;
	imgu_write(imgu, IMGU_PM_CTRL, control | kept);
	return 0;
}

/**
 * imgu_power_up() - give the processors power and a clock
 * @imgu: The device, whose PCI function is in D0.
 * @mhz: Of the clock; a multiple of 25.
 *
 * Context: Process context, within &imgu_device.stream_lock.
 * Return: 0; -ENODEV if the function no longer answers; or -EIO, and the power is off again. The
 * log says why.
 */
int imgu_power_up(struct imgu_device *imgu, unsigned int mhz)
{
	int ret;

	if (imgu_read(imgu, IMGU_STATE) == ~0U) {
		dev_err(imgu_dev(imgu), "the function no longer answers\n");
		return -ENODEV;
	}
	ret = imgu_power_reset(imgu);
	if (!ret)
		ret = imgu_power_on(imgu);
	if (!ret)
		ret = imgu_power_clock(imgu, mhz);
	if (ret) {
		imgu_power_down(imgu);
		return -EIO;
	}
	imgu->powered = true;
	return 0;
}

/**
 * imgu_power_down() - let the processors lose power
 * @imgu: The device. The backend's device has been suspended.
 *
 * Context: Process context, within &imgu_device.stream_lock. What does not go as it should is told
 * to the log.
 */
void imgu_power_down(struct imgu_device *imgu)
{
	lockdep_assert_held(&imgu->stream_lock);
	imgu_power_expect(imgu, IMGU_CIO_GATE, IMGU_CIO_GATE_BURST, 0,
			  "memory is still accessed before power-down");
	imgu_power_expect(imgu, IMGU_STATE, IMGU_STATE_IDLE, IMGU_STATE_IDLE,
			  "not idle before power-down");
	imgu_write(imgu, IMGU_GP_HALT, 1);
	imgu_power_expect(imgu, IMGU_STATE, IMGU_STATE_HALTED, IMGU_STATE_HALTED,
			  "not halted before power-down");
	imgu_write(imgu, IMGU_GP_BUSY, 0);
	imgu->powered = false;
}

/**
 * imgu_power_contain() - cut the device off from memory
 * @imgu: The device, which may go on writing to memory that is about to be given back.
 *
 * It may access memory again once it has been reset: the next start sees to that.
 *
 * Context: Process context, within &imgu_device.stream_lock.
 */
void imgu_power_contain(struct imgu_device *imgu)
{
	lockdep_assert_held(&imgu->stream_lock);
	dev_err(imgu_dev(imgu), "the firmware cannot be stopped; cut off from memory\n");
	pci_clear_master(imgu->pdev);
	imgu->wedged = true;
}
