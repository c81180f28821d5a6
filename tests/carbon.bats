#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# A real carbon-cache takes the lines; what it stored is what the same run printed as JSON. Whatever becomes of it, no
# slot is late or missing on standard output. Each test has a network namespace with a loopback of its own.

bats_require_minimum_version 1.5.0
# bats file_tags=host
load helpers
load carbon/carbon

# store_is_whole INTERVAL SECONDS
store_is_whole() {
	carbon_setup "$1"
	carbon_start
	stream "$1" --duration "$2s"
	# Busy for a while, then idle, which is a zero and not a gap.
	workload $((50 * $2)) 10000
	DEADLINE=$(($2 + 20)) wait_bg "$(sonde_pid)"
	carbon_drain
	carbon_stop
	check "$CARBON/whisper" "$STORED.syscalls.getppid.count=$((50 * $2))"
	slots_printed $(($2 / $1))
	said 0 retrying
}

@test "20 s at 1 s: carbon holds every number that was printed, and a count in every slot" {
	store_is_whole 1 20
}

@test "forty seconds at 10 s: carbon holds every number that was printed, and a count in every slot" {
	store_is_whole 10 40
}

@test "a carbon that starts late gets all from the beginning: one complaint, one recovery" {
	carbon_setup 1
	stream 1
	workload 300 10000
	wait_for slots_printed 4
	carbon_start
	wait_for said 1 "$recovery" 2>/dev/null
	sonde_stop
	carbon_drain
	carbon_stop
	said 1 "$complaint"
	said 1 "$recovery"
	check "$CARBON/whisper" $STORED.syscalls.getppid.count=300
}

# bats test_tags=outage
@test "a carbon that is killed and comes back gets all: one complaint, one recovery" {
	carbon_setup 1
	carbon_start
	stream 1
	workload 300 10000
	wait_for slots_printed 4
	stop_bg "$CARBON_PID" KILL || [ $? = 137 ]
	workload 300 10000
	wait_for said 1 "$complaint" 2>/dev/null
	carbon_start
	wait_for said 1 "$recovery" 2>/dev/null
	sonde_stop
	carbon_drain
	carbon_stop
	said 1 "$complaint"
	said 1 "$recovery"
	check "$CARBON/whisper" $STORED.syscalls.getppid.count=600
}

# bats test_tags=outage
@test "a carbon that is stopped delays nothing, and gets all when it goes on" {
	carbon_setup 1
	# Small buffers, so that they are full soon.
	in_netns "$NETNS" bash -c 'echo 4096 8192 16384 >/proc/sys/net/ipv4/tcp_rmem'
	carbon_start
	stream 1
	wait_for slots_printed 3
	kill -s STOP "$CARBON_PID"
	workload 300 10000
	# Unacknowledged for so long that the connection is given up.
	wait_for said 1 "$complaint" 2>/dev/null
	kill -s CONT "$CARBON_PID"
	DEADLINE=40 wait_for said 1 "$recovery" 2>/dev/null
	sonde_stop
	carbon_drain
	carbon_stop
	said 1 "$complaint"
	said 1 "$recovery"
	check "$CARBON/whisper" $STORED.syscalls.getppid.count=300
}

# bats test_tags=outage
@test "a carbon that is stopped at the end: the run ends soon with 0 and says what was not delivered" {
	carbon_setup 1
	in_netns "$NETNS" bash -c 'echo 4096 8192 16384 >/proc/sys/net/ipv4/tcp_rmem'
	carbon_start
	stream 1
	wait_for slots_printed 2
	kill -s STOP "$CARBON_PID"
	wait_for slots_printed 6
	DEADLINE=5 sonde_stop
	said 1 '[1-9][0-9]* slots .[0-9]+ lines. could not be delivered to graphite'
	kill -s CONT "$CARBON_PID"
	check
}

@test "nobody listens: one line, no slot is late, status 0" {
	stream 1 --duration 5s
	DEADLINE=12 wait_bg "$(sonde_pid)"
	said 1 "$complaint"
	said 1 "127\.0\.0\.1:2003: connection refused"
	said 1 '[1-9][0-9]* slots .[0-9]+ lines. could not be delivered to graphite'
	check
	slots_printed 5
}

@test "an unknown host: one line that names it, no slot is late, status 0" {
	GRAPHITE=host.invalid:2003 stream 1 --duration 5s
	DEADLINE=12 wait_bg "$(sonde_pid)"
	said 1 'host\.invalid:2003: cannot resolve host\.invalid: .*retrying'
	said 1 '[1-9][0-9]* slots .[0-9]+ lines. could not be delivered to graphite'
	check
	slots_printed 5
}
