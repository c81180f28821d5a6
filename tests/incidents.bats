#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
bats_require_minimum_version 1.5.0
# Incidents, staged with real servers: within three intervals the first accusing line of sonde top says what it is.
# ROUNDS=20 stages each of them that often; WATCH is for how many seconds the ordinary busy host is watched, KEEP_SCREENS a
# directory for what was shown.

load helpers

setup() {
	require root btf cgroup2 python3
	join_root_cgroups
	# Servers that are not root come here, and it is on a disk.
	DIR=$(mktemp -d -p /var/tmp)
	chmod 755 "$DIR"
	SCREEN=$BATS_TEST_TMPDIR/screen
	# Elsewhere Debian does not put them on the path.
	PATH=$PATH:$(printf '%s:' /usr/lib/postgresql/*/bin)/usr/sbin
	LIMITS='' LOOP='' DISK=''
}

teardown() {
	[ -z "$LIMITS" ] || recover_limits
	# Servers have children of their own.
	[ ! -e "$BATS_TEST_TMPDIR/.cgroups" ] || sed 's,$,/cgroup.kill,' "$BATS_TEST_TMPDIR/.cgroups" | while read -r file; do
		echo 1 >"$file"
	done
	helpers_teardown
	if [ -n "$LOOP" ]; then
		umount "$DIR/disk"
		losetup -d "$LOOP"
	fi
	[[ $LIMITS != */incident.$$ ]] || rmdir "$LIMITS"
	rm -rf "$DIR"
}

# --- servers ---------------------------------------------------------------------------------------------------------

# as_service NAME PROGRAM [ARG]...: as start_bg, as the unit NAME.service, with NETNS in that network namespace.
as_service() {
	local dir within=()
	dir=$(own_cgroup "incident.slice/$1.service") || return 1
	[ -z "${NETNS:-}" ] || within=(in_netns "$NETNS")
	# shellcheck disable=SC2016 # For that shell.
	start_bg "${within[@]}" "$WORK/cgexec" "$dir" bash -c 'echo $$ >"$0" && exec "$@"' "${LIMITED:-$dir}/cgroup.procs" "${@:2}"
	MINE="${MINE:+$MINE|}$1"
}

as_postgres() {
	setpriv --reuid postgres --regid postgres --init-groups "$@"
}

# limits_up V1 V2: LIMITS is a cgroup whose limits hold for all services that are started from now on, by the controller of that name: of v1
# one of its own, which as_service enters too, of v2 the parent of the services.
limits_up() {
	local v1 root
	v1=$(awk -v name="$1" '/ - cgroup / { n = split($NF, has, ","); for (i = 1; i <= n; i++) if (has[i] == name) { print $5; exit } }' /proc/self/mountinfo)
	if [ -n "$v1" ]; then
		mkdir "$v1/incident.$$"
		LIMITS=$v1/incident.$$ LIMITED=$LIMITS
	else
		root=$(cgroup2_dir)
		echo "+$2" >"$root/cgroup.subtree_control" || kernel_lacks "limits of $2 of cgroups"
		LIMITS=$(own_cgroup incident.slice)
	fi
}

# Of the disk of DIR, by `limit`.
disk_limits_up() {
	DISK=$(stat -c '%Hd:%Ld' "$DIR")
	# What limits a disk does not take a partition.
	[ ! -e "/sys/dev/block/$DISK/partition" ] || DISK=$(<"/sys/dev/block/$DISK/../dev")
	[ -e "/sys/dev/block/$DISK" ] || kernel_lacks "disk under /var/tmp"
	limits_up blkio io
}

# limit wiops|wbps N: writes, or bytes written, per second; max: no limit.
limit() {
	local -A names=([wiops]=write_iops [wbps]=write_bps)
	if [ -e "$LIMITS/io.max" ]; then
		echo "$DISK $1=$2" >"$LIMITS/io.max"
	else
		echo "$DISK ${2/max/0}" >"$LIMITS/blkio.throttle.${names[$1]}_device"
	fi
}

