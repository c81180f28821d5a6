#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
bats_require_minimum_version 1.5.0
# Machines that change or that hold something back: processors and clocks, type information, lockdown, limits, capabilities.
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
	[ -z "${TRUE_TIME:-}" ] || set_true_time
	[ -z "${OFFLINE:-}" ] || echo 1 >"$OFFLINE"
	[ -z "${DIR:-}" ] || rm -r "$DIR"
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

# bats test_tags=guest,user
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

# --- the clock -------------------------------------------------------------------------------------------------------

# What the clock would show had nobody set it, by the one that nobody can set.
true_time() {
	awk -v boot="$TRUE_TIME" '{ printf "%.3f\n", boot + $1 }' /proc/uptime
}

note_true_time() {
	TRUE_TIME=$(awk -v now="${EPOCHREALTIME/,/.}" '{ printf "%.3f\n", now - $1 }' /proc/uptime)
}

set_true_time() {
	date -s "@$(true_time)" >/dev/null
}

# off_by SECONDS: the clock shows so much more than it should.
off_by() {
	date -s "@$(true_time | awk -v by="$1" '{ printf "%.3f", $1 + by }')" >/dev/null
}

# bats test_tags=guest,user
@test "a clock that is set: slots are those of the new time, no count is lost or doubled" {
	local bg step uptime
	in_guest
	note_true_time
	sonde_start --probes syscalls --interval 2
	start_bg "$PROG" -n 14000 -d 1000 getppid
	bg=$BG_PID
	for step in 3600 0 -7200 0 -1 1 0; do
		sleep 2
		off_by $step
	done
	# Not by what waits until a time on that clock.
	wait "$bg"
	set_true_time
	sonde_stop
	read -r uptime _ </proc/uptime
	cat "$BATS_TEST_TMPDIR/err"
	equal getppid "$(calls getppid.count)" 14000
	equal "getppid by bucket" "$(calls 'getppid.le_ns\.[0-9]+')" 14000
	awk '$3 % 2 { exit 1 }' "$BATS_TEST_TMPDIR/out" || fail "a timestamp is no multiple of the interval"
	# Slots of both hours that never were.
	[ "$(awk '/\.self\.process\.cpu_us / { print $3 }' "$BATS_TEST_TMPDIR/out" | awk -v boot="$TRUE_TIME" -v up="$uptime" '
		$1 > boot + up + 1800 { ahead = 1 } $1 < boot - 1800 { behind = 1 } END { print ahead + behind }')" = 2 ]
	awk '$2 < 0 { exit 1 }' "$BATS_TEST_TMPDIR/out" || fail "a value below 0"
	awk -v us="${uptime%.*}000000" '/_us / && !/sum_us/ && $2 > us { print; exit 1 }' "$BATS_TEST_TMPDIR/out" ||
		fail "a time that is longer than the machine is up"
	[ "$(grep -vc '^sonde: attached' "$BATS_TEST_TMPDIR/err")" -le 7 ]
	nothing_lost
}

ALARM=/sys/class/rtc/rtc0/wakealarm

can_sleep() {
	grep -qw mem /sys/power/state && grep -qw deep /sys/power/mem_sleep || kernel_lacks "suspend to memory"
	[ -w "$ALARM" ] || kernel_lacks "alarm that wakes it up"
	# With 5.10 the machine's disk is gone after it.
	[ "$(uname -r | cut -d . -f 1)" -gt 5 ] || kernel_lacks "driver that brings an emulated NVMe disk back"
}

# sleeps SECONDS: suspends the host to memory, until the alarm of its clock. SLEPT: for how long that was.
sleeps() {
	local awake
	awake=$(slept)
	echo "+$1" >"$ALARM"
	echo mem >/sys/power/state
	SLEPT=$(($(slept) - awake))
}

# For how long it has slept since it was started, in s: one clock goes on then, the other one does not.
slept() {
	awk 'FNR == NR { up = $1; next } $1 == "now" { print int(up - $3 / 1e9 + 0.5); exit }' /proc/uptime /proc/timer_list
}

# bats test_tags=guest,user
@test "a host that sleeps and wakes up: no count is lost, no slot is twice, nothing has taken what was slept" {
	local out=$BATS_TEST_TMPDIR/out bg
	in_guest
	can_sleep
	sonde_start --probes all --interval 1 --output json
	start_bg "$PROG" -n 6000 -d 1000 getppid
	bg=$BG_PID
	wait_for grep -q '"machine"' "$out"
	sleeps 12
	[ "$SLEPT" -ge 5 ] || fail "it slept for $SLEPT s"
	wait_bg "$bg"
	awoke() { jq -e -s 'last.self.run.overruns >= 5' "$out" >/dev/null; }
	wait_for awoke
	sonde_stop
	equal getppid "$(jq -n '[inputs.services.machine.syscalls.getppid.count // 0] | add' "$out")" 6000
	equal "slots that are twice" "$(jq -n '[inputs.slot] | length - (unique | length)' "$out")" 0
	jq -n -e '[inputs | {slot, missed: .self.run.overruns}] | last.slot - first.slot + 1 - length == last.missed - first.missed' "$out"
	equal "all took less than 4 s, which is less than it slept" "$(jq -n '[inputs.services[] | .. | .max_us? // 0] | max < 4000000' "$out")" true
	[ "$(grep -vc '^sonde: attached' "$BATS_TEST_TMPDIR/err")" -le 2 ] || fail "$(<"$BATS_TEST_TMPDIR/err")"
	[ "$(jq -s -c '.[-1].self.lost | .storage + .early_full + .table_full' "$out")" = 0 ]
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
	refused "/sys/kernel/btf/vmlinux" "CONFIG_DEBUG_INFO_BTF"
	run_out without_btf "$SONDE" hist -d 1
	refused "/sys/kernel/btf/vmlinux" "CONFIG_DEBUG_INFO_BTF"
}

# bats test_tags=user
@test "type information in a file does for the kernel's own, but not without it" {
	cp /sys/kernel/btf/vmlinux "$BATS_TEST_TMPDIR/btf"
	run_out "$SONDE" run --interval 1 --duration 1s --btf "$BATS_TEST_TMPDIR/btf"
	equal status $STATUS 0
	all_run
	run_out without_btf "$SONDE" run --duration 1s --btf "$BATS_TEST_TMPDIR/btf"
	refused "/sys/kernel/btf/vmlinux" "CONFIG_DEBUG_INFO_BTF"
}

# bats test_tags=user
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

# bats test_tags=user
@test "a set that cannot be loaded is named, the others run" {
	left_out tcp srtt_us
	left_out block rq_flags
}

# bats test_tags=user
@test "a set that cannot be loaded says what the kernel has not" {
	left_out tcp srtt_us
	grep 'probe set' "$BATS_TEST_TMPDIR/err" | grep -q srtt_us
}

# bats test_tags=user
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

# with_caps CAPABILITIES PROGRAM [ARG]...: as another user; they are as in docs/privileges.md, BPF PERFMON.
with_caps() {
	local caps=-all cap
	for cap in $1; do
		caps+=,+${cap,,}
	done
	setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set "$caps" --inh-caps "$caps" --ambient-caps "$caps" "${@:2}"
}

# Where anybody may go, with what only kernels before 5.11 ask for.
open_to_anybody() {
	DIR=$(mktemp -d)
	install -m 0755 "$SONDE" "$DIR/sonde"
	chmod 0755 "$DIR"
	ulimit -l unlimited 2>/dev/null || true
}

# bats test_tags=user
@test "each set runs with exactly the capabilities of docs/privileges.md" {
	local set caps cap n=0
	open_to_anybody
	"$SONDE" probes --json | jq -r '.[].name' | sort >"$BATS_TEST_TMPDIR/sets"
	sed -n '/^| set /,/^$/s/^| \([a-z]*\) | \([A-Z_ ]*\) |$/\1 \2/p' "$ROOT/docs/privileges.md" | sort >"$BATS_TEST_TMPDIR/needs"
	[ "$(cut -d' ' -f1 "$BATS_TEST_TMPDIR/needs")" = "$(cat "$BATS_TEST_TMPDIR/sets")" ] || fail "docs/privileges.md has other sets"
	while read -r set caps; do
		with_caps "$caps" "$DIR/sonde" run --probes "$set" --duration 10ms --socket none >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" ||
			fail "$set with $caps: $(cat "$BATS_TEST_TMPDIR/err")"
		grep -q '^sonde: attached' "$BATS_TEST_TMPDIR/err"
		for cap in $caps; do
			run -3 with_caps "${caps/$cap/}" "$DIR/sonde" run --probes "$set" --duration 10ms --socket none
			[[ $output == *"needs root, or the capabilities"* ]]
			n=$((n + 1))
		done
	done <"$BATS_TEST_TMPDIR/needs"
	[ $n -ge 8 ]
}

# As a daemon without root would be started.
# bats test_tags=user
@test "CAP_BPF and CAP_PERFMON are enough for all sets" {
	local caps=-all,+bpf,+perfmon
	open_to_anybody
	SONDE=$DIR/sonde
	start_bg setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set "$caps" --inh-caps "$caps" \
		--ambient-caps "$caps" "$SONDE" run --interval 1 >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
	wait_for said_or_dead "$BATS_TEST_TMPDIR/err" '^sonde: attached' "$BG_PID"
	"$PROG" -n 1000 getppid
	stop_bg "$BG_PID" INT
	cat "$BATS_TEST_TMPDIR/err"
	equal getppid "$(calls getppid.count)" 1000
	all_run
}
