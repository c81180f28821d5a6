#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Receivers and disks that fail: what can be kept is kept, what cannot is counted, and nobody waits for anybody else.

bats_require_minimum_version 1.5.0
# bats file_tags=host
load helpers
load carbon/carbon

# How long a receiver is away before sonde is killed and once more after it, in slots of one second. MORE are options: ten
# minutes at the default budget are OUTAGE=300 MORE='--max-series 2000' FOLDED=1, see tests/carbon/check.
OUTAGE=${OUTAGE:-6}

teardown() {
	local status=0
	helpers_teardown || status=1
	! mountpoint -q "$BATS_TEST_TMPDIR/small" || umount "$BATS_TEST_TMPDIR/small"
	return $status
}

# Two services, because on a busy host there are hundreds, and carbon is minutes at making their files.
few() {
	stream "$@" --service "$STORED=comm:^$STORED" --service 'others=cgroup:.'
}

# small_disk SIZE: a file system of that size, at `small` in the test's directory.
small_disk() {
	mkdir "$BATS_TEST_TMPDIR/small"
	mount -t tmpfs -o "size=$1" none "$BATS_TEST_TMPDIR/small"
}

spool_is_empty() {
	[ -z "$(find "$SPOOL" -name '*.slot' -print -quit)" ]
}

more_slots() {
	wait_for slots_printed $(($(wc -l <"$BATS_TEST_TMPDIR/stamped${SONDE_ID:+.$SONDE_ID}") + $1))
}

@test "sonde is killed during an outage, with a spool: the next one delivers what both measured" {
	SPOOL=$BATS_TEST_TMPDIR/spool
	carbon_setup 1
	carbon_start
	stream 1 --spool "$SPOOL" --spool-size 2G ${MORE:-}
	more_slots 3
	carbon_stop
	DEADLINE=$((OUTAGE + 20)) more_slots "$OUTAGE"
	# The slot that was printed last is on the disk as soon as the next one is not.
	wait_for eval '! spool_is_empty'
	sleep 0.3
	kill -s KILL "$(sonde_pid)"
	wait_bg "$(sonde_pid)" || true
	wait_bg "$STAMP_PID"
	SONDE_ID=2
	stream 1 --spool "$SPOOL" --spool-size 2G ${MORE:-}
	said 1 'slots of an earlier run will be sent'
	DEADLINE=$((OUTAGE + 20)) more_slots "$OUTAGE"
	carbon_start
	DEADLINE=40 wait_for said 1 "$recovery" 2>/dev/null
	DEADLINE=$((OUTAGE * 3 + 40)) wait_for spool_is_empty
	sonde_stop
	carbon_drain
	carbon_stop
	said 0 'could not be delivered'
	SONDE_ID='' said 0 'could not be delivered'
	check "$CARBON/whisper" >&3
	spool_is_empty
}

# With slots of at most some 35 KiB, however busy the host is.
small_stream() {
	export FOLDED=1
	stream 1 --spool "$SPOOL" --probes block --max-series 500 "$@"
}

slots_dropped() {
	[ "$(tail -n 1 "$BATS_TEST_TMPDIR/stamped" | cut -d ' ' -f 2- | jq .self.graphite.dropped_slots)" -ge "$1" ] 2>/dev/null
}

@test "a spool that is too small: the oldest slots are gone, and the lines that were dropped are counted" {
	SPOOL=$BATS_TEST_TMPDIR/spool
	carbon_setup 1
	small_stream --spool-size 100k
	DEADLINE=60 wait_for slots_dropped 3
	sonde_stop
	wait_bg "$STAMP_PID"
	[ "$(find "$SPOOL" -name '*.slot' -printf '%s\n' | awk '{ n += $1 } END { print n }')" -le $((103 * 1024)) ]
	rest_is_delivered
}

