// SPDX-License-Identifier: GPL-2.0-only
/*
 * The accelerators' block, 285 KB of which 240 are always zero. It lies in memory that the device
 * reads, and that is written back line by line, so that what has not changed is left alone. Nothing
 * is ever read from it.
 */
#include "pure.h"
#include "acc.h"
#include "bds.h"
#include "feeder.h"
#include "grid.h"
#include "lines.h"
#include "noise.h"
#include "osys.h"
#include "shading.h"
#include "stripes.h"

/**
 * struct imgu_acc_source - what a section is made from
 * @values: The settings.
 * @g: Sizes.
 * @stripe: The frame's division.
 */
struct imgu_acc_source {
	const struct imgu_values *values;
	const struct imgu_geometry *g;
	const struct imgu_acc_stripe *stripe;
};

static void imgu_acc_bnr(const struct imgu_acc_source *from, struct imgu_acc_param *acc)
{
	struct ipu3_uapi_bnr_static_config bnr;

	imgu_noise_bnr(&from->values->bnr, &from->g->bds, &bnr);
	acc->bnr = bnr;
}

static void imgu_acc_dm(const struct imgu_acc_source *from, struct imgu_acc_param *acc)
{
	struct ipu3_uapi_dm_config dm;

	imgu_noise_dm(&from->values->dm, &from->g->bds, &dm);
	acc->dm = dm;
}

static void imgu_acc_shd(const struct imgu_acc_source *from, struct imgu_acc_param *acc)
{
	imgu_shading_fill(&from->values->shd.shd, &from->g->bds, &acc->shd);
	memcpy(&acc->shd.lut, &from->values->shd.shd_lut, sizeof(acc->shd.lut));
}

static void imgu_acc_anr(const struct imgu_acc_source *from, struct imgu_acc_param *acc)
{
	struct imgu_acc_anr anr;

	imgu_noise_anr(&from->values->anr, &from->g->bds, &anr);
	acc->anr = anr;
}

/* A grid as the firmware wants it: with its ends, and a slice for each @cells of it. */
static struct ipu3_uapi_grid_config imgu_acc_grid(const struct ipu3_uapi_grid_config *user,
						  const struct imgu_grid *grid, u32 cells)
{
	struct ipu3_uapi_grid_config config = *user;

	config.height_per_slice = cells / grid->width;
	config.x_end = imgu_grid_x_end(grid);
	config.y_end = imgu_grid_y_end(grid);
	return config;
}

/* A stripe's part of it. Slices are of one row, which makes both stripes' fit together. */
static struct ipu3_uapi_grid_config imgu_acc_part(const struct ipu3_uapi_grid_config *whole,
						  const struct imgu_grid_part *part)
{
	struct ipu3_uapi_grid_config config = *whole;

	config.height_per_slice = 1;
	config.width = part->width;
	config.x_start = part->x_start;
	config.x_end = part->x_end;
	return config;
}

static void imgu_acc_awb_fr(const struct imgu_acc_source *from, struct imgu_acc_param *acc)
{
	const struct ipu3_uapi_awb_fr_config_s *user = &from->values->awb_fr;
	const struct imgu_grid grid = imgu_grid_from(IMGU_GRID_AWB_FR, &user->grid_cfg);
	struct imgu_acc_awb_fr awb_fr = { .config = *user };
	struct imgu_grid_part part[2];
	u32 i;

	awb_fr.config.grid_cfg = imgu_acc_grid(&user->grid_cfg, &grid, IMGU_AWB_FR_CELLS_PER_SET);
	imgu_grid_split(IMGU_GRID_AWB_FR, &grid, from->stripe, part);
	for (i = 0; i < from->stripe->count; i++) {
		struct ipu3_uapi_grid_config *config = &awb_fr.stripe[i].grid_cfg;

		awb_fr.stripe[i] = awb_fr.config;
		*config = imgu_acc_part(&awb_fr.config.grid_cfg, &part[i]);
		if (!part[i].enabled)
			config->y_start &= ~IPU3_UAPI_GRID_Y_START_EN;
	}
	imgu_lines_fill(&grid, from->g->bds.height, IMGU_GRID_FILTER_DELAY,
			&(struct imgu_line_list){ awb_fr.operations, awb_fr.lines, NULL });
	acc->awb_fr = awb_fr;
}

