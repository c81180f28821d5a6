#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# `sonde run --prometheus`: a real Prometheus scrapes it, as text and as native histograms, and has the numbers that the
# same run printed as JSON; bad clients cost nobody anything.

bats_require_minimum_version 1.5.0
# bats file_tags=host
load helpers

setup() {
	require root btf netns prometheus promtool curl jq python3
	join_root_cgroups
	NETNS=sonde-prometheus-$$
	# A name that nothing else on this host has: it is the service's.
	SCRAPED=scraped-$$
	netns_up "$NETNS"
}

# stream [ARG]...: starts sonde with its port, and JSON in `stamped`, each line after the time at which it came.
stream() {
	mkfifo "$BATS_TEST_TMPDIR/out"
	start_bg sh -c 'exec "$0" <"$1"' "$ROOT/tests/carbon/stamp" "$BATS_TEST_TMPDIR/out" >"$BATS_TEST_TMPDIR/stamped"
	STAMP_PID=$BG_PID
	sonde_start --prometheus 9435 --output json --interval 1
}

stream_end() {
	sonde_stop
	wait_bg "$STAMP_PID"
	cut -d ' ' -f 2- "$BATS_TEST_TMPDIR/stamped" >"$BATS_TEST_TMPDIR/json"
}

# workload N
workload() {
	cp "$WORK/calls" "$BATS_TEST_TMPDIR/$SCRAPED"
	"$BATS_TEST_TMPDIR/$SCRAPED" -n "$1" getppid
}

scrape() {
	in_netns "$NETNS" curl -sS --max-time 10 "$@" http://127.0.0.1:9435/metrics
}

# counted N: a scrape, left in `text`, has N calls of the workload.
counted() {
	scrape >"$BATS_TEST_TMPDIR/text"
	grep -qxF "sonde_syscalls_latency_seconds_count{op=\"getppid\",service=\"$SCRAPED\"} $1" "$BATS_TEST_TMPDIR/text"
}

# prometheus_start TARGET...: scrapes them every second, with ARGS.
prometheus_start() {
	local targets
	targets=$(printf '"%s",' "$@")
	printf 'global: {scrape_interval: 1s}\nscrape_configs: [{job_name: sonde, static_configs: [{targets: [%s]}]}]\n' \
		"${targets%,}" >"$BATS_TEST_TMPDIR/prometheus.yml"
	start_bg in_netns "$NETNS" prometheus --config.file="$BATS_TEST_TMPDIR/prometheus.yml" \
		--storage.tsdb.path="$BATS_TEST_TMPDIR/tsdb" --web.listen-address=127.0.0.1:9090 "${ARGS[@]}" \
		>"$BATS_TEST_TMPDIR/log" 2>&1
	wait_for in_netns "$NETNS" curl -sf -o "$BATS_TEST_TMPDIR/ready" http://127.0.0.1:9090/-/ready ||
		{ cat "$BATS_TEST_TMPDIR/log" >&2; false; }
}

# query EXPRESSION [LABEL]: a line LABEL VALUE for each series, now.
query() {
	in_netns "$NETNS" curl -sS http://127.0.0.1:9090/api/v1/query --data-urlencode "query=$1" |
		jq -r --arg by "${2:-op}" '.data.result[] | "\(.metric[$by]) \(.value[1])"'
}

answers() {
	[ "$(query "$1")" = "$2" ]
}

