#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
bats_require_minimum_version 1.5.0
# The probe set block against the device's own counters and against fio, on a loop device over a file in memory.

load helpers

setup() {
	require root btf loop fio jq
	join_root_cgroups
	truncate -s 256M "/dev/shm/sonde-block.$$"
	DEV=$(losetup --find --show --direct-io=off "/dev/shm/sonde-block.$$")
	NAME=${DEV#/dev/}
	MNT=
}

teardown() {
	helpers_teardown
	[ -z "${MNT:-}" ] || umount "$MNT"
	[ -z "${DEV:-}" ] || losetup -d "$DEV"
	rm -f "/dev/shm/sonde-block.$$" "/var/tmp/sonde-block.$$"
}

scheduler() {
	echo "$1" >"/sys/block/$NAME/queue/scheduler" || kernel_lacks "I/O scheduler $1"
}

# All settled: no request is left that the counters do not have yet.
settle() {
	sync -f "${MNT:-/dev/shm}"
	blockdev --flushbufs "$DEV"
	wait_for grep -qE '^ *0 +0$' "/sys/block/$NAME/inflight"
}

# stat_of FIELD: of /sys/block/DEV/stat (Documentation/block/stat.rst), from 1.
stat_of() {
	awk -v n="$1" '{ print $n }' "/sys/block/$NAME/stat"
}

sees_flushes() {
	grep -qa btf_trace_block_io_start /sys/kernel/btf/vmlinux || kernel_lacks "tracepoint block_io_start"
}

# sum SERVICE OP.STAT, both regular expressions: over the whole run, on our device.
sum() {
	graphite_sum "$BATS_TEST_TMPDIR/out" "^sonde\\.$1\\.[^.]*\\.block\\.${NAME}_$2\$"
}

# The last value of a figure that only grows.
lost() {
	awk -v name="\\.self\\.lost\\.$1\$" '$1 ~ name { n = $2 } END { print n + 0 }' "$BATS_TEST_TMPDIR/out"
}

# near WHAT ACTUAL EXPECTED PERCENT
near() {
	awk -v a="$2" -v e="$3" -v p="$4" 'BEGIN { d = a - e; if (d < 0) d = -d; exit !(e > 0 && d <= e * p / 100) }' ||
		fail "$1: $2, expected $3 within $4 %"
}

# fio_direct [ARG]...: random reads and writes, one at a time, past the page cache.
fio_direct() {
	fio --name=direct --filename="$DEV" --ioengine=psync --direct=1 --rw=randrw --bs=4k --size=256M \
		--number_ios=30000 --randrepeat=1 --norandommap --output-format=json+ --output="$BATS_TEST_TMPDIR/fio" "$@"
}

# compare FIO_ARG...: what fio did, by the device's counters, against what was counted. Sets MS and TICKS, the total
# time in ms by us and by the device, for as many requests.
compare() {
	local reads writes timed found
	sonde_start --probes block --interval 1 --output graphite
	reads=$(stat_of 1) writes=$(stat_of 5) TICKS=$(($(stat_of 4) + $(stat_of 8)))
	fio_direct "$@"
	settle
	reads=$(($(stat_of 1) - reads)) writes=$(($(stat_of 5) - writes)) TICKS=$(($(stat_of 4) + $(stat_of 8) - TICKS))
	sonde_stop
	timed=$(sum '[^.]+' '(read|write|flush)_total.count')
	MS=$(sum '[^.]+' '(read|write|flush)_total.sum_us' | awk '{ printf "%.3f", $1 / 1000 }')
	echo "# $reads reads, $writes writes, timed $timed, lost $(lost completion), unstarted $(lost unstarted)," \
		"sum $MS ms, ticks $TICKS ms" >&3
	[ "$timed" -gt $(((reads + writes) / 2)) ] && [ "$reads" -gt 0 ] && [ "$writes" -gt 0 ]
	found=$((timed + $(lost completion)))
	# A start that was not seen is found out at the end; but so is what another disk had begun before.
	[ $found = $((reads + writes)) ] || found=$((found + $(lost unstarted)))
	equal "timed + lost" $found $((reads + writes))
	TICKS=$((TICKS * timed / (reads + writes)))
	equal "not in a table" "$(lost table_full)" 0
	equal "errors" "$(sum '[^.]+' '[a-z]+_total.errors')" 0
}

small_requests() {
	scheduler "$1"
	compare --bs=4k --number_ios=$((30000 / SLOW))
	equal "reads of 4 KiB" "$(sum fio read_size.le_bytes.4096)" "$(sum fio read_total.count)"
	equal "writes of 4 KiB" "$(sum fio write_size.le_bytes.4096)" "$(sum fio write_total.count)"
	equal "queue and device" "$(sum '[^.]+' '(read|write)_queue.count')" "$(sum '[^.]+' '(read|write)_device.count')"
}

# Long enough that it does not matter that the device's own time ends after the waiting task was woken, some
# microseconds later in a virtual machine.
long_requests() {
	scheduler "$1"
	compare --bs=1m --numjobs=16 --number_ios=$((60 / SLOW))
	near "total time, ms" "$MS" "$TICKS" 2
}

# bats test_tags=user
@test "small requests are counted as by the device, scheduler none" {
	small_requests none
}

# bats test_tags=user
@test "small requests are counted as by the device, scheduler mq-deadline" {
	small_requests mq-deadline
}

# bats test_tags=user
@test "long requests are timed as by the device, scheduler none" {
	long_requests none
}

# bats test_tags=user
@test "long requests are timed as by the device, scheduler mq-deadline" {
	long_requests mq-deadline
}

# bats test_tags=user
@test "queue and device add up to total, and thresholds count by operation" {
	scheduler mq-deadline
	sonde_start --probes block --interval 1 --output graphite --slo block.read_total:1000ms
	fio_direct --rw=randread --number_ios=2000
	sonde_stop
	equal "queue + device, us" "$(sum fio 'read_(queue|device).sum_us')" "$(sum fio read_total.sum_us)"
	equal "in time" "$(sum fio read_total.slo_ok)" "$(sum fio read_total.count)"
	[ "$(sum fio read_total.count)" -ge 1990 ]
}

# bats test_tags=user
@test "sizes are those of the requests" {
	sonde_start --probes block --interval 1 --output graphite
	fio_direct --rw=randwrite --bs=64k --number_ios=500
	sonde_stop
	equal "64 KiB writes" "$(sum fio write_size.le_bytes.65536)" "$(sum fio write_total.count)"
	equal "bytes" "$(sum fio write_size.sum_bytes)" $(($(sum fio write_total.count) * 65536))
}

# The loop driver completes what it could read, queues the rest again, and gives up; but many kernels make up zeros
# instead if they read the file through the page cache.
# bats test_tags=user
@test "a request that completes in two parts and fails is one request and one error" {
	local file=/var/tmp/sonde-block.$$
	losetup -d "$DEV"
	truncate -s 256M "$file"
	DEV=$(losetup --find --show --direct-io=on "$file") NAME=${DEV#/dev/}
	sonde_start --probes block --interval 1 --output graphite
	truncate -s $(((128 << 20) + 24576)) "$file"
	run ! dd if="$DEV" of=/dev/null bs=64k count=1 skip=2048 iflag=direct status=none
	sonde_stop
	equal "requests" "$(sum dd read_total.count)" 1
	equal "errors" "$(sum dd read_total.errors)" 1
	equal "size" "$(sum dd read_size.le_bytes.65536)" 1
	equal "lost" "$(lost completion)" 0
}

# An end that no program saw, and no later request at the same address: put in by hand, as it cannot be provoked.
# bats test_tags=user
@test "a request of which the end was not seen is reported as lost" {
	local map dev
	require bpftool
	sonde_start --probes block --interval 1 --output graphite
	map=$(map_of "$(sonde_pid)" requests)
	dev=$(printf '%08x' $((7 << 20 | ${NAME#loop})))
	# struct block_io: start and issue are 1, then the device number, with a key that no request has.
	# shellcheck disable=SC2046 # One word a byte.
	bpftool map update id "$map" key hex 01 00 00 00 00 00 00 00 value hex \
		01 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 $(printf '00 %.0s' {1..20}) \
		"${dev:6:2}" "${dev:4:2}" "${dev:2:2}" "${dev:0:2}" $(printf '00 %.0s' {1..48})
	wait_for grep -qE '\.self\.lost\.completion 1 ' "$BATS_TEST_TMPDIR/out"
	sonde_stop
}

@test "a file system: flushes, and what is written back is charged to the writer" {
	require unlocked
	local dir sectors fsyncs
	require cgroup2 mkfs.ext4
	sees_flushes
	mkfs.ext4 -q -E nodiscard "$DEV"
	MNT=$BATS_TEST_TMPDIR/mnt
	mkdir "$MNT"
	mount "$DEV" "$MNT"
	dir=$(own_cgroup "sonde-block-$$")
	sonde_start --probes block --interval 1 --output graphite --service 'writer=cgroup:^/sonde-block-'
	"$WORK/cgexec" "$dir" dd if=/dev/zero of="$MNT/file" bs=64k count=256 status=none
	sectors=$(stat_of 7)
	# The writer has gone. syncfs only waits for the kernel's own thread.
	sync -f "$MNT"
	settle
	sectors=$(($(stat_of 7) - sectors))
	fsyncs=$(stat_of 16)
	dd if=/dev/zero of="$MNT/other" bs=4k count=1 conv=fsync status=none
	settle
	sonde_stop
	echo "# written back $sectors sectors, charged to the writer $(sum writer write_size.sum_bytes) bytes," \
		"to others: kernel $(sum kernel write_size.sum_bytes), flushes $(sum '[^.]+' flush_total.count)" \
		"of $(($(stat_of 16) - fsyncs))" >&3
	[ "$(sum '[^.]+' flush_total.count)" -ge 1 ]
	# The journal's commits end with the flush that follows their data, not with the data.
	awk -v parts="$(sum kernel 'write_(queue|device).sum_us')" -v total="$(sum kernel write_total.sum_us)" \
		'BEGIN { exit !(total > parts) }' || fail "no request waited for a flush"
	near "the writer's bytes" "$(sum writer write_size.sum_bytes)" $((16 << 20)) 1
}

@test "a flush that a program asks for" {
	local n
	sees_flushes
	sonde_start --probes block --interval 1 --output graphite
	n=$(stat_of 5)
	# Nothing in the cache is dirty, so each fsync of the device is one empty flush.
	fio --name=flush --filename="$DEV" --ioengine=psync --rw=randwrite --direct=1 --fsync=1 --bs=4k --size=1M \
		--number_ios=100 --output="$BATS_TEST_TMPDIR/fio"
	n=$(($(stat_of 5) - n))
	sonde_stop
	echo "# flushes $(sum fio flush_total.count), writes $(sum fio write_total.count), stat $n" >&3
	[ "$(sum fio flush_total.count)" -ge 99 ]
	equal "writes and flushes" $(($(sum '[^.]+' flush_total.count) + $(sum '[^.]+' write_total.count))) $n
}

percentiles_agree() {
	local call dir p want have
	for call in read:pread64 write:pwrite64; do
		dir=${call%:*} call=${call#*:}
		for p in 50 95 99; do
			want=$(jq ".jobs[0].$dir.clat_ns.percentile.\"$p.000000\"" "$BATS_TEST_TMPDIR/fio" | awk '{ print $1 / 1000 }')
			have=$(graphite_sum "$BATS_TEST_TMPDIR/out" "\\.fio\\.[^.]*\\.syscalls\\.$call\\.p${p}_us$")
			echo "# $call p$p: sonde $have us, fio $want us" >&3
			near "$call p$p" "$have" "$want" $((SLOW > 1 ? 25 : 10)) || return 1
		done
	done
}

# bats test_tags=user
@test "percentiles of the calls equal fio's own" {
	scheduler none
	# What else the host does comes between fio's clock and the call, and moves the tail: not three times.
	for _ in 1 2 3; do
		sonde_start --probes syscalls,block --interval 3600 --output graphite
		# Long enough for what only fio sees, its clock and the way into the kernel, not to matter.
		fio_direct --bs=128k --number_ios=$((20000 / SLOW))
		sonde_stop
		! percentiles_agree || return 0
	done
	fail "not near enough in any of three runs"
}
