# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A real carbon-cache in a network namespace of its own, and a sonde that streams to it: `load helpers`, then
# `load carbon/carbon`.

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
	mkdir -p "$CARBON"/{conf,log,run}
	in_memory "$CARBON/whisper"
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
	set_damaged_apart
	start_bg in_netns "$NETNS" carbon-cache --nodaemon --config="$CARBON/conf/carbon.conf" \
		--pidfile="$CARBON/run/pid" start >>"$CARBON/log/stdout" 2>&1
	CARBON_PID=$BG_PID
	wait_for carbon_listens || { cat "$CARBON/log/stdout" >&2; false; }
}

# A carbon that is killed while it makes a file leaves one that nobody can read, and never mends it: that series is its
# own loss.
set_damaged_apart() {
	find "$CARBON/whisper" -name '*.wsp' -size -2 -print -delete | sed "s,^$CARBON/whisper/,," >>"$CARBON/damaged"
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
	DEADLINE=30 wait_for check "$CARBON/whisper" >/dev/null 2>&1 || true
}

# stream INTERVAL [ARG]...: starts sonde. The budget is the highest, because an operation that is folded in one slot and
# not in the next leaves a gap. What is printed gets the time at which it was. SONDE_ID as of sonde_start.
stream() {
	local id=${SONDE_ID:+.$SONDE_ID}
	INTERVAL=$1
	mkfifo "$BATS_TEST_TMPDIR/out$id"
	# start_bg would hold the other end of its own input open.
	start_bg sh -c 'exec "$0" <"$1"' "$TOOLS/stamp" "$BATS_TEST_TMPDIR/out$id" >"$BATS_TEST_TMPDIR/stamped$id"
	STAMP_PID=$BG_PID
	sonde_start --graphite "${GRAPHITE:-127.0.0.1:2003}" --output json --interval "$INTERVAL" --max-series 1000000 \
		--new-series 0 --max-services 1000 "${@:2}"
}

# check [ARG]...: as tests/carbon/check, for what all sondes of this test printed.
check() {
	local stamped=("$BATS_TEST_TMPDIR"/stamped*)
	! alive "$STAMP_PID" || wait_bg "$STAMP_PID"
	DAMAGED=$CARBON/damaged "$TOOLS/check" "$(IFS=,; echo "${stamped[*]}")" "$INTERVAL" "$@" ||
		{ cat "$BATS_TEST_TMPDIR"/err* >&2; false; }
}

# workload N USEC: N calls, one every USEC.
workload() {
	cp "$WORK/calls" "$BATS_TEST_TMPDIR/$STORED"
	"$BATS_TEST_TMPDIR/$STORED" -n "$1" -d "$2" getppid
}

slots_printed() {
	[ "$(wc -l <"$BATS_TEST_TMPDIR/stamped${SONDE_ID:+.$SONDE_ID}")" -ge "$1" ]
}

# said N REGEX: N lines of standard error match.
said() {
	local err=$BATS_TEST_TMPDIR/err${SONDE_ID:+.$SONDE_ID}
	[ "$(grep -cE -- "$2" "$err")" = "$1" ] || fail "not $1 of '$2' in: $(cat "$err")"
}

# shellcheck disable=SC2034 # For the files that load this.
complaint='127\.0\.0\.1:2003: .*retrying'
# shellcheck disable=SC2034
recovery='127\.0\.0\.1:2003: connected again'
