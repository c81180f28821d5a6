#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The probe set tcp against what the programs did, the kernel's own counters and ss, in a network namespace.

load helpers

setup() {
	require root btf netns nstat ss
	NS=tcp$$
	netns_up "$NS"
	CLI=$BATS_TEST_TMPDIR/tcpcli SRV=$BATS_TEST_TMPDIR/tcpsrv
	cp "$WORK/tcpwork" "$CLI"
	cp "$WORK/tcpwork" "$SRV"
}

start_sonde() {
	sonde_start --probes tcp --interval 1 --output graphite \
		--service 'tcpcli=comm:^tcpcli$' --service 'tcpsrv=comm:^tcpsrv$'
}

# The sum over the run of one statistic of one service: stat tcpcli connect.count
stat() {
	graphite_sum "$BATS_TEST_TMPDIR/out" "^[^ ]*\\.$1\\.[^.]+\\.tcp\\.$2\$"
}

# between WHAT ACTUAL LOW HIGH
between() {
	awk -v v="$2" -v low="$3" -v high="$4" 'BEGIN { exit !(v >= low && v <= high) }' ||
		fail "$1: $2, expected $3 to $4"
}

# server ARG...: starts it; PORT is its port, `server_end` waits for it.
server() {
	: >"$BATS_TEST_TMPDIR/srv.out"
	start_bg in_netns "$NS" "$SRV" server "$@" >"$BATS_TEST_TMPDIR/srv.out"
	SERVER=$BG_PID
	wait_for said_or_dead "$BATS_TEST_TMPDIR/srv.out" '^port=' "$SERVER"
	PORT=$(field port "$BATS_TEST_TMPDIR/srv.out")
}

server_end() {
	wait_bg "$SERVER"
}

client() {
	in_netns "$NS" "$CLI" client "$@" >>"$BATS_TEST_TMPDIR/cli.out"
}

srv() {
	field "$1" "$BATS_TEST_TMPDIR/srv.out"
}

cli() {
	field "$1" "$BATS_TEST_TMPDIR/cli.out"
}

nft_add() {
	in_netns "$NS" nft add table inet t
	in_netns "$NS" nft add chain inet t in '{ type filter hook prerouting priority 0; }'
	in_netns "$NS" nft add rule inet t in "$@"
}

nstat_of() {
	in_netns "$NS" nstat -asz "$1" | awk -v name="$1" '$1 == name { print $2 }'
}

# 50 echoed connections on two threads and 30 that only send.
counts_and_bytes() {
	local echoed
	start_sonde
	server -a "$1" -n 50
	client -a "$1" -p "$PORT" -n 50 -t 2 -B 100001 -c 777
	server_end
	equal "client's bytes" "$(cli bytes_out)" 5000050
	echoed=$(srv bytes_in)
	server -a "$1" -n 30 -s
	client -a "$1" -p "$PORT" -n 30 -B 1000003 -s
	server_end
	sonde_stop

	equal connects "$(stat tcpcli connect.count)" 80
	equal "failed connects" "$(stat tcpcli connect.errors)" 0
	equal accepts "$(stat tcpsrv accept_wait.count)" 80
	equal handshakes "$(stat tcpsrv handshake.count)" 80
	equal "client's lifetimes" "$(stat tcpcli lifetime.count)" 80
	equal "server's lifetimes" "$(stat tcpsrv lifetime.count)" 80
	equal "client's bytes out" "$(stat tcpcli bytes_out.count)" $((5000050 + 30000090))
	equal "client's bytes in" "$(stat tcpcli bytes_in.count)" 5000050
	equal "server's bytes in" "$(stat tcpsrv bytes_in.count)" $((echoed + $(srv bytes_in)))
	equal "server's bytes out" "$(stat tcpsrv bytes_out.count)" "$echoed"
	nothing_lost
}

@test "connects, accepts, lifetimes and bytes are the programs' own, IPv4" {
	require unlocked
	counts_and_bytes 127.0.0.1
}

# bats test_tags=user
@test "connects, accepts, lifetimes and bytes are the programs' own, IPv6" {
	require unlocked
	counts_and_bytes ::1
}

resets() {
	start_sonde
	server -a "$1" -n 20 -s
	client -a "$1" -p "$PORT" -n 20 -B 5000 -s -r
	server_end
	equal "the client's resets" "$(cli resets)" 20
	server -a "$1" -n 10 -B 3000 -r
	client -a "$1" -p "$PORT" -n 10 -B 3000
	server_end
	equal "the server's resets" "$(srv resets)" 10
	sonde_stop

	equal "resets by the client" "$(stat tcpcli resets_sent.count)" 20
	equal "resets to the server" "$(stat tcpsrv resets_received.count)" 20
	# What comes after its reset the kernel may answer with one more.
	! measured tcp "resets_sent (no socket)" ||
		equal "all resets sent" "$(stat '(tcpcli|tcpsrv|kernel)' resets_sent.count)" "$(nstat_of TcpOutRsts)"
	between "resets by the server" "$(stat tcpsrv resets_sent.count)" 10 20
	equal "resets to the client" "$(stat tcpcli resets_received.count)" 10
	equal accepts "$(stat tcpsrv accept_wait.count)" 30
	equal "the server's bytes in" "$(stat tcpsrv bytes_in.count)" $((20 * 5000 + 10 * 3000))
	nothing_lost
}

