#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
bats_require_minimum_version 1.5.0
# More processes, cgroups and connections in a second than any host should see, with all sets on: what the programs did is what was
# counted, no slot is missed, and sonde itself stays small.

# bats file_tags=user
load helpers

# Of one CPU, in percent, and of memory, in MiB, what sonde itself may take meanwhile.
MAX_CPU=50
MAX_RSS=48

setup() {
	require root btf cgroup2 jq unlocked
	join_root_cgroups
}

# storm_start [ARG]...: all sets, one slot per second, as JSON.
storm_start() {
	sonde_start --probes all --interval 1 --output json --max-series 1000000 --socket none "$@"
	# As a service manager would, whatever the tests were started with.
	renice -n 0 -p "$(sonde_pid)" >/dev/null
}

# total SERVICES SET OP STAT: over the run and all services whose name matches.
total() {
	jq -n --arg service "$1" --arg set "$2" --arg op "$3" --arg stat "$4" \
		'[inputs.services | to_entries[] | select(.key | test("^(" + $service + ")$")) | .value[$set][$op][$stat] // 0] | add' \
		"$BATS_TEST_TMPDIR/out"
}

# calm WHAT: no slot was missed or is twice, nothing was lost, and CPU and memory are within bounds.
calm() {
	local out=$BATS_TEST_TMPDIR/out figures cpu rss lost
	if [ "$SLOW" = 1 ]; then
		jq -r .slot "$out" | awk 'NR > 1 && $1 != last + 1 { print "slot", $1, "follows", last; bad = 1 } { last = $1 } END { exit bad || NR < 3 }'
		equal overruns "$(jq -s 'last.self.run.overruns' "$out")" 0
	fi
	lost=$(jq -sc 'last.self.lost | {storage, table_full}' "$out")
	equal "what was lost" "$lost" '{"storage":0,"table_full":0}'
	figures=$(jq -n -r '[inputs | {slot, cpu: .self.process.cpu_us, rss: .self.process.rss_bytes}] |
		"\(([range(1; length) as $i | .[$i].cpu - .[$i - 1].cpu] | max) / 10000 | floor) \((map(.rss) | max) / 1048576 | floor)"' "$out")
	read -r cpu rss <<<"$figures"
	echo "# $1; sonde: at most $cpu % of a CPU in a second, $rss MiB; $(jq -sc 'last.self.lost' "$out")" >&3
	[ "$SLOW" -gt 1 ] || [ "$cpu" -le $MAX_CPU ] || fail "$cpu % of a CPU, more than $MAX_CPU"
	[[ $SONDE == */sanitize/* ]] || [ "$rss" -le $MAX_RSS ] || fail "$rss MiB, more than $MAX_RSS"
}

# seen WHAT ACTUAL EXPECTED: all of them, but for those that the kernel did not run the program for, and counts: an interrupt that comes in the
# middle of it may bring many packets.
seen() {
	local refused
	refused=$(jq -s 'last.self.lost.recursion' "$BATS_TEST_TMPDIR/out")
	[ "$2" -le "$3" ] && [ "$2" -ge $(($3 - refused)) ] || fail "$1: $2, expected $3; $refused refused"
}

# rate UNIT FILE...: per second, of programs that ran at the same time.
rate() {
	cat "${@:2}" | awk -v unit="$1" '{ for (i = 1; i <= NF; i++) { split($i, w, "="); if (w[1] == unit) n += w[2]; if (w[1] == "ns" && w[2] > ns) ns = w[2] } }
		END { printf "%d %s, %d per second", n, unit, n * 1e9 / ns }'
}

# forkers NAME ARG...: storm in a cgroup of its own, in the background, with what it says in NAME.out.
forkers() {
	own_cgroup "sondetest-$1" >/dev/null
	start_bg "$WORK/cgexec" "$(cgroup2_dir)/sondetest-$1" "$WORK/storm" "${@:2}" >"$BATS_TEST_TMPDIR/$1.out"
}

@test "10,000 processes per second: every call of each service is counted" {
	local n=$((4000 / SLOW)) pids=() vfork=vfork
	# Others have no call of that name.
	[ "$(uname -m)" = x86_64 ] || vfork=clone
	storm_start
	forkers forks-a -v -j 4 -k 5 -n $((5 * n)) -R $n
	pids+=("$BG_PID")
	forkers forks-b -v -j 4 -k 3 -n $((5 * n)) -R $n
	pids+=("$BG_PID")
	# In the root cgroup a program's name is its service's.
	cp "$WORK/storm" "$BATS_TEST_TMPDIR/forks-c"
	start_bg "$BATS_TEST_TMPDIR/forks-c" -j 4 -k 7 -n $((5 * n / 2)) -R $((n / 2)) >"$BATS_TEST_TMPDIR/forks-c.out"
	pids+=("$BG_PID")
	for pid in "${pids[@]}"; do
		DEADLINE=180 wait_bg "$pid"
	done
	sonde_stop
	calm "$(rate processes "$BATS_TEST_TMPDIR"/forks-{a,b,c}.out)"
	equal "getppid of the first" "$(total sondetest-forks-a syscalls getppid count)" $((5 * n * 5))
	equal "$vfork of the first" "$(total sondetest-forks-a syscalls "$vfork" count)" $((5 * n))
	equal "getppid of the second" "$(total sondetest-forks-b syscalls getppid count)" $((5 * n * 3))
	equal "wait4 of the second" "$(total sondetest-forks-b syscalls wait4 count)" $((5 * n))
	equal "getppid of the third" "$(total forks-c syscalls getppid count)" $((5 * n / 2 * 7))
	equal "clone of the third" "$(total forks-c syscalls clone count)" $((5 * n / 2))
}

@test "threads that are made while all are looked at get their storage" {
	local n=$((20000 / SLOW))
	storm_start
	forkers looked-at -v -j 4 -n $n -R $((n / 4))
	while kill -0 "$BG_PID" 2>/dev/null; do
		"$WORK/iterate" settle_threads 100
	done
	wait_bg "$BG_PID"
	sonde_stop
	calm "$(rate processes "$BATS_TEST_TMPDIR/looked-at.out")"
}

@test "1,000 cgroups per second, each with a process: their calls are in services and in _other" {
	local n=$((2500 / SLOW)) pids=() how made early
	# All that is not of this test has a service of its own, so that _other has nothing of it.
	storm_start --max-services 40 --service 'elsewhere=cgroup:^/($|[^s]|s[^o]|so[^n])'
	# Processes that are moved there, and others that are born there.
	for how in "" -c; do
		start_bg "$WORK/cgstorm" $how -j 8 -R $((n / 5)) -p "churn%d.service" "$(own_cgroup sondetest-churn$how)" $n \
			"$WORK/short" -n 7 -l 0 -q >"$BATS_TEST_TMPDIR/churn$how.out"
		pids+=("$BG_PID")
	done
	for pid in "${pids[@]}"; do
		DEADLINE=180 wait_bg "$pid"
	done
	sonde_stop
	calm "$(rate cgroups "$BATS_TEST_TMPDIR"/churn{,-c}.out)"
	# Where there is no room for a service's first calls until the slot ends, it is not known which calls they were.
	made=$(total 'churn[0-9]+|_other' syscalls getppid count)
	early=$(total _other syscalls _other count)
	echo "# getppid: $made of $((7 * 2 * n)); $early calls of all sorts are in _other's _other" >&3
	[ "$made" -le $((7 * 2 * n)) ] && [ $((made + early)) -ge $((7 * 2 * n)) ]
	[ "$early" -le "$(jq -s 'last.self.lost.early_full' "$BATS_TEST_TMPDIR/out")" ]
	# Most found no number that was free.
	[ "$(total _other syscalls getppid count)" -gt $((7 * n)) ]
	[ "$(jq -s 'last.self.services.folded' "$BATS_TEST_TMPDIR/out")" -gt $((n / 2)) ]
}

@test "100,000 connections, as many at once as the limits allow: connects, accepts and failures are the programs' own" {
	local ns=storms-$$ crowd one=$((100000 / SLOW)) failures=$((5000 / SLOW)) held lost server
	require netns
	netns_up "$ns"
	# With less to choose from, finding one that is free takes a connect milliseconds.
	in_netns "$ns" bash -c 'echo 1024 65535 >/proc/sys/net/ipv4/ip_local_port_range'
	for name in crowd-srv crowd-cli; do
		cp "$WORK/crowd" "$BATS_TEST_TMPDIR/$name"
	done
	for name in turn-srv turn-cli fail-cli; do
		cp "$WORK/tcpwork" "$BATS_TEST_TMPDIR/$name"
	done
	crowd=$(ulimit -Hn)
	# Ports, and what waits to be accepted, are limits, too.
	[ "$crowd" != unlimited ] && [ "$crowd" -le 20000 ] || crowd=20000
	crowd=$(((crowd - 100) / SLOW))
	one=$((one - crowd))
	storm_start
	start_bg in_netns "$ns" "$BATS_TEST_TMPDIR/crowd-srv" server $crowd >"$BATS_TEST_TMPDIR/srv.out"
	server=$BG_PID
	wait_for said_or_dead "$BATS_TEST_TMPDIR/srv.out" '^port=' "$server"
	DEADLINE=180 start_gated crowd in_netns "$ns" "$BATS_TEST_TMPDIR/crowd-cli" client "$(field port "$BATS_TEST_TMPDIR/srv.out")" $crowd
	held=$(in_netns "$ns" ss -Htn state established | wc -l)
	equal "both ends of what is open at once" "$held" $((2 * crowd))
	release crowd
	DEADLINE=180 wait_bg "$server"
	# One after the other, and reset, so that their ports are free at once.
	start_bg in_netns "$ns" "$BATS_TEST_TMPDIR/turn-srv" server -n $one >"$BATS_TEST_TMPDIR/turn.out"
	server=$BG_PID
	wait_for said_or_dead "$BATS_TEST_TMPDIR/turn.out" '^port=' "$server"
	in_netns "$ns" "$BATS_TEST_TMPDIR/turn-cli" client -r -B 1 -c 1 -p "$(field port "$BATS_TEST_TMPDIR/turn.out")" -n $one >"$BATS_TEST_TMPDIR/cli.out"
	DEADLINE=180 wait_bg "$server"
	in_netns "$ns" "$BATS_TEST_TMPDIR/fail-cli" client -p 1 -n $failures >"$BATS_TEST_TMPDIR/fail.out"
	equal "refused by the kernel" "$(field ECONNREFUSED "$BATS_TEST_TMPDIR/fail.out")" $failures
	sonde_stop
	calm "$((crowd + one)) connections, $crowd at once"
	seen "connects at once" "$(total crowd-cli tcp connect count)" $crowd
	seen "accepts at once" "$(total crowd-srv tcp accept_wait count)" $crowd
	seen "lifetimes at once" "$(total 'crowd-(cli|srv)' tcp lifetime count)" $((2 * crowd))
	seen "connects in turn" "$(total turn-cli tcp connect count)" $one
	seen "accepts in turn" "$(total turn-srv tcp accept_wait count)" $one
	seen "bytes in turn" "$(total turn-srv tcp bytes_in count)" $one
	seen "resets by the client" "$(total turn-cli tcp resets_sent count)" "$(field resets "$BATS_TEST_TMPDIR/cli.out")"
	equal "connects that failed" "$(total fail-cli tcp connect errors)" $failures
	equal "all failures" "$(total '.*-(cli|srv)' tcp connect errors)" $failures
}
