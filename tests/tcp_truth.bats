#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The probe set tcp on a link of which delay and loss are known: two network namespaces, joined by a veth pair.

load helpers

setup() {
	require root btf netns nstat ss tc
	CLI=$BATS_TEST_TMPDIR/tcpcli SRV=$BATS_TEST_TMPDIR/tcpsrv
	cp "$WORK/tcpwork" "$CLI"
	cp "$WORK/tcpwork" "$SRV"
	HERE=cli$$ THERE=srv$$
	netns_up "$HERE"
	netns_up "$THERE"
	in_netns "$HERE" ip link add link0 type veth peer name link0 netns "$THERE" ||
		kernel_lacks "virtual Ethernet (CONFIG_VETH)"
	address "$HERE" 1
	address "$THERE" 2
}

# address NETNS N: its end of the link.
address() {
	in_netns "$1" ip address add "10.77.0.$2/24" dev link0
	# Without a duplicate's search, which takes a second.
	in_netns "$1" ip address add "fd00:77::$2/64" dev link0 nodad
	in_netns "$1" ip link set link0 up
}

# impair NETNS WHAT...: what it sends.
impair() {
	in_netns "$1" tc qdisc replace dev link0 root netem "${@:2}" ||
		kernel_lacks "network emulator (CONFIG_NET_SCH_NETEM)"
}

start_sonde() {
	# One slot, so that its percentiles are those of the run.
	sonde_start --probes tcp --interval 3600 --service 'tcpcli=comm:^tcpcli$' --service 'tcpsrv=comm:^tcpsrv$'
}

# The sum over the run of one statistic of one service: stat tcpcli connect.count
stat() {
	graphite_sum "$BATS_TEST_TMPDIR/out" "^[^ ]*\\.$1\\.[^.]+\\.tcp\\.$2\$"
}

# server ARG...: starts it; PORT is its port, `wait_bg $SERVER` waits for it.
server() {
	: >"$BATS_TEST_TMPDIR/srv.out"
	start_bg in_netns "$THERE" "$SRV" server "$@" >"$BATS_TEST_TMPDIR/srv.out"
	SERVER=$BG_PID
	wait_for said_or_dead "$BATS_TEST_TMPDIR/srv.out" '^port=' "$SERVER"
	PORT=$(field port "$BATS_TEST_TMPDIR/srv.out")
}

client() {
	in_netns "$HERE" "$CLI" client -p "$PORT" "$@" >>"$BATS_TEST_TMPDIR/cli.out"
}

nstat_of() {
	in_netns "$1" nstat -asz "$2" | awk -v name="$2" '$1 == name { print $2 }'
}

no_sockets() {
	[ -z "$(in_netns "$1" ss -Htan state connected exclude time-wait)" ]
}

# Whatever is sent again after the programs' end, on a link that is whole again.
finished() {
	in_netns "$1" tc qdisc delete dev link0 root 2>/dev/null || true
	in_netns "$2" tc qdisc delete dev link0 root 2>/dev/null || true
	wait_for no_sockets "$1"
	wait_for no_sockets "$2"
}

# p50_near SERVICE OP US [PERCENT]: the median is within 5 % of it, and on average nothing was faster. An emulated link is itself late, on
# average by what connecting took the client by its own clock.
p50_near() {
	local p50 sum n late=0
	p50=$(awk -v name="\\.$1\\.[^.]+\\.tcp\\.$2\\.p50_us\$" '$1 ~ name { p50 = $2 } END { print p50 + 0 }' "$BATS_TEST_TMPDIR/out")
	sum=$(stat "$1" "$2.sum_us") n=$(stat "$1" "$2.count")
	[ "$SLOW" = 1 ] || late=$(($(field connect_sum_us "$BATS_TEST_TMPDIR/cli.out") / $(field connects "$BATS_TEST_TMPDIR/cli.out") - $3))
	echo "# $1 $2: p50 $p50 us, $n in $sum us, the link late by $late us" >&3
	awk -v a="$p50" -v us="$3" -v late="$late" -v p="${4:-5}" 'BEGIN { exit !(a >= us * (1 - p / 100) && a <= (us + late) * (1 + p / 100)) }' ||
		fail "$1 $2 p50: $p50, expected $3 (and at most $late more) within ${4:-5} %"
	awk -v sum="$sum" -v n="$n" -v us="$3" 'BEGIN { exit !(sum >= n * us) }' || fail "$1 $2: on average below $3 us"
}