# limit_cpu PERCENT|max: of one CPU.
limit_cpu() {
	local us=${1}000
	if [ -e "$LIMITS/cpu.max" ]; then
		echo "${us/max000/max} 100000" >"$LIMITS/cpu.max"
	else
		echo "${us/max000/-1}" >"$LIMITS/cpu.cfs_quota_us"
	fi
}

recover_limits() {
	if [ -n "$DISK" ]; then
		limit wiops max
		limit wbps max
	else
		limit_cpu max
	fi
}

# A disk of its own at DIR/disk: a file, whose requests the kernel charges to the cgroup of who made them.
disk_up() {
	require loop mkfs.ext4
	fallocate -l 600M "$DIR/image"
	LOOP=$(losetup --show --find --direct-io=on "$DIR/image")
	mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0 "$LOOP"
	mkdir "$DIR/disk"
	mount "$LOOP" "$DIR/disk"
	chmod 777 "$DIR/disk"
}

# postgres_up COMMITS: PostgreSQL in DIR/disk and four clients of it that commit so often together each second.
postgres_up() {
	require initdb pgbench setpriv
	mkdir -p "$DIR/disk/data"
	chown postgres: "$DIR/disk/data"
	cd /
	as_postgres initdb -N -A trust -D "$DIR/disk/data" >/dev/null
	as_service postgres setpriv --reuid postgres --regid postgres --init-groups \
		postgres -D "$DIR/disk/data" -k "$DIR" -c listen_addresses= -c shared_buffers=32MB 2>"$DIR/postgres.log"
	chown postgres: "$DIR"
	wait_for as_postgres pg_isready -q -h "$DIR"
	as_postgres pgbench -q -i -s 2 -h "$DIR" postgres 2>/dev/null
	# What that wrote is not to be written back in the middle of the incident.
	sync -f "$DIR/disk"
	as_service shop setpriv --reuid postgres --regid postgres --init-groups \
		pgbench -h "$DIR" -c 4 -j 4 -R "$1" -T 100000 postgres >/dev/null 2>&1
}

# --- the screen ------------------------------------------------------------------------------------------------------

watch_host() {
	COLUMNS=250 start_bg "$SONDE" top --probes all --batch -n 100000 >"$SCREEN"
	WATCHER=$BG_PID
	wait_for shown 1
	[ -z "${KEEP_SCREENS:-}" ] || start_bg "$SONDE" top --probes all --json -n 100000 >"$DIR/frames"
}

# keep WHAT: what was seen, as text and to be replayed.
keep() {
	[ -n "${KEEP_SCREENS:-}" ] || return 0
	cp "$SCREEN" "$KEEP_SCREENS/$1.txt"
	cp "$DIR/frames" "$KEEP_SCREENS/$1.jsonl"
}

# How many intervals the screen has shown.
intervals() {
	grep -c ' interval [0-9.]* m\?s$' "$SCREEN"
}

shown() {
	alive "$WATCHER" || fail "sonde top ended"
	[ "$(intervals)" -ge "$1" ]
}

# accused FROM TO: NUMBER TEXT of each line in these intervals that accuses one of the services of this test. Others may be
# in trouble of their own meanwhile, and what is merely stated accuses nobody.
accused() {
	awk -v from="$1" -v to="$2" -v mine="^($MINE): " '
		/ interval [0-9.]+ m?s$/ { n++; above = 1; next }
		/^1 services / { above = 0 }
		!above || n < from || n > to || $0 !~ mine { next }
		/ on CPU [0-9]+ %| its own threads use | which its own | has waited for | waiting in other / { next }
		{ print n, $0 }' "$SCREEN"
}

# first_accused FROM TO: of each interval only the first one.
first_accused() {
	accused "$1" "$2" | awk '$1 != last { print } { last = $1 }'
}

# The last five of at least N intervals do not say it.
calm() {
	local n
	n=$(intervals)
	shown "$1" && ! accused $((n - 4)) "$n" | grep -qE "$2"
}

said_or_late() {
	first_accused $(($1 + 1)) $(($1 + 3)) | grep -qE "$2" || shown $(($1 + 4))
}

