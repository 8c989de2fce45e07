// SPDX-License-Identifier: GPL-2.0-only
/*
 * Geometric correction, without any: each block of the output is where it is in the input, the
 * envelope further right and down.
 *
 * The table has, for each row of blocks, for each two of luma the one of chroma that lies below
 * both. A block's input begins at a multiple of 16 pixels; what it begins too far left is in its
 * corners.
 */
#include "warp.h"

#define BLOCK_WIDTH	64
#define BLOCK_HEIGHT	32
/* Pixels of the reference frame are 16 bits. */
#define PIXEL_BYTES	2
/* A word of memory, pixels. */
#define WORD		16
/* What the filter needs beside a block. */
#define FILTER		4

#define CUBIC_ONE	1024
#define CUBIC_SCALE	32768

static u32 blocks_across(const struct imgu_geometry *g)
{
	return ALIGN(DIV_ROUND_UP(g->gdc.width, BLOCK_WIDTH), 2);
}

static u32 blocks_down(const struct imgu_geometry *g)
{
	return DIV_ROUND_UP(g->gdc.height, BLOCK_HEIGHT);
}

/**
 * imgu_warp_blocks() - size of the table
 * @g: Judged sizes.
 *
 * Context: any.
 * Return: how many blocks imgu_warp_unity() writes.
 */
u32 imgu_warp_blocks(const struct imgu_geometry *g)
{
	return blocks_across(g) / 2 * 3 * blocks_down(g);
}

static struct imgu_warp_block make_block(u32 left, u32 height, u32 in_width)
{
	const u32 right = left + BLOCK_WIDTH;
	struct imgu_warp_block block = {
		.in_width = in_width,
		.in_height = height + FILTER,
		.in_width_a = DIV_ROUND_UP(in_width, IMGU_VECTOR),
		.in_width_b = DIV_ROUND_UP(in_width, WORD),
	};

	block.corner[0].x = left << IMGU_WARP_FRACTION;
	block.corner[1].x = right << IMGU_WARP_FRACTION;
	block.corner[2].x = left << IMGU_WARP_FRACTION;
	block.corner[2].y = height << IMGU_WARP_FRACTION;
	block.corner[3].x = right << IMGU_WARP_FRACTION;
	block.corner[3].y = height << IMGU_WARP_FRACTION;
	return block;
}

static u32 in_offset(const struct imgu_geometry *g, u32 x, u32 y)
{
	return (y * g->ref.width + ALIGN_DOWN(x, WORD)) * PIXEL_BYTES;
}

/**
 * imgu_warp_unity() - the table that corrects nothing
 * @g: Judged sizes.
 * @blocks: Where it goes: imgu_warp_blocks() of them.
 *
 * Context: any.
 */
void imgu_warp_unity(const struct imgu_geometry *g, struct imgu_warp_block *blocks)
{
	const u32 across = blocks_across(g), down = blocks_down(g);
	/* The output's first pixel in the reference frame. */
	const u32 x = IMGU_REF_X + g->envelope.width + 1;
	const u32 y = IMGU_REF_Y + g->envelope.height + 1;
	const struct imgu_warp_block luma =
		make_block(x % WORD, BLOCK_HEIGHT, BLOCK_WIDTH + FILTER + x % WORD);
	/* Its input is as wide wherever it begins: so the hardware is known to work. */
	const struct imgu_warp_block chroma =
		make_block(x / 2 % WORD, BLOCK_HEIGHT / 2, BLOCK_WIDTH + FILTER);
	u32 row, column;

	for (row = 0; row < down; row++) {
		const u32 luma_y = y + row * BLOCK_HEIGHT;
		const u32 chroma_y = y / 2 + row * (BLOCK_HEIGHT / 2);

		for (column = 0; column < across; column += 2) {
			const u32 luma_x = x + column * BLOCK_WIDTH;

			blocks[0] = luma;
			blocks[0].in_offset = in_offset(g, luma_x, luma_y);
			blocks[1] = luma;
			blocks[1].in_offset = in_offset(g, luma_x + BLOCK_WIDTH, luma_y);
			blocks[2] = chroma;
			blocks[2].in_offset =
				in_offset(g, x / 2 + column / 2 * BLOCK_WIDTH, chroma_y);
			blocks += 3;
		}
	}
}

/**
 * imgu_warp_cubic() - the filter at one place between two pixels
 * @place: How far, 256ths: below %IMGU_WARP_CUBIC_PLACES.
 * @taps: Where its four weights go, the farthest pixel's first.
 *
 * Cubic convolution with a = -1/2. Three of the weights are rounded towards 0, the last one makes
 * up for it.
 *
 * Context: any.
 */
void imgu_warp_cubic(u32 place, s16 taps[IMGU_WARP_CUBIC_TAPS])
{
	const s32 t = place, t2 = t * t, t3 = t2 * t;

	taps[0] = (t3 - 256 * t2) / CUBIC_SCALE;
	taps[1] = (-3 * t3 + 1024 * t2 + 65536 * t) / CUBIC_SCALE;
	taps[2] = (3 * t3 - 1280 * t2 + (1 << 25)) / CUBIC_SCALE;
	taps[3] = CUBIC_ONE - taps[0] - taps[1] - taps[2];
}
