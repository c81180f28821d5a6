# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the bats files share: `load helpers`. A file with a teardown of its own calls helpers_teardown in it.
# What is started or made here is written down in the test's own directory, so that teardown finds it also when it
# was done in a subshell, and nothing is ever ended or removed that was not.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
WORK=${WORK:-$ROOT/.output/work}
SONDE=${SONDE:-$ROOT/sonde}
# How many times longer than on hardware things may take, and by how much the largest amounts of work are divided; more
# than 1 in an emulated machine.
SLOW=${SLOW:-1}
PAUSE=$(printf '0.%02d' $((5 * SLOW)))

# On a shared machine time jumps: in CI a test that fails is tried twice more, and that is said.
[ -z "${CI:-}" ] || export BATS_TEST_RETRIES=2

fail() {
	printf '%s\n' "$*" >&2
	return 1
}

# --- what a test needs -----------------------------------------------------------------------------------------------

# A test that is skipped where everything is tested has not passed.
declare -F bats_skip >/dev/null || eval "bats_$(declare -f skip)"
skip() {
	if [ -n "${CI:-}" ]; then
		fail "skipped, which CI does not allow: $*"
		exit 1
	fi
	bats_skip "$@"
}

kernel_lacks() {
	bats_skip "this kernel has no $1"
}

# require WHAT...: root, btf, cgroup2, netns, nft, loop, unlocked, or the name of a program. What is missing fails the test,
# except what this kernel cannot do, which skips it.
require() {
	local what
	for what in "$@"; do
		case $what in
		root) [ "$(id -u)" = 0 ] || fail "needs root" || exit 1 ;;
		btf) [ -r /sys/kernel/btf/vmlinux ] || kernel_lacks "BTF (CONFIG_DEBUG_INFO_BTF)" ;;
		cgroup2)
			grep -qw cgroup2 /proc/filesystems || kernel_lacks "cgroup v2"
			cgroup2_dir >/dev/null || exit 1
			;;
		netns)
			[ -e /proc/self/ns/net ] || kernel_lacks "network namespaces"
			require root ip nsenter
			;;
		nft)
			require_program nft
			require netns
			unshare --net nft add table inet probe 2>/dev/null || kernel_lacks "nf_tables"
			;;
		unlocked)
			[ -e /sys/kernel/security/lockdown ] || mount -t securityfs none /sys/kernel/security 2>/dev/null || true
			! grep -qs '\[confidentiality\]' /sys/kernel/security/lockdown ||
				kernel_lacks "access of programs to its memory (lockdown=confidentiality), hence no names of cgroups and no accepts"
			;;
		loop)
			require root losetup
			[ -e /dev/loop-control ] || require_module loop
			;;
		*) require_program "$what" ;;
		esac
	done
}

# require_module NAME: loads it, if it is neither built in nor there.
require_module() {
	[ -d "/sys/module/$1" ] || modprobe -q "$1" || kernel_lacks "module $1"
}

require_program() {
	command -v "$1" >/dev/null || fail "needs the program $1; install it" || exit 1
}

# --- processes -------------------------------------------------------------------------------------------------------

