/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Settings that are copied to the memories of the ISP when a frame begins ("late"): its vector
 * memory, its data memory, and the grid of black levels beside them.
 */
#ifndef IPU3_IMGU_LATE_H
#define IPU3_IMGU_LATE_H

#include "settings.h"

/* An offset in struct imgu_late_layout: the program has no such parameters. */
#define IMGU_LATE_ABSENT 0xffffffff

/**
 * struct imgu_late_layout - where a program expects its parameters
 * @vmem_size: Bytes of the vector memory's block.
 * @vmem_lin: Offset of struct ipu3_uapi_isp_lin_vmem_params in it, bytes.
 * @vmem_tnr3: The same of struct ipu3_uapi_isp_tnr3_vmem_params, or IMGU_LATE_ABSENT: a program
 *	for still pictures has no temporal noise reduction.
 * @vmem_xnr3: The same of struct ipu3_uapi_isp_xnr3_vmem_params.
 * @dmem_size: Bytes of the data memory's block.
 * @dmem_tnr3: Offset of struct ipu3_uapi_isp_tnr3_params in it, bytes, or IMGU_LATE_ABSENT.
 * @dmem_xnr3: The same of struct ipu3_uapi_isp_xnr3_params.
 */
struct imgu_late_layout {
	u32 vmem_size;
	u32 vmem_lin;
	u32 vmem_tnr3;
	u32 vmem_xnr3;
	u32 dmem_size;
	u32 dmem_tnr3;
	u32 dmem_xnr3;
};

enum imgu_reason imgu_late_judge(const struct imgu_late_layout *layout);
void imgu_late_vmem(const struct imgu_settings *s, const struct imgu_late_layout *layout,
		    u8 *vmem, struct imgu_written *written, struct imgu_ranges *changed);
void imgu_late_dmem(const struct imgu_settings *s, const struct imgu_late_layout *layout,
		    u8 *dmem, struct imgu_written *written, struct imgu_ranges *changed);
bool imgu_late_obgrid(const struct imgu_settings *s, struct ipu3_uapi_obgrid_param *grid,
		      size_t cells, struct imgu_written *written);

#endif