static void imgu_acc_ae(const struct imgu_acc_source *from, struct imgu_acc_param *acc)
{
	const struct ipu3_uapi_ae_config *user = &from->values->ae;
	const struct imgu_grid grid = imgu_grid_from_ae(&user->grid_cfg);
	struct imgu_acc_ae ae = { .grid = user->grid_cfg, .ccm = user->ae_ccm };
	struct imgu_grid_part part[2];
	u32 i;

	memcpy(ae.weights, user->weights, sizeof(ae.weights));
	ae.grid.x_end = imgu_grid_x_end(&grid);
	ae.grid.y_end = imgu_grid_y_end(&grid);
	imgu_grid_split(IMGU_GRID_AE, &grid, from->stripe, part);
	for (i = 0; i < from->stripe->count; i++) {
		struct ipu3_uapi_ae_grid_config *config = &ae.stripe[i].grid;

		*config = ae.grid;
		config->width = part[i].width;
		config->x_start = part[i].x_start;
		config->x_end = part[i].x_end;
		if (!part[i].enabled)
			config->ae_en = 0;
	}
	acc->ae = ae;
}

static void imgu_acc_af(const struct imgu_acc_source *from, struct imgu_acc_param *acc)
{
	const struct ipu3_uapi_af_config_s *user = &from->values->af;
	const struct imgu_grid grid = imgu_grid_from(IMGU_GRID_AF, &user->grid_cfg);
	struct imgu_acc_af af = { .config.filter = user->filter_config };
	struct imgu_grid_part part[2];
	u32 i;

	af.config.grid = imgu_acc_grid(&user->grid_cfg, &grid, IMGU_AF_CELLS_PER_SET);
	af.config.frame.width = ALIGN(from->g->bds.width, 128);
	af.config.frame.height = from->g->bds.height;
	imgu_grid_split(IMGU_GRID_AF, &grid, from->stripe, part);
	for (i = 0; i < from->stripe->count; i++) {
		af.stripe[i].grid = imgu_acc_part(&af.config.grid, &part[i]);
		af.stripe[i].frame.width = from->stripe->bds[i].width;
		af.stripe[i].frame.height = from->g->bds.height;
		if (!part[i].enabled)
			af.stripe[i].grid.y_start &= ~IPU3_UAPI_GRID_Y_START_EN;
	}
	imgu_lines_fill(&grid, from->g->bds.height, IMGU_GRID_FILTER_DELAY,
			&(struct imgu_line_list){ af.operations, af.lines, NULL });
	acc->af = af;
}

static void imgu_acc_awb(const struct imgu_acc_source *from, struct imgu_acc_param *acc)
{
	const struct ipu3_uapi_awb_config_s *user = &from->values->awb;
	const struct imgu_grid grid = imgu_grid_from(IMGU_GRID_AWB, &user->grid);
	struct imgu_acc_awb awb = { .config = *user };
	struct imgu_grid_part part[2];
	u32 i;

	awb.config.grid = imgu_acc_grid(&user->grid, &grid, IMGU_AWB_CELLS_PER_SET);
	imgu_grid_split(IMGU_GRID_AWB, &grid, from->stripe, part);
	for (i = 0; i < from->stripe->count; i++) {
		awb.stripe[i] = awb.config;
		awb.stripe[i].grid = imgu_acc_part(&awb.config.grid, &part[i]);
		if (!part[i].enabled)
			awb.stripe[i].rgbs_thr_b &= ~IPU3_UAPI_AWB_RGBS_THR_B_EN;
	}
	imgu_lines_fill(&grid, from->g->bds.height, 0,
			&(struct imgu_line_list){ awb.operations, awb.lines, awb.transfers });
	acc->awb = awb;
}

