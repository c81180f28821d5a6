#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
bats_require_minimum_version 1.5.0
# Machines that change or that hold something back: processors, type information, lockdown, limits.
# What is tagged `guest` changes the whole machine, so that it runs in virtual machines only.

load helpers

setup() {
	require root btf
	join_root_cgroups
	PROG=$BATS_TEST_TMPDIR/machine
	cp "$WORK/calls" "$PROG"
}

teardown() {
	helpers_teardown
	[ -z "${OFFLINE:-}" ] || echo 1 >"$OFFLINE"
}

in_guest() {
	[ -n "${GUEST:-}" ] || bats_skip "only in a virtual machine"
}

# Only there is a program's name its service's.
join_root_cgroups() {
	local dir
	while read -r dir; do
		echo "$BASHPID" >"$dir/cgroup.procs"
	done < <(awk '$4 == "/" && / - cgroup2 | - cgroup .*name=systemd/ { print $5 }' /proc/self/mountinfo)
}

# calls OP.STAT: of our program, over the whole run.
calls() {
	graphite_sum "$BATS_TEST_TMPDIR/out" "\\.machine\\.[^.]*\\.syscalls\\.$1\$"
}

# equal WHAT ACTUAL EXPECTED
equal() {
	[ "$2" = "$3" ] || fail "$1: $2, expected $3"
}

running() {
	awk -v name="\\.self\\.$1\\.running\$" '$1 ~ name { n = $2 } END { print n + 0 }' "$BATS_TEST_TMPDIR/out"
}

all_run() {
	equal "sets running" "$(running syscalls)$(running tcp)$(running block)" 111
}

# run_out ARG...: a short run; its status in STATUS, its output in out and err as of sonde_start.
run_out() {
	STATUS=0
	"$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || STATUS=$?
	sed 's/^/# /' "$BATS_TEST_TMPDIR/err"
}

# refused WORD...: it ended with 3, with nothing on standard output and one line that has all these words on standard error.
refused() {
	local word
	equal status $STATUS 3
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	equal lines "$(wc -l <"$BATS_TEST_TMPDIR/err")" 1
	for word in "$@"; do
		grep -qF -- "$word" "$BATS_TEST_TMPDIR/err" || fail "no '$word' in: $(<"$BATS_TEST_TMPDIR/err")"
	done
}

# --- processors ------------------------------------------------------------------------------------------------------