# bats test_tags=user
@test "abortive closes are resets sent and received, IPv4" {
	require unlocked
	resets 127.0.0.1
}

# bats test_tags=user
@test "abortive closes are resets sent and received, IPv6" {
	require unlocked
	resets ::1
}

@test "connections that were reset before they were accepted are accepts" {
	require unlocked
	start_sonde
	server -n 3 -s -D 200
	client -p "$PORT" -n 3 -B 10 -s -r
	server_end
	sonde_stop
	equal accepts "$(stat tcpsrv accept_wait.count)" 3
	equal handshakes "$(stat tcpsrv handshake.count)" 3
	equal resets "$(stat tcpsrv resets_received.count)" 3
	equal "bytes in" "$(stat tcpsrv bytes_in.count)" 30
}

# bats test_tags=user
@test "connections that nobody accepts are handshakes of the listener" {
	require unlocked
	start_sonde
	server -n 1 -D 300
	client -p "$PORT" -n 4 -B 0
	server_end
	sonde_stop
	equal connects "$(stat tcpcli connect.count)" 4
	equal accepts "$(stat tcpsrv accept_wait.count)" 1
	equal handshakes "$(stat tcpsrv handshake.count)" 4
	equal lifetimes "$(stat tcpsrv lifetime.count)" 4
}

@test "accept_wait is the time until accept" {
	require unlocked
	local mine
	start_sonde
	server -n 1 -D 200
	client -p "$PORT" -n 1 -B 1
	server_end
	sonde_stop
	mine=$(srv accept_wait_sum_us)
	between accept_wait "$(stat tcpsrv accept_wait.sum_us)" $((mine - 5000 * SLOW)) $((mine + 5000 * SLOW))
}

