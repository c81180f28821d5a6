#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
bats_require_minimum_version 1.5.0
# Where the time of threads goes: programs that spend it in known ways, and the kernel's own accounts.

load helpers

setup() {
	require root btf jq
	join_root_cgroups
	OUT=$BATS_TEST_TMPDIR/out
	# Of a slot, in thousandths: readings come late on a busy machine, where they wait for a CPU, too, and more so on an emulated one.
	read -r load _ </proc/loadavg
	LATE=$((SLOW > 1 ? 200 : 30 + 3 * ${load%.*}))
	# What a program does around what it measures takes longer there, too: in hundredths.
	AROUND=$((SLOW > 1 ? 25 : 1))
	# Switching takes an emulated CPU milliseconds, which the program's own clock leaves out.
	POINTS=$((SLOW > 1 ? 10 : 3))
	DELAYACCT=''
}

teardown() {
	[ -z "$DELAYACCT" ] || echo "$DELAYACCT" >/proc/sys/kernel/task_delayacct
	helpers_teardown
}

# named NAME [PROGRAM]: a copy of it under a name of its own, which in the root cgroup is the service's name.
named() {
	cp "$WORK/${2:-mixture}" "$BATS_TEST_TMPDIR/$1"
	echo "$BATS_TEST_TMPDIR/$1"
}

sched_start() {
	sonde_start --interval 1 --output json "$@"
}

# part SERVICE PART...: ms of these parts in all slots, added up.
part() {
	jq -s --arg svc "$1" '[.[].services[$svc].time // {} | .[$ARGS.positional[]].ms // 0] | add' "$OUT" --args "${@:2}"
}

# The sum of all parts, ms, in each slot that is whole: neither the first nor the last one of SERVICE.
whole_slots() {
	jq -s -c --arg svc "$1" '[.[] | .services[$svc].time // empty | [.[].ms // 0] | add | select(. > 0)][1:-1][]' "$OUT"
}

# DISK is a file of 8 MiB on a disk; where files are in memory only, a disk.
on_a_disk() {
	DISK=$BATS_TEST_TMPDIR/file
	if [ "$(stat -f -c %T "$BATS_TEST_TMPDIR")" != tmpfs ]; then
		dd if=/dev/zero of="$DISK" bs=1M count=8 conv=fsync status=none
		return
	fi
	null_blk
	DISK=/dev/$(null_device sched 2000000)
}

# near WHAT ACTUAL EXPECTED TOLERANCE
near() {
	awk -v a="$2" -v e="$3" -v t="$4" 'BEGIN { d = a - e; exit !((d < 0 ? -d : d) <= t) }' ||
		fail "$1: $2, expected $3 within $4"
}

# at_most WHAT ACTUAL EXPECTED TOLERANCE
at_most() {
	awk -v a="$2" -v e="$3" -v t="$4" 'BEGIN { exit !(a <= e + t) }' || fail "$1: $2, expected at most $3 and $4"
}

# slots_near SERVICE N: each slot that is whole has the time of N threads, but for the few that were read very late: that makes
# one too long and the next one too short.
slots_near() {
	whole_slots "$1" | awk -v all=$(($2 * 1000)) -v late=$(($2 * LATE)) '
		{ d = $1 > all ? $1 - all : all - $1; n++; bad += d > late; worst = d > worst ? d : worst }
		END { printf "%d slots of %d ms, %d of them off by more than %d ms, at most by %d ms\n", n, all, bad, late, worst
			exit !(n && bad <= 2 * int((n + 9) / 10) && worst <= 5 * late) }' || fail "$1: slots"
}

# What the hypervisor has taken is, to many kernels, no time that a thread ran; to sonde and to a clock it is. What it took before it let an idle
# CPU go on is taken from the next thread, too, so that all of it may be missing from one program's account. In ticks, of all CPUs.
stolen() {
	awk '/^cpu / { print $9 }' /proc/stat
}

watch_stolen() {
	STOLEN=$(stolen)
}

# What was taken since then, in ms.
stolen_ms() {
	echo $((($(stolen) - STOLEN) * 1000 / $(getconf CLK_TCK)))
}