# The switch of the last processor that has one; it may be off.
processor() {
	local online
	online=$(printf '%s\n' /sys/devices/system/cpu/cpu[1-9]*/online | sort -V | tail -n 1)
	[ -e "$online" ] || kernel_lacks "second processor, or CPU hotplug"
	OFFLINE=$online CPU=${online%/online} CPU=${CPU##*/cpu}
}

nothing_lost() {
	local lost
	lost=$(grep -E '\.self\.lost\.(storage|early_full|announce|table_full|recursion) ' "$BATS_TEST_TMPDIR/out" | awk '$2 != 0')
	[ -z "$lost" ] || fail "lost: $lost"
}

# bats test_tags=guest
@test "a processor that goes and comes back takes no count along" {
	local free bound
	in_guest
	processor
	echo 1 >"$OFFLINE"
	sonde_start --probes syscalls --interval 1
	start_bg "$PROG" -t 4 -n 3000 -d 1000 getppid
	free=$BG_PID
	start_bg taskset -c "$CPU" "$PROG" -n 3000 -d 1000 read
	bound=$BG_PID
	for _ in 1 2; do
		sleep 0.5
		echo 0 >"$OFFLINE"
		sleep 0.5
		echo 1 >"$OFFLINE"
	done
	wait_bg "$free"
	wait_bg "$bound"
	sonde_stop
	equal getppid "$(calls getppid.count)" 12000
	equal "getppid by bucket" "$(calls 'getppid.le_ns\.[0-9]+')" 12000
	equal read "$(calls read.count)" 3000
	nothing_lost
}

# bats test_tags=guest
@test "a processor that comes while we run counts" {
	in_guest
	processor
	echo 0 >"$OFFLINE"
	sonde_start --probes syscalls --interval 1
	"$PROG" -n 1000 getppid
	echo 1 >"$OFFLINE"
	taskset -c "$CPU" "$PROG" -n 1000 -d 1000 getppid
	sonde_stop
	equal getppid "$(calls getppid.count)" 2000
	equal "getppid by bucket" "$(calls 'getppid.le_ns\.[0-9]+')" 2000
	nothing_lost
}

# --- type information ------------------------------------------------------------------------------------------------

# without_btf PROGRAM [ARG]...: runs it where the kernel seems to have none.
without_btf() {
	mkdir -p "$BATS_TEST_TMPDIR/empty"
	# shellcheck disable=SC2016
	unshare --mount sh -c 'mount --bind "$0" /sys/kernel/btf && exec "$@"' "$BATS_TEST_TMPDIR/empty" "$@"
}

# btf_without NAME: the kernel's type information, where everything of that name has another one. Prints the file.
btf_without() {
	local name=$1
	LC_ALL=C sed "s/\\x00$name\\x00/\\x00${name%?}?\\x00/g" /sys/kernel/btf/vmlinux >"$BATS_TEST_TMPDIR/btf"
	! cmp -s /sys/kernel/btf/vmlinux "$BATS_TEST_TMPDIR/btf" || fail "nothing has the name $name" || return 1
	echo "$BATS_TEST_TMPDIR/btf"
}

@test "a kernel without type information: one line says what it needs, status 3" {
	run_out without_btf "$SONDE" run --duration 1s
	refused "/sys/kernel/btf/vmlinux" "CONFIG_DEBUG_INFO_BTF" "--btf"
	run_out without_btf "$SONDE" hist -d 1
	refused "/sys/kernel/btf/vmlinux" "CONFIG_DEBUG_INFO_BTF" "--btf"
}

@test "a --btf file that is none: one line names it, status 3" {
	head -c 100000 /sys/kernel/btf/vmlinux >"$BATS_TEST_TMPDIR/short"
	: >"$BATS_TEST_TMPDIR/empty"
	for file in "$BATS_TEST_TMPDIR/short" "$BATS_TEST_TMPDIR/empty" /etc/passwd /tmp; do
		run_out "$SONDE" run --duration 1s --btf "$file"
		refused "$file"
	done
}

# left_out SET NAME: with type information that lacks NAME all sets but that one run, and count.
left_out() {
	local set btf runs
	btf=$(btf_without "$2")
	sonde_start --interval 1 --btf "$btf"
	"$PROG" -n 123 getppid
	sonde_stop
	cat "$BATS_TEST_TMPDIR/err"
	equal "lines about sets" "$(grep -c "probe set" "$BATS_TEST_TMPDIR/err")" 1
	grep -qE "probe set $1 .*: ." "$BATS_TEST_TMPDIR/err"
	for set in syscalls tcp block; do
		runs=1
		[ $set != "$1" ] || runs=0
		equal "$set runs" "$(running $set)" $runs
	done
	equal getppid "$(calls getppid.count)" 123
}

@test "a set that cannot be loaded is named, the others run" {
	left_out tcp srtt_us
	left_out block rq_flags
}

@test "type information in which nothing is found: one line names all sets, status 3" {
	run_out "$SONDE" run --duration 1s --btf "$(btf_without task_struct)"
	refused "syscalls: " "tcp: " "block: "
}

# --- lockdown --------------------------------------------------------------------------------------------------------

@test "lockdown: what can be measured is, what cannot says why" {
	require jq
	[ -e /sys/kernel/security/lockdown ] || mount -t securityfs none /sys/kernel/security 2>/dev/null || true
	grep -qs '\[confidentiality\]' /sys/kernel/security/lockdown || kernel_lacks "lockdown in force"
	sonde_start --interval 1
	"$PROG" -n 1000 getppid
	sonde_stop
	all_run
	equal "lines on standard error" "$(wc -l <"$BATS_TEST_TMPDIR/err")" 1
	equal getppid "$(calls getppid.count)" 1000
	run -0 --separate-stderr "$SONDE" check
	grep accept_wait <<<"$output" | grep -q lockdown
	"$SONDE" probes --json | jq -e '.[] | select(.name == "tcp").operations[] | select(.name == "accept_wait") |
		(.available | not) and (.reason | contains("lockdown"))'
}

# --- limits and capabilities -----------------------------------------------------------------------------------------

@test "a small limit of locked memory" {
	# shellcheck disable=SC2016
	run_out sh -c 'ulimit -l 64; exec "$0" run --interval 1 --duration 1s' "$SONDE"
	equal status $STATUS 0
	all_run
}