# delayed ADDRESS NETNS US: what that side sends takes so long.
delayed() {
	impair "$2" delay "$3"us
	start_sonde
	server -a "$1" -n 8
	client -a "$1" -n 8 -B 2500 -c 100
	wait_bg "$SERVER"
	finished "$HERE" "$THERE"
	sonde_stop
	equal connects "$(stat tcpcli connect.count)" 8
	equal handshakes "$(stat tcpsrv handshake.count)" 8
	p50_near tcpcli connect "$3"
	p50_near tcpsrv handshake "$3"
	p50_near tcpcli rtt "$3"
	p50_near tcpsrv rtt "$3"
	nothing_lost
}

@test "connect, handshake and rtt are the link's delay there, IPv4" {
	delayed 10.77.0.2 "$HERE" 50000
}

# bats test_tags=user
@test "connect, handshake and rtt are the link's delay back, IPv6" {
	delayed fd00:77::2 "$THERE" 50000
}

# lossy ADDRESS: what each side sends again is what the kernel counts there.
lossy() {
	start_sonde
	server -a "$1" -n 12
	client -a "$1" -n 12 -B 100000 -c 20000
	wait_bg "$SERVER"
	finished "$HERE" "$THERE"
	sonde_stop
	echo "# sent again: client $(stat tcpcli retransmits.count), kernel $(nstat_of "$HERE" TcpRetransSegs);" \
		"server $(stat tcpsrv retransmits.count), kernel $(nstat_of "$THERE" TcpRetransSegs)" >&3
	[ "$(nstat_of "$HERE" TcpRetransSegs)" -ge 5 ] && [ "$(nstat_of "$THERE" TcpRetransSegs)" -ge 5 ]
	equal "the client's retransmits" "$(stat tcpcli retransmits.count)" "$(nstat_of "$HERE" TcpRetransSegs)"
	equal "the server's retransmits" "$(stat tcpsrv retransmits.count)" "$(nstat_of "$THERE" TcpRetransSegs)"
	equal connects "$(stat tcpcli connect.count)" 12
	equal accepts "$(stat tcpsrv accept_wait.count)" 12
	equal "client's bytes out" "$(stat tcpcli bytes_out.count)" 1200000
	equal "client's bytes in" "$(stat tcpcli bytes_in.count)" 1200000
	equal "server's bytes in" "$(stat tcpsrv bytes_in.count)" 1200000
	equal "server's bytes out" "$(stat tcpsrv bytes_out.count)" 1200000
	nothing_lost
}

# bats test_tags=user,beside
@test "what a lossy link makes each side send again is counted there, IPv4" {
	require unlocked
	impair "$HERE" loss 10%
	impair "$THERE" loss 10%
	lossy 10.77.0.2
}

# bats test_tags=beside
@test "what a lossy link makes each side send again is counted there, IPv6" {
	require unlocked
	impair "$HERE" loss 10%
	impair "$THERE" loss 10%
	lossy fd00:77::2
}

# bats test_tags=user
@test "a link that delays and loses: both are seen, each where it is" {
	require unlocked
	impair "$HERE" delay 50ms loss 10%
	impair "$THERE" loss 10%
	lossy 10.77.0.2
	# What comes after a gap is acknowledged late.
	p50_near tcpcli rtt 50000 15
	# Some lose their first SYN, which takes a second more, but most do not.
	p50_near tcpcli connect 50000
}
