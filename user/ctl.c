// SPDX-License-Identifier: GPL-2.0-only
#include "ctl.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log.h"

void ctl__start(struct ctl *c)
{
	for (u32 i = 0; probes[i]; i++)
		c->since[i] = time(NULL);
}

static bool is_on(const struct session *s, u32 i)
{
	const struct loaded *set = session__set(s, i);

	return set && loaded__counts(set);
}

static json_t *describe(const struct ctl *c, const struct session *s)
{
	json_t *sets = json_array();

	for (u32 i = 0; probes[i]; i++) {
		const struct loaded *set = session__set(s, i);
		json_t *out =
			json_pack("{s:s, s:b}", "set", probes[i]->name, "enabled", is_on(s, i));

		if (set && set->running)
			json_object_set_new(out, "since", json_integer(c->since[i]));
		else
			json_object_set_new(out, "reason",
					    json_string(set ? set->reason : "not asked for"));
		json_array_append_new(sets, out);
	}
	return sets;
}

/* Finds the sets of @list. Returns 0, or -errno with a sentence in @why. */
static int parse_sets(const struct session *s, char *list, bool *want, char *why, size_t size)
{
	char *word;

	while ((word = strsep(&list, ","))) {
		int i = probes__find(word);
		const struct loaded *set = i < 0 ? NULL : session__set(s, i);

		if (i < 0) {
			snprintf(why, size, "there is no probe set '%s'", word);
			return -EINVAL;
		}
		if (!set) {
			snprintf(why, size,
				 "%s was not loaded at the start; name it in --probes and restart",
				 word);
			return -ENOTSUP;
		}
		if (!set->running) {
			snprintf(why, size, "%s cannot run here: %.400s", word, set->reason);
			return -ENOTSUP;
		}
		want[i] = true;
	}
	return 0;
}

static int switch_one(struct ctl *c, struct session *s, u32 i, bool on,
		      const struct server_request *r, char *why, size_t size)
{
	char reason[400] = "";
	int err;

	if (is_on(s, i) == on)
		return 0;
	if (c->nevents == CTL_EVENTS) {
		snprintf(why, size, "too many changes in one slot; try again in the next one");
		return -EBUSY;
	}
	err = session__switch(s, i, on, reason, sizeof(reason));
	if (err) {
		snprintf(why, size, "%s stays %s: %s", probes[i]->name, on ? "off" : "on",
			 reason[0] ? reason : strerror(-err));
		return err;
	}
	c->since[i] = time(NULL);
	c->event[c->nevents++] = (struct set_event){c->since[i], i, on, r->uid, r->pid};
	log_info("probe set %s was switched %s by user %u, process %u", probes[i]->name,
		 on ? "on" : "off", r->uid, r->pid);
	return 0;
}

static int switch_sets(struct ctl *c, struct session *s, const struct server_request *r, bool on,
		       char *list, char *why, size_t size)
{
	bool want[MAX_SETS] = {};
	int err = parse_sets(s, list, want, why, size);

	for (u32 i = 0; probes[i] && !err; i++)
		if (want[i])
			err = switch_one(c, s, i, on, r, why, size);
	return err;
}

void ctl__do(struct ctl *c, struct session *s, const struct server_request *r, struct text *answer)
{
	char why[512] = "", text[sizeof(r->text)], *line;
	json_t *out;
	int err = 0;

	snprintf(text, sizeof(text), "%s", r->text);
	if (r->uid) {
		snprintf(why, sizeof(why), "only root may ask for that");
		err = -EPERM;
	} else if (!strncmp(text, "enable ", 7)) {
		err = switch_sets(c, s, r, true, text + 7, why, sizeof(why));
	} else if (!strncmp(text, "disable ", 8)) {
		err = switch_sets(c, s, r, false, text + 8, why, sizeof(why));
	} else if (strcmp(text, "status")) {
		snprintf(why, sizeof(why), "this sonde run does not know '%.40s'", text);
		err = -EINVAL;
	}
	out = err ? json_pack("{s:s}", "refused", why) : json_pack("{s:o}", "sets", describe(c, s));
	line = json_dumps(out, JSON_COMPACT);
	json_decref(out);
	if (line)
		text__printf(answer, "%s\n", line);
	free(line);
}