@test "a spool on a disk that is read-only: one line; on one that is full: the oldest slots make room and are counted" {
	SPOOL=$BATS_TEST_TMPDIR/small/spool
	small_disk 64k
	mount -o remount,ro "$BATS_TEST_TMPDIR/small"
	run -1 --separate-stderr "$SONDE" run --graphite 127.0.0.1:2003 --spool "$SPOOL"
	[[ $stderr == *"cannot make the spool $SPOOL/"*"Read-only file system"* && $stderr != *$'\n'* ]]
	mount -o remount,rw "$BATS_TEST_TMPDIR/small"
	mkdir "$SPOOL"
	mount -o remount,ro "$BATS_TEST_TMPDIR/small"
	run -1 --separate-stderr "$SONDE" run --graphite 127.0.0.1:2003 --spool "$SPOOL"
	[[ $stderr == *"Read-only file system"* && $stderr != *$'\n'* ]]
	mount -o remount,rw "$BATS_TEST_TMPDIR/small"
	carbon_setup 1
	small_stream
	DEADLINE=60 wait_for slots_dropped 3
	sonde_stop
	said 1 'cannot write to the spool .*No space left on device'
	wait_bg "$STAMP_PID"
	rest_is_delivered
}

# Another one delivers what is left, and nothing of its own.
rest_is_delivered() {
	local dropped
	carbon_start
	NETNS=$NETNS SONDE_ID=2 sonde_start --graphite 127.0.0.1:2003 --interval 3600 --host other --spool "$SPOOL" \
		--probes block --max-series 500
	wait_for spool_is_empty
	SONDE_ID=2 sonde_stop
	dropped=$(sed -n -E 's/.* ([0-9]+) slots \(([0-9]+) lines\) could not be delivered.*/\1 \2/p' "$BATS_TEST_TMPDIR/err")
	[ -n "$dropped" ]
	DEADLINE=30 wait_for the_rest_is_there "$dropped" >/dev/null 2>&1 || the_rest_is_there "$dropped"
}

