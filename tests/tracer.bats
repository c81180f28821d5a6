#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only

bats_require_minimum_version 1.5.0
load helpers

UNIT=${UNIT:-$ROOT/.output/unit}

@test "the tracer sees each call, its memory and its sums, and counts what it loses" {
	require root
	run -0 "$UNIT/test_tracer"
	[[ ${lines[-1]} =~ ^[0-9]+\ passed,\ 0\ failed$ ]]
}

@test "the tracer follows threads, forks, execs and signals, and lists 5,000 threads" {
	require root
	run -0 "$UNIT/test_tracer_life"
	[[ ${lines[-1]} =~ ^[0-9]+\ passed,\ 0\ failed$ ]]
}
