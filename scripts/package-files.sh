# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # of check-packages.sh
#
# Of check-packages.sh: the files that the packages have.

# The plugin, and what a user finds without being told
files() {
	in_root sh -c 'dpkg-deb --fsys-tarfile /src/deb/vnicx_*.deb | tar -t' | grep -v '/$' |
		grep -v '^\./usr/share/doc/vnicx/docs/' | sort | expect "vnicx has other files than these" "$(
		sort <<-'END'
			./etc/bash_completion.d/vnicx
			./usr/lib/udev/rules.d/60-vnicx.rules
			./usr/lib/x86_64-linux-gnu/ip/link_vnicx.so
			./usr/lib/x86_64-linux-gnu/ip/link_vnicxtap.so
			./usr/sbin/vnicx
			./usr/share/bash-completion/completions/vnicx
			./usr/share/doc/vnicx/README.md
			./usr/share/doc/vnicx/changelog.gz
			./usr/share/doc/vnicx/copyright
			./usr/share/doc/vnicx/examples/modprobe.d/vnicx.conf
			./usr/share/doc/vnicx/examples/modules-load.d/vnicx.conf
			./usr/share/lintian/overrides/vnicx
			./usr/share/man/man4/vnicx.4.gz
			./usr/share/man/man8/ip-link-vnicx.8.gz
			./usr/share/man/man8/vnicx.8.gz
		END
	)"
	in_root sh -c 'dpkg-deb --fsys-tarfile /src/deb/vnicx-dkms_*.deb | tar -t' |
		sed -n "/\/\$/d; /^\.\/usr\/share\/doc\//d; s,^\./usr/src/vnicx-$now/,,; p" | sort |
		expect "vnicx-dkms has other files than the source of the modules" "$(
			cd "$top" && { echo dkms.conf && find Kbuild include switch vnic -type f -not -name '.*' -not -name '*.o'; } | sort
		)"
	in_root sh -c 'dpkg-deb --fsys-tarfile /src/deb/vnicx-cni_*.deb | tar -t' | grep -v '/$' | sort |
		expect "vnicx-cni has other files than these" "$(
			sort <<-'END'
				./lib/systemd/system/vnicx-docker.service
				./usr/lib/cni/vnicx
				./usr/lib/netavark/vnicx
				./usr/share/doc/vnicx-cni/changelog.gz
				./usr/share/doc/vnicx-cni/copyright
				./usr/share/lintian/overrides/vnicx-cni
			END
		)"
}