# near_kernel WHAT ACTUAL EXPECTED TOLERANCE LACK: as near; EXPECTED may lack so much.
near_kernel() {
	awk -v a="$2" -v e="$3" -v t="$4" -v lack="$5" 'BEGIN { exit !(a >= e - t && a <= e + lack + t) }' ||
		fail "$1: $2, expected $3 within $4; which may lack $5"
}

# What the kernel says of a process's threads: ms on a CPU, and waiting for one.
schedstat() {
	cat /proc/"$1"/task/*/schedstat | awk '{ on += $1; waiting += $2 } END { print on / 1e6, waiting / 1e6 }'
}

@test "a mixture of known parts: each within 3 points, together all of the time" {
	prog=$(named mix-a)
	on_a_disk
	sched_start --probes sched
	watch_stolen
	"$prog" mix "${SECONDS_OF_MIX:-8}" "$DISK" >"$BATS_TEST_TMPDIR/said"
	taken=$(stolen_ms)
	sonde_stop
	for name in busy sleep disk recv lock; do
		declare "$name=$(field $name "$BATS_TEST_TMPDIR/said")" "${name}_cpu=$(field ${name}_cpu "$BATS_TEST_TMPDIR/said")" \
			"${name}_ran=$(field ${name}_ran "$BATS_TEST_TMPDIR/said")"
	done
	total=$((busy + sleep + disk + recv + lock)) took=$(field took "$BATS_TEST_TMPDIR/said")
	cpu=$((busy_cpu + sleep_cpu + disk_cpu + recv_cpu + lock_cpu))
	sum=$(part mix-a user kernel runq disk recv send lock memory other idle)
	echo "# all parts $sum ms, $((took / 1000000)) ms by its own clock" >&3
	near "all parts, ms" "$sum" "$((took / 1000000))" "$((took / 100000000 * (SLOW > 1 ? 5 : 1) + 100 * SLOW))"
	slots_near mix-a 1
	points() { awk -v a="$1" -v all="$sum" 'BEGIN { print 100 * a / all }'; }
	share() { awk -v a="$1" -v all="$total" 'BEGIN { print 100 * a / all }'; }
	# known NEAR NAME PARTS SHARE [LACK]
	known() {
		local measured
		# shellcheck disable=SC2086 # Several words.
		measured=$(points "$(part mix-a $3)")
		echo "# $2: $measured points, by its own account $4" >&3
		"$1" "$2" "$measured" "$4" $POINTS "${5:-}"
	}
	# The kernel counts up to 20 us of each switch as time of the one that leaves: so much less may have been seen.
	switching=$(points "$(($(field switches "$BATS_TEST_TMPDIR/said") * 20 / 1000))")
	echo "# on CPU: may be $switching points less" >&3
	less() { awk -v a="$1" -v b="$switching" 'BEGIN { print a - b }'; }
	known near_kernel "on CPU" "user kernel" "$(less "$(share $cpu)")" "$(awk -v a="$(points "$taken")" -v b="$switching" 'BEGIN { print a + b }')"
	known near asleep idle "$(share $((sleep - sleep_ran)))"
	# What was taken while a request was made is, to the program, waiting for it: only the two together are known.
	known near_kernel "disk and on CPU" "user kernel disk" "$(less "$(share $((disk - disk_ran + cpu)))")" "$switching"
	known at_most disk disk "$(share $((disk - disk_ran)))"
	known near recv recv "$(share $((recv - recv_ran)))"
	known near lock lock "$(share $((lock - lock_ran)))"
	# What it waited for a CPU is in those, as far as the program can tell.
	near "nothing else" "$(points "$(part mix-a send memory other)")" 0 $((POINTS - 2))
	nothing_lost_json
}

# As nothing_lost, of JSON lines.
nothing_lost_json() {
	jq -s -e '.[-1].self.lost | .storage + .early_full + .table_full == 0' "$OUT" >/dev/null ||
		fail "lost: $(jq -s -c '.[-1].self.lost' "$OUT")"
}

# bats test_tags=user
@test "two busy threads on one CPU: they share it as the kernel says, and do nothing else" {
	prog=$(named spin-a)
	"$prog" spin $((15 * SLOW)) 2 0 >"$BATS_TEST_TMPDIR/said" 3>&- &
	pid=$!
	sched_start --probes sched
	watch_stolen
	read -r on waiting < <(schedstat $pid) && begun=${EPOCHREALTIME/./}
	sleep 5
	read -r on_end waiting_end < <(schedstat $pid) && us=$((${EPOCHREALTIME/./} - begun)) taken=$(stolen_ms)
	sonde_stop
	kill $pid
	slots=$(whole_slots spin-a | wc -l)
	[ "$slots" -ge 3 ]
	slots_near spin-a 2
	all=$(part spin-a user kernel runq disk recv send lock memory other idle)
	of_a_second() { awk -v a="$1" -v all="$all" 'BEGIN { print 2000 * a / all }'; }
	per_second() { awk -v a="$1" -v b="$2" -v us=$us 'BEGIN { print (b - a) / us * 1e6 }'; }
	near "for a CPU or on it" "$(part spin-a user kernel runq)" "$all" 1
	near_kernel "on a CPU, ms per s" "$(of_a_second "$(part spin-a user kernel)")" "$(per_second $on $on_end)" $((SLOW > 1 ? 250 : 60)) \
		"$(per_second 0 "$taken")"
	near "for a CPU, ms per s" "$(of_a_second "$(part spin-a runq)")" "$(per_second $waiting $waiting_end)" $((SLOW > 1 ? 250 : 60))
	[ "$(jq -s '[.[].services["spin-a"].time.runq.count // 0] | add' "$OUT")" -gt 50 ]
}

@test "threads asleep since before the start, in the right call" {
	prog=$(named sleep-a)
	start_gated sleepers "$prog" asleep $((500 / SLOW))
	sched_start --probes sched
	sleep 3
	sonde_stop
	release sleepers
	slots=$(whole_slots sleep-a | wc -l)
	[ "$slots" -ge 1 ]
	slots_near sleep-a $((500 / SLOW))
	near "nothing else" "$(part sleep-a user kernel runq disk recv send lock memory other)" 0 5
}

@test "a server waits for work, also at a port that clients might have" {
	local last
	read -r _ last </proc/sys/net/ipv4/ip_local_port_range
	netns_up sched-server
	sched_start --probes sched
	start_bg in_netns sched-server "$(named listen-a tcpwork)" server -p $((last - 1)) -n 1 >"$BATS_TEST_TMPDIR/listening"
	start_bg in_netns sched-server "$(named server-a tcpwork)" server -p "$last" -n 1 >"$BATS_TEST_TMPDIR/serving"
	wait_for grep -q port= "$BATS_TEST_TMPDIR/listening" "$BATS_TEST_TMPDIR/serving"
	start_gated client in_netns sched-server "$(named client-a tcpwork)" client -p "$last" -n 1 -w
	release client
	wait_for in_netns sched-server grep -qE ":$(printf %04X "$last") [0-9A-F]+:[0-9A-F]{4} 01" /proc/net/tcp
	sleep 3
	sonde_stop
	for name in listen-a server-a; do
		near "$name, for an answer" "$(part $name recv send other)" 0 1
		[ "$(part $name idle | cut -d. -f1)" -ge 2000 ] || fail "$name: $(part $name idle) ms idle"
	done
}

@test "processes that are born and die within a slot" {
	prog=$(named born-a)
	sched_start --probes sched
	"$prog" births $((400 / SLOW)) 20000 >"$BATS_TEST_TMPDIR/said"
	sonde_stop
	all=$(part born-a user kernel runq disk recv send lock memory other idle)
	within() { awk -v a="$1" -v least="$2" -v most="$3" 'BEGIN { exit !(a >= least && a <= most) }' || fail "$1 ms, expected $2 to $3"; }
	slept=$(field slept_us "$BATS_TEST_TMPDIR/said") lived=$(field lived_us "$BATS_TEST_TMPDIR/said") took=$(field took_us "$BATS_TEST_TMPDIR/said")
	# The children's own clocks and the parent's time are less than all, their parent's view of them and that are more.
	within "$all" $(((slept + took) / 1000 * 99 / 100)) $(((lived + took) / 1000 * 101 / 100 + 5 * SLOW))
	[ $((slept / 1000)) -ge $((400 / SLOW * 20)) ]
	nothing_lost_json
}

# threads_now: of the whole host, as the kernel counts them.
threads_now() {
	local all
	read -r _ _ _ all _ </proc/loadavg
	echo "${all#*/}"
}

