# SPDX-License-Identifier: GPL-2.0-or-later
# The doors. Everything below is built and run inside the root tree (test-apps/machine/root-tree), which the first target that
# needs it makes; the host needs a shell, make and mmdebstrap.

BUILD := $(CURDIR)/build
JOBS ?= $(shell nproc)
ROOT_TREE := test-apps/machine/root-tree/root-tree
# Inside of the tree already (a test that calls make), there is nothing to enter.
IN_TREE := $(if $(IPU3_ROOT_TREE),,$(ROOT_TREE) enter --)

.PHONY: all
all: programs modules ## build all: programs in build/bin, modules in build/modules/RELEASE

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z_-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

.PHONY: programs
programs: ## build the user space programs
	@$(IN_TREE) sh -c 'cmake -G Ninja -S test-apps -B build/cmake -DIPU3_BIN_DIR=$(BUILD)/bin --log-level=WARNING \
		&& ninja --quiet -C build/cmake -j$(JOBS) ipu3-vm ipu3-init ipu3-devices ipu3-frames ipu3-cache-probe ipu3-count-plugin ipu-dmatest-stream ipu-dmatest-misuse ipu3-capture ipu3-misuse imgu-answers imgu-cells imgu-run-cells ipu3-camera-bench ipu3-count ipu3-record ipu3-judge'

.PHONY: modules
ifneq ($(wildcard $(KDIR)/arch/x86/boot/bzImage),)
# A kernel that was built there: in build/modules/RELEASE, where ipu3-vm looks, by the compiler that built the kernel.
modules:
	@$(if $(shell grep -F "$$(gcc --version 2>/dev/null | head -n 1)" $(KDIR)/.config),,$(IN_TREE)) \
		test-apps/tests/build-modules $(BUILD)/modules --kdir $(KDIR)
else ifdef KDIR
modules:
	@$(MAKE) -C $(KDIR) M=$(CURDIR) modules
else
modules: ## build the kernel modules for each kernel release in the root tree; KDIR=DIR: for that kernel, without the tree
	@$(IN_TREE) test-apps/tests/build-modules $(BUILD)/modules
endif

# On a machine that has the camera. INSTALL_MOD_PATH and INSTALL_MOD_DIR are Kbuild's.
.PHONY: modules_install
modules_install: KDIR ?= /lib/modules/$(shell uname -r)/build
modules_install: ## build for the kernel that runs, or for KDIR, and install to its updates folder (as root)
	@test -f $(KDIR)/Makefile || { echo "there are no kernel headers in $(KDIR): install your kernel's headers package, or name them in KDIR" >&2; exit 1; }
	@$(MAKE) -C $(KDIR) M=$(CURDIR) modules
	@$(MAKE) -C $(KDIR) M=$(CURDIR) modules_install

