// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blocks that are copied to the ISP's memories. Where their parts are is for the program to say.
 */
#include "pure.h"
#include "late.h"

/**
 * struct imgu_late_part - a section in a block
 * @section: Which.
 * @value: Its settings.
 * @size: Their bytes.
 * @offset: Where they go, bytes from the block's start, or IMGU_LATE_ABSENT.
 */
struct imgu_late_part {
	enum imgu_section section;
	const void *value;
	u32 size;
	u32 offset;
};

static bool imgu_late_fits(u32 offset, u32 size, u32 block)
{
	return size <= block && offset <= block - size;
}

/**
 * imgu_late_judge() - do a program's parameters lie in its memories
 * @layout: What its firmware file says.
 *
 * Context: any.
 * Return: IMGU_OK or IMGU_REASON_LATE_LAYOUT.
 */
enum imgu_reason imgu_late_judge(const struct imgu_late_layout *layout)
{
	if (!imgu_late_fits(layout->vmem_lin, sizeof(struct ipu3_uapi_isp_lin_vmem_params),
			    layout->vmem_size) ||
	    !imgu_late_fits(layout->vmem_xnr3, sizeof(struct ipu3_uapi_isp_xnr3_vmem_params),
			    layout->vmem_size) ||
	    !imgu_late_fits(layout->dmem_xnr3, sizeof(struct ipu3_uapi_isp_xnr3_params),
			    layout->dmem_size))
		return IMGU_REASON_LATE_LAYOUT;
	if (layout->vmem_tnr3 != IMGU_LATE_ABSENT &&
	    !imgu_late_fits(layout->vmem_tnr3, sizeof(struct ipu3_uapi_isp_tnr3_vmem_params),
			    layout->vmem_size))
		return IMGU_REASON_LATE_LAYOUT;
	if (layout->dmem_tnr3 != IMGU_LATE_ABSENT &&
	    !imgu_late_fits(layout->dmem_tnr3, sizeof(struct ipu3_uapi_isp_tnr3_params),
			    layout->dmem_size))
		return IMGU_REASON_LATE_LAYOUT;
	return IMGU_OK;
}

/*
 * Parts may come in any order and lie on top of each other, then the later one counts: all are
 * written if one has changed. The block is small.
 */
static void imgu_late_write(const struct imgu_settings *s, const struct imgu_late_part *parts,
			    u32 count, u8 *block, u32 size, struct imgu_written *written,
			    struct imgu_ranges *changed)
{
	bool stale = false;
	u32 i;

	changed->count = 0;
	for (i = 0; i < count; i++)
		stale |= imgu_settings_stale(s, written, parts[i].section);
	if (!stale)
		return;
	memset(block, 0, size);
	for (i = 0; i < count; i++)
		if (parts[i].offset != IMGU_LATE_ABSENT)
			memcpy(block + parts[i].offset, parts[i].value, parts[i].size);
	imgu_ranges_add(changed, 0, size);
}

/**
 * imgu_late_vmem() - the block for the vector memory
 * @s: The settings.
 * @layout: Where they go, judged.
 * @vmem: The block, of @layout->vmem_size bytes.
 * @written: What the block holds; updated.
 * @changed: Result: what has been written, nothing if it was up to date.
 *
 * Context: any; the caller serialises.
 */
void imgu_late_vmem(const struct imgu_settings *s, const struct imgu_late_layout *layout,
		    u8 *vmem, struct imgu_written *written, struct imgu_ranges *changed)
{
	const struct imgu_values *v = &s->values;
	const struct imgu_late_part parts[] = {
		{ IMGU_SECTION_LIN_VMEM, &v->lin_vmem, sizeof(v->lin_vmem),
		  layout->vmem_lin },
		{ IMGU_SECTION_TNR3_VMEM, &v->tnr3_vmem, sizeof(v->tnr3_vmem),
		  layout->vmem_tnr3 },
		{ IMGU_SECTION_XNR3_VMEM, &v->xnr3_vmem, sizeof(v->xnr3_vmem),
		  layout->vmem_xnr3 },
	};

	imgu_late_write(s, parts, ARRAY_SIZE(parts), vmem, layout->vmem_size, written, changed);
}

/**
 * imgu_late_dmem() - the block for the data memory
 * @s: The settings.
 * @layout: Where they go, judged.
 * @dmem: The block, of @layout->dmem_size bytes.
 * @written: What the block holds; updated.
 * @changed: Result: what has been written, nothing if it was up to date.
 *
 * Context: any; the caller serialises.
 */
void imgu_late_dmem(const struct imgu_settings *s, const struct imgu_late_layout *layout,
		    u8 *dmem, struct imgu_written *written, struct imgu_ranges *changed)
{
	const struct imgu_values *v = &s->values;
	const struct imgu_late_part parts[] = {
		{ IMGU_SECTION_TNR3_DMEM, &v->tnr3_dmem, sizeof(v->tnr3_dmem),
		  layout->dmem_tnr3 },
		{ IMGU_SECTION_XNR3_DMEM, &v->xnr3_dmem, sizeof(v->xnr3_dmem),
		  layout->dmem_xnr3 },
	};

	imgu_late_write(s, parts, ARRAY_SIZE(parts), dmem, layout->dmem_size, written, changed);
}

/* Some 40,000 cells, one by one, would be most of what the driver does to start a stream. */
#define IMGU_OBGRID_AT_ONCE	32

/**
 * imgu_late_obgrid() - the grid of black levels
 * @s: The settings, which have one level for all cells.
 * @grid: The grid.
 * @cells: How many cells it has.
 * @written: What it holds; updated.
 *
 * The grid is large and its content hardly ever another one, though user space may give it with
 * each set.
 *
 * Context: any; the caller serialises.
 * Return: true if it has been written, false if it was up to date.
 */
bool imgu_late_obgrid(const struct imgu_settings *s, struct ipu3_uapi_obgrid_param *grid,
		      size_t cells, struct imgu_written *written)
{
	struct ipu3_uapi_obgrid_param some[IMGU_OBGRID_AT_ONCE];
	size_t i;

	if (!imgu_settings_stale(s, written, IMGU_SECTION_OBGRID))
		return false;
	for (i = 0; i < ARRAY_SIZE(some); i++)
		some[i] = s->values.obgrid;
	for (; cells > ARRAY_SIZE(some); cells -= ARRAY_SIZE(some)) {
		memcpy(grid, some, sizeof(some));
		grid += ARRAY_SIZE(some);
	}
	memcpy(grid, some, cells * sizeof(*some));
	return true;
}