# bats test_tags=user
# accepts_kept: how many connections sonde takes for not accepted.
accepts_kept() {
	local id
	while read -r id; do
		bpftool -j map show id "$id" | jq -e '.name == "accepts"' >/dev/null || continue
		bpftool -j map dump id "$id" | jq length
	done < <(sed -n 's/^map_id:[[:space:]]*//p' /proc/"$(sonde_pid)"/fdinfo/*)
}

@test "a socket that is used again leaves nothing behind" {
	local n=500 before
	require bpftool jq
	# Of such calls it is not seen what they accept.
	"$WORK/reuse" 1 || kernel_lacks "32-bit calls of 64-bit programs"
	start_sonde
	before=$(accepts_kept)
	in_netns "$NS" "$WORK/reuse" $n
	wait_for eval "[ \$(accepts_kept) -lt $((before + n / 2)) ]"
	sonde_stop
}

@test "refused connects are failures under ECONNREFUSED" {
	start_sonde
	client -a 127.0.0.1 -p 1 -n 12
	client -a ::1 -p 1 -n 13
	sonde_stop
	equal connects "$(stat tcpcli connect.count)" 25
	equal errors "$(stat tcpcli connect.errors)" 25
	equal ECONNREFUSED "$(stat tcpcli 'connect.errno.ECONNREFUSED')" 25
	equal "resets received" "$(stat tcpcli resets_received.count)" 25
	! measured tcp "resets_sent (no socket)" || equal "resets sent" "$(stat kernel resets_sent.count)" 25
	nothing_lost
}

# bats test_tags=user
@test "timed-out connects are failures under ETIMEDOUT, closed ones ABANDONED" {
	require nft
	start_sonde
	nft_add tcp dport 9 drop
	client -p 9 -n 2 -t 2 -S 1
	client -p 9 -n 5 -T 20
	sonde_stop
	equal errors "$(stat tcpcli connect.errors)" 7
	equal ETIMEDOUT "$(stat tcpcli 'connect.errno.ETIMEDOUT')" 2
	equal ABANDONED "$(stat tcpcli 'connect.errno.ABANDONED')" 5
	equal "retransmitted SYNs" "$(stat tcpcli retransmits.count)" "$(nstat_of TcpRetransSegs)"
	nothing_lost
}

# first_syn_dropped ADDRESS
first_syn_dropped() {
	local bounds=1189207115
	start_sonde
	server -a "$1" -n 1
	in_netns "$NS" nft add table inet t
	in_netns "$NS" nft add set inet t seen '{ type inet_service; flags dynamic; }'
	nft_add "tcp flags & (syn | ack) == syn tcp dport $PORT tcp sport != @seen add @seen { tcp sport } drop"
	client -a "$1" -p "$PORT" -n 1 -B 1
	server_end
	sonde_stop
	between "its own time" "$(cli connect_max_us)" 1000000 $((1000000 + 170000 * SLOW))
	between connect "$(stat tcpcli connect.sum_us)" 1000000 "$(cli connect_max_us)"
	[ "$SLOW" = 1 ] || bounds+='|1414213562|1681792831'
	equal "in the bucket of 1 to 1.19 s, or where all is slow to 1.68 s" "$(stat tcpcli "connect.le_ns.($bounds)")" 1
	equal retransmits "$(stat tcpcli retransmits.count)" 1
	equal "bytes out" "$(stat tcpcli bytes_out.count)" 1
	nothing_lost
}

# bats test_tags=user
@test "a dropped first SYN is a connect of one second, IPv4" {
	require nft
	first_syn_dropped 127.0.0.1
}

# bats test_tags=user
@test "a dropped first SYN is a connect of one second, IPv6" {
	require nft
	first_syn_dropped ::1
}

# bats test_tags=user
@test "retransmits are the kernel's RetransSegs" {
	require nft
	start_sonde
	nft_add meta l4proto tcp numgen inc mod 20 == 0 drop
	server -n 10
	client -p "$PORT" -n 10 -B 200000 -c 20000
	server_end
	# Whatever is sent again after the programs' end is the kernel's affair.
	in_netns "$NS" nft flush ruleset
	wait_for no_sockets
	sonde_stop
	between RetransSegs "$(nstat_of TcpRetransSegs)" 5 100000
	equal retransmits "$(($(stat tcpcli retransmits.count) + $(stat tcpsrv retransmits.count)))" \
		"$(nstat_of TcpRetransSegs)"
	equal "bytes out" "$(stat tcpcli bytes_out.count)" 2000000
	equal "bytes in" "$(stat tcpsrv bytes_in.count)" 2000000
	nothing_lost
}

no_sockets() {
	[ -z "$(in_netns "$NS" ss -Htan state connected exclude time-wait)" ]
}

# bats test_tags=user
@test "rtt is what ss shows" {
	local ss
	require tc
	# A link of 1 Mbit/s: each message of 1000 bytes takes 8.5 ms.
	in_netns "$NS" ip link set lo mtu 1500
	in_netns "$NS" tc qdisc add dev lo root tbf rate 1mbit burst 1600 latency 1s ||
		kernel_lacks "the token bucket filter (CONFIG_NET_SCH_TBF)"
	start_sonde
	server -n 1
	start_gated held in_netns "$NS" "$CLI" client -p "$PORT" -n 1 -B 200000 -c 1000 -w
	release held
	# A single reading may follow a delayed acknowledgement: the median of many, as they come, until the end.
	wait_for look_until_held
	ss=$(sort -n "$BATS_TEST_TMPDIR/ss" | awk '{ v[NR] = $1 * 1000 } END { print int(v[int((NR + 1) / 2)]) }')
	release held
	server_end
	sonde_stop
	between samples "$(stat tcpcli rtt.count)" 8 40
	between "mean rtt, us" "$(awk -v s="$(stat tcpcli rtt.sum_us)" -v n="$(stat tcpcli rtt.count)" \
		'BEGIN { print s / n }')" $((ss * 9 / 10)) $((ss * 11 / 10))
}

look_until_held() {
	in_netns "$NS" ss -Htin state established "dport = $PORT" | sed -n 's/.* rtt:\([0-9.]*\).*/\1/p' >>"$BATS_TEST_TMPDIR/ss"
	grep -q '^pid=' "$BATS_TEST_TMPDIR/held.out"
}

@test "a connection from before has its owner" {
	require unlocked
	server -n 1
	start_gated held in_netns "$NS" "$CLI" client -p "$PORT" -n 1 -i $((200000 / SLOW / SLOW)) -w
	release held
	wait_for established
	# It goes on when there is somebody to see it.
	pkill -STOP -f "$CLI client"
	start_sonde
	pkill -CONT -f "$CLI client"
	wait_for grep -q '^pid=' "$BATS_TEST_TMPDIR/held.out"
	release held
	server_end
	sonde_stop
	between "client's bytes" "$(stat tcpcli bytes_out.count)" 1 200000
	# The two ends are looked at one after the other, and the bytes do not wait.
	between "server's bytes" "$(stat tcpsrv bytes_in.count)" \
		$(($(stat tcpcli bytes_out.count) - 2000)) $(($(stat tcpcli bytes_out.count) + 2000))
	equal "nobody's bytes" "$(stat _other bytes_out.count)" 0
	equal lifetimes "$(stat tcpcli lifetime.count)" 0
}

established() {
	[ -n "$(in_netns "$NS" ss -Htn state established)" ]
}