@test "text, OpenMetrics and protobuf by Accept; promtool finds no fault; the numbers are those of the JSON" {
	stream
	workload 1234
	wait_for counted 1234
	promtool check metrics <"$BATS_TEST_TMPDIR/text" >"$BATS_TEST_TMPDIR/faults" 2>&1 ||
		fail "$(head "$BATS_TEST_TMPDIR/faults")"
	[ ! -s "$BATS_TEST_TMPDIR/faults" ]
	scrape -D "$BATS_TEST_TMPDIR/head" -H 'Accept: application/openmetrics-text; version=1.0.0' >"$BATS_TEST_TMPDIR/om"
	grep -qi '^content-type: application/openmetrics-text; version=1.0.0' "$BATS_TEST_TMPDIR/head"
	grep -qi '^connection: close' "$BATS_TEST_TMPDIR/head"
	[ "$(tail -n 1 "$BATS_TEST_TMPDIR/om")" = "# EOF" ]
	scrape -D "$BATS_TEST_TMPDIR/head" -o "$BATS_TEST_TMPDIR/proto" -H 'Accept: application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=1,text/plain;q=0.3'
	grep -qi '^content-type: application/vnd.google.protobuf; proto=io' "$BATS_TEST_TMPDIR/head"
	[ "$(stat -c %s "$BATS_TEST_TMPDIR/proto")" -gt 1000 ]
	stream_end
	# Nothing of the service came after the scrape. The last bucket is as large as the count; the sums agree to the ns.
	jq -r --arg s "$SCRAPED" '.services[$s].syscalls // {} | to_entries[] | "\(.key) \(.value.count) \(.value.errors) \(.value.sum_us)"' \
		"$BATS_TEST_TMPDIR/json" |
		awk '{ n[$1] += $2; e[$1] += $3; s[$1] += $4 } END { for (op in n) printf "%s %d %d %d %.0f\n", op, n[op], n[op], e[op], s[op] * 1000 }' |
		sort >"$BATS_TEST_TMPDIR/wanted"
	sed -n -E "s/^sonde_syscalls_([a-z_]+)\{op=\"([a-z0-9_]+)\",service=\"$SCRAPED\"(,le=\"\+Inf\")?\} /\1 \2 /p" "$BATS_TEST_TMPDIR/text" |
		awk '{ v[$1, $2] = $3; if ($1 == "latency_seconds_count") ops[$2] = $3 }
			END { for (op in ops) printf "%s %d %d %d %.0f\n", op, ops[op], v["latency_seconds_bucket", op], v["errors_total", op], v["latency_seconds_sum", op] * 1e9 }' |
		sort >"$BATS_TEST_TMPDIR/found"
	grep -q '^getppid 1234 ' "$BATS_TEST_TMPDIR/wanted"
	diff "$BATS_TEST_TMPDIR/wanted" "$BATS_TEST_TMPDIR/found"
}

@test "Prometheus scrapes text: the count is exact, quantiles are in the right bucket" {
	ARGS=()
	stream
	workload 500
	prometheus_start 127.0.0.1:9435
	wait_for answers "sonde_syscalls_latency_seconds_count{service=\"$SCRAPED\",op=\"getppid\"}" "getppid 500"
	answers "sonde_syscalls_latency_seconds_bucket{service=\"$SCRAPED\",op=\"getppid\",le=\"1.0\"}" "getppid 500"
	stream_end
}

@test "Prometheus scrapes native histograms: the count is exact" {
	ARGS=(--enable-feature=native-histograms)
	stream
	workload 500
	prometheus_start 127.0.0.1:9435
	wait_for answers "histogram_count(sonde_syscalls_latency_seconds{service=\"$SCRAPED\",op=\"getppid\"})" "getppid 500"
	answers "histogram_fraction(0, 128, sonde_syscalls_latency_seconds{service=\"$SCRAPED\",op=\"getppid\"})" "getppid 1"
	# One that was never hit, and counters, are there too.
	[ -n "$(query 'sonde_self_events_total{set="syscalls"}' set)" ]
	stream_end
}

# Serves what the formats' test wrote, one port per host, as sonde does.
serve() {
	cat >"$BATS_TEST_TMPDIR/serve.py" <<-'END'
		import http.server, sys, threading
		def server(port, path):
		    class Handler(http.server.BaseHTTPRequestHandler):
		        def do_GET(self):
		            body = open(path, "rb").read()
		            self.send_response(200)
		            self.send_header("Content-Type", "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited")
		            self.send_header("Content-Length", str(len(body)))
		            self.end_headers()
		            self.wfile.write(body)
		        def log_message(self, *args):
		            pass
		    http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
		for i, path in enumerate(sys.argv[1:]):
		    threading.Thread(target=server, args=(9500 + i, path)).start()
	END
	start_bg in_netns "$NETNS" python3 "$BATS_TEST_TMPDIR/serve.py" "$@"
}

quantiles_there() {
	[ "$(query 'count(histogram_count(sonde_syscalls_latency_seconds))' | wc -l)" = 1 ] &&
		[ "$(query 'count(histogram_count(sonde_syscalls_latency_seconds))')" = "null 12" ]
}