# Writes the number of threads with the time, every few ms however busy the host is, until it is ended.
sample_threads() {
	# shellcheck disable=SC2016 # For that shell.
	start_bg chrt -f 2 bash -c 'exec {never}<> <(:)
		while :; do
			read -r _ _ _ all _ </proc/loadavg
			echo "$EPOCHREALTIME ${all#*/}"
			read -rt 0.004 -u "$never"
		done' >"$1"
	SAMPLER=$BG_PID
}

# bats test_tags=user
@test "all services together, while processes come and go: all threads of the host, all of the time" {
	# What hides from iterators (a container's supervisor, say) hides from sonde too.
	hidden=$("$SONDE" top --json -n 5 --probes sched | while read -r frame; do
		printf '%s\t%s\n' "$(threads_now)" "$frame"
	done | jq -R 'split("\t") | (.[0] | tonumber) - (.[1] | fromjson | [.services[].threads // 0] | add)' | sort -n | sed -n 3p)
	[ "$hidden" -ge -3 ] && [ "$hidden" -lt 50 ]
	sonde_start --interval 2 --output json --probes sched
	sample_threads "$BATS_TEST_TMPDIR/samples"
	# The first and the last are not whole.
	while [ "$(wc -l <"$OUT")" -lt 5 ]; do
		# The kernel counts the dead, too, until they are waited for: at once.
		chrt -f 1 "$WORK/mixture" births $((200 / SLOW)) 20000 >/dev/null
		sleep 0.5
	done
	stop_bg "$SAMPLER" || true
	sonde_stop
	jq -s -c '[.[] | {slot, all: ([.services[].time // {} | .[].ms // 0] | add)}][1:-1][] | [.slot, .all / 2000]' "$OUT" | tr -d '[]' | tr , ' ' |
		while read -r slot all; do
			mean=$(awk -v from="$slot" -v hidden=$hidden '$1 >= from && $1 < from + 2 { n++; sum += $2 } END { print sum / n - hidden }' \
				"$BATS_TEST_TMPDIR/samples")
			[ -n "$mean" ]
			near "threads in slot $slot" "$all" "$mean" "$(awk -v m="$mean" -v late=$LATE 'BEGIN { print 1.5 + m * late / 1000 }')" || exit 1
		done
}

