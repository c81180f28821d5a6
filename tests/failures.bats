#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
bats_require_minimum_version 1.5.0
# An allocation or a system call of sonde's own fails: docs/faults.md. STRIDE=1 tries all of them.

# bats file_tags=host
load helpers
load faults/faults

setup() {
	require root btf netns jq curl strace
	[ -e "$WORK/fail_alloc.so" ] || skip "nothing can be put before the functions of a static program"
	cd "$BATS_TEST_TMPDIR" || return 1
}

# --- allocations -----------------------------------------------------------------------------------------------------

without_memory() {
	# shellcheck disable=SC2016 # Expanded there.
	FAIL_AT=$1 FAIL_COUNT=$PWD/count FAIL_WHERE=$PWD/where hurt "${WITHIN[@]}" bash -c 'LD_PRELOAD=$0 exec "$@"' "$WORK/fail_alloc.so" "${@:2}"
}

# each_place STRIDE PREPARE GOOD COMMAND...: lets the allocation of every STRIDEth place fail, and in turn with it all
# that come after.
each_place() {
	local stride=${STRIDE:-$1} places allocs at tried=0 went_on=0
	$2
	rm -f where
	without_memory 0 "${@:4}"
	[ "$HURT" = 0 ] && $3 || fail "it fails without a failure: $(cat err)"
	read -r places allocs <count
	[ "$places" -gt 20 ] || fail "only $places places allocate"
	for ((at = 1 + stride / 2; at <= places; at += stride)); do
		for and_on in '' +; do
			[ "$stride" = 1 ] || [ $((tried % 3 == 2)) = "$([ -z "$and_on" ]; echo $?)" ] || continue
			$2
			rm -f where
			without_memory "$at$and_on" "${@:4}"
			[ "$HURT" != 0 ] || [ ! -e where ] || went_on=$((went_on + 1))
			sound "place $at$and_on of $places" "$3"
		done
		tried=$((tried + 1))
	done
	all_sound "$tried" "$places places, $allocs allocations, went on after $went_on"
}

# A command's own output goes elsewhere.
trace_counted() {
	grep -q ' execve$' traced
}

trace_printed() {
	grep -q ' execve("/bin/true"' traced && grep -q 'exited with 0' traced
}

@test "no allocation that fails: sonde trace -c" {
	each_place 15 : trace_counted "$SONDE" trace -c -o traced -- /bin/true
}

@test "no allocation that fails: sonde trace, lines with stacks and names" {
	each_place 30 : trace_printed "$SONDE" trace -f -y -k -o traced -- /bin/true
}

@test "no allocation that fails: sonde check and probes" {
	each_place 220 : is_json "$SONDE" check --json --config "$ROOT/dist/sonde.conf"
	each_place 220 : is_json "$SONDE" probes --json
}

@test "no allocation that fails: sonde hist and top" {
	each_place 120 : true "$SONDE" hist -d 1 syscalls
	each_place 120 : is_json "$SONDE" top --json -n 1 -i 500ms --probes all
}

@test "no allocation that fails: sonde query" {
	"$SONDE" run --probes syscalls --interval 1 --duration 1s --socket none --output json:json
	each_place 50 : true "$SONDE-query" --from-json json --op read
}

@test "no allocation that fails: sonde run with all outputs" {
	receivers_start
	each_place 60 fresh_stream stream_is_whole "$SONDE" "${STREAM[@]}"
}