# incident WHAT REGEX BEGIN END: ROUNDS times, after normal operation, the command BEGIN starts the incident. One of the first three
# intervals must have a first accusing line that matches. The command END ends it.
incident() {
	local round at hits=0 rounds=${ROUNDS:-1}
	at=$(intervals)
	for ((round = 0; round < rounds; round++)); do
		DEADLINE=90 wait_for calm $((at + 8)) "$2"
		# At the beginning of an interval.
		at=$(intervals)
		wait_for shown $((at + 1))
		at=$(intervals)
		"$3"
		DEADLINE=30 wait_for said_or_late "$at" "$2"
		if first_accused $((at + 1)) $((at + 3)) | grep -qE "$2"; then
			hits=$((hits + 1))
		else
			echo "# $1, round $((round + 1)), not said; from interval $((at + 1)) on:"$'\n'"$(accused $((at - 2)) $((at + 4)) | sed 's/^/#   /')" >&3
		fi
		[ -z "${KEEP_SCREENS:-}" ] || wait_for shown $((at + 7))
		keep "$1"
		"$4"
		at=$(intervals)
	done
	echo "# $1: $hits of $rounds within three intervals" >&3
	[ "$hits" = "$rounds" ]
}

# --- the incidents ---------------------------------------------------------------------------------------------------

# bats test_tags=incident
@test "a slow disk: who waits for it, and which it is" {
	disk_limits_up
	disk_up
	postgres_up 40
	watch_host
	become_slow() { limit wiops 30; }
	recover() { limit wiops max; }
	incident slow-disk "postgres: [0-9]+ % of its busy time waiting for disk ${LOOP#/dev/}, p95 of [a-z]+ [0-9]+ ms, normally" \
		become_slow recover
}

# bats test_tags=incident
@test "an I/O limit: who waits, for which disk, and that it is not the disk" {
	disk_limits_up
	mkdir "$DIR/disk"
	postgres_up 40
	watch_host
	limit_down() { limit wiops 30; }
	recover() { limit wiops max; }
	local disk
	disk=$(basename "$(readlink "/sys/dev/block/$DISK")")
	incident io-limit "postgres: [0-9]+ % of its busy time waiting for disk $disk, p95 of [a-z]+ [0-9]+ ms, normally .*; $disk itself answers in [0-9.]+ [mu]s: look at its I/O limit" \
		limit_down recover
}

# Two hosts, incident-a at 192.0.2.1 and incident-b at 192.0.2.2.
two_hosts_up() {
	require netns
	netns_up incident-a
	netns_up incident-b
	in_netns incident-a ip link add veth-a type veth peer name veth-b netns incident-b
	in_netns incident-a ip address add 192.0.2.1/24 dev veth-a
	in_netns incident-b ip address add 192.0.2.2/24 dev veth-b
	in_netns incident-a ip link set veth-a up
	in_netns incident-b ip link set veth-b up
}

# bats test_tags=incident
@test "Redis on another host that answers late: who waits, and for whom" {
	require redis-server redis-cli
	two_hosts_up
	NETNS=incident-b as_service sessions redis-server --bind 192.0.2.2 --protected-mode no --save '' --dir "$DIR" >/dev/null
	NETNS=incident-b wait_for in_netns incident-b redis-cli -h 192.0.2.2 ping >/dev/null 2>&1
	NETNS=incident-a as_service shop redis-cli -h 192.0.2.2 -r -1 -i 0.02 get cart >/dev/null
	watch_host
	# shellcheck disable=SC2016 # For that shell.
	become_late() { start_bg in_netns incident-b bash -c 'while redis-cli -h 192.0.2.2 client pause 300; do sleep 0.32; done' >/dev/null; pauses=$BG_PID; }
	recover() { stop_bg "$pauses" || true; }
	incident late-redis 'shop: [0-9]+ % of its busy time waiting for 192\.0\.2\.2:6379, p95 of [a-z ]+ [2-9][0-9][0-9] ms, normally' become_late recover
}

