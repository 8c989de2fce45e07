// SPDX-License-Identifier: GPL-2.0-only
/*
 * The firmware file, and its programs in memory that the device can read: those of the SPs and the
 * bootloader from the beginning, one of the ISP when a pipe first chooses it.
 */
#include <linux/err.h>
#include <linux/firmware.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <media/vb2-ipu-iommu.h>

#include "ipu3-imgu.h"

/* Where distributions have the file, or had it. */
#define IMGU_FIRMWARE_2017 "irci_irci_ecr-master_20161208_0213_20170112_1500.bin"

static const char *const imgu_firmware_files[] = {
	"intel/ipu/" IMGU_FIRMWARE_2017,
	"intel/" IMGU_FIRMWARE_2017,
	"intel/ipu3-fw.bin",
};

MODULE_FIRMWARE("intel/ipu/" IMGU_FIRMWARE_2017);
MODULE_FIRMWARE("intel/" IMGU_FIRMWARE_2017);
MODULE_FIRMWARE("intel/ipu3-fw.bin");

static int imgu_program_find(struct imgu_device *imgu)
{
	int ret = -ENOENT;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(imgu_firmware_files); i++) {
		ret = firmware_request_nowarn(&imgu->file, imgu_firmware_files[i],
					      imgu_dev(imgu));
		if (ret != -ENOENT)
			return ret;
	}
	return ret;
}

static int imgu_program_judge(struct imgu_device *imgu)
{
	const struct imgu_firmware_header *header = (const void *)imgu->file->data;
	enum imgu_reason reason;
	u32 number;

	reason = imgu_firmware_judge(imgu->file->data, imgu->file->size, &imgu->firmware,
				     &number);
	if (reason) {
		dev_err(imgu_dev(imgu), "firmware file, program %u: %s\n", number,
			imgu_reason_text(reason));
		return -EINVAL;
	}
	dev_info(imgu_dev(imgu), "loaded firmware version %.64s, %u binaries, %zu bytes\n",
		 header->version, imgu->firmware.programs, imgu->firmware.size);
	return 0;
}

/**
 * imgu_program_load() - bring a program to where the device can read it
 * @imgu: The device.
 * @number: Of the program, below &imgu_firmware.programs.
 *
 * Nothing is done if it is there already.
 *
 * Context: Process context, within &imgu_device.stream_lock.
 * Return: 0, or what vb2_ipu_mem_alloc() said.
 */
int imgu_program_load(struct imgu_device *imgu, u32 number)
{
	const struct imgu_firmware_info *info = imgu_firmware_get_info(&imgu->firmware, number);
	struct vb2_ipu_mem *body;

	lockdep_assert_held(&imgu->stream_lock);
	if (imgu->bodies[number])
		return 0;
	body = vb2_ipu_mem_alloc(imgu->vid, "program", info->blob.size, DMA_TO_DEVICE);
	if (IS_ERR(body))
		return PTR_ERR(body);
	memcpy(vb2_ipu_mem_vaddr(body), imgu_firmware_body(&imgu->firmware, number),
	       info->blob.size);
	vb2_ipu_mem_sync_for_device(body, 0, info->blob.size);
	imgu->bodies[number] = body;
	return 0;
}

/**
 * imgu_program_address() - where the device finds a program
 * @imgu: The device.
 * @number: Of a program that has been loaded.
 *
 * Context: Process context.
 * Return: address of its body.
 */
u32 imgu_program_address(const struct imgu_device *imgu, u32 number)
{
	return vb2_ipu_mem_dma_addr(imgu->bodies[number]);
}

/**
 * imgu_program_init() - find the firmware file, look whether it can be used, and load what each
 *	start needs
 * @imgu: The device, with its memory backend.
 *
 * Context: Process context, probe.
 * Return: 0; what request_firmware() said; -EINVAL for a file that is refused; or what
 * vb2_ipu_mem_alloc() said.
 */
int imgu_program_init(struct imgu_device *imgu)
{
	unsigned int i;
	int ret;

	ret = imgu_program_find(imgu);
	if (ret)
		return dev_err_probe(imgu_dev(imgu), ret, "no firmware file, last looked for: %s\n",
				     imgu_firmware_files[ARRAY_SIZE(imgu_firmware_files) - 1]);
	ret = imgu_program_judge(imgu);
	if (ret)
		goto err_file;
	ret = -ENOMEM;
	imgu->bodies = kcalloc(imgu->firmware.programs, sizeof(*imgu->bodies), GFP_KERNEL);
	if (!imgu->bodies)
		goto err_file;

	mutex_lock(&imgu->stream_lock);
	ret = imgu_program_load(imgu, imgu->firmware.bootloader);
	for (i = 0; i < IMGU_SPS && !ret; i++)
		ret = imgu_program_load(imgu, imgu->firmware.sp[i]);
	mutex_unlock(&imgu->stream_lock);
	if (ret)
		imgu_program_exit(imgu);
	return ret;

err_file:
	release_firmware(imgu->file);
	return ret;
}

/**
 * imgu_program_exit() - free programs and file
 * @imgu: The device, whose firmware does not run.
 *
 * Context: Process context.
 */
void imgu_program_exit(struct imgu_device *imgu)
{
	u32 i;

	for (i = 0; i < imgu->firmware.programs; i++)
		vb2_ipu_mem_free(imgu->bodies[i]);
	kfree(imgu->bodies);
	release_firmware(imgu->file);
}