the_rest_is_there() {
	rm -rf "$CARBON"/whisper/sonde/*/other
	"$TOOLS/check" --dropped "$1" "$BATS_TEST_TMPDIR/stamped" 1 "$CARBON/whisper"
}

@test "a path that swallows everything is noticed within 15 s, and nothing is lost" {
	local began
	require nft
	SPOOL=$BATS_TEST_TMPDIR/spool
	carbon_setup 1
	carbon_start
	stream 1 --spool "$SPOOL"
	workload 300 10000
	more_slots 3
	in_netns "$NETNS" nft add table inet hole
	in_netns "$NETNS" nft add chain inet hole in '{ type filter hook input priority 0; }'
	in_netns "$NETNS" nft add rule inet hole in tcp dport 2003 drop
	in_netns "$NETNS" nft add rule inet hole in tcp sport 2003 drop
	began=$SECONDS
	wait_for said 1 "$complaint" 2>/dev/null
	[ $((SECONDS - began)) -le 15 ]
	workload 300 10000
	in_netns "$NETNS" nft delete table inet hole
	DEADLINE=60 wait_for said 1 "$recovery" 2>/dev/null
	DEADLINE=60 wait_for spool_is_empty
	sonde_stop
	carbon_drain
	carbon_stop
	check "$CARBON/whisper" "$STORED.syscalls.getppid.count=600"
}

@test "a receiver that never reads delays neither another one nor standard output" {
	in_netns "$NETNS" bash -c 'echo 4096 8192 16384 >/proc/sys/net/ipv4/tcp_rmem'
	start_bg in_netns "$NETNS" "$TOOLS/receiver" 2103 never >"$BATS_TEST_TMPDIR/never"
	start_bg in_netns "$NETNS" "$TOOLS/receiver" 2003 >"$BATS_TEST_TMPDIR/received"
	wait_for grep -q listening "$BATS_TEST_TMPDIR/never"
	wait_for grep -q listening "$BATS_TEST_TMPDIR/received"
	# The default budget: the time that a slot takes is that of its lines.
	export FOLDED=1
	GRAPHITE=127.0.0.1:2103 few 1 --max-series 2000 --graphite 127.0.0.1:2003 --duration 25s
	DEADLINE=45 wait_bg "$(sonde_pid)"
	said 1 '127\.0\.0\.1:2103: .*retrying'
	check
	"$TOOLS/lateness" "$BATS_TEST_TMPDIR/stamped" 1 >&3
	"$TOOLS/lateness" "$BATS_TEST_TMPDIR/received" 1 >&3
}

@test "the end of a run waits for several dead receivers at once" {
	local began
	for port in 2103 2203 2303; do
		start_bg in_netns "$NETNS" "$TOOLS/receiver" $port never >"$BATS_TEST_TMPDIR/never.$port"
		wait_for grep -q listening "$BATS_TEST_TMPDIR/never.$port"
	done
	NETNS=$NETNS sonde_start --output json --interval 1 --graphite 127.0.0.1:2103 --graphite 127.0.0.1:2203 --graphite 127.0.0.1:2303
	wait_for test -s "$BATS_TEST_TMPDIR/out"
	began=${EPOCHREALTIME/[.,]/}
	sonde_stop
	# Each gets 2 s.
	[ $((${EPOCHREALTIME/[.,]/} - began)) -lt 4000000 ]
	said 3 'could not be delivered to graphite'
}

@test "a receiver that talks without end is left, and a line says why" {
	start_bg in_netns "$NETNS" "$TOOLS/receiver" 2103 talks >"$BATS_TEST_TMPDIR/talks"
	wait_for grep -q listening "$BATS_TEST_TMPDIR/talks"
	NETNS=$NETNS sonde_start --output json --interval 1 --graphite 127.0.0.1:2103
	wait_for said 1 '127\.0\.0\.1:2103: says more .*retrying'
	DEADLINE=4 sonde_stop
	said 1 'could not be delivered to graphite'
}

# bats test_tags=outage
@test "a receiver that is restarted every few seconds gets all" {
	carbon_setup 1
	carbon_start
	few 1
	for _ in 1 2 3; do
		workload 100 10000
		more_slots 4
		DEADLINE=60 carbon_stop
		carbon_start
	done
	workload 300 10000
	sonde_stop
	carbon_drain
	carbon_stop
	check "$CARBON/whisper" "$STORED.syscalls.getppid.count=600"
}

@test "a spool of two, one that cannot be made, one with damaged files: one line each" {
	SPOOL=$BATS_TEST_TMPDIR/spool
	local first
	stream 1 --spool "$SPOOL" --spool-size 2G
	more_slots 5
	run -1 --separate-stderr "$SONDE" run --graphite 127.0.0.1:2003 --spool "$SPOOL"
	[[ $stderr == *"is another sonde's"* && $stderr != *$'\n'* ]]
	run -1 --separate-stderr "$SONDE" run --graphite 127.0.0.1:2003 --spool /proc/spool
	[[ $stderr == *"cannot make the spool /proc/spool/"* && $stderr != *$'\n'* ]]
	sonde_stop
	said 1 'slots for graphite wait in .* for the next run'
	# One is cut short, one has a byte turned over.
	first=$(find "$SPOOL" -name '*.slot' | sort | head -n 1)
	truncate -s -1 "$first"
	first=$(find "$SPOOL" -name '*.slot' | sort | tail -n 1)
	printf X | dd of="$first" bs=1 seek=100 conv=notrunc status=none
	carbon_setup 1
	carbon_start
	SONDE_ID=2 NETNS=$NETNS sonde_start --graphite 127.0.0.1:2003 --interval 3600 --spool "$SPOOL"
	wait_for spool_is_empty
	SONDE_ID=2 sonde_stop
	SONDE_ID=2 said 1 '1 damaged files were removed'
	SONDE_ID=2 said 1 'cannot be read back: Bad message'
	carbon_stop
}

@test "files: renamed before they grow too large, made again when somebody else renames them" {
	local file=$BATS_TEST_TMPDIR/slots
	sonde_start --output json:"$file" --output graphite:"$file.lines" --interval 1 --output-size 40k --output-keep 2
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	DEADLINE=40 wait_for test -e "$file.2"
	mv "$file.lines" "$file.moved"
	wait_for test -s "$file.lines"
	sonde_stop
	[ ! -e "$file.3" ]
	# Whole slots, none twice.
	[ "$(jq -r .slot "$file.2" "$file.1" "$file" | sort | uniq -d | wc -l)" = 0 ]
	for f in "$file" "$file.1" "$file.2"; do
		[ "$(wc -l <"$f")" = 1 ] || [ "$(stat -c %s "$f")" -le 40960 ]
	done
}

@test "a disk that fills up in the middle of a write: whole slots, none twice" {
	local dir=$BATS_TEST_TMPDIR/small
	small_disk 256k
	head -c 190k /dev/zero >"$dir/ballast"
	sonde_start --output json:"$dir/slots" --interval 1 --max-series 500
	wait_for grep -q 'No space left\|no space left' "$BATS_TEST_TMPDIR/err"
	cp "$dir/slots" "$BATS_TEST_TMPDIR/early"
	rm "$dir/ballast"
	DEADLINE=45 wait_for grep -q 'written to again' "$BATS_TEST_TMPDIR/err"
	sonde_stop
	cp "$dir/slots" "$BATS_TEST_TMPDIR/late"
	jq -e .slot "$BATS_TEST_TMPDIR/early" >/dev/null
	# Every slot from the first to the last is there once.
	jq -r .slot "$BATS_TEST_TMPDIR/late" |
		awk 'NR > 1 && $1 != last + 1 { bad = 1 } { last = $1 } END { exit bad || NR < 5 }'
}

@test "a run that ends and another that begins in the same slot: with a spool nothing of either is overwritten" {
	SPOOL=$BATS_TEST_TMPDIR/spool
	carbon_setup 5
	carbon_start
	for SONDE_ID in a b; do
		few 5 --spool "$SPOOL" --host same
		# Right after the start of a slot, so that both are in it.
		[ $SONDE_ID = b ] || wait_for slots_printed 1
		workload 50 10000
		[ $SONDE_ID = a ] || wait_for slots_printed 1
		sonde_stop
		wait_bg "$STAMP_PID"
	done
	DEADLINE=30 wait_for check "$CARBON/whisper" "$STORED.syscalls.getppid.count=100" >/dev/null 2>&1 || true
	carbon_stop
	check "$CARBON/whisper" "$STORED.syscalls.getppid.count=100"
}

# --- as long as outages are -------------------------------------------------------------------------------------------

# outage SIGNAL: a minute without the receiver.
outage() {
	SPOOL=$BATS_TEST_TMPDIR/spool
	carbon_setup 1
	carbon_start
	[ -z "${RELAY:-}" ] || relay_start
	few 1 --spool "$SPOOL" --spool-size 2G --repeat ${RELAY:-0} ${MORE:-}
	workload 300 10000
	more_slots 3
	kill -s "$1" "$CARBON_PID"
	DEADLINE=80 more_slots 60
	if [ "$1" = STOP ]; then
		kill -s CONT "$CARBON_PID"
	else
		wait_bg "$CARBON_PID" || true
		carbon_start
	fi
	workload 300 10000
	[ -n "${RELAY:-}" ] || DEADLINE=60 wait_for said 1 "$recovery" 2>/dev/null
	DEADLINE=120 wait_for spool_is_empty
	sonde_stop
	[ -z "${RELAY:-}" ] || relay_drain
	carbon_drain
	carbon_stop
	said 0 'could not be delivered'
	check "$CARBON/whisper" "$STORED.syscalls.getppid.count=600" >&3
}

# A relay in front of carbon, with a queue for ten minutes of a busy host. What it had written to a carbon that then ended it
# does not write again; --repeat makes up for that.
relay_start() {
	require carbon-c-relay
	cat >"$BATS_TEST_TMPDIR/relay.conf" <<-END
		listen type linemode 127.0.0.1:2013 proto tcp;
		cluster local forward 127.0.0.1:2003;
		match * send to local stop;
		statistics submit every 86400 seconds;
	END
	start_bg in_netns "$NETNS" carbon-c-relay -f "$BATS_TEST_TMPDIR/relay.conf" -q 5000000 -b 5000 >"$BATS_TEST_TMPDIR/relay" 2>&1
	# shellcheck disable=SC2034 # For carbon.bash.
	GRAPHITE=127.0.0.1:2013
	wait_for relay_listens
}

relay_listens() {
	in_netns "$NETNS" ss -Hltn 'sport = :2013' | grep -q .
}

relay_drain() {
	DEADLINE=90 wait_for check "$CARBON/whisper" >/dev/null 2>&1 || true
}

# bats test_tags=outage
@test "a minute without carbon, by TERM" {
	outage TERM
}

# bats test_tags=outage
@test "a minute without carbon, by KILL" {
	outage KILL
}

# bats test_tags=outage
@test "a minute without carbon, by STOP" {
	outage STOP
}

# bats test_tags=outage
@test "a minute without carbon behind a relay, by TERM" {
	RELAY=1 outage TERM
}
