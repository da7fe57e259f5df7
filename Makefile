# SPDX-License-Identifier: GPL-2.0

# The running kernel's headers, or else the newest that are installed
KDIR ?= $(firstword $(wildcard /lib/modules/$(shell uname -r)/build) \
	$(shell ls -d /lib/modules/*/build 2>/dev/null | sort -rV))

ifeq ($(KDIR),)
ifneq ($(filter-out help check demo vms bench,$(or $(MAKECMDGOALS),modules)),)
$(error no kernel headers in /lib/modules/*/build: install linux-headers-amd64, or say KDIR=DIRECTORY)
endif
endif

modules modules_install:
	$(MAKE) -C $(KDIR) M=$(CURDIR) $@

clean:
	$(MAKE) -C $(KDIR) M=$(CURDIR) $@
	$(MAKE) -C tools/ip $@

plugin:
	$(MAKE) -C tools/ip

UDEVRULESDIR ?= /usr/local/lib/udev/rules.d

# The modules, the plugin for ip with its manual pages, and the rule for udev
install: modules_install
	$(MAKE) -C tools/ip install
	install -D -m 644 tools/udev/60-vnicx.rules $(DESTDIR)$(UDEVRULESDIR)/60-vnicx.rules

check:
	bash scripts/check.sh

demo:
	bash scripts/demo.sh

vms:
	bash scripts/vms.sh

bench:
	bash scripts/bench.sh

help:
	@echo 'make            build the modules for the running or newest kernel'
	@echo 'make plugin     build the plugin that teaches ip the options'
	@echo 'make install    install them, the udev rule and the manual pages; run depmod'
	@echo 'make clean      remove what was built'
	@echo 'make demo       show vNICs at work in a throwaway virtual machine'
	@echo 'make vms        show two virtual machines on vNICs of one adapter'
	@echo 'make bench      measure vnicx beside its peers'
	@echo 'make check      run every test on every kernel'
	@echo 'make help       show this'
	@echo
	@echo 'KDIR=DIRECTORY  the kernel to build for, now $(KDIR)'
	@echo 'W=1 C=2 CC=clang and other variables of Kbuild work as usual'

.DEFAULT_GOAL := modules
.PHONY: modules modules_install clean plugin install check demo vms bench help
