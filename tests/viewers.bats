#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
bats_require_minimum_version 1.5.0
# sonde top of this host, alone and as a viewer of sonde run.

load helpers

setup() {
	require root btf jq
	join_root_cgroups
	OUT=$BATS_TEST_TMPDIR/out
	# Others than root come here.
	DIR=$(mktemp -d)
	chmod 755 "$DIR"
	SOCKET=$DIR/sock
	FRAMES=$BATS_TEST_TMPDIR/frames
}

teardown() {
	helpers_teardown
	rm -rf "$DIR"
}

# frames FILTER: of all frames at once, as an array.
frames() {
	jq -s -r "$1" "$FRAMES"
}

# Waits until FILE has at least N lines.
lines() {
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# serve [ARG]...: sonde run that serves viewers at SOCKET.
serve() {
	sonde_start --interval $((SLOW > 1 ? 2 : 1)) --output json --socket "$SOCKET" "$@"
}

# What all frames say of a service's operation, counts added up.
count_in_frames() {
	frames "[.[] | .services as \$s | .ops[]? | select(.name == \"$2\" and \$s[.service].name == \"$1\") | .dist.count // 0] | add // 0"
}

# Before 5.11 nothing is kept with tasks that could be spared.
times_of_processes() {
	! kernel_says check .notes.storage
}

@test "a program's calls, time, process and threads are in the frames" {
	prog=$(copy_as calls top-a)
	start_gated work "$prog" -t 3 -n $((2000 / SLOW)) -d 500 --wait getppid
	start_bg "$SONDE" top --json --probes syscalls,sched >"$FRAMES"
	viewer=$BG_PID
	wait_for lines "$FRAMES" 1
	release work
	wait_for grep -q calls= "$BATS_TEST_TMPDIR/work.out"
	# It is still there in a frame that has all of it.
	wait_for lines "$FRAMES" $(($(wc -l <"$FRAMES") + 2))
	release work
	stop_bg "$viewer" INT
	pid=$(field pid "$BATS_TEST_TMPDIR/work.out")
	equal getppid "$(count_in_frames top-a getppid)" $((6000 / SLOW))
	# It spins between its calls, or waits for a CPU to do so.
	[ "$(frames "[.[].services[]? | select(.name == \"top-a\") | .time // {} | (.user // 0) + (.kernel // 0) + (.runq // 0)] | add | . > $((300000000 / SLOW / SLOW))")" = true ]
	[ "$(frames "[.[].processes[]? | select(.pid == $pid) | .threads] | max")" -ge 1 ]
	times_of_processes || return 0
	# The threads that have ended took their counts along.
	[ "$(frames "[.[].processes[]? | select(.pid == $pid) | .calls // 0] | add | . >= $((2000 / SLOW))")" = true ]
}

# bats test_tags=user
@test "the text has the same, and what is wrong with it is said" {
	prog=$(copy_as mixture top-b)
	"$prog" spin $((20 * SLOW)) 1 >/dev/null 3>&- &
	pid=$!
	COLUMNS=120 run -0 "$SONDE" top --batch -n 2 --probes sched
	grep -E '^top-b +[0-9.]+ +[0-9.]+ +[ukq]+' <<<"$output"
	COLUMNS=120 run -0 "$SONDE" top --batch -n 2 --probes sched --view processes --filter top-b
	grep -E "^top-b +$pid " <<<"$output"
	kill $pid
	run -2 "$SONDE" top --batch --interval 10ms
	[[ $output == *"--interval 10ms: "* ]]
}

# bats test_tags=user
@test "a thread that waits: in which call, for how long, on what" {
	times_of_processes || kernel_lacks "storage for tasks, hence no times of single processes"
	start_bg sleep 1000
	pid=$BG_PID
	serve --probes syscalls,sched
	echo "process $pid" | "$WORK/unixcat" -n 4 "$SOCKET" >"$FRAMES"
	echo "process 2" | "$WORK/unixcat" -n 2 "$SOCKET" >"$FRAMES.kthreadd"
	sonde_stop
	# The kernel's own threads are in no call.
	jq -s -e '.[-1].threads[0] | .comm == "kthreadd" and (.op // "") == ""' "$FRAMES.kthreadd"
	frames '.[-1].threads[0].op' | grep -E 'nanosleep'
	[ "$(frames ".[-1].threads[0].pid")" = "$pid" ]
	# It was asleep all the time, also in the first frame.
	[ "$(frames "[.[].processes[] | select(.pid == $pid) | .time.idle] | all(. > 500000000 and . < $((2000000000 * SLOW)))")" = true ]
	[ "$(frames '.[-1].threads[0].age | . > 2000000000')" = true ]
	# It began before sonde was attached.
	[ "$(frames '.[-1].threads[0].at_least')" = true ]
}

@test "peers: who is connected to, how often, and how long was waited" {
	netns_up viewers-peer
	start_bg in_netns viewers-peer "$WORK/tcpwork" server -n 40 -s 7777 >"$BATS_TEST_TMPDIR/server"
	wait_for grep -q port= "$BATS_TEST_TMPDIR/server"
	port=$(field port "$BATS_TEST_TMPDIR/server")
	prog=$(copy_as tcpwork top-peer)
	of_peer() { frames "[.[].peers[]? | select(.address == \"127.0.0.1:$port\") | .$1 // 0] | add // 0"; }
	start_bg "$SONDE" top --json --probes tcp,sched >"$FRAMES"
	viewer=$BG_PID
	wait_for lines "$FRAMES" 1
	start_gated client in_netns viewers-peer "$prog" client -p "$port" -n 40 -w
	# Its peers are counted from when the service is known, a few ms after its first event.
	wait_for eval 'frames ".[].services[]?.name" | grep -qx top-peer'
	release client
	wait_for eval '[ "$(of_peer connects)" = 40 ]'
	release client
	stop_bg "$viewer" INT
	[ "$(of_peer connects)" = 40 ]
	[ "$(of_peer failures)" = 0 ]
}

no_peers() {
	[ "$(bpftool -j map dump id "$1" | jq length)" = 0 ]
}

# bats test_tags=host
@test "peers: none is kept when nobody looks any more" {
	require bpftool netns unlocked
	local table
	serve
	table=$(comm -12 <(sed -n -E 's/^map_id:[[:space:]]*//p' /proc/"$(sonde_pid)"/fdinfo/* | sort -u) \
		<(bpftool -j map show | jq '.[] | select(.name == "peers").id' | sort))
	netns_up peers$$
	start_bg "$SONDE" top --json --socket "$SOCKET" >"$FRAMES"
	viewer=$BG_PID
	wait_for lines "$FRAMES" 1
	# Once its service is known, whom it calls is.
	called() {
		in_netns peers$$ "$WORK/tcpwork" client -p 1 -n 5 >"$BATS_TEST_TMPDIR/client"
		! no_peers "$table"
	}
	wait_for called
	stop_bg "$viewer" INT
	wait_for no_peers "$table"
	sonde_stop
}

# bats test_tags=user,beside
@test "what happened before somebody looked again is in no frame" {
	start_bg "$WORK/tcpwork" server -n 60 >"$BATS_TEST_TMPDIR/server"
	wait_for grep -q port= "$BATS_TEST_TMPDIR/server"
	port=$(field port "$BATS_TEST_TMPDIR/server")
	prog=$(copy_as tcpwork top-again)
	serve --probes tcp,sched
	connects() { jq -s "[.[].peers[]? | select(.address == \"127.0.0.1:$port\") | .connects // 0] | add // 0" "$1"; }
	start_bg "$SONDE" top --socket "$SOCKET" --json >"$FRAMES"
	viewer=$BG_PID
	wait_for lines "$FRAMES" 1
	start_gated client "$prog" client -p "$port" -n 40 -w
	wait_for eval 'frames ".[].services[]?.name" | grep -qx top-again'
	release client
	wait_for eval '[ "$(connects "$FRAMES")" = 40 ]'
	release client
	stop_bg "$viewer" INT
	start_bg "$SONDE" top --socket "$SOCKET" --json >"$FRAMES.2"
	wait_for lines "$FRAMES.2" 1
	"$prog" client -p "$port" -n 20
	wait_for eval '[ "$(connects "$FRAMES.2")" -ge 20 ]'
	[ "$(connects "$FRAMES.2")" = 20 ]
	stop_bg "$BG_PID" INT
}

# bats test_tags=user,beside
@test "a frame has what came since the one before, also where a slot ends in between" {
	prog=$(copy_as calls top-even)
	serve --probes syscalls --interval $((2 * SLOW + 1))
	# In the same slot, before anybody looks.
	"$prog" -n 5000 getppid
	start_bg "$SONDE" top --socket "$SOCKET" --json >"$FRAMES"
	viewer=$BG_PID
	wait_for lines "$FRAMES" 2
	equal "of before" "$(count_in_frames top-even getppid)" 0
	start_gated work "$prog" -n $((6000 / SLOW)) -d 1000 --wait getppid
	release work
	wait_for grep -q calls= "$BATS_TEST_TMPDIR/work.out"
	wait_for lines "$FRAMES" $(($(wc -l <"$FRAMES") + 2))
	release work
	stop_bg "$viewer" INT
	sonde_stop
	equal "of meanwhile" "$(count_in_frames top-even getppid)" $((6000 / SLOW))
	equal "of all slots" "$(jq -s '[.[].services["top-even"].syscalls.getppid.count // 0] | add' "$OUT")" $((5000 + 6000 / SLOW))
}

# bats test_tags=user,beside
@test "ten viewers see the same, and no count of a slot is lost" {
	prog=$(copy_as calls top-d)
	viewers=()
	serve --probes syscalls,sched
	for i in $(seq 10); do
		"$SONDE" top --socket "$SOCKET" --json -n 4 >"$FRAMES.$i" 3>&- &
		viewers+=($!)
	done
	wait_for lines "$FRAMES.10" 1
	"$prog" -t 2 -n $((1500 / SLOW)) -d 1000 getppid
	wait "${viewers[@]}"
	sonde_stop
	equal "getppid of all slots" "$(jq -s '[.[].services["top-d"].syscalls.getppid.count // 0] | add' "$OUT")" $((3000 / SLOW))
	for i in $(seq 10); do
		[ "$(wc -l <"$FRAMES.$i")" = 4 ]
	done
	# All were given the same text.
	[ "$(cat "$FRAMES".[0-9]* | sort | uniq -c | awk '$1 >= 9' | wc -l)" -ge 2 ]
	[ "$(jq -s '[.[].self.viewers.watching] | max' "$OUT")" -ge 1 ]
}

# bats test_tags=user
@test "who may look: the group and nobody else, and there is nothing to change" {
	serve --socket-group nogroup --socket-mode 0660
	[ "$(stat -c '%a %G' "$SOCKET")" = "660 nogroup" ]
	cp "$SONDE" "$DIR/sonde"
	as() { setpriv --reuid 65534 --regid "$1" --clear-groups "${@:2}"; }
	COLUMNS=100 run -0 as 65534 "$DIR/sonde" top --socket "$SOCKET" --batch -n 1
	[[ $output == *"SERVICE"* ]]
	run -3 as 12345 "$DIR/sonde" top --socket "$SOCKET" --batch -n 1
	[[ $output == *"members of its group"* ]]
	# What is no request ends the conversation, and only that.
	echo "drop everything" | "$WORK/unixcat" "$SOCKET" >/dev/null
	head -c 100000 /dev/urandom | "$WORK/unixcat" "$SOCKET" >/dev/null
	COLUMNS=100 run -0 as 65534 "$DIR/sonde" top --socket "$SOCKET" --batch -n 1
	[[ $output == *"SERVICE"* ]]
	sonde_stop
	[ ! -e "$SOCKET" ]
}

# bats test_tags=user
@test "a viewer that does not read is let go" {
	serve
	# Enough processes for a frame that no socket holds.
	start_gated crowd "$WORK/calls" -p $((600 / SLOW)) -n 1 --wait getppid
	start_bg "$WORK/unixcat" -s "$SOCKET"
	wait_bg "$BG_PID"
	COLUMNS=100 run -0 "$SONDE" top --socket "$SOCKET" --batch -n 1
	sonde_stop
	[ "$(jq -s '.[-1].self.viewers.dropped' "$OUT")" = 1 ]
}

# bats test_tags=user,beside
@test "a path that is taken, one that was left behind, and a daemon that begins anew" {
	serve
	run -1 "$SONDE" run --duration 1 --socket "$SOCKET"
	[[ $output == *"--socket $SOCKET: another program listens there"* ]]
	"$SONDE" top --socket "$SOCKET" --json -n 4 >"$FRAMES" 3>&- &
	viewer=$!
	wait_for lines "$FRAMES" 1
	kill -KILL "$(sonde_pid)"
	wait_bg "$(sonde_pid)" || true
	[ -S "$SOCKET" ]
	SONDE_ID=2 serve
	wait $viewer
	[ "$(wc -l <"$FRAMES")" = 4 ]
	echo other >"$BATS_TEST_TMPDIR/file"
	run -1 "$SONDE" run --duration 1 --socket "$BATS_TEST_TMPDIR/file"
	[ "$(cat "$BATS_TEST_TMPDIR/file")" = other ]
	run -1 "$SONDE" top --batch --socket "$BATS_TEST_TMPDIR/nothing"
	[[ $output == *"does a sonde run serve it?"* ]]
	SONDE_ID=2 sonde_stop
}