# cpu_usage CGROUP: µs on a CPU, as the cgroup says.
cpu_usage() {
	awk '$1 == "usage_usec" { print $2 }' "$1/cpu.stat"
}

# bats test_tags=user
@test "time on a CPU is the cgroup's, for what spins and for what wakes each other" {
	require cgroup2
	prog=$(named cpu-a)
	dir=$(own_cgroup "sched-cpu.service")
	sched_start --probes sched
	watch_stolen
	before=$(cpu_usage "$dir")
	"$WORK/cgexec" "$dir" "$prog" spin 3 1 >/dev/null
	after=$(cpu_usage "$dir")
	"$WORK/cgexec" "$dir" "$prog" pingpong $((40000 / SLOW)) 0
	end=$(cpu_usage "$dir")
	taken=$(stolen_ms)
	sonde_stop
	near_kernel "spinning and ping-pong, ms" "$(part sched-cpu user kernel)" "$(((end - before) / 1000))" \
		"$(((after - before) / 100000 + (end - after) / 50000 + 2 * 40000 / SLOW * 20 / 1000 / 20 + 5))" "$taken"
	[ $((end - before)) -gt 500000 ]
}

# to_the_end PROGRAM [ARG]...: runs it, and keeps what it says in `said` of the test's directory, and the kernel's account of it in `stat`, `status`
# and `schedstat`: it is not waited for before these are read. In `before` is what it had run and waited, as another service, before it became
# PROGRAM; in `stolen`, what the hypervisor took meanwhile.
to_the_end() {
	local pid file
	watch_stolen
	# shellcheck disable=SC2016 # For that shell.
	start_bg bash -c '{ read -r on waiting _ </proc/$BASHPID/schedstat && echo "$on $waiting" >"$0/before" && exec "$@" >"$0/said"; } &
		echo $! >"$0/pid" && exec sleep 1000' "$BATS_TEST_TMPDIR" "$@"
	wait_for test -s "$BATS_TEST_TMPDIR/pid"
	pid=$(<"$BATS_TEST_TMPDIR/pid")
	DEADLINE=60 wait_for grep -q '^State:	Z' "/proc/$pid/status"
	stolen_ms >"$BATS_TEST_TMPDIR/stolen"
	for file in stat status schedstat; do
		cp "/proc/$pid/$file" "$BATS_TEST_TMPDIR/$file"
	done
	rm "$BATS_TEST_TMPDIR/pid"
	stop_bg "$BG_PID" || true
}

