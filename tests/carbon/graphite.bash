# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# graphite-web beside the carbon-cache of carbon.bash, with the files of dist/graphite as an administrator puts them in place.

# shipped SECTION: the settings of the shipped carbon.conf.
shipped() {
	awk -v section="[$1]" '/^\[/ { here = $0 == section } here && /^[A-Z]/' "$ROOT/dist/graphite/carbon.conf"
}

# shipped_carbon: as carbon_setup, with what is shipped. Files are sparse, because there are thousands that stay nearly empty.
shipped_carbon() {
	local key rest
	carbon_setup 10
	cp "$ROOT"/dist/graphite/storage-{schemas,aggregation}.conf "$CARBON/conf/"
	while read -r key rest; do
		sed -i "/^$key /d" "$CARBON/conf/carbon.conf"
		echo "$key $rest" >>"$CARBON/conf/carbon.conf"
	done < <(shipped cache)
	echo "WHISPER_SPARSE_CREATE = True" >>"$CARBON/conf/carbon.conf"
}

# aggregator_start: the shipped rules, on port 2013, before the carbon-cache.
aggregator_start() {
	cp "$ROOT/dist/graphite/aggregation-rules.conf" "$CARBON/conf/"
	cat >>"$CARBON/conf/carbon.conf" <<-END
		[aggregator]
		LINE_RECEIVER_INTERFACE = 127.0.0.1
		LINE_RECEIVER_PORT = 2013
		PICKLE_RECEIVER_INTERFACE = 127.0.0.1
		PICKLE_RECEIVER_PORT = 2014
		DESTINATIONS = 127.0.0.1:2004
		$(shipped aggregator)
	END
	start_bg in_netns "$NETNS" carbon-aggregator --nodaemon --config="$CARBON/conf/carbon.conf" \
		--pidfile="$CARBON/run/aggregator" start >>"$CARBON/log/aggregator" 2>&1
	wait_for aggregator_listens || { cat "$CARBON/log/aggregator" >&2; false; }
}

aggregator_listens() {
	in_netns "$NETNS" ss -Hltn 'sport = :2013' | grep -q .
}

graphite_start() {
	local web=$BATS_TEST_TMPDIR/web
	mkdir -p "$web"
	cp "$ROOT/dist/graphite/sonde_histograms.py" "$web/"
	cat >"$web/web_settings.py" <<-END
		import os
		os.environ.setdefault("GRAPHITE_SETTINGS_MODULE", "web_settings")
		SECRET_KEY = "test"
		ALLOWED_HOSTS = ["*"]
		TIME_ZONE = "UTC"
		GRAPHITE_ROOT = "/usr/share/graphite-web"
		CONF_DIR = "$web"
		STORAGE_DIR = "$CARBON"
		WHISPER_DIR = "$CARBON/whisper"
		LOG_DIR = "$web"
		INDEX_FILE = "$web/index"
		CARBONLINK_HOSTS = ["127.0.0.1:7002"]
		FUNCTION_PLUGINS = ["sonde_histograms"]
		DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "$web/db"}}
		from graphite.settings import *
	END
	cat >"$web/web_wsgi.py" <<-END
		import os
		os.environ["DJANGO_SETTINGS_MODULE"] = "web_settings"
		import mimetypes
		from django.core.wsgi import get_wsgi_application
		django = get_wsgi_application()

		def application(environ, start_response):
		    path = environ["PATH_INFO"]
		    if not path.startswith("/static/") or ".." in path:
		        return django(environ, start_response)
		    try:
		        with open("/usr/share/graphite-web" + path, "rb") as f:
		            data = f.read()
		    except OSError:
		        start_response("404 Not Found", [])
		        return []
		    start_response("200 OK", [("Content-Type", mimetypes.guess_type(path)[0] or "text/plain")])
		    return [data]
	END
	(cd "$web" && PYTHONPATH=$web DJANGO_SETTINGS_MODULE=web_settings /usr/bin/python3 -m django migrate --run-syncdb) \
		>"$web/migrate" 2>&1 || { cat "$web/migrate" >&2; return 1; }
	start_bg in_netns "$NETNS" env PYTHONPATH="$web" /usr/bin/python3 -m gunicorn.app.wsgiapp -w1 --threads 2 -b 127.0.0.1:8080 \
		web_wsgi:application >"$web/log" 2>&1
	wait_for in_netns "$NETNS" curl -sf -o "$web/answer" "http://127.0.0.1:8080/metrics/find?query=*" ||
		{ cat "$web/log" >&2; false; }
}

# render TARGET [PARAMETER=VALUE]...: the answer, JSON.
render() {
	local more=() parameter
	for parameter in "${@:2}"; do
		more+=(--data-urlencode "$parameter")
	done
	in_netns "$NETNS" curl -sS --data-urlencode "target=$1" --data-urlencode format=json "${more[@]}" \
		http://127.0.0.1:8080/render
}
