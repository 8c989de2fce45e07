// SPDX-License-Identifier: GPL-2.0-only
/*
 * User space's settings, merged into the driver's own copy: a set as a whole or not at all.
 *
 * Most settings only change what a picture looks like, whatever they are. Refused is only what
 * could make a block write behind its memory, or wait for what never comes.
 */
#include "pure.h"
#include "defaults.h"
#include "grid.h"
#include "reserved.h"
#include "settings.h"
#include "shading.h"

/**
 * struct imgu_section_row - one section
 * @use: The use flags with this section's set alone.
 * @from: The section's place in struct ipu3_uapi_params.
 * @to: Its place in struct imgu_values.
 * @size: Its bytes.
 * @judge: What may be wrong with it; NULL: nothing.
 */
struct imgu_section_row {
	struct ipu3_uapi_flags use;
	u32 from;
	u32 to;
	u32 size;
	enum imgu_reason (*judge)(const struct ipu3_uapi_params *user,
				  const struct imgu_geometry *g, const struct imgu_program *p);
};

static enum imgu_reason imgu_judge_grid(enum imgu_grid_block block,
					const struct ipu3_uapi_grid_config config,
					const struct imgu_geometry *g, bool made)
{
	const struct imgu_grid grid = imgu_grid_from(block, &config);

	return imgu_grid_judge(block, &grid, &g->bds, made);
}

static enum imgu_reason imgu_judge_af(const struct ipu3_uapi_params *user,
				      const struct imgu_geometry *g, const struct imgu_program *p)
{
	return imgu_judge_grid(IMGU_GRID_AF, user->acc_param.af.grid_cfg, g, p->has_af);
}

static enum imgu_reason imgu_judge_awb_fr(const struct ipu3_uapi_params *user,
					  const struct imgu_geometry *g,
					  const struct imgu_program *p)
{
	return imgu_judge_grid(IMGU_GRID_AWB_FR, user->acc_param.awb_fr.grid_cfg, g,
			       p->has_awb_fr);
}

static enum imgu_reason imgu_judge_awb(const struct ipu3_uapi_params *user,
				       const struct imgu_geometry *g, const struct imgu_program *p)
{
	return imgu_judge_grid(IMGU_GRID_AWB, user->acc_param.awb.config.grid, g, p->has_awb);
}

static enum imgu_reason imgu_judge_ae(const struct ipu3_uapi_params *user,
				      const struct imgu_geometry *g, const struct imgu_program *p)
{
	const struct ipu3_uapi_ae_grid_config config = user->acc_param.ae.grid_cfg;
	const struct imgu_grid grid = imgu_grid_from_ae(&config);

	return imgu_grid_judge(IMGU_GRID_AE, &grid, &g->bds, p->has_ae);
}

static enum imgu_reason imgu_judge_shd(const struct ipu3_uapi_params *user,
				       const struct imgu_geometry *g, const struct imgu_program *p)
{
	const struct ipu3_uapi_shd_grid_config grid = user->acc_param.shd.shd.grid;

	return imgu_shading_judge(&grid, &g->bds);
}

#define IMGU_FLAG(flag) .use = { .flag = 1 }
#define IMGU_FROM(member) .from = offsetof(struct ipu3_uapi_params, member)
#define IMGU_TO(member) .to = offsetof(struct imgu_values, member)
#define IMGU_SIZE(member) .size = sizeof_field(struct imgu_values, member)