static_assert(IMGU_AF_LINES > IMGU_GRID_AF_HEIGHT, "room for each row, and the lines below");
static_assert(IMGU_AWB_FR_LINES > IMGU_GRID_AF_HEIGHT, "room for each row, and the lines below");
static_assert(IMGU_AWB_LINES > IMGU_GRID_AWB_HEIGHT, "room for each row, and the lines below");

/**
 * struct imgu_acc_row - how a section gets into the block
 * @from: Its place in struct imgu_values, if it is copied.
 * @offset: Its place in the block.
 * @size: Its bytes there.
 * @fill: What writes it; NULL: it is copied.
 */
struct imgu_acc_row {
	u32 from;
	u32 offset;
	u32 size;
	void (*fill)(const struct imgu_acc_source *from, struct imgu_acc_param *acc);
};

#define IMGU_AT(member) .offset = offsetof(struct imgu_acc_param, member)
#define IMGU_SIZE(member) .size = sizeof_field(struct imgu_acc_param, member)
#define IMGU_FROM(member) .from = offsetof(struct imgu_values, member)

/* Offsets ascend, as imgu_ranges_add() wants them. */
static const struct imgu_acc_row rows[] = {
	[IMGU_SECTION_BNR] = { IMGU_AT(bnr), IMGU_SIZE(bnr), .fill = imgu_acc_bnr },
	[IMGU_SECTION_GREEN_DISPARITY] = {
		IMGU_AT(green_disparity), IMGU_SIZE(green_disparity), IMGU_FROM(green_disparity),
	},
	[IMGU_SECTION_DM] = { IMGU_AT(dm), IMGU_SIZE(dm), .fill = imgu_acc_dm },
	[IMGU_SECTION_CCM] = { IMGU_AT(ccm), IMGU_SIZE(ccm), IMGU_FROM(ccm) },
	[IMGU_SECTION_GAMMA] = { IMGU_AT(gamma), IMGU_SIZE(gamma), IMGU_FROM(gamma) },
	[IMGU_SECTION_CSC] = { IMGU_AT(csc), IMGU_SIZE(csc), IMGU_FROM(csc) },
	[IMGU_SECTION_CDS] = { IMGU_AT(cds), IMGU_SIZE(cds), IMGU_FROM(cds) },
	[IMGU_SECTION_SHD] = { IMGU_AT(shd), IMGU_SIZE(shd), .fill = imgu_acc_shd },
	[IMGU_SECTION_IEFD] = { IMGU_AT(iefd), IMGU_SIZE(iefd), IMGU_FROM(iefd) },
	[IMGU_SECTION_YDS_C0] = { IMGU_AT(yds_c0), IMGU_SIZE(yds_c0), IMGU_FROM(yds_c0) },
	[IMGU_SECTION_CHNR_C0] = { IMGU_AT(chnr_c0), IMGU_SIZE(chnr_c0), IMGU_FROM(chnr_c0) },
	[IMGU_SECTION_Y_EE_NR] = { IMGU_AT(y_ee_nr), IMGU_SIZE(y_ee_nr), IMGU_FROM(y_ee_nr) },
	[IMGU_SECTION_YDS] = { IMGU_AT(yds), IMGU_SIZE(yds), IMGU_FROM(yds) },
	[IMGU_SECTION_CHNR] = { IMGU_AT(chnr), IMGU_SIZE(chnr), IMGU_FROM(chnr) },
	[IMGU_SECTION_YDS2] = { IMGU_AT(yds2), IMGU_SIZE(yds2), IMGU_FROM(yds2) },
	[IMGU_SECTION_TCC] = { IMGU_AT(tcc), IMGU_SIZE(tcc), IMGU_FROM(tcc) },
	[IMGU_SECTION_ANR] = { IMGU_AT(anr), IMGU_SIZE(anr), .fill = imgu_acc_anr },
	[IMGU_SECTION_AWB_FR] = { IMGU_AT(awb_fr), IMGU_SIZE(awb_fr), .fill = imgu_acc_awb_fr },
	[IMGU_SECTION_AE] = { IMGU_AT(ae), IMGU_SIZE(ae), .fill = imgu_acc_ae },
	[IMGU_SECTION_AF] = { IMGU_AT(af), IMGU_SIZE(af), .fill = imgu_acc_af },
	[IMGU_SECTION_AWB] = { IMGU_AT(awb), IMGU_SIZE(awb), .fill = imgu_acc_awb },
};