# of_stat FIELD...: the sum of these of /proc/PID/stat, which are in ticks, as ms.
of_stat() {
	sed 's/.*) //' "$BATS_TEST_TMPDIR/stat" | awk -v fields="$*" -v hz="$(getconf CLK_TCK)" '
		{ n = split(fields, field, " "); for (i = 1; i <= n; i++) sum += $(field[i] - 2); print sum * 1000 / hz }'
}

# How long it was on a CPU, in ms.
ran() {
	awk -v all="$(of_stat 14 15)" '{ print all - $1 / 1e6 }' "$BATS_TEST_TMPDIR/before"
}

# How often its main thread left a CPU.
switches() {
	awk '/ctxt_switches/ { n += $2 } END { print n }' "$BATS_TEST_TMPDIR/status"
}

# tolerance MS PERCENT US: so much of it, and so many us for each switch; a tick of 10 ms is all that the kernel tells.
tolerance() {
	awk -v e="$1" -v percent="$2" -v us="$3" -v n="$(switches)" 'BEGIN { print e * percent / 100 + us * n / 1000 + 20 }'
}

# agree WHAT ACTUAL EXPECTED PERCENT US: as near as that, in ms.
agree() {
	echo "# $1: $(printf %.0f "$2") ms, the kernel says $3 ms, with $(switches) switches" >&3
	near_kernel "$1, ms" "$2" "$3" "$(tolerance "$3" "$4" "$5")" "$(<"$BATS_TEST_TMPDIR/stolen")"
}

# bats test_tags=user
@test "each process agrees with what /proc says of it: on a CPU, waiting for one, and for a disk" {
	on_a_disk
	if [ -w /proc/sys/kernel/task_delayacct ] && [ "$(</proc/sys/kernel/task_delayacct)" = 0 ]; then
		DELAYACCT=0
		echo 1 >/proc/sys/kernel/task_delayacct
	fi
	sched_start --probes sched
	# kept NAME, and again NAME: of what program the account is.
	kept() { ran >"$BATS_TEST_TMPDIR/ran" && mkdir "$BATS_TEST_TMPDIR/$1" && cp "$BATS_TEST_TMPDIR"/{ran,status,stolen} "$BATS_TEST_TMPDIR/$1"; }
	again() { cp "$BATS_TEST_TMPDIR/$1"/{ran,status,stolen} "$BATS_TEST_TMPDIR"; }
	to_the_end "$(named stat-spin)" spin 2 2 0
	kept spin
	to_the_end "$(named stat-pong)" pingpong $((40000 / SLOW)) 0
	kept pong
	to_the_end "$(named stat-mix)" mix 4 "$DISK"
	sonde_stop
	# Around each switch an emulated machine takes its time, too.
	local percent=$((SLOW > 1 ? AROUND : 2)) us=$((SLOW > 1 ? 300 : 20))
	agree "a mixture, on a CPU" "$(part stat-mix user kernel)" "$(ran)" $percent $us
	read -r on waiting _ <"$BATS_TEST_TMPDIR/schedstat"
	read -r on_before waiting_before <"$BATS_TEST_TMPDIR/before"
	agree "by schedstat" "$(part stat-mix user kernel)" "$(((on - on_before) / 1000000))" $percent $us
	agree "a mixture, waiting for a CPU" "$(part stat-mix runq)" "$(((waiting - waiting_before) / 1000000))" $percent $us
	measured=$(part stat-mix disk)
	# What was taken while a request was made is, to the program, waiting for it.
	own=$((($(field disk "$BATS_TEST_TMPDIR/said") - $(field disk_ran "$BATS_TEST_TMPDIR/said")) / 1000000))
	near_kernel "waiting for a disk by its own account, ms" $own "$measured" "$(tolerance $own $percent $us)" "$(<"$BATS_TEST_TMPDIR/stolen")"
	# Of a thread that others keep from the CPU the kernel's is not to be relied on. Since 6.12 it notes the beginning of a wait as one of whoever
	# runs then, __block_task(), if it takes the thread from its queue late: that wait counts from an older beginning, at worst from the host's start.
	if [ -w /proc/sys/kernel/task_delayacct ] && [ $((waiting - waiting_before)) -lt 60000000 ] && [ "$(of_stat 42)" -le $((own + 20)) ]; then
		agree "a mixture, waiting for a disk" "$measured" "$(of_stat 42)" $percent $us
	else
		echo "# a mixture, waiting for a disk: $(printf %.0f "$measured") ms, by its own account $own, the kernel says $(of_stat 42)" >&3
	fi
	again pong
	agree "ping-pong, on a CPU" "$(part stat-pong user kernel)" "$(<"$BATS_TEST_TMPDIR/ran")" $AROUND 0
	again spin
	agree "spinning, on a CPU" "$(part stat-spin user kernel)" "$(<"$BATS_TEST_TMPDIR/ran")" $AROUND 0
}