static const struct imgu_section_row rows[IMGU_SECTIONS] = {
	[IMGU_SECTION_BNR] = {
		IMGU_FLAG(acc_bnr), IMGU_FROM(acc_param.bnr), IMGU_TO(bnr), IMGU_SIZE(bnr),
	},
	[IMGU_SECTION_GREEN_DISPARITY] = {
		IMGU_FLAG(acc_green_disparity), IMGU_FROM(acc_param.green_disparity),
		IMGU_TO(green_disparity), IMGU_SIZE(green_disparity),
	},
	[IMGU_SECTION_DM] = {
		IMGU_FLAG(acc_dm), IMGU_FROM(acc_param.dm), IMGU_TO(dm), IMGU_SIZE(dm),
	},
	[IMGU_SECTION_CCM] = {
		IMGU_FLAG(acc_ccm), IMGU_FROM(acc_param.ccm), IMGU_TO(ccm), IMGU_SIZE(ccm),
	},
	[IMGU_SECTION_GAMMA] = {
		IMGU_FLAG(acc_gamma), IMGU_FROM(acc_param.gamma), IMGU_TO(gamma), IMGU_SIZE(gamma),
	},
	[IMGU_SECTION_CSC] = {
		IMGU_FLAG(acc_csc), IMGU_FROM(acc_param.csc), IMGU_TO(csc), IMGU_SIZE(csc),
	},
	[IMGU_SECTION_CDS] = {
		IMGU_FLAG(acc_cds), IMGU_FROM(acc_param.cds), IMGU_TO(cds), IMGU_SIZE(cds),
	},
	[IMGU_SECTION_SHD] = {
		IMGU_FLAG(acc_shd), IMGU_FROM(acc_param.shd),
		IMGU_TO(shd), IMGU_SIZE(shd), .judge = imgu_judge_shd,
	},
	[IMGU_SECTION_IEFD] = {
		IMGU_FLAG(acc_iefd), IMGU_FROM(acc_param.iefd), IMGU_TO(iefd), IMGU_SIZE(iefd),
	},
	[IMGU_SECTION_YDS_C0] = {
		IMGU_FLAG(acc_yds_c0), IMGU_FROM(acc_param.yds_c0),
		IMGU_TO(yds_c0), IMGU_SIZE(yds_c0),
	},
	[IMGU_SECTION_CHNR_C0] = {
		IMGU_FLAG(acc_chnr_c0), IMGU_FROM(acc_param.chnr_c0),
		IMGU_TO(chnr_c0), IMGU_SIZE(chnr_c0),
	},
	[IMGU_SECTION_Y_EE_NR] = {
		IMGU_FLAG(acc_y_ee_nr), IMGU_FROM(acc_param.y_ee_nr),
		IMGU_TO(y_ee_nr), IMGU_SIZE(y_ee_nr),
	},
	[IMGU_SECTION_YDS] = {
		IMGU_FLAG(acc_yds), IMGU_FROM(acc_param.yds), IMGU_TO(yds), IMGU_SIZE(yds),
	},
	[IMGU_SECTION_CHNR] = {
		IMGU_FLAG(acc_chnr), IMGU_FROM(acc_param.chnr), IMGU_TO(chnr), IMGU_SIZE(chnr),
	},
	[IMGU_SECTION_YDS2] = {
		IMGU_FLAG(acc_yds2), IMGU_FROM(acc_param.yds2), IMGU_TO(yds2), IMGU_SIZE(yds2),
	},
	[IMGU_SECTION_TCC] = {
		IMGU_FLAG(acc_tcc), IMGU_FROM(acc_param.tcc), IMGU_TO(tcc), IMGU_SIZE(tcc),
	},
	[IMGU_SECTION_ANR] = {
		IMGU_FLAG(acc_anr), IMGU_FROM(acc_param.anr), IMGU_TO(anr), IMGU_SIZE(anr),
	},
	[IMGU_SECTION_AWB_FR] = {
		IMGU_FLAG(acc_awb_fr), IMGU_FROM(acc_param.awb_fr),
		IMGU_TO(awb_fr), IMGU_SIZE(awb_fr), .judge = imgu_judge_awb_fr,
	},
	[IMGU_SECTION_AE] = {
		IMGU_FLAG(acc_ae), IMGU_FROM(acc_param.ae),
		IMGU_TO(ae), IMGU_SIZE(ae), .judge = imgu_judge_ae,
	},
	[IMGU_SECTION_AF] = {
		IMGU_FLAG(acc_af), IMGU_FROM(acc_param.af),
		IMGU_TO(af), IMGU_SIZE(af), .judge = imgu_judge_af,
	},
	[IMGU_SECTION_AWB] = {
		IMGU_FLAG(acc_awb), IMGU_FROM(acc_param.awb),
		IMGU_TO(awb), IMGU_SIZE(awb), .judge = imgu_judge_awb,
	},
	[IMGU_SECTION_LIN_VMEM] = {
		IMGU_FLAG(lin_vmem_params), IMGU_FROM(lin_vmem_params),
		IMGU_TO(lin_vmem), IMGU_SIZE(lin_vmem),
	},
	[IMGU_SECTION_TNR3_VMEM] = {
		IMGU_FLAG(tnr3_vmem_params), IMGU_FROM(tnr3_vmem_params),
		IMGU_TO(tnr3_vmem), IMGU_SIZE(tnr3_vmem),
	},
	[IMGU_SECTION_XNR3_VMEM] = {
		IMGU_FLAG(xnr3_vmem_params), IMGU_FROM(xnr3_vmem_params),
		IMGU_TO(xnr3_vmem), IMGU_SIZE(xnr3_vmem),
	},
	[IMGU_SECTION_TNR3_DMEM] = {
		IMGU_FLAG(tnr3_dmem_params), IMGU_FROM(tnr3_dmem_params),
		IMGU_TO(tnr3_dmem), IMGU_SIZE(tnr3_dmem),
	},
	[IMGU_SECTION_XNR3_DMEM] = {
		IMGU_FLAG(xnr3_dmem_params), IMGU_FROM(xnr3_dmem_params),
		IMGU_TO(xnr3_dmem), IMGU_SIZE(xnr3_dmem),
	},
	[IMGU_SECTION_OBGRID] = {
		IMGU_FLAG(obgrid_param), IMGU_FROM(obgrid_param),
		IMGU_TO(obgrid), IMGU_SIZE(obgrid),
	},
};

