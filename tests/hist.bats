#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# sonde hist: what a person sees, against programs that do exactly N things.

bats_require_minimum_version 1.5.0
# bats file_tags=beside
load helpers

setup() {
	require root btf cgroup2 unlocked
	OUT=$BATS_TEST_TMPDIR/hist.out
	ERR=$BATS_TEST_TMPDIR/hist.err
	export LC_ALL=C.UTF-8 COLUMNS=100
	unset NO_COLOR
	SERVICE=histwork
}

# In the background, until stop_hist; returns when it counts.
start_hist() {
	: >"$ERR"
	start_bg "$SONDE" hist "$@" >"$OUT" 2>"$ERR"
	HIST=$BG_PID
	wait_for said_or_dead "$ERR" '^sonde: attached' "$HIST"
	grep -q '^sonde: attached' "$ERR" || { cat "$ERR" >&2; fail "sonde did not attach"; }
}

stop_hist() {
	stop_bg "$HIST" "${1:-INT}" || { cat "$ERR" >&2; fail "status $?"; }
}

# A program at its gate, in the cgroup that names the service.
start_work() {
	local dir
	dir=$(own_cgroup "$SERVICE")
	start_gated work "$WORK/cgexec" "$dir" "$@"
}

run_work() {
	release work
	wait_for grep -q '^pid=' "$BATS_TEST_TMPDIR/work.out"
}

# Calls without end in the background, so that there is something to see on a host that is quite idle too.
keep_calling() {
	start_bg bash -c 'while :; do read -r _ </proc/self/stat; done'
}

# The first line of the group with that title.
group() {
	grep -E "^$1( +\(.*\))?  count " "$OUT"
}

# bats test_tags=user
@test "hist counts exactly what a service did, with its errors" {
	start_work "$WORK/calls" --wait -t 3 -n 1700 read-fail
	start_hist -d 600 syscalls --service "$SERVICE" read
	run_work
	stop_hist
	grep -q "^syscalls of $SERVICE, .*: 5,100 events$" "$OUT"
	[[ $(group read) == "read  count 5,100  errors 5,100  rate "* ]]
}

# bats test_tags=user
@test "hist --by service and --by op find the same calls" {
	start_work "$WORK/calls" --wait -n 2500 getppid
	start_hist -d 600 syscalls --by service getppid
	run_work
	stop_hist
	[[ $(group "$SERVICE getppid") == *"  count 2,500  errors 0  "* ]]
}

# bats test_tags=user
@test "hist draws a slow call in the row that holds its time" {
	# 2^-5.75 s to 2^-5.5 s, the quarter of an octave that 20 ms belongs to; where all is slow, two octaves above it.
	local ms=20 from='18\.6' to='22\.1'
	[ "$SLOW" = 1 ] || ms=80 from='74\.3' to='88\.4'
	start_work "$WORK/slowread" -w -n 50 -d ${ms}000
	start_hist -d 600 syscalls --service "$SERVICE" read
	run_work
	stop_hist
	# A busy machine may delay some, not most.
	[ "$(sed -n -E "s/^ +$from ms \.\. $to ms +([0-9]+) .*/\1/p" "$OUT")" -gt 25 ]
	[[ $(group read) == *"count 50  errors 0 "* ]]
	sed -n -E 's/^  p50 ([0-9.]+) ms.*/\1/p' "$OUT" |
		awk -v from="${from/\\/}" -v to="${to/\\/}" '{ exit !($1 >= from && $1 <= to) }'
	# Never longer than the caller saw it.
	sed -n -E 's/.* max ([0-9.]+) ms$/\1/p' "$OUT" |
		awk -v ms=$ms -v max="$(field max_ns "$BATS_TEST_TMPDIR/work.out")" '{ exit !($1 >= ms && $1 <= max / 1e6 + 0.5) }'
}

# bats test_tags=user
@test "hist names waits as such and draws them when asked" {
	start_work "$WORK/calls" --wait -n 40 -d 5000 nanosleep
	start_hist -d 600 syscalls --service "$SERVICE" nanosleep
	run_work
	stop_hist
	[[ $(group nanosleep) == "nanosleep  (waits by design)  count 40  "* ]]
	grep -Eq '^ +[0-9.]+ .* \.\. .*%  █' "$OUT"
}

# bats test_tags=user
@test "hist ends by itself after its duration, and SIGTERM ends it with what there is" {
	keep_calling
	run -0 "$SONDE" hist -d 1 syscalls
	[[ $output == *"syscalls, 1 s: "*" events"* ]]
	start_hist -d 600 syscalls
	stop_hist TERM
	grep -q '^syscalls, .* s: .* events$' "$OUT"
}

# bats test_tags=user
@test "hist says what it saw instead of nothing" {
	run -0 --separate-stderr "$SONDE" hist -d 1 syscalls --service no-such-service read
	[[ ${lines[0]} == "no read calls of no-such-service in 1 s"* ]]
	[[ $output != *healthy* ]]
}

# bats test_tags=user
@test "hist refuses what it does not know, with what is near" {
	run -2 "$SONDE" hist syscalls raed
	[[ ${#lines[@]} = 1 && $output == *"'raed'"*"near it: read"* ]]
	run -2 "$SONDE" hist syscals
	[[ ${#lines[@]} = 1 && $output == *"'syscals'"*"there are: syscalls"* ]]
	run -2 "$SONDE" hist read
	[[ ${#lines[@]} = 1 && $output == *"sonde hist syscalls read" ]]
	run -2 "$SONDE" hist syscalls --service 'no service'
	[[ ${#lines[@]} = 1 && $output == *"'no service'"* ]]
}

# bats test_tags=user
@test "hist --heat shows each second, and its lines add up" {
	start_work "$WORK/calls" --wait -n 700 -d 3000 getppid
	start_hist --heat -d 600 syscalls --service "$SERVICE" getppid
	run_work
	stop_hist
	grep -q '^events per column:' "$OUT"
	grep -q '^time .* 1us .* 1ms .* 1s' "$OUT"
	awk '/^[0-2][0-9]:[0-5][0-9]:[0-5][0-9] getppid / { lines++; sum += $3 }
		END { print lines, sum; exit !(lines >= 3 && sum == 700) }' "$OUT"
}

# bats test_tags=user
@test "hist keeps to the terminal's width, and to ASCII where it must" {
	keep_calling
	COLUMNS=72 run -0 --separate-stderr "$SONDE" hist --ascii -d 1 syscalls
	[[ $output == *"#"* ]]
	plain=$output
	run ! env LC_ALL=C grep -q '[^ -~]' <<<"$plain"
	output=$plain
	[ "$(grep ' \.\. ' <<<"$output" | wc -L)" = 72 ]
	COLUMNS=72 run -0 --separate-stderr "$SONDE" hist -d 1 syscalls
	[[ $output == *"█"* && $output != *$'\e'* ]]
	[ "$(grep ' \.\. ' <<<"$output" | wc -L)" = 72 ]
	LC_ALL=C run -0 --separate-stderr "$SONDE" hist -d 1 syscalls
	[[ $output == *"#"* && $output != *"█"* ]]
}

# bats test_tags=user
@test "hist ends when nobody reads it any more" {
	keep_calling
	start_bg bash -c '"$0" hist --heat -d 600 syscalls 2>"$1" | head -n 1' "$SONDE" "$ERR" >"$OUT"
	wait_bg "$BG_PID"
	grep -q 'closed by its reader' "$ERR"
}
