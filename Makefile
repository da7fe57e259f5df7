# SPDX-License-Identifier: GPL-2.0

# The running kernel's headers. A module of another kernel does not load here, so
# another one is built for only when KDIR says so.
running := $(shell uname -r)
KDIR ?= /lib/modules/$(running)/build

DEPMOD ?= /sbin/depmod
UDEVRULESDIR ?= /usr/local/lib/udev/rules.d
DEBDIR ?= deb
HTMLDIR ?= html

goals := $(or $(MAKECMDGOALS),modules)
ifeq ($(wildcard $(KDIR)/Makefile),)
ifeq ($(origin KDIR),file)
ifneq ($(filter modules modules_install install,$(goals)),)
$(error no headers of the running kernel in $(KDIR): install linux-headers-$(running), \
	or say KDIR=DIRECTORY to build for another kernel)
endif
else ifneq ($(filter modules modules_install clean install uninstall,$(goals)),)
$(error no kernel headers in KDIR=$(KDIR))
endif
endif

# Files are installed below DESTDIR: an absolute path, as other directories' makes read it
destdir := $(if $(DESTDIR),$(abspath $(DESTDIR)))
built_for = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h)
release = $(if $(filter file,$(origin KDIR)),$(running),$(built_for))
moddir = $(destdir)/lib/modules/$(release)/updates

# The names that uninstall removes: also those of VNICX_TESTS=y, compressed or not
names := vnicx vnicx_tap vnicx_kunit vnicx_test_adapter vnicx_test_kind vnicx_test_poller
installed := $(names:=.ko) $(names:=.ko.gz) $(names:=.ko.xz) $(names:=.ko.zst)

# A package's own scripts run depmod, where the package is installed.
update_dependencies = $(if $(destdir),@:,$(DEPMOD) -a $(release))

modules:
	$(MAKE) -C $(KDIR) M=$(CURDIR) $@

# Kbuild runs depmod if the headers have a System.map, which Debian's have not.
modules_install: modules
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_PATH=$(destdir) INSTALL_MOD_DIR=updates \
		INSTALL_MOD_STRIP=1 DEPMOD=true $@
	$(update_dependencies)

# Kbuild removes what it built
clean:
	$(if $(wildcard $(KDIR)/Makefile),$(MAKE) -C $(KDIR) M=$(CURDIR) $@,@echo 'no headers in $(KDIR): \
	what the modules left stays, unless KDIR=DIRECTORY names some')
	$(MAKE) -C tools/ip $@
	$(MAKE) -C tools/vnicx $@
	$(MAKE) -C tools/cni $@

plugin:
	$(MAKE) -C tools/ip

tool:
	$(MAKE) -C tools/vnicx

# The plugin for container engines, which is installed by its own makefile
cni:
	$(MAKE) -C tools/cni

# The modules, the plugin for ip, the program vnicx, their manual pages, the rule for udev
install: modules_install
	$(MAKE) -C tools/ip DESTDIR=$(destdir) $@
	$(MAKE) -C tools/vnicx DESTDIR=$(destdir) $@
	install -D -m 644 tools/udev/60-vnicx.rules $(destdir)$(UDEVRULESDIR)/60-vnicx.rules

uninstall:
	$(RM) $(addprefix $(moddir)/,$(installed))
	$(update_dependencies)
	$(MAKE) -C tools/ip DESTDIR=$(destdir) $@
	$(MAKE) -C tools/vnicx DESTDIR=$(destdir) $@
	$(RM) $(destdir)$(UDEVRULESDIR)/60-vnicx.rules

# The version stands there, and nowhere else. Packages add to it what tells them apart.
version = $(shell sed -n 's/^.define VNICX_VERSION[[:blank:]]*"\(.*\)"/\1/p' vnic/vnic.h)
DKMS_VERSION ?= $(version)
dkmsdir = $(destdir)/usr/src/vnicx-$(DKMS_VERSION)

