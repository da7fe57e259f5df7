# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For whoever asks again and again until something is so.

# Sleeps a tenth of a second without starting a program.
nap() {
	read -rt 0.1 <>/tmp/nap || :
}