# When process $1 was started, in the kernel's ticks: with the pid it names one process for ever. Fails where there is
# none, or one that is merely waited for.
start_time() {
	local stat
	{ read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
	# shellcheck disable=SC2086 # The command name, which may hold blanks, is cut off.
	set -- ${stat##*) }
	[ "$1" != Z ] && echo "${20}"
}

# Whether $1, which start_bg started, lives, and is not another one with its number.
alive() {
	local started
	started=$(start_time "$1") && grep -qxF "$1 $started" "$BATS_TEST_TMPDIR/.pids"
}

dead() {
	! alive "$1"
}

# start_bg PROGRAM [ARG]...: in the background; its pid is in BG_PID. PROGRAM may be `in_netns NAME PROGRAM`. Standard
# input is BG_INPUT, or nothing.
start_bg() {
	[ "$1" != in_netns ] || set -- nsenter "--net=/run/netns/$2" "${@:3}"
	# bats waits for its descriptor 3 to close. Without env a background process ignores SIGINT.
	env --default-signal=INT,QUIT "$@" <>"${BG_INPUT:-/dev/null}" 3>&- &
	BG_PID=$!
	echo "$BG_PID $(start_time "$BG_PID")" >>"$BATS_TEST_TMPDIR/.pids"
}

# wait_bg PID: waits for what start_bg started and returns its status; past the deadline it is ended by KILL (137). Not
# under `run` or in $(...): only the shell that started a process gets its status.
wait_bg() {
	local status=0
	if ! wait_for dead "$1" && alive "$1"; then
		kill -s KILL "$1"
	fi
	wait "$1" 2>/dev/null || status=$?
	sed -i "/^$1 /d" "$BATS_TEST_TMPDIR/.pids"
	return $status
}

# stop_bg PID [SIGNAL]: sends TERM unless told otherwise, then as wait_bg.
stop_bg() {
	! alive "$1" || kill -s "${2:-TERM}" "$1"
	wait_bg "$1"
}

# wait_for COMMAND...: until it is true, tried every 50 ms, for DEADLINE (20) seconds at most, SLOW times both.
wait_for() {
	local seconds=$((${DEADLINE:-20} * SLOW))
	local end=$((${EPOCHREALTIME/[.,]/} + seconds * 1000000))
	until "$@"; do
		if [ "${EPOCHREALTIME/[.,]/}" -gt $end ]; then
			fail "not true within $seconds s: $*"
			return 1
		fi
		sleep $PAUSE
	done
}

# start_gated NAME PROGRAM [ARG]...: as start_bg, with standard output in NAME.out of the test's directory and standard
# input from where `release NAME` writes a line; returns when the program has said ready.
start_gated() {
	local base=$BATS_TEST_TMPDIR/$1
	rm -f "$base.in" && mkfifo "$base.in" && : >"$base.out"
	BG_INPUT=$base.in start_bg "${@:2}" >"$base.out"
	wait_for said_or_dead "$base.out" '^ready' "$BG_PID"
	grep -q '^ready' "$base.out" || fail "$2 ended before it was ready"
}

release() {
	# Open for reading too, so that this does not wait for a reader that is gone.
	echo 1<>"$BATS_TEST_TMPDIR/$1.in"
}

said_or_dead() {
	grep -q -- "$2" "$1" || dead "$3"
}

# field KEY [FILE]: the value of the word KEY=VALUE in the last line that has one.
field() {
	local value
	value=$(sed -n -E "s/^(.* )?$1=([^ ]*).*/\2/p" "${2:-/dev/stdin}" | tail -n 1)
	[ -n "$value" ] || fail "no $1= in ${2:-standard input}" || return 1
	echo "$value"
}

# --- cgroups and network namespaces ----------------------------------------------------------------------------------

cgroup2_dir() {
	awk '{ for (i = 7; i <= NF; i++) if ($i == "-") break }
		$(i + 1) == "cgroup2" { print $5; found = 1; exit } END { exit !found }' \
		/proc/self/mountinfo || fail "no cgroup2 is mounted; mount -t cgroup2 none DIR"
}

# own_cgroup NAME: makes the cgroup NAME (it may be a path) and prints its directory. Teardown removes it and what is
# below it, but none that was there before.
own_cgroup() {
	local dir part
	dir=$(cgroup2_dir) || return 1
	while IFS= read -r -d / part; do
		dir=$dir/$part
		[ -d "$dir" ] || { mkdir "$dir" && echo "$dir" >>"$BATS_TEST_TMPDIR/.cgroups"; } || return 1
	done <<<"$1/"
	echo "$dir"
}

remove_cgroup() {
	[ -d "$1" ] || return 0
	# A cgroup can stay busy for a moment after its last process is gone.
	DEADLINE=5 wait_for find "$1" -depth -type d -exec rmdir {} + 2>/dev/null
}

# netns_up NAME: a network namespace with its loopback up; in_netns NAME COMMAND... runs in it. Not by `ip netns exec`,
# which mounts a /sys of its own, without the cgroups.
netns_up() {
	ip netns add "$1" || return 1
	echo "$1" >>"$BATS_TEST_TMPDIR/.netns"
	in_netns "$1" ip link set lo up
}

in_netns() {
	nsenter "--net=/run/netns/$1" "${@:2}"
}

# Only there is a program's name its service's; whoever runs the tests may be in a unit or a session.
join_root_cgroups() {
	local dir
	while read -r dir; do
		echo "$BASHPID" >"$dir/cgroup.procs"
	done < <(awk '$4 == "/" && / - cgroup2 | - cgroup .*name=systemd/ { print $5 }' /proc/self/mountinfo)
}

# --- disks -----------------------------------------------------------------------------------------------------------

CONFIGFS=/sys/kernel/config

# module NAME [PARAMETER]...
module() {
	modprobe -q "$@" 2>/dev/null || kernel_lacks "module $1"
}

# null_device NAME NSEC: a disk of null_blk that completes each request so long after it was issued. Prints the disk's name.
null_device() {
	local dir=$CONFIGFS/nullb/$1 disk
	mkdir "$dir" && echo "$dir" >>"$BATS_TEST_TMPDIR/.nulls" || return 1
	# Multi-queue, completed by a timer.
	echo 2 >"$dir/queue_mode" && echo 2 >"$dir/irqmode" && echo "$2" >"$dir/completion_nsec" &&
		echo 64 >"$dir/size" && echo 1 >"$dir/power" || return 1
	# Before 6.10 it takes a name of its own.
	disk=$1
	[ -d "/sys/block/$disk" ] || disk=nullb$(<"$dir/index")
	wait_for test -b "/dev/$disk"
	echo "$disk"
}

null_blk() {
	module null_blk nr_devices=0
	mountpoint -q $CONFIGFS || mount -t configfs none $CONFIGFS || kernel_lacks "configfs"
	[ -d $CONFIGFS/nullb ] || kernel_lacks "null_blk by configfs"
}

remove_nulls() {
	local dir
	[ -e "$BATS_TEST_TMPDIR/.nulls" ] || return 0
	while read -r dir; do
		[ ! -d "$dir" ] || rmdir "$dir"
	done <"$BATS_TEST_TMPDIR/.nulls"
}

# --- sonde -----------------------------------------------------------------------------------------------------------

# sonde_start [ARG]...: `sonde run ARG...` in the background, with room for all series, standard output in `out` and standard error in `err` of
# the test's directory; returns when all sets count. A second one at the same time is named by SONDE_ID, which its
# files' names end in (out.ID) and sonde_stop takes too. With NETNS set it runs in that network namespace.
sonde_start() {
	local id=${SONDE_ID:+.$SONDE_ID} within=()
	local out=$BATS_TEST_TMPDIR/out$id err=$BATS_TEST_TMPDIR/err$id
	[ -z "${NETNS:-}" ] || within=(in_netns "$NETNS")
	: >"$err"
	start_bg "${within[@]}" "$SONDE" run --max-series 100000 "$@" >"$out" 2>"$err"
	echo "$BG_PID" >"$BATS_TEST_TMPDIR/.sonde$id"
	if ! wait_for said_or_dead "$err" '^sonde: attached' "$BG_PID" ||
		! grep -q '^sonde: attached' "$err"; then
		cat "$err" >&2
		fail "sonde did not attach"
	fi
}

sonde_pid() {
	cat "$BATS_TEST_TMPDIR/.sonde${SONDE_ID:+.$SONDE_ID}"
}

# Ends it by SIGINT and returns its status, as wait_bg does.
sonde_stop() {
	stop_bg "$(sonde_pid)" INT
}

# map_of PID NAME: the id of the BPF map of that name that the process holds.
map_of() {
	local id
	while read -r id; do
		bpftool -j map show id "$id" | jq -e --arg name "$2" '.name == $name' >/dev/null && echo "$id" && return
	done < <(awk '$1 == "map_id:" { print $2 }' "/proc/$1/fdinfo/"*)
	fail "process $1 has no map $2"
}

# graphite_sum FILE REGEX: the sum of the values of the lines whose metric name matches.
graphite_sum() {
	REGEX=$2 awk '$1 ~ ENVIRON["REGEX"] { sum += $2 }
		END { printf sum == int(sum) ? "%.0f\n" : "%.6f\n", sum }' "$1"
}

# kernel_says COMMAND ARG...: what `sonde COMMAND --json` says of this kernel, which check.bats holds against the documentation, as jq -e
# finds it. It is asked once in a run.
kernel_says() {
	local file=$BATS_RUN_TMPDIR/$1.json
	[ -s "$file" ] || { "$SONDE" "$1" --json >"$file.$$" 2>/dev/null || true; mv "$file.$$" "$file"; }
	jq -e "${@:2}" "$file" >/dev/null
}

# measured SET OPERATION: whether this kernel can measure it.
measured() {
	kernel_says probes --arg set "$1" --arg op "$2" '.[] | select(.name == $set).operations[] | select(.name == $op).available'
}

# The runs of programs that the kernel has refused, as sonde says, if this kernel lets programs be interrupted (see
# docs/kernels.md); else 0, since then it must not refuse any.
refused_runs() {
	kernel_says check .notes.preemptible || { echo 0; return; }
	awk '$1 ~ /\.self\.lost\.recursion$/ { n = $2 } END { print n + 0 }' "$BATS_TEST_TMPDIR/out" 2>/dev/null || echo 0
}

# copy_as PROGRAM NAME: a program of tests/work under a name of its own, which is its service in the root cgroup; prints its path.
copy_as() {
	cp "$WORK/$1" "$BATS_TEST_TMPDIR/$2"
	echo "$BATS_TEST_TMPDIR/$2"
}

# The programs and maps that process $1 holds, as KIND ID lines.
held_by() {
	sed -n -E 's/^(map|prog)_id:[[:space:]]*([0-9]+)$/\1 \2/p' /proc/"$1"/fdinfo/* 2>/dev/null | sort -u
}

# The programs and maps of this host.
present() {
	bpftool prog show -j | jq -r '.[] | "prog \(.id)"'
	bpftool map show -j | jq -r '.[] | "map \(.id)"'
}

# equal WHAT ACTUAL EXPECTED: what is missing must have been counted as refused.
equal() {
	local refused
	[ "$2" != "$3" ] || return 0
	refused=$(refused_runs)
	if [[ $2 =~ ^[0-9]+$ && $3 =~ ^[0-9]+$ ]] && [ "$2" -lt "$3" ] && [ $(($3 - $2)) -le "$refused" ]; then
		echo "# $1: $2 of $3, with $refused runs refused" >&3
		return 0
	fi
	fail "$1: $2, expected $3"
}

# Sonde says that it lost nothing. (What had begun before it was attached may be others' and is no loss of the test's.)
nothing_lost() {
	local lost
	lost=$(awk '$1 ~ /\.self\.lost\.(storage|early_full|table_full|recursion)$/ && $2 != 0' "$BATS_TEST_TMPDIR/out")
	[ -z "$lost" ] || { [ "$(refused_runs)" -gt 0 ] && ! grep -v '\.recursion ' <<<"$lost"; } || fail "lost: $lost"
}

# in_memory DIR: made there, and gone with the test. Tens of thousands of small files take a disk minutes.
in_memory() {
	mkdir -p "$1"
	mount -t tmpfs none "$1"
	echo "$1" >>"$BATS_TEST_TMPDIR/.mounts"
}

# --- the end of a test -----------------------------------------------------------------------------------------------

helpers_teardown() {
	local name status=0
	[ "${BATS_TEST_TRY_NUMBER:-1}" = 1 ] || echo "# tried again: $BATS_TEST_DESCRIPTION" >&3
	if [ -e "$BATS_TEST_TMPDIR/.pids" ]; then
		while read -r name _; do
			DEADLINE=5 stop_bg "$name" TERM || true
		done < <(tac "$BATS_TEST_TMPDIR/.pids")
	fi
	if [ -e "$BATS_TEST_TMPDIR/.mounts" ]; then
		while read -r name; do
			umount --lazy "$name" || status=1
		done <"$BATS_TEST_TMPDIR/.mounts"
		rm "$BATS_TEST_TMPDIR/.mounts"
	fi
	remove_nulls
	if [ -e "$BATS_TEST_TMPDIR/.cgroups" ]; then
		while read -r name; do
			remove_cgroup "$name" || status=1
		done < <(tac "$BATS_TEST_TMPDIR/.cgroups")
	fi
	if [ -e "$BATS_TEST_TMPDIR/.netns" ]; then
		while read -r name; do
			ip netns delete "$name" || status=1
		done <"$BATS_TEST_TMPDIR/.netns"
	fi
	return $status
}

teardown() {
	helpers_teardown
}
