#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only

bats_require_minimum_version 1.5.0
load helpers

UNIT=${UNIT:-$ROOT/.output/unit}

@test "the kernel side puts every boundary and its neighbours into the right bucket" {
	require root
	run -0 "$UNIT/test_hist_kernel" "$UNIT/hist_kernel.bpf.o"
	# Three values at each of 249 bounds, and those between.
	[[ ${lines[-1]} =~ ^([0-9]+)\ passed,\ 0\ failed$ ]]
	[ "${BASH_REMATCH[1]}" -gt 747 ]
}