# The source of the modules, where DKMS finds it; and nothing that a build left in it
dkms:
	mkdir -p $(dkmsdir)
	find Kbuild include switch vnic -name Kbuild -o -name '*.[ch]' -o -name '*.mk' | \
		tar -c -T - | tar -x -C $(dkmsdir) --no-same-owner
	sed 's/#MODULE_VERSION#/$(DKMS_VERSION)/' packaging/dkms.conf >$(dkmsdir)/dkms.conf

version:
	@echo '$(version)'

# Debian packages: vnicx-dkms, vnicx, and with Go vnicx-cni
deb:
	bash scripts/deb.sh $(DEBDIR)

check:
	bash scripts/check.sh

# One kernel, unless KERNEL names another
on_one_kernel = KERNEL=$(or $(KERNEL),uml) bash scripts/check.sh

test:
	@[ '$(NAME)' ] || { echo 'make test NAME=unicast: which of tests/netns/?'; exit 1; }
	$(on_one_kernel) $(addprefix netns/,$(NAME))

quick:
	$(on_one_kernel) source build kunit quick

demo:
	bash scripts/demo.sh

vms:
	bash scripts/vms.sh

hosts:
	bash scripts/hosts.sh

bench:
	bash scripts/bench.sh

docs:
	bash scripts/docs.sh $(HTMLDIR)

profile:
	@[ '$(ROW)' ] || { echo 'make profile ROW=switch: which row of the bench?'; exit 1; }
	bash scripts/profile.sh $(if $(CASE),--case $(CASE)) $(ROW) $(CONTESTANTS)

help:
	@echo 'make            build the modules for the running kernel'
	@echo 'make plugin     build the plugin that teaches ip the options'
	@echo 'make tool       build the program that shows switches and ports'
	@echo 'make install    install modules, plugin and program, the udev rule and manual pages; run depmod'
	@echo 'make uninstall  remove what was installed; run depmod'
	@echo 'make cni        build the CNI plugin for container engines; make -C tools/cni install'
	@echo 'make deb        build Debian packages into DEBDIR: vnicx-dkms, vnicx, with Go vnicx-cni'
	@echo 'make dkms       put the source of the modules where DKMS finds it, in /usr/src'
	@echo 'make clean      remove what was built'
	@echo 'make demo       show vNICs at work in a throwaway virtual machine: KERNEL=6.1, or 6.12'
	@echo 'make vms        show two virtual machines on vNICs over one lower device: KERNEL=uml, or uml-smp'
	@echo 'make hosts      show vNICs of one segment on three hosts, by VXLAN and FRR'
	@echo 'make bench      measure vnicx beside its peers, for hours; bash scripts/bench.sh --list'
	@echo 'make docs       render documents and manual pages to HTML, into HTMLDIR; follow their links'
	@echo 'make profile ROW=switch  count a row'\''s instructions by function'
	@echo 'make test NAME=unicast  run tests/netns/unicast.sh on one kernel'
	@echo 'make quick      run the tests of the highest risk on one kernel'
	@echo 'make check      run the tests on the kernels that each is for; bash scripts/check.sh --help'
	@echo 'make help       show this'
	@echo
	@echo 'KDIR=DIRECTORY     the kernel to build for, now $(KDIR)'
	@echo 'DESTDIR=DIRECTORY  install and uninstall below it; no depmod then'
	@echo 'DEBDIR=DIRECTORY   where the packages go, now $(DEBDIR)'
	@echo 'HTMLDIR=DIRECTORY  where the HTML goes, now $(HTMLDIR)'
	@echo 'KERNEL=NAME        the kernel for test and quick, now $(or $(KERNEL),uml); check keeps to it if given:'
	@echo '                   6.1, 6.12, 6.12-rt, uml, uml-smp'
	@echo 'UDEVRULESDIR=      where the rule for udev goes, now $(UDEVRULESDIR)'
	@echo 'W=1 C=2 CC=clang and other variables of Kbuild work as usual;'
	@echo 'those of the plugins: make -C tools/ip help, make -C tools/cni help'

.DEFAULT_GOAL := modules
.PHONY: modules modules_install clean plugin tool cni install uninstall dkms deb version check test quick demo vms hosts \
	bench docs profile help