# bats test_tags=incident
@test "a peer that answers late: who waits, and for whom" {
	two_hosts_up
	NETNS=incident-b as_service prices python3 "$ROOT/tests/incidents/late.py" server 192.0.2.2 8080 >"$DIR/server"
	server=$BG_PID
	wait_for grep -q ready "$DIR/server"
	NETNS=incident-a as_service shop python3 "$ROOT/tests/incidents/late.py" client 192.0.2.2 8080 4 >"$DIR/client"
	wait_for grep -q ready "$DIR/client"
	watch_host
	become_late() { kill -USR1 "$server"; }
	recover() { kill -USR2 "$server"; }
	incident late-peer 'shop: [0-9]+ % of its busy time waiting for 192\.0\.2\.2:8080, p95 of [a-z ]+ ([3-9][0-9][0-9] ms|[0-9.]+ s), normally' become_late recover
}

# bats test_tags=incident
@test "more work than CPUs: who waits for one, and who has them" {
	require redis-server redis-benchmark redis-cli
	as_service redis redis-server --port 0 --unixsocket "$DIR/redis" --save '' --dir "$DIR" >/dev/null
	wait_for redis-cli -s "$DIR/redis" ping >/dev/null 2>&1
	as_service shop redis-benchmark -s "$DIR/redis" -c 4 -n 1000000000 -t get,set -q >/dev/null
	watch_host
	crowd() { as_service hogs "$WORK/mixture" spin 1000 $(($(nproc) * 4)) >/dev/null; hogs=$BG_PID; }
	recover() { stop_bg "$hogs" KILL || true; }
	# The line of who takes them may be about somebody else, who waits even more.
	incident no-cpu '(redis|shop): [0-9]+ % of its busy time waiting for a CPU; hogs uses |hogs: uses [0-9.]+ of [0-9]+ CPUs; [^ ]+ waits' \
		crowd recover
	accused 1 1000000 | grep -E '(redis|shop): [0-9]+ % of its busy time waiting for a CPU; hogs uses [0-9.]+ of'
}

# bats test_tags=incident
@test "a CPU limit: who waits although CPUs are idle" {
	require redis-server redis-benchmark redis-cli
	limits_up cpu cpu
	as_service redis redis-server --port 0 --unixsocket "$DIR/redis" --save '' --dir "$DIR" >/dev/null
	wait_for redis-cli -s "$DIR/redis" ping >/dev/null 2>&1
	as_service shop redis-benchmark -s "$DIR/redis" -c 4 -n 1000000000 -t get,set -q >/dev/null
	watch_host
	limit_down() { limit_cpu 20; }
	recover() { limit_cpu max; }
	incident cpu-limit '(redis|shop): [0-9]+ % of its busy time waiting for a CPU although CPUs are idle: look at its CPU limit or pinning' limit_down recover
}

# bats test_tags=incident
@test "a lock that is held: who waits, and for what" {
	as_service worker "$WORK/holder" 6 >"$DIR/worker"
	worker=$BG_PID
	wait_for grep -q ready "$DIR/worker"
	watch_host
	hold() { kill -USR1 "$worker"; }
	let_go() { kill -USR2 "$worker"; }
	incident held-lock 'worker: [0-9]+ % of its busy time waiting for a lock in its own threads \(futex\)' hold let_go
}

# bats test_tags=incident
@test "a neighbour on the disk: both are named" {
	require fio
	disk_limits_up
	disk_up
	postgres_up 40
	# As fast as a disk of a small virtual machine, whatever is below it.
	limit wbps 80000000
	watch_host
	copy() {
		as_service backup fio --name=copy --filename="$DIR/disk/copy" --size=150m --rw=write --bs=1m --iodepth=8 --direct=1 \
			--thread --ioengine=libaio --time_based --runtime=1000 --output="$DIR/fio"
		copier=$BG_PID
	}
	recover() { stop_bg "$copier" KILL || true; }
	incident neighbour "postgres: [0-9]+ % of its busy time waiting for disk ${LOOP#/dev/}, .*; backup keeps ${LOOP#/dev/} [0-9]+ % busy" \
		copy recover
	accused 1 1000000 | grep -E "backup: keeps ${LOOP#/dev/} [0-9]+ % busy; postgres waits for it"
}

# --- an ordinary busy host -------------------------------------------------------------------------------------------

