#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
bats_require_minimum_version 1.5.0
# Descriptors and memory run out: docs/faults.md.

# bats file_tags=load
load helpers
load faults/faults

setup() {
	require root btf netns jq curl prlimit python3 bpftool strace
	join_root_cgroups
	cd "$BATS_TEST_TMPDIR" || return 1
	NAME=short-$$
	cp "$WORK/calls" "$NAME"
}

# counted N: the file `json` has N calls of the test's program.
counted() {
	equal "calls" "$(jq -s --arg name "$NAME" '[.[].services[$name].syscalls.getppid.count // 0] | add' json)" "$1"
}

spooled() {
	[ -n "$(find spool -name '*.slot' -print -quit)" ]
}

# run_here [ARG]...: with what it writes in the test's directory, all sets, and few services on a busy host.
run_here() {
	sonde_start --probes all --interval 1 --new-series 0 --service "$NAME=comm:^$NAME" --service 'others=comm:.' --socket "$PWD/socket" --output json:json "$@"
}

# --- descriptors -----------------------------------------------------------------------------------------------------

@test "few descriptors at the start: it says so, or has enough" {
	receivers_start
	# The loader needs four.
	for n in 8 12 18 25 35 45 55 65 120 200; do
		fresh_stream
		hurt "${WITHIN[@]}" prlimit --nofile=$n "$SONDE" "${STREAM[@]}"
		sound "$n descriptors" stream_is_whole
		[ "$HURT" = 0 ] || few=$n
	done
	all_sound "descriptors" 10 "more than $few are enough"
}

@test "no descriptors for a while: nothing is lost, nobody turns in circles, and all is as before" {
	run_here --graphite 127.0.0.1:1 --spool "$PWD/spool"
	pid=$(sonde_pid)
	wait_for spooled
	prlimit --pid "$pid" --nofile=10:
	start_bg "$SONDE" top --json -n 1 --socket "$PWD/socket" >frame 2>/dev/null
	"./$NAME" -n 300 -d 10000 getppid
	# It tries again once a slot.
	timeout 2 strace -f -p "$pid" -e trace=accept,accept4 -o accepts 2>/dev/null || true
	[ "$(grep -c EMFILE accepts)" -gt 0 ]
	[ "$(grep -c EMFILE accepts)" -lt 20 ]
	grep -q 'a slot could not be read: Too many open files' err
	[ ! -s frame ]
	prlimit --pid "$pid" --nofile=10000:
	wait_for grep -q 'slots are read again' err
	wait_for test -s frame
	sonde_stop
	counted 300
	run ! grep -E 'cannot be read back|damaged|could not be delivered' err
	# Each slot that was read is there, and those that were not are in the next one.
	jq -se 'map(.slot) as $s | ($s | max - min + 1) - ($s | length) == (.[-1].self.run.overruns)' json
	[ "$(find spool -name '*.slot' | wc -l)" = "$(wc -l <json)" ]
}

@test "viewers and scrapes that come by the hundred leave delivery its descriptors" {
	receivers_start
	NETNS=$NETNS run_here --graphite 127.0.0.1:2003 --prometheus 9435
	# What is asked for now, and some more.
	prlimit --pid "$(sonde_pid)" --nofile=$(($(find "/proc/$(sonde_pid)/fd" -mindepth 1 | wc -l) + 120)):
	start_bg in_netns "$NETNS" python3 -c '
import socket, sys, time
held = []
for i in range(300):
    for family, to in ((socket.AF_UNIX, sys.argv[1]), (socket.AF_INET, ("127.0.0.1", 9435))):
        s = socket.socket(family)
        s.setblocking(False)
        held.append(s)
        try:
            s.connect(to)
        except OSError:
            pass
print("held", flush=True)
time.sleep(60)' "$PWD/socket" >held
	wait_for grep -q held held
	"./$NAME" -n 200 -d 10000 getppid
	had=$(wc -l <received)
	more() { [ "$(wc -l <received)" -ge $((had + 3)) ]; }
	wait_for more
	sonde_stop
	counted 200
	jq -se '.[-1].self | .graphite.failures == 0 and .run.overruns == 0' json
}

# --- memory ----------------------------------------------------------------------------------------------------------

# memory_cgroup NAME: a cgroup whose memory is limited; its directory is in MEMORY, the file of the limit in LIMIT_FILE.
memory_cgroup() {
	local v1
	v1=$(awk '$4 == "/" && / - cgroup .*memory/ { print $5; exit }' /proc/self/mountinfo)
	if [ -n "$v1" ]; then
		MEMORY=$v1/$1
		mkdir "$MEMORY"
		echo "$MEMORY" >>.cgroups
		LIMIT_FILE=$MEMORY/memory.limit_in_bytes
	else
		echo +memory >"$(cgroup2_dir)/cgroup.subtree_control"
		MEMORY=$(own_cgroup "$1")
		LIMIT_FILE=$MEMORY/memory.max
	fi
}

@test "little memory: at worst it is killed, nothing stays attached, the spool is whole, and the next one goes on" {
	memory_cgroup "sonde-memory-$$"
	receivers_none
	killed=0 ran=0
	for mib in 4 10 16 24 32 64; do
		echo $((mib << 20)) >"$LIMIT_FILE"
		# shellcheck disable=SC2016 # Expanded there.
		hurt "${WITHIN[@]}" sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$MEMORY" "$SONDE" run --probes all --interval 1 --duration 2s \
			--socket none --graphite 127.0.0.1:2003 --spool "$PWD/spool" --output json:json
		case $HURT in
		137) killed=$((killed + 1)) ;;
		*) sound "$mib MiB" true ;;
		esac
		[ "$HURT" != 0 ] || ran=$((ran + 1))
	done
	all_sound "limits" 6 "killed $killed times, ran $ran times"
	[ $killed -gt 0 ] && [ $ran -gt 0 ]
	spooled
	start_bg in_netns "$NETNS" "$ROOT/tests/carbon/receiver" 2003 >received
	NETNS=$NETNS run_here --graphite 127.0.0.1:2003 --spool "$PWD/spool"
	wait_for grep -q 'slots of an earlier run' err
	none_left() { [ "$(find spool -name '*.slot' | wc -l)" -le 1 ]; }
	wait_for none_left
	sonde_stop
	run ! grep -E 'damaged|cannot be read back' err
}

@test "memory runs out while it runs: nothing stays attached, and the next one goes on" {
	memory_cgroup "sonde-memory-$$"
	run_here --service 'x=exe:/x$' --graphite 127.0.0.1:1 --spool "$PWD/spool"
	pid=$(sonde_pid)
	held=$(held_by "$pid")
	[ "$(grep -c prog <<<"$held")" -gt 3 ]
	# What it has is charged to where it was.
	echo $((1 << 19)) >"$LIMIT_FILE"
	echo "$pid" >"$MEMORY/cgroup.procs"
	for ((i = 0; i < 300; i++)); do
		"./$NAME" -n 1 getppid >/dev/null
		alive "$pid" || break
	done
	wait_for dead "$pid"
	rc=0
	wait_bg "$pid" || rc=$?
	[ $rc = 137 ] || [ $rc = 1 ]
	gone() { [ -z "$(comm -12 <(echo "$held") <(present | sort))" ]; }
	wait_for gone
	rm -f json
	run_here --graphite 127.0.0.1:1 --spool "$PWD/spool"
	"./$NAME" -n 10 getppid
	sonde_stop
	counted 10
	run ! grep -E 'damaged|cannot be read back' err
}
