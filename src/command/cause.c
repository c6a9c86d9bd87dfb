/* cause.c - names of causes and of a command's stands */
#include "seiryu/command.h"

#define CAUSE_NAME(number, name, text, ja) [number] = text,
#define CAUSE_JA(number, name, text, ja)   [number] = ja,
static const char *const cause_name[] = {SEI_CAUSE_LIST(CAUSE_NAME)};
static const char *const cause_ja[]   = {SEI_CAUSE_LIST(CAUSE_JA)};

static const char *const stand_name[] = {"new",       "selecting", "selected",
                                         "operating", "executing", "unknown",
                                         "done",      "failed",    "not-done"};
static const char *const stand_ja[] = {"作成", "選択中", "選択済み", "操作送信済み", "実行中",
                                       "不明", "完了",   "失敗",     "未実行"};

const char *sei_cause_name(uint8_t cause)
{
    return cause < SEI_CAUSE_COUNT ? cause_name[cause] : "?";
}

const char *sei_cause_name_ja(uint8_t cause)
{
    return cause < SEI_CAUSE_COUNT ? cause_ja[cause] : "?";
}

const char *sei_command_stand_name(sei_command_stand stand)
{
    return (unsigned)stand <= SEI_COMMAND_NOT_DONE ? stand_name[stand] : "?";
}

const char *sei_command_stand_name_ja(sei_command_stand stand)
{
    return (unsigned)stand <= SEI_COMMAND_NOT_DONE ? stand_ja[stand] : "?";
}
