#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
bats_require_minimum_version 1.5.0
# The probe set block on devices of which it is known how long they take: null_blk and scsi_debug.

load helpers

setup() {
	require root btf
}

teardown() {
	helpers_teardown
	[ -z "${SCSI:-}" ] || wait_for unloaded scsi_debug
}

# Whoever looks at a new disk may keep it busy for a moment.
unloaded() {
	modprobe -r "$1" 2>/dev/null
}

# scsi_disk PARAMETER...: sets SCSI to the name of a disk of scsi_debug.
scsi_disk() {
	[ ! -e /sys/module/scsi_debug ] || bats_skip "scsi_debug is in use"
	module scsi_debug dev_size_mb=64 "$@"
	SCSI=unknown
	module sd_mod
	wait_for scsi_disk_found
}

scsi_disk_found() {
	SCSI=$(basename /sys/bus/pseudo/drivers/scsi_debug/adapter*/host*/target*/*/block/sd*)
	[ -b "/dev/$SCSI" ]
}

# The copying program is a service of its own, so that whoever else looks at a new disk does not count.
start_sonde() {
	sonde_start --probes block --interval 1 --service 'copier=comm:^dd$'
}

# sum SERVICE DISK OP.STAT, the first and the last regular expressions: over the whole run.
sum() {
	graphite_sum "$BATS_TEST_TMPDIR/out" "^sonde\\.$1\\.[^.]*\\.block\\.$2_$3\$"
}

lost() {
	awk -v name="\\.self\\.lost\\.$1\$" '$1 ~ name { n = $2 } END { print n + 0 }' "$BATS_TEST_TMPDIR/out"
}

# Completions that no program sees are known to happen.
# stat_of DISK FIELD: of /sys/block/DISK/stat (Documentation/block/stat.rst), from 1.
stat_of() {
	awk -v n="$2" '{ print $n }' "/sys/block/$1/stat"
}

reads() {
	dd if="/dev/$1" of=/dev/null bs="$3" count="$2" iflag=direct status=none
}

writes() {
	dd if=/dev/zero of="/dev/$1" bs="$3" count="$2" oflag=direct status=none
}

# counted DISK ACTION N BYTES: all of them, whatever became of the completions that no program saw.
counted() {
	local timed
	timed=$(sum copier "$1" "$2_total.count")
	echo "# $1 $2: $timed, lost $(lost completion), $(sum copier "$1" "$2_device.sum_us") us" >&3
	[ "$timed" -le "$3" ] && [ $((timed + $(lost completion))) -ge "$3" ] || fail "$1 $2: $timed counted, expected $3"
	equal "$1 $2 of $4 bytes" "$(sum copier "$1" "$2_size.le_bytes.$4")" "$timed"
	equal "$1 $2 bytes" "$(sum copier "$1" "$2_size.sum_bytes")" $((timed * $4))
	equal "$1 $2 errors" "$(sum copier "$1" "$2_total.errors")" 0
}

# within DISK ACTION_KIND LOW HIGH: how many are in buckets that end above LOW ns and not above HIGH.
within() {
	awk -v name="\\.copier\\.[^.]*\\.block\\.$1_$2\\.le_ns\\." -v low="$3" -v high="$4" '$1 ~ name {
		bound = $1; sub(/.*\./, "", bound); if (bound + 0 > low && bound + 0 <= high) n += $2 }
		END { print n + 0 }' "$BATS_TEST_TMPDIR/out"
}

# lasted DISK ACTION_KIND NSEC BOUND: no request took less than NSEC, some end in the bucket that ends at BOUND, which is
# the one that holds NSEC or, on a busy machine, where a timer is late, the next; and most took less than twice as long.
lasted() {
	local n
	n=$(sum copier "$1" "$2.count")
	equal "$1 $2 below $3 ns" "$(within "$1" "$2" 0 "$3")" 0
	[ "$(within "$1" "$2" "$3" "$4")" -gt 0 ] || fail "$1 $2: none of $n within $4 ns"
	[ $(($(within "$1" "$2" "$3" $(($3 * 2))) * 2)) -gt "$n" ] || fail "$1 $2: most of $n took longer than twice $3 ns"
}

@test "null_blk: each request is counted, and takes what the device takes" {
	local disk read written op
	null_blk
	disk=$(null_device sonde2ms 2000000)
	read=$(stat_of "$disk" 1) written=$(stat_of "$disk" 5)
	start_sonde
	reads "$disk" 300 4k
	writes "$disk" 200 4k
	sonde_stop
	equal "reads of the device" $(($(stat_of "$disk" 1) - read)) 300
	equal "writes of the device" $(($(stat_of "$disk" 5) - written)) 200
	counted "$disk" read 300 4096
	counted "$disk" write 200 4096
	for op in {read,write}_{device,total}; do
		lasted "$disk" $op 2000000 2762135
	done
	nothing_lost
}

# bats test_tags=user
@test "null_blk: devices are told apart, at the same time" {
	local fast slow dd
	null_blk
	fast=$(null_device sondefast 2000000)
	slow=$(null_device sondeslow 5000000)
	[ "$fast" != "$slow" ]
	start_sonde
	start_bg dd if="/dev/$slow" of=/dev/null bs=8k count=150 iflag=direct status=none
	dd=$BG_PID
	reads "$fast" 250 4k
	wait_bg "$dd"
	sonde_stop
	counted "$fast" read 250 4096
	counted "$slow" read 150 8192
	lasted "$fast" read_total 2000000 2762135
	lasted "$slow" read_total 5000000 6569503
}

gone() {
	[ ! -e "/sys/block/$1" ]
}

# bats test_tags=user
@test "null_blk: a device that goes away while it is used, and comes back with another pace" {
	local disk dd again
	null_blk
	disk=$(null_device sondegone 2000000)
	start_sonde
	start_bg dd if="/dev/$disk" of=/dev/null bs=4k iflag=direct status=none
	dd=$BG_PID
	wait_for grep -qE "\\.copier\\..*\\.${disk}_read_total.count [1-9][0-9]" "$BATS_TEST_TMPDIR/out"
	rmdir "$CONFIGFS/nullb/sondegone"
	wait_for gone "$disk"
	# It ends by an error, or, where the disk had been read to its end before, by itself.
	wait_bg "$dd" || true
	lasted "$disk" read_total 2000000 2762135
	again=$(null_device sondegone 5000000)
	reads "$again" 100 16k
	sonde_stop
	equal "reads after that" "$(sum copier "$again" read_size.le_bytes.16384)" 100
	nothing_lost
}

@test "scsi_debug: reads and writes take what the device takes" {
	scsi_disk ndelay=2000000
	echo none >"/sys/block/$SCSI/queue/scheduler"
	start_sonde
	reads "$SCSI" 200 4k
	writes "$SCSI" 150 64k
	sonde_stop
	counted "$SCSI" read 200 4096
	counted "$SCSI" write 150 65536
	lasted "$SCSI" read_device 2000000 2762135
	lasted "$SCSI" write_device 2000000 2762135
	nothing_lost
}

# bats test_tags=user
@test "scsi_debug: discards are counted and timed" {
	local n
	require blkdiscard
	scsi_disk ndelay=2000000 lbpu=1 unmap_max_blocks=64
	[ "$(<"/sys/block/$SCSI/queue/discard_max_bytes")" -gt 0 ] || kernel_lacks "discard at scsi_debug"
	n=$(stat_of "$SCSI" 12)
	sonde_start --probes block --interval 1 --service 'copier=comm:^blkdiscard$'
	blkdiscard -l 3276800 "/dev/$SCSI"
	sonde_stop
	# In pieces of 32 KiB.
	n=$(($(stat_of "$SCSI" 12) - n))
	equal "discards of the device" $n 100
	counted "$SCSI" discard $n 32768
	lasted "$SCSI" discard_device 2000000 2762135
}

@test "scsi_debug: flushes are counted, and are part of the time of what waits for them" {
	local n
	require fio
	grep -qa btf_trace_block_io_start /sys/kernel/btf/vmlinux || kernel_lacks "tracepoint block_io_start"
	scsi_disk ndelay=2000000
	[ "$(<"/sys/block/$SCSI/queue/write_cache")" = "write back" ]
	n=$(stat_of "$SCSI" 16)
	sonde_start --probes block --interval 1 --service 'copier=comm:^fio$'
	fio --name=flush --filename="/dev/$SCSI" --ioengine=psync --rw=write --direct=1 --fsync=1 --bs=4k --size=400k \
		--output="$BATS_TEST_TMPDIR/fio"
	n=$(($(stat_of "$SCSI" 16) - n))
	sonde_stop
	counted "$SCSI" write 100 4096
	equal flushes "$(sum copier "$SCSI" flush_total.count)" $n
	[ $n -ge 99 ]
}
