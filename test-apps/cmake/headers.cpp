// SPDX-License-Identifier: GPL-2.0-or-later
// Nothing but what ipu3_precompiled_headers() has parsed for it.