@test "what a call waited for is part of it, by what it was" {
	prog=$(named sync-a)
	on_a_disk
	sched_start --probes syscalls,sched
	"$prog" fsync $((200 / SLOW)) "$DISK" >"$BATS_TEST_TMPDIR/said"
	sonde_stop
	call() { jq -s "[.[].services[\"sync-a\"].syscalls.fsync // {} | $1 // 0] | add" "$OUT"; }
	[ "$(call .count)" = $((200 / SLOW)) ]
	wall=$(field wall "$BATS_TEST_TMPDIR/said") cpu=$(field cpu "$BATS_TEST_TMPDIR/said")
	near "all of fsync, ms" "$(awk -v us="$(call .sum_us)" 'BEGIN { print us / 1000 }')" "$((wall / 1000000))" "$((wall / 1000000 * (9 + AROUND) / 100 + 2))"
	# To the kernel a stint on a CPU begins with the wakeup: some 20 us earlier, each time.
	near "not on a CPU, ms" "$(awk -v us="$(call '(.wait_us // {} | add // 0)')" 'BEGIN { print us / 1000 }')" "$(((wall - cpu) / 1000000))" \
		"$((wall / 1000000 * (4 + AROUND) / 100 + 2 + 200 / SLOW * 20 / 1000))"
	# Nearly all of that is the device.
	near "the device, ms" "$(awk -v us="$(call '(.wait_us // {} | .disk + .runq)')" 'BEGIN { print us / 1000 }')" \
		"$(awk -v us="$(call '(.wait_us // {} | add // 0)')" 'BEGIN { print us / 1000 }')" "$((wall / 1000000 * AROUND / 100 + 1))"
}

# bats test_tags=user
@test "the parts of all services are what Graphite gets, under ten names a service" {
	prog=$(named lines-a)
	sonde_start --interval 1 --probes sched
	"$prog" spin 2 1 >/dev/null
	sonde_stop
	run -0 grep -cE '^sonde\.lines-a\.[^.]*\.time\.user\.ms [0-9.]+ [0-9]+$' "$OUT"
	near "user, ms" "$(graphite_sum "$OUT" '^sonde\.lines-a\.[^.]*\.time\.(user|kernel|runq)\.ms$')" 2000 $((100 * SLOW))
	[ "$(grep -oE '^sonde\.lines-a\.[^.]*\.time\.[a-z]+\.ms ' "$OUT" | sort -u | wc -l)" -lt 10 ]
}

# bats test_tags=user
@test "each way that kernels need" {
	prog=$(named ways-a) births=$(named ways-b)
	for without in exchange switch_state any_context storage; do
		SONDE_WITHOUT=$without sched_start --probes sched
		"$births" births 20 10000 >/dev/null
		"$prog" spin 1 1 >/dev/null
		sonde_stop
		near "without $without, ms" "$(part ways-a user kernel runq)" 1000 $((150 * SLOW))
		[ "$(part ways-b idle | cut -d. -f1)" -ge 200 ] || fail "without $without: $(part ways-b idle) ms idle"
	done
}