@test "three hosts, four distributions: native histograms add up, p50 to p99.9 of all hosts within 5 %" {
	local worst
	ARGS=(--enable-feature=native-histograms)
	mkdir "$BATS_TEST_TMPDIR/hosts"
	"$UNIT/test_formats" protobuf "$BATS_TEST_TMPDIR/hosts" 2>"$BATS_TEST_TMPDIR/exact"
	serve "$BATS_TEST_TMPDIR"/hosts/*
	prometheus_start 127.0.0.1:9500 127.0.0.1:9501 127.0.0.1:9502
	wait_for quantiles_there
	query 'histogram_count(sum(sonde_syscalls_latency_seconds) by (service))' service | sort >"$BATS_TEST_TMPDIR/counts"
	diff <(awk '{ print $1, $4 }' "$BATS_TEST_TMPDIR/exact" | sort -u) "$BATS_TEST_TMPDIR/counts"
	for q in 0.5 0.95 0.99 0.999; do
		query "histogram_quantile($q, sum(sonde_syscalls_latency_seconds) by (service))" service | sed "s/ / $q /"
	done >"$BATS_TEST_TMPDIR/answers"
	worst=$(awk 'NR == FNR { exact[$1, $2] = $3; next }
		{ n++; e = $3 / exact[$1, $2] - 1; e = e < 0 ? -e : e; if (e > worst) { worst = e; at = $1 " " $2 } }
		END { print n, worst, at }' "$BATS_TEST_TMPDIR/exact" "$BATS_TEST_TMPDIR/answers")
	echo "# quantiles, largest error, where: $worst" >&3
	awk '{ exit !($1 == 16 && $2 < 0.05) }' <<<"$worst" || fail "not within 5 %: $worst"
}

# bad_clients: those that connect and say nothing, that stop in the middle, that never read, and noise; they stay until
# they are ended.
bad_clients() {
	cat >"$BATS_TEST_TMPDIR/bad.py" <<-'END'
		import os, signal, socket
		kept = []
		def send(data):
		    s = socket.create_connection(("127.0.0.1", 9435))
		    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
		    try:
		        s.sendall(data)
		    except OSError:
		        pass
		    kept.append(s)
		for i in range(3):
		    send(b"")
		    send(b"GET /metr")
		    send(b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
		for i in range(50):
		    send(os.urandom(2000))
		    kept.pop().close()
		send(b"GET /" + b"a" * 100000)
		send(b"GET /metrics HTTP/1.1\r\n" + b"Accept: ,;q=,\r\n" * 5000 + b"\r\n")
		send(b"POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n")
		print("ready", flush=True)
		signal.pause()
	END
	: >"$BATS_TEST_TMPDIR/bad"
	start_bg in_netns "$NETNS" python3 "$BATS_TEST_TMPDIR/bad.py" >"$BATS_TEST_TMPDIR/bad"
	BAD_PID=$BG_PID
	wait_for said_or_dead "$BATS_TEST_TMPDIR/bad" '^ready' "$BAD_PID"
	grep -q ready "$BATS_TEST_TMPDIR/bad"
}

@test "clients that stall, send garbage or ask for something else: others are answered, no slot is late" {
	stream
	workload 100
	wait_for counted 100
	bad_clients
	counted 100
	for i in {1..20}; do
		start_bg in_netns "$NETNS" curl -sS --max-time 20 --retry 5 --retry-connrefused -o "$BATS_TEST_TMPDIR/parallel$i" http://127.0.0.1:9435/metrics
		echo "$BG_PID"
	done >"$BATS_TEST_TMPDIR/parallel"
	while read -r pid; do
		DEADLINE=30 wait_for dead "$pid"
	done <"$BATS_TEST_TMPDIR/parallel"
	counted 100
	[ "$(scrape -o "$BATS_TEST_TMPDIR/x" -w '%{http_code}' -X POST -d x=1)" = 405 ]
	[ "$(in_netns "$NETNS" curl -s -o "$BATS_TEST_TMPDIR/x" -w '%{http_code}' http://127.0.0.1:9435/etc/passwd)" = 404 ]
	scrape -I | grep -q '200 OK'
	stop_bg "$BAD_PID" || [ $? = 143 ]
	stream_end
	"$ROOT/tests/carbon/check" "$BATS_TEST_TMPDIR/stamped" 1
}

@test "as many stalled clients as there may be: they are dropped after a while, and no slot is late" {
	stream
	start_bg in_netns "$NETNS" python3 -c '
import signal, socket
kept = [socket.create_connection(("127.0.0.1", 9435)) for i in range(100)]
print("ready", flush=True)
signal.pause()' >"$BATS_TEST_TMPDIR/bad"
	wait_for said_or_dead "$BATS_TEST_TMPDIR/bad" '^ready' "$BG_PID"
	workload 100
	wait_for counted 100 2>/dev/null
	stream_end
	"$ROOT/tests/carbon/check" "$BATS_TEST_TMPDIR/stamped" 1
}

# slow_clients REQUEST: 50 from each of two addresses, that send so much of one, and each half second a byte of what is missing,
# or else read a byte of the answer. Whoever is let go comes again at once.
slow_clients() {
	cat >"$BATS_TEST_TMPDIR/slow.py" <<-'END'
		import socket, sys, threading, time
		request = sys.argv[1].encode()
		came = threading.Semaphore(0)
		def stay(s, address):
		    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
		    s.bind((address, 0))
		    s.connect(("127.0.0.1", 9435))
		    s.sendall(request)
		    came.release()
		    while s.recv(1) if request.endswith(b"\r\n\r\n") else s.send(b"a"):
		        time.sleep(0.5)
		def come(address):
		    while True:
		        with socket.socket() as s:
		            try:
		                stay(s, address)
		            except OSError:
		                pass
		for i in range(100):
		    threading.Thread(target=come, args=["127.0.0.%d" % (1 + i % 2)], daemon=True).start()
		for i in range(50):
		    came.acquire()
		print("ready", flush=True)
		threading.Event().wait()
	END
	: >"$BATS_TEST_TMPDIR/slow"
	start_bg in_netns "$NETNS" python3 "$BATS_TEST_TMPDIR/slow.py" "$1" >"$BATS_TEST_TMPDIR/slow"
	SLOW_PID=$BG_PID
	wait_for said_or_dead "$BATS_TEST_TMPDIR/slow" '^ready' "$SLOW_PID"
	grep -q ready "$BATS_TEST_TMPDIR/slow"
}

# Within the time that Prometheus allows, which is curl's here.
answered_beside() {
	slow_clients "$1"
	for i in {1..5}; do
		counted 100
	done
	stop_bg "$SLOW_PID" || [ $? = 143 ]
}

@test "slow clients from two addresses hold all connections: a scraper is answered all the same, and no slot is late" {
	# Not so much that it all fits between the two.
	in_netns "$NETNS" ip link set lo mtu 1500
	stream
	workload 100
	wait_for counted 100
	answered_beside $'GET /metrics HTTP/1.1\r\nHost: a\r\nX: '
	answered_beside $'GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n'
	stream_end
	"$ROOT/tests/carbon/check" "$BATS_TEST_TMPDIR/stamped" 1
}

@test "a header that goes on for ever: its connection is ended" {
	stream
	start_bg in_netns "$NETNS" python3 -c '
import socket, time
s = socket.create_connection(("127.0.0.1", 9435))
s.sendall(b"GET /metrics HTTP/1.1\r\nX: ")
try:
    while True:
        s.sendall(b"a")
        time.sleep(0.1)
except OSError:
    pass'
	wait_for dead "$BG_PID"
	stream_end
}

@test "counters only grow; a service that is gone stays at its total" {
	stream
	workload 321
	wait_for counted 321
	cp "$BATS_TEST_TMPDIR/text" "$BATS_TEST_TMPDIR/before"
	wait_for slots_more 3
	counted 321
	awk '/^#/ { next } !/_(total|count|sum|bucket)[{ ]/ { next }
		{ name = $0; sub(/ [^ ]*$/, "", name) }
		NR == FNR { was[name] = $NF; n++; next }
		name in was { n--; if ($NF + 0 < was[name] + 0) { print; bad = 1 } }
		END { exit bad || n }' "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/text"
	stream_end
}

slots_more() {
	SLOTS_BEFORE=${SLOTS_BEFORE:-$(wc -l <"$BATS_TEST_TMPDIR/stamped")}
	[ "$(wc -l <"$BATS_TEST_TMPDIR/stamped")" -ge $((SLOTS_BEFORE + $1)) ]
}

@test "a port that is taken: one line, status 1; without an address only this host can connect" {
	stream
	run -1 --separate-stderr in_netns "$NETNS" timeout 10 "$SONDE" run --prometheus 9435 --duration 1s
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == *"127.0.0.1 port 9435: Address already in use"* ]]
	in_netns "$NETNS" ss -Hltn | awk '$4 ~ /:9435$/ { n++; if ($4 != "127.0.0.1:9435") bad = 1 } END { exit bad || n != 1 }'
	stream_end
}
