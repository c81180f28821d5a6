// SPDX-License-Identifier: GPL-2.0-only
#include "keys.h"

static const struct {
	u32 key;
	enum action action;
} keys[] = {
	{'q', ACT_QUIT},
	{KEY_CODE_F + 10, ACT_QUIT},
	{'h', ACT_HELP},
	{'?', ACT_HELP},
	{KEY_CODE_F + 1, ACT_HELP},
	{'/', ACT_SEARCH},
	{KEY_CODE_F + 3, ACT_SEARCH},
	{'\\', ACT_FILTER},
	{KEY_CODE_F + 4, ACT_FILTER},
	{'D', ACT_HIST},
	{KEY_CODE_F + 5, ACT_HIST},
	{'H', ACT_HEAT},
	{KEY_CODE_F + 6, ACT_SORT},
	{'s', ACT_SORT},
	{'>', ACT_SORT_NEXT},
	{'<', ACT_SORT_PREVIOUS},
	{'I', ACT_REVERSE},
	{'R', ACT_REVERSE},
	{'F', ACT_FOLLOW},
	{' ', ACT_PAUSE},
	{'p', ACT_PAUSE},
	{'d', ACT_INTERVAL},
	{'+', ACT_SLOWER},
	{'-', ACT_FASTER},
	{'[', ACT_OLDER},
	{']', ACT_NEWER},
	{'c', ACT_COLUMNS},
	{KEY_CODE_F + 2, ACT_COLUMNS},
	{'u', ACT_UNITS},
	{KEY_CODE_TAB, ACT_TAB_NEXT},
	{KEY_CODE_BACK_TAB, ACT_TAB_PREVIOUS},
	{'1', ACT_TAB + VIEW_SERVICES},
	{'2', ACT_TAB + VIEW_PROCESSES},
	{'3', ACT_TAB + VIEW_OPS},
	{'4', ACT_TAB + VIEW_DEVICES},
	{'5', ACT_TAB + VIEW_PEERS},
	{KEY_CODE_UP, ACT_UP},
	{'k', ACT_UP},
	{KEY_CODE_DOWN, ACT_DOWN},
	{'j', ACT_DOWN},
	{KEY_CODE_LEFT, ACT_LEFT},
	{KEY_CODE_RIGHT, ACT_RIGHT},
	{KEY_CODE_PAGE_UP, ACT_PAGE_UP},
	{KEY_CODE_PAGE_DOWN, ACT_PAGE_DOWN},
	{KEY_CODE_HOME, ACT_HOME},
	{'g', ACT_HOME},
	{KEY_CODE_END, ACT_END},
	{'G', ACT_END},
	{KEY_CODE_ENTER, ACT_ENTER},
	{KEY_CODE_ESCAPE, ACT_BACK},
	{KEY_CODE_BACKSPACE, ACT_ERASE},
};

const struct keys_help keys_help[] = {
	{"q F10", "quit"},
	{"h ? F1", "this help"},
	{"Enter", "open the service, process or distribution"},
	{"Esc Backspace", "back"},
	{"1 to 5, Tab", "services, processes, operations, devices, peers"},
	{"/ F3", "search; F3 again: the next"},
	{"\\ F4", "only rows that have that in them"},
	{"> < s F6", "sort by the next, previous, any column"},
	{"I R", "the other way round"},
	{"D F5", "histogram of the row"},
	{"H", "heat map of the row over time"},
	{"Space p", "stop time, go on"},
	{"[ ]", "a step back, forward in time"},
	{"+ - d", "longer, shorter, any interval"},
	{"c F2", "choose columns"},
	{"u", "figures with units, or in one unit per column"},
	{"F", "the selection follows its row, or stays in its line"},
	{"Left Right", "scroll the columns"},
	{NULL, NULL},
};

enum action keys__action(u32 key, bool typing)
{
	if (typing && key < KEY_CODE_UP)
		return ACT_TYPE;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].key == key)
			return keys[i].action;
	return ACT_NONE;
}
