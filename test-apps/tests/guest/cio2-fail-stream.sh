#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each call of a stream that may fail fails in turn, in every kind of memory: the error is told, nothing is left, the next
# stream runs.
# Needs an ov5693, ipu3-capture, and the modules of make fail-modules.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lib-cio2-fail.sh
. "$(dirname "$0")/lib-cio2-fail.sh"
plan 11
sweep mmap 20 capture --memory mmap
sweep exported 20 capture --memory mmap --export
sweep userptr 20 capture --memory userptr
sweep dmabuf 20 capture --memory dmabuf
failed_too pm_runtime_resume_and_get video_device_pipeline_start
finds_a_leak capture