build_up() {
	mkdir "$DIR/src"
	cp -r "$ROOT/user" "$ROOT/include" "$DIR/src"
	cat >"$DIR/src/Makefile" <<-'END'
		all: $(patsubst %.c,%.o,$(wildcard user/*.c))
		%.o: %.c ; cc -std=gnu11 -D_GNU_SOURCE -O2 -Iinclude -Iuser -DSONDE_VERSION='""' -c $< -o $@
	END
	as_service build bash -c "while make -s -j2 -B -C $DIR/src; do :; done" >/dev/null
}

web_up() {
	mkdir "$DIR/www"
	echo hello >"$DIR/www/index.html"
	chmod 755 "$DIR/www"
	netns_up incident-a
	cat >"$DIR/nginx.conf" <<-END
		daemon off; pid $DIR/nginx.pid; error_log $DIR/nginx.log; events {}
		http {
			access_log off; client_body_temp_path $DIR/body; proxy_temp_path $DIR/proxy; fastcgi_temp_path $DIR/fastcgi;
			uwsgi_temp_path $DIR/uwsgi; scgi_temp_path $DIR/scgi;
			server { listen 127.0.0.1:8080; root $DIR/www; }
		}
	END
	NETNS=incident-a as_service nginx nginx -e "$DIR/nginx.log" -c "$DIR/nginx.conf"
	NETNS=incident-a wait_for in_netns incident-a curl -sf -o "$DIR/got" http://127.0.0.1:8080/
	NETNS=incident-a as_service web bash -c 'while ab -q -c 2 -n 100 http://127.0.0.1:8080/; do sleep 0.5; done' >/dev/null
}

# A build, a database, a cache and a web server, all with clients.
busy_host_up() {
	require cc make nginx ab redis-server redis-benchmark
	mkdir "$DIR/disk"
	postgres_up 20
	build_up
	as_service redis redis-server --port 0 --unixsocket "$DIR/redis" --save '' --dir "$DIR" >/dev/null
	wait_for redis-cli -s "$DIR/redis" ping >/dev/null 2>&1
	as_service cache bash -c "while redis-benchmark -s $DIR/redis -c 2 -n 500 -t get,set -q; do sleep 0.2; done" >/dev/null
	web_up
}

# bats test_tags=incident
@test "an ordinary busy host: nobody is accused" {
	busy_host_up
	watch_host
	local seconds=${WATCH:-60}
	DEADLINE=$((seconds * 2)) wait_for shown $((seconds + 1))
	keep normal
	# That somebody else takes the CPUs may well be so.
	accused 1 1000000 | grep -vE "; [^ ]+ uses " >"$DIR/accused" || true
	accused 1 1000000 | grep -E "; ($MINE) uses " >>"$DIR/accused" || true
	sed 's/^/# /' "$DIR/accused" >&3
	[ ! -s "$DIR/accused" ]
}

# bats test_tags=incident
@test "an ordinary busy host: the parts of each service are all of its threads' time" {
	local names name from ms seconds=${WATCH:-60}
	busy_host_up
	IFS='|' read -ra names <<<"$MINE"
	sonde_start --interval 1 --output json --probes sched
	# shellcheck disable=SC2046 # No blanks are in these.
	"$WORK/census" "$seconds" $(printf "$(cgroup2_dir)/incident.slice/%s.service " "${names[@]}") >"$DIR/census"
	sleep 1.5
	sonde_stop
	from=$(field from "$DIR/census")
	read -ra ms < <(cut -d' ' -f2- "$DIR/census")
	for name in "${!names[@]}"; do
		jq -s -r --arg svc "${names[name]}" --argjson from "$from" --argjson seconds "$seconds" --argjson ms "${ms[name]}" '
			[.[] | select(.slot >= $from and .slot < $from + $seconds) | .services[$svc].time // {} | .[].ms // 0] | add |
			"\($svc): all parts \(. | round) ms, counted \($ms) ms, \(. * 100000 / $ms | round / 1000) %"' "$BATS_TEST_TMPDIR/out"
	done >"$DIR/parts"
	sed 's/^/# /' "$DIR/parts" >&3
	awk '{ share = $(NF - 1); n++ } share < 99 || share > 101 { bad = 1 } END { exit bad || n < 7 }' "$DIR/parts"
}