static bool imgu_acc_begun(const struct imgu_written *written)
{
	return written->generation[IMGU_SECTION_BNR];
}

/* The block off, and one operation: let the frame's lines go by. */
static void imgu_acc_dvs(const struct imgu_geometry *g, struct imgu_acc_dvs *dvs)
{
	dvs->lines[0].lines = g->bds.height;
	dvs->operations[0].what = IMGU_ACC_WHAT_PROCESS_LINES;
	dvs->operations[0].when = IMGU_ACC_WHEN_NO_OPS;
}

static void imgu_acc_ytm(struct imgu_acc_ytm *ytm)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(ytm->lut); i++)
		ytm->lut[i] = 32 * i;
}

static void imgu_acc_sizes(const struct imgu_geometry *g, const struct imgu_program *p,
			   struct imgu_acc_stripe *stripe, struct imgu_acc_param *acc)
{
	memset(acc, 0, sizeof(*acc));
	imgu_osys(g, p, &acc->osys, stripe);
	acc->stripe = *stripe;
	imgu_feeder(g, stripe, &acc->feeder);
	imgu_bds(g, stripe, &acc->bds);
	imgu_acc_dvs(g, &acc->dvs);
	imgu_acc_ytm(&acc->ytm);
}

static bool imgu_acc_is_grid(enum imgu_section section)
{
	return section >= IMGU_SECTION_AWB_FR && section <= IMGU_SECTION_AWB;
}

/* Judging sizes and dividing the frame costs more than writing most sections does. */
static bool imgu_acc_needs_stripes(const struct imgu_settings *s,
				   const struct imgu_written *written)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (imgu_acc_is_grid(i) && written->generation[i] != s->generation[i])
			return true;
	return false;
}

/**
 * imgu_acc_build() - bring a block up to date
 * @s: The settings, merged for the same sizes and program.
 * @g: Sizes.
 * @p: The program.
 * @acc: The block.
 * @written: What it holds, or zeroes for a block that holds nothing yet; updated.
 * @changed: Result: what has been written.
 *
 * Context: any; the caller serialises.
 * Return: IMGU_OK; or why the sizes are refused, and then nothing has been written.
 */
enum imgu_reason imgu_acc_build(const struct imgu_settings *s, const struct imgu_geometry *g,
				const struct imgu_program *p, struct imgu_acc_param *acc,
				struct imgu_written *written, struct imgu_ranges *changed)
{
	const bool begun = imgu_acc_begun(written);
	struct imgu_acc_stripe stripe;
	const struct imgu_acc_source from = {
		.values = &s->values,
		.g = g,
		.stripe = &stripe,
	};
	u32 i;

	changed->count = 0;
	if (imgu_acc_needs_stripes(s, written)) {
		enum imgu_reason reason = imgu_stripes(g, p, &stripe);

		if (reason)
			return reason;
	}
	if (!begun)
		imgu_acc_sizes(g, p, &stripe, acc);

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct imgu_acc_row *row = &rows[i];

		if (!imgu_settings_stale(s, written, i))
			continue;
		if (row->fill)
			row->fill(&from, acc);
		else
			memcpy((u8 *)acc + row->offset, (const u8 *)from.values + row->from,
			       row->size);
		if (begun)
			imgu_ranges_add(changed, row->offset, row->size);
	}
	if (!begun)
		imgu_ranges_add(changed, 0, sizeof(*acc));
	return IMGU_OK;
}
