/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why something is refused: one number a rule, so that tests, tracepoints and log lines can name
 * it.
 */
#ifndef IPU3_IMGU_REASON_H
#define IPU3_IMGU_REASON_H

/*
 * X(NAME, "sentence"), grouped by the file that judges. A sentence says what is wrong with which
 * thing, in the words of the documentation.
 */
#define IMGU_REASONS_GEOMETRY(X) \
	X(PROGRAM_STRIPES, "the program works a frame off in neither one stripe nor two") \
	X(PROGRAM_BLOCK, "the program's blocks are of no width that a stripe can have") \
	X(IN_SIZE, "the input's width or height is out of range or odd") \
	X(IN_STRIDE, "the input's lines hold fewer pixels than its width, or no whole words") \
	X(IN_BAYER, "the input's Bayer order is none of the four") \
	X(CROP_ALIGNMENT, "the crop rectangle's width is odd") \
	X(CROP_SMALL, "the crop rectangle is smaller than 32x32") \
	X(CROP_LARGE, "the crop rectangle is wider than the input, or more than 2 lines higher") \
	X(BDS_ALIGNMENT, "the Bayer scaler's width is no multiple of 4") \
	X(BDS_SMALL, "the Bayer scaler's size is smaller than 32x32") \
	X(BDS_NARROW, "the Bayer scaler's width leaves nothing to the second stripe") \
	X(BDS_ENLARGES, "the Bayer scaler's size is larger than the crop rectangle") \
	X(BDS_FACTOR, "the Bayer scaler would shrink by more than 4") \
	X(BDS_ASPECT, "the Bayer scaler would shrink width and height by different factors") \
	X(GDC_ALIGNMENT, "geometric correction's size is no multiple of 8x4") \
	X(GDC_SMALL, "geometric correction's size is smaller than 32x32") \
	X(GDC_LARGE, "geometric correction's size is larger than the Bayer scaler's") \
	X(ENVELOPE, "the envelope is not that between the Bayer scaler and geometric correction") \
	X(REFERENCE, "the reference frame is not of the Bayer scaler's size and its padding") \
	X(OUT_SIZE, "the main picture's size is out of range or no multiple of 8x4") \
	X(OUT_STRIDE, "the main picture's lines are shorter than its width, or no whole words") \
	X(OUT_LARGE, "the main picture is larger than geometric correction's size") \
	X(OUT_NARROW, "the main picture lies in the second stripe alone") \
	X(VF_SIZE, "the viewfinder's width or height is out of range or odd") \
	X(VF_STRIDE, "the viewfinder's lines are shorter than its width, or no whole words") \
	X(VF_LARGE, "the viewfinder is larger than geometric correction's size") \
	X(VF_FACTOR, "the viewfinder would shrink geometric correction's width by 16 or more") \
	X(VF_NARROW, "the viewfinder's width leaves nothing to the first stripe") \
	X(VF_WIDE, "the viewfinder is wider than the scaler has memory for in one stripe")
#define IMGU_REASONS_SETTINGS(X) \
	X(AF_CELLS, "the focus grid has no cells, or more than 32 x 24") \
	X(AF_CELL_SIZE, "the focus grid's cells are not 8 to 128 pixels wide and high") \
	X(AF_PLACE, "the focus grid does not end in the frame, 4 lines above its end") \
	X(AWB_FR_CELLS, "the white balance filter's grid has no cells, or more than 32 x 24") \
	X(AWB_FR_CELL_SIZE, \
	  "the white balance filter's grid's cells are not 8 to 128 pixels wide and high") \
	X(AWB_FR_PLACE, \
	  "the white balance filter's grid does not end in the frame, 4 lines above its end") \
	X(AE_CELLS, "the exposure grid has no cells, or more than 32 x 24") \
	X(AE_CELL_SIZE, "the exposure grid's cells are not 8 to 128 pixels wide and high") \
	X(AE_PLACE, "the exposure grid does not end in the frame") \
	X(AWB_CELLS, "the white balance grid has no cells, or more than 80 x 60") \
	X(AWB_CELL_SIZE, "the white balance grid's cells are not 8 to 64 pixels wide and high") \
	X(AWB_PLACE, "the white balance grid does not end in the frame") \
	X(SHD_WIDTH, "the shading grid has no cells in a row, or more than 146") \
	X(SHD_START, \
	  "the shading grid does not begin 0 to 4096 pixels and lines before the frame") \
	X(SHD_SLICES, "the shading grid's slices are so low that the frame needs more than 28") \
	X(DPC, "defect pixel correction is not supported") \
	X(LATE_LAYOUT, "the program's parameters do not lie in its memories")
#define IMGU_REASONS_FIRMWARE(X) \
	X(FIRMWARE_SHORT, "the firmware file is shorter than what its header names") \
	X(FIRMWARE_HEADER, "the header is not that of a firmware file") \
	X(FIRMWARE_PROGRAMS, "the firmware file has no programs, or more than 1000") \
	X(FIRMWARE_NAME, "the program's name is longer than 62 letters or lies outside the file") \
	X(FIRMWARE_BODY, "the program's body is empty or lies outside the file") \
	X(FIRMWARE_PARTS, "the program's parts lie outside its body or are not all of it") \
	X(FIRMWARE_SP_MEMORY, "the SP's program does not fit into its memory") \
	X(FIRMWARE_VARIABLE, "the program has a variable outside its memory, or not at a word") \
	X(FIRMWARE_MODE, "the program is for none of the six modes") \
	X(FIRMWARE_STRIPES, "the program has neither one stripe nor two") \
	X(FIRMWARE_FORMATS, "the program has formats that there are not") \
	X(FIRMWARE_BLOCK, "the program's blocks have no width or height, or one above 65536") \
	X(FIRMWARE_TABLES, "the program's tables of places lie outside the file") \
	X(FIRMWARE_INCOMPLETE, "the firmware file lacks SP0's or SP1's program or the bootloader") \
	X(FIRMWARE_NONE, "no program of the firmware file reads and writes frames of these sizes") \
	X(FIRMWARE_SEGMENT, "the program asks for more than 64 KiB of one of its memories") \
	X(FIRMWARE_INTERNAL, \
	  "the program's largest frame has no pixels, or more than 16384 a side") \
	X(FIRMWARE_PLACES, "the program expects what it is told outside its memories")
#define IMGU_REASONS_RING(X) \
	X(RING_SIZE, "the firmware's ring is of another size") \
	X(RING_INDEX, "the firmware's ring has no entry of this number") \
	X(RING_BEYOND, "the firmware says that it has read or written more than it can have") \
	X(RING_FULL, "the ring is full") \
	X(RING_EMPTY, "the ring is empty") \
	X(EVENT_TYPE, "the firmware's event is of no known type") \
	X(EVENT_PIPE, "the firmware's event is about a pipe that there is not")

#define IMGU_REASON_ENUM(name, text) IMGU_REASON_##name,

/* 0, or which rule is broken. No kernel-doc: it does not understand lists of macros. */
enum imgu_reason {
	IMGU_OK,
	IMGU_REASONS_GEOMETRY(IMGU_REASON_ENUM)
	IMGU_REASONS_SETTINGS(IMGU_REASON_ENUM)
	IMGU_REASONS_FIRMWARE(IMGU_REASON_ENUM)
	IMGU_REASONS_RING(IMGU_REASON_ENUM)
	IMGU_REASONS
};

const char *imgu_reason_text(enum imgu_reason reason);

#endif
