#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# A real carbon-cache takes the lines; what it stored is what the same run printed as JSON. Whatever becomes of it, no
# slot is late or missing on standard output. Each test has a network namespace with a loopback of its own.

bats_require_minimum_version 1.5.0
# bats file_tags=host
load helpers

setup() {
	require root btf netns carbon-cache jq ss
	join_root_cgroups
	TOOLS=$ROOT/tests/carbon
	NETNS=sonde-carbon-$$
	# A name that nothing else on this host has: it is the service's.
	STORED=stored-$$
	CARBON=$BATS_TEST_TMPDIR/carbon
	netns_up "$NETNS"
}

# carbon_setup INTERVAL: a configuration with one archive, so that every point can be read back as it was sent.
carbon_setup() {
	mkdir -p "$CARBON"/{conf,log,run,whisper}
	cat >"$CARBON/conf/carbon.conf" <<-END
		[cache]
		STORAGE_DIR = $CARBON
		CONF_DIR = $CARBON/conf
		LOG_DIR = $CARBON/log
		PID_DIR = $CARBON/run
		LOCAL_DATA_DIR = $CARBON/whisper
		USER =
		LINE_RECEIVER_INTERFACE = 127.0.0.1
		LINE_RECEIVER_PORT = 2003
		PICKLE_RECEIVER_INTERFACE = 127.0.0.1
		PICKLE_RECEIVER_PORT = 2004
		CACHE_QUERY_INTERFACE = 127.0.0.1
		CACHE_QUERY_PORT = 7002
		MAX_CACHE_SIZE = inf
		MAX_CREATES_PER_MINUTE = inf
		MAX_UPDATES_PER_SECOND = inf
		ENABLE_TAGS = False
		CARBON_METRIC_INTERVAL = 0
	END
	cat >"$CARBON/conf/storage-schemas.conf" <<-END
		[all]
		pattern = .*
		retentions = $1s:1h
	END
	cat >"$CARBON/conf/storage-aggregation.conf" <<-END
		[all]
		pattern = .*
		xFilesFactor = 0
		aggregationMethod = sum
	END
}

carbon_start() {
	rm -f "$CARBON/run/pid" # of one that was killed
	start_bg in_netns "$NETNS" carbon-cache --nodaemon --config="$CARBON/conf/carbon.conf" \
		--pidfile="$CARBON/run/pid" start >>"$CARBON/log/stdout" 2>&1
	CARBON_PID=$BG_PID
	wait_for carbon_listens || { cat "$CARBON/log/stdout" >&2; false; }
}

carbon_listens() {
	in_netns "$NETNS" ss -Hltn 'sport = :2003' | grep -q .
}

# Returns when all that it had in memory is on the disk: it writes it, then ends itself by the signal.
carbon_stop() {
	stop_bg "$CARBON_PID" || [ $? = 143 ]
}

# A carbon that is told to end may leave what came last unwritten, so it has time for all of it first.
carbon_drain() {
	wait_bg "$STAMP_PID"
	DEADLINE=30 wait_for "$TOOLS/check" "$BATS_TEST_TMPDIR/stamped" "$INTERVAL" "$CARBON/whisper" >/dev/null 2>&1 || true
}

# stream INTERVAL [ARG]...: starts sonde. The budget is the highest, because an operation that is folded in one slot and
# not in the next leaves a gap. What is printed gets the time at which it was.
stream() {
	INTERVAL=$1
	mkfifo "$BATS_TEST_TMPDIR/out"
	# start_bg would hold the other end of its own input open.
	start_bg sh -c 'exec "$0" <"$1"' "$TOOLS/stamp" "$BATS_TEST_TMPDIR/out" >"$BATS_TEST_TMPDIR/stamped"
	STAMP_PID=$BG_PID
	sonde_start --graphite "${GRAPHITE:-127.0.0.1:2003}" --output json --interval "$INTERVAL" --max-series 1000000 --max-services 1000 \
		"${@:2}"
}

check() {
	! alive "$STAMP_PID" || wait_bg "$STAMP_PID"
	"$TOOLS/check" "$BATS_TEST_TMPDIR/stamped" "$INTERVAL" "$@" || { cat "$BATS_TEST_TMPDIR/err" >&2; false; }
}

# workload N USEC: N calls, one every USEC.
workload() {
	cp "$WORK/calls" "$BATS_TEST_TMPDIR/$STORED"
	"$BATS_TEST_TMPDIR/$STORED" -n "$1" -d "$2" getppid
}

slots_printed() {
	[ "$(wc -l <"$BATS_TEST_TMPDIR/stamped")" -ge "$1" ]
}

# said N REGEX: N lines of standard error match.
said() {
	[ "$(grep -cE -- "$2" "$BATS_TEST_TMPDIR/err")" = "$1" ] ||
		fail "not $1 of '$2' in: $(cat "$BATS_TEST_TMPDIR/err")"
}

complaint='127\.0\.0\.1:2003: .*retrying'
recovery='127\.0\.0\.1:2003: connected again'

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

@test "two minutes at 10 s: carbon holds every number that was printed, and a count in every slot" {
	[ -z "${SHORT:-}" ] || skip "SHORT is set"
	store_is_whole 10 120
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