.PHONY: deb
deb: ## build the modules' Debian package (DKMS) in build/deb
	@$(IN_TREE) debian/build-deb $(BUILD)/deb
	@ls $(BUILD)/deb/*.deb

.PHONY: debug-kernel
debug-kernel: ## build a kernel that watches everything, for ipu3-vm --kernel debug (20 minutes, once); RT=1: with PREEMPT_RT
	@$(IN_TREE) test-apps/machine/debug-kernel/debug-kernel build $(if $(RT),--rt) $(BUILD)/debug$(if $(RT),-rt)-kernel >/dev/null

.PHONY: fail-modules
fail-modules: ## build the backend whose allocations fail when told to, and its tests, in build/fail-modules/RELEASE
	@$(IN_TREE) test-apps/tests/build-modules $(BUILD)/fail-modules --fail-nth

.PHONY: imgu-differences
imgu-differences: ## build the kernel's own ImgU driver with differences to choose from, in build/differences/RELEASE
	@$(IN_TREE) test-apps/tests/build-differences $(BUILD)/differences

.PHONY: demo
demo: all ## from nothing to pictures: boot, show the topology, capture, check, write PNGs
	@$(IN_TREE) test-apps/apps/scripts/demo $(BUILD)

.PHONY: check
check: ## the tests (on two cores half an hour, 40 minutes if nothing has been compiled before); tells at its end what took how long
	+@MAKE='$(MAKE)' test-apps/tests/check-parts $(BUILD) check-style check-unit check-package check-functional

.PHONY: check-style
check-style: ## formatting, shell scripts, licences
	@$(IN_TREE) test-apps/tests/check-style

# clang++ needs two thirds of the time that g++ needs for sanitized code, and is a second opinion on every file.
.PHONY: check-unit
check-unit: ## unit tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@$(IN_TREE) sh -c 'cmake -G Ninja -S test-apps -B build/sanitize -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_C_COMPILER=clang -DSANITIZE=ON -DCMAKE_BUILD_TYPE=Debug --log-level=WARNING \
		&& ninja --quiet -C build/sanitize -j$(JOBS) \
		&& ctest --test-dir build/sanitize -LE vm -j$(JOBS) --output-on-failure --no-tests=error --progress --output-junit check.xml'

.PHONY: check-package
check-package: ## build the modules for all kernel headers of the root tree; install and remove their Debian package
	@$(IN_TREE) test-apps/tests/packaging/check-headers $(BUILD)/headers
	@$(IN_TREE) test-apps/tests/packaging/package-test $(BUILD)/package

# The machine runs in real time, and a host that is busy with something else for seconds can make it miss a frame: a test
# that fails has one more try, and the log shows that it needed it.
.PHONY: check-functional
check-functional: all fail-modules ## tests that boot the virtual machine, the short list
	@$(IN_TREE) ninja --quiet -C build/cmake -j$(JOBS) vm_functional_test
	@$(IN_TREE) ctest --test-dir build/cmake -L vm-short -j$(JOBS) --output-on-failure --no-tests=error --repeat until-pass:2 --output-junit check.xml
	@test-apps/machine/root-tree/root-tree-test
	@test-apps/tests/programs-test $(BUILD)/bin

# Names of tests: docs/tests.md.
.PHONY: check-vm
ifneq ($(K),)
check-vm: T ?= Short/Backend
endif
check-vm: ## the tests that boot the machine whose names match: T=REGEX [JOBS=n] [LIST=1]; K=SUITE: of those inside the kernel
	@test -n '$(T)' || { echo 'check-vm: which tests? make check-vm T=REGEX, or T=. LIST=1 for all names' >&2; exit 2; }
	+@$(MAKE) --no-print-directory programs
	@$(IN_TREE) ninja --quiet -C build/cmake -j$(JOBS) vm_functional_test
ifneq ($(LIST),)
	@$(IN_TREE) test-apps/tests/check-vm list '$(T)'
else
	+@needs=$$($(IN_TREE) test-apps/tests/check-vm needs '$(T)') && $(MAKE) --no-print-directory modules $$needs
	@IPU3_KTEST_SUITE='$(K)' $(IN_TREE) test-apps/tests/check-vm run '$(T)' $(JOBS)
endif

.PHONY: check-full
check-full: all fail-modules imgu-differences ## the whole matrix, resumable, with a summary table (hours)
	@$(IN_TREE) ninja --quiet -C build/cmake -j$(JOBS) vm_functional_test
	@$(IN_TREE) test-apps/tests/check-full build/cmake $(BUILD)/check-full
	@test-apps/tests/check-docs

.PHONY: check-docs
check-docs: all ## run the commands of README and docs as they stand there (an hour)
	@test-apps/tests/check-docs

.PHONY: check-debug
check-debug: programs debug-kernel ## tests on the debug kernel, each once and silent, and planted bugs; T=REGEX: these alone; LIST=1: their names; resumable (hours)
	@$(IN_TREE) ninja --quiet -C build/cmake -j$(JOBS) vm_functional_test
	@$(IN_TREE) env LIST='$(LIST)' test-apps/tests/check-debug build/cmake $(BUILD)/check-debug '$(T)'

.PHONY: check-found
check-found: programs ## whether the bugs of others that docs/found.md lists are still there
	@$(IN_TREE) test-apps/tests/check-found $(BUILD)/check-found

.PHONY: check-mutations
check-mutations: programs ## take each step of the backend out in turn: a test must notice; resumable (two hours)
	@$(IN_TREE) ninja --quiet -C build/cmake -j$(JOBS) vm_functional_test
	@$(IN_TREE) test-apps/tests/check-mutations $(BUILD)/mutations

.PHONY: check-imgu-mutations
check-imgu-mutations: ## change one thing at a time in the ImgU's computations: a comparison or a unit test must notice; resumable (hours); FILES="ring.c ...": these alone
	@$(IN_TREE) sh -c 'cmake -G Ninja -S test-apps -B build/mutants -DIMGU_MUTATIONS=ON -DIPU3_BIN_DIR=$(BUILD)/mutants/bin --log-level=WARNING \
		&& ninja -C build/mutants -j$(JOBS) imgu-differ imgu-staging-reference imgu-widths imgu_geometry_test imgu_sizes_test imgu_tables_test \
			imgu_packaged_sizes_test imgu_settings_test imgu_faults_test imgu_libcamera_test imgu_firmware_test imgu_ring_test \
			imgu_packaged_start_test imgu_start_corpus_test imgu_params_corpus_test'
	@$(IN_TREE) test-apps/module-tests/imgu/differential/check-mutations $(BUILD)/imgu-mutations $(FILES)

.PHONY: check-kernel
check-kernel: ## the kernel's static checks of the modules: W=1, sparse, kernel-doc, checkpatch, coccinelle
	@$(IN_TREE) test-apps/tests/check-kernel $(BUILD)/check-kernel

.PHONY: check-tidy
check-tidy: ## clang-tidy over all of the C++ (about 30 minutes on two cores)
	@$(IN_TREE) test-apps/tests/check-tidy

.PHONY: check-analyzer
check-analyzer: ## clang's static analyzer over all of the C++ (an hour on two cores)
	@$(IN_TREE) test-apps/tests/check-tidy --analyzer

.PHONY: fuzz
fuzz: ## fuzz what reads untrusted bytes, each of FUZZ_TARGETS (default: all) for FUZZ_SECONDS (default 60)
	@$(IN_TREE) test-apps/tests/fuzz $(or $(FUZZ_SECONDS),60) $(FUZZ_TARGETS)

.PHONY: fuzz-imgu
fuzz-imgu: ## the ImgU's sizes and settings, beside the kernel's own driver: CASES (default 1000000) that both take, of SEED (default 1)
	@$(IN_TREE) sh -c 'cmake -G Ninja -S test-apps -B build/cmake -DIPU3_BIN_DIR=$(BUILD)/bin --log-level=WARNING \
		&& ninja --quiet -C build/cmake -j$(JOBS) imgu-differ imgu-staging-reference'
	@$(IN_TREE) build/bin/imgu-differ --reference build/bin/imgu-staging-reference \
		--differences test-apps/module-tests/imgu/differences.txt --cases $(or $(CASES),1000000) --seed $(or $(SEED),1)

.PHONY: bench
bench: bench-machine bench-backend bench-camera bench-imgu bench-imgu-params ## all benchmarks

.PHONY: bench-machine
bench-machine: all ## boot time, frame rates and CPU time of the virtual machine
	@$(IN_TREE) test-apps/bench/machine $(BUILD)

.PHONY: bench-backend
bench-backend: all ## instructions, flushes and invalidates of the memory backend, beside videobuf2's own
	@$(IN_TREE) test-apps/bench/backend $(BUILD)

.PHONY: bench-camera
bench-camera: all ## instructions, interrupts and register accesses of ipu3-cio2, beside the kernel's own driver
	@$(IN_TREE) test-apps/bench/camera $(BUILD)

.PHONY: bench-imgu
bench-imgu: all ## how libcamera's exposure and white balance come to rest on the virtual ImgU; frames a second; time per stage
	@$(IN_TREE) ninja --quiet -C build/cmake -j$(JOBS) ipu3-isp-bench
	@$(IN_TREE) test-apps/bench/imgu $(BUILD)
	@$(IN_TREE) test-apps/bench/imgu-driver $(BUILD)

.PHONY: bench-imgu-driver
bench-imgu-driver: all ## what the ImgU's driver costs beside the kernel's own: memory, registers, instructions
	@$(IN_TREE) test-apps/bench/imgu-driver $(BUILD)

.PHONY: bench-isp
bench-isp: programs ## time of each stage of the image processor's model; boots nothing
	@$(IN_TREE) sh -c 'ninja --quiet -C build/cmake -j$(JOBS) ipu3-isp-bench && build/bin/ipu3-isp-bench'

.PHONY: bench-imgu-params
bench-imgu-params: ## what a parameter set and a pipe's sizes cost to compute, beside the kernel's own driver's code
	@$(IN_TREE) sh -c 'cmake -G Ninja -S test-apps -B build/cmake -DIPU3_BIN_DIR=$(BUILD)/bin --log-level=WARNING \
		&& ninja --quiet -C build/cmake -j$(JOBS) imgu-params-bench'
	@$(IN_TREE) build/bin/imgu-params-bench

.PHONY: format
format: ## reformat the C++ sources
	@$(IN_TREE) sh -c 'git ls-files "*.cpp" "*.hpp" | xargs clang-format -i'

.PHONY: clean
clean: ## remove build/ (the root tree's cache stays: "$(ROOT_TREE) remove")
	rm -rf build Module.symvers modules.order
	find . vb2-ipu-iommu ipu3-cio2 ipu3-imgu -maxdepth 1 \( -name '*.o' -o -name '*.ko' -o -name '*.mod' -o -name '*.mod.c' -o -name '.*.cmd' \
		-o -name modules.order \) -type f -delete