static bool imgu_settings_used(const struct ipu3_uapi_params *user, enum imgu_section section)
{
	u8 given[sizeof(user->use)], asked[sizeof(user->use)];
	u8 common = 0;
	u32 i;

	memcpy(given, &user->use, sizeof(given));
	memcpy(asked, &rows[section].use, sizeof(asked));
	for (i = 0; i < sizeof(given); i++)
		common |= given[i] & asked[i];
	return common;
}

static void imgu_settings_fit(enum imgu_grid_block block, struct ipu3_uapi_grid_config *config,
			      const struct imgu_size *frame)
{
	struct imgu_grid grid = imgu_grid_from(block, config);

	imgu_grid_fit(block, &grid, frame);
	config->width = grid.width;
	config->height = grid.height;
}

static void imgu_settings_fit_ae(struct ipu3_uapi_ae_grid_config *ae,
				 const struct imgu_size *frame)
{
	struct imgu_grid grid = imgu_grid_from_ae(ae);

	imgu_grid_fit(IMGU_GRID_AE, &grid, frame);
	ae->width = grid.width;
	ae->height = grid.height;
}

/**
 * imgu_settings_init() - begin a stream
 * @s: The settings; what was in them is forgotten.
 * @g: The pipe's sizes, judged. The grids that a stream begins with are fitted into the frame.
 *
 * Context: any; the caller serialises.
 */
void imgu_settings_init(struct imgu_settings *s, const struct imgu_geometry *g)
{
	u32 i;

	imgu_defaults_fill(&s->values);
	imgu_settings_fit(IMGU_GRID_AF, &s->values.af.grid_cfg, &g->bds);
	imgu_settings_fit(IMGU_GRID_AWB_FR, &s->values.awb_fr.grid_cfg, &g->bds);
	imgu_settings_fit_ae(&s->values.ae.grid_cfg, &g->bds);
	imgu_settings_fit(IMGU_GRID_AWB, &s->values.awb.grid, &g->bds);
	for (i = 0; i < IMGU_SECTIONS; i++)
		s->generation[i] = 1;
}

/**
 * imgu_settings_merge() - take over the sections that user space has set
 * @s: The settings.
 * @user: What user space gives, in memory that nobody writes to meanwhile, at a multiple of 32.
 * @g: The pipe's sizes, judged, as they were when the stream began.
 * @p: Its program.
 *
 * Sections whose use flag is not set are not looked at. A section that is given once more as it is
 * keeps its generation.
 *
 * Context: any; the caller serialises.
 * Return: IMGU_OK; or the rule that is broken, and then nothing of @s has changed.
 */
enum imgu_reason imgu_settings_merge(struct imgu_settings *s, const struct ipu3_uapi_params *user,
				     const struct imgu_geometry *g, const struct imgu_program *p)
{
	u32 i;

	if (user->use.acc_dpc)
		return IMGU_REASON_DPC;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		enum imgu_reason reason;

		if (!rows[i].judge || !imgu_settings_used(user, i))
			continue;
		reason = rows[i].judge(user, g, p);
		if (reason)
			return reason;
	}

	for (i = 0; i < IMGU_SECTIONS; i++) {
		const struct imgu_section_row *row = &rows[i];
		const u8 *from = (const u8 *)user + row->from;
		u8 *to = (u8 *)&s->values + row->to;

		if (!imgu_settings_used(user, i) || !memcmp(to, from, row->size))
			continue;
		memcpy(to, from, row->size);
		imgu_reserved_clear(&s->values, i);
		if (!++s->generation[i])
			s->generation[i] = 1;
	}
	return IMGU_OK;
}

/**
 * imgu_settings_stale() - is a section to be written to a block
 * @s: The settings.
 * @written: What the block holds; noted as up to date.
 * @section: Which section.
 *
 * Context: any; the caller serialises.
 * Return: true if the block holds another generation of the section, or none.
 */
bool imgu_settings_stale(const struct imgu_settings *s, struct imgu_written *written,
			 enum imgu_section section)
{
	if (written->generation[section] == s->generation[section])
		return false;
	written->generation[section] = s->generation[section];
	return true;
}

/**
 * imgu_ranges_add() - note that bytes of a block have been written
 * @ranges: The list. Offsets must ascend; what is less than a line of the cache (64 bytes) apart
 *	becomes one range.
 * @offset: Bytes from the block's start.
 * @size: Bytes.
 *
 * Context: any.
 */
void imgu_ranges_add(struct imgu_ranges *ranges, u32 offset, u32 size)
{
	struct imgu_range *last = ranges->count ? &ranges->range[ranges->count - 1] : NULL;

	if (last && offset < last->offset + last->size + 64)
		last->size = offset + size - last->offset;
	else
		ranges->range[ranges->count++] = (struct imgu_range){ offset, size };
}
