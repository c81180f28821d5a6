#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Every query of the dashboards for Prometheus and VictoriaMetrics returns data, in a real one that a real sonde feeds.

bats_require_minimum_version 1.5.0
# bats file_tags=host
load helpers

setup() {
	require root btf netns nft loop fio curl jq prometheus victoria-metrics
	join_root_cgroups
	NETNS=sonde-dash-$$
	netns_up "$NETNS"
	truncate -s 64M "$BATS_TEST_TMPDIR/disk"
	DEV=$(losetup --find --show "$BATS_TEST_TMPDIR/disk")
}

teardown() {
	helpers_teardown
	losetup -d "$DEV"
}

# Something for every panel, again and again: reads and writes of a disk, connections that succeed, fail, and are not heard.
busy() {
	in_netns "$NETNS" nft 'add table inet drops; add chain inet drops in { type filter hook input priority 0; };
		add rule inet drops in tcp dport 9 drop'
	cat >"$BATS_TEST_TMPDIR/busy" <<-END
		while sleep 0.5; do
			fio --name=busy --filename=$DEV --rw=randrw --bs=4k --size=8M --number_ios=200 --direct=1 --output=$BATS_TEST_TMPDIR/fio
			(exec 3<>/dev/tcp/127.0.0.1/1) 2>/dev/null
			(exec 3<>/dev/tcp/127.0.0.1/$1; echo >&3; sleep 0.1)
			timeout 2 bash -c 'exec 3<>/dev/tcp/127.0.0.1/9' 2>/dev/null
		done
	END
	start_bg in_netns "$NETNS" bash "$BATS_TEST_TMPDIR/busy" 2>"$BATS_TEST_TMPDIR/busy.err"
}

# has_data URL EXPRESSION
has_data() {
	in_netns "$NETNS" curl -sS "$1/api/v1/query" --data-urlencode "query=$2" >"$BATS_TEST_TMPDIR/answer"
	jq -e '.data.result | length > 0' "$BATS_TEST_TMPDIR/answer" >/dev/null 2>&1
}

# all_have_data DIALECT URL
all_have_data() {
	local query bad=0 seen=0
	while IFS= read -r query; do
		query=${query//'${set}'/syscalls} query=${query//'$service'/.*} query=${query//'$op'/read} query=${query//'$host'/.*}
		query=${query//'$__rate_interval'/20s}
		seen=$((seen + 1))
		DEADLINE=60 wait_for has_data "$2" "$query" 2>/dev/null || {
			echo "no data: $query: $(head -c 300 "$BATS_TEST_TMPDIR/answer")" >&2
			bad=$((bad + 1))
		}
	done < <(jq -r '.panels[].targets[]?.expr' "$ROOT/dist/grafana/$1.json")
	echo "# $seen queries, $bad without data" >&3
	[ "$seen" -ge 20 ] && [ $bad = 0 ]
	all_have_choices "$@"
}

# all_have_choices DIALECT URL: the variables of the dashboard, all label_values(METRIC, LABEL).
all_have_choices() {
	local query metric label
	while IFS= read -r query; do
		[[ ${query//'${set}'/syscalls} =~ ^label_values\(([a-z_]+),\ ([a-z]+)\)$ ]]
		metric=${BASH_REMATCH[1]} label=${BASH_REMATCH[2]}
		in_netns "$NETNS" curl -sS -G "$2/api/v1/label/$label/values" --data-urlencode "match[]=$metric" |
			jq -e '.data | length > 0' >/dev/null || fail "nothing to choose: $query"
	done < <(jq -r '.templating.list[] | select(.type == "query").query' "$ROOT/dist/grafana/$1.json")
}

@test "Prometheus" {
	printf 'global: {scrape_interval: 1s}\nscrape_configs: [{job_name: sonde, static_configs: [{targets: ["127.0.0.1:9435"]}]}]\n' \
		>"$BATS_TEST_TMPDIR/prometheus.yml"
	start_bg in_netns "$NETNS" prometheus --config.file="$BATS_TEST_TMPDIR/prometheus.yml" \
		--storage.tsdb.path="$BATS_TEST_TMPDIR/tsdb" --web.listen-address=127.0.0.1:9090 >"$BATS_TEST_TMPDIR/log" 2>&1
	NETNS=$NETNS sonde_start --prometheus 9435 --interval 1 --output json
	busy 9090
	all_have_data prometheus http://127.0.0.1:9090
	sonde_stop
}

@test "VictoriaMetrics" {
	start_bg in_netns "$NETNS" victoria-metrics -storageDataPath="$BATS_TEST_TMPDIR/data" -httpListenAddr=127.0.0.1:8428 \
		-graphiteListenAddr=127.0.0.1:2003 -search.latencyOffset=0s -memory.allowedPercent=5 >"$BATS_TEST_TMPDIR/log" 2>&1
	wait_for in_netns "$NETNS" curl -sf -o "$BATS_TEST_TMPDIR/health" http://127.0.0.1:8428/health
	NETNS=$NETNS sonde_start --victoria 127.0.0.1:2003 --interval 1
	busy 8428
	all_have_data victoria http://127.0.0.1:8428
	sonde_stop
}
