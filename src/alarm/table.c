/*
 * table.c - the state machine of an alarm as a table (isa182_2016, iec62682)
 *
 * A row a state, a column an action. LEAVE stands for the way out of shelving, suppression and service: to
 * UNACK when the condition holds, so that it is announced again; to LATCH_UNACK when a latching alarm was
 * active meanwhile or before and nobody reset it; else to NORMAL.
 */
#include <string.h>

#include "seiryu/alarm.h"

enum { NO = SEI_ALARM_N_STATES, LEAVE, STAY, RETURNED };

#define N  SEI_ALARM_NORMAL
#define U  SEI_ALARM_UNACK
#define A  SEI_ALARM_ACKED
#define LA SEI_ALARM_LATCH_ACKED
#define SH SEI_ALARM_SHELVED
#define SU SEI_ALARM_SUPPRESSED
#define OS SEI_ALARM_OUT_OF_SERVICE

/* RETURNED: the condition has gone: the state depends on latching and on whether it was acknowledged. */
/* clang-format off */
static const unsigned char table[SEI_ALARM_N_STATES][SEI_ALARM_N_ACTIONS] = {
    /*                             ACTIVATE CLEAR     ACK  RESET SHELVE UNSHELVE SUPPRESS UNSUPPRESS REMOVE RETURN */
    [SEI_ALARM_NORMAL]         = { U,       NO,       NO,  NO,   SH,    NO,      SU,      NO,        OS,    NO    },
    [SEI_ALARM_UNACK]          = { NO,      RETURNED, A,   NO,   SH,    NO,      SU,      NO,        OS,    NO    },
    [SEI_ALARM_ACKED]          = { NO,      RETURNED, NO,  NO,   SH,    NO,      SU,      NO,        OS,    NO    },
    [SEI_ALARM_RTN_UNACK]      = { U,       NO,       N,   NO,   SH,    NO,      SU,      NO,        OS,    NO    },
    [SEI_ALARM_LATCH_UNACK]    = { U,       NO,       LA,  NO,   SH,    NO,      SU,      NO,        OS,    NO    },
    [SEI_ALARM_LATCH_ACKED]    = { U,       NO,       NO,  N,    SH,    NO,      SU,      NO,        OS,    NO    },
    [SEI_ALARM_SHELVED]        = { STAY,    STAY,     NO,  NO,   NO,    LEAVE,   SU,      NO,        OS,    NO    },
    [SEI_ALARM_SUPPRESSED]     = { STAY,    STAY,     NO,  NO,   NO,    NO,      NO,      LEAVE,     OS,    NO    },
    [SEI_ALARM_OUT_OF_SERVICE] = { STAY,    STAY,     NO,  NO,   NO,    NO,      NO,      NO,        NO,    LEAVE },
};
/* clang-format on */

sei_alarm_stand sei_alarm_next(sei_alarm_stand stand, sei_alarm_action action, bool breached,
                               bool latched)
{
    if ((unsigned)stand >= SEI_ALARM_N_STATES || (unsigned)action >= SEI_ALARM_N_ACTIONS)
        return SEI_ALARM_N_STATES;
    const unsigned char next = table[stand][action];

    switch (next) {
    case STAY: return stand;
    case LEAVE:
        return breached ? SEI_ALARM_UNACK : latched ? SEI_ALARM_LATCH_UNACK : SEI_ALARM_NORMAL;
    case RETURNED:
        if (stand == SEI_ALARM_UNACK)
            return latched ? SEI_ALARM_LATCH_UNACK : SEI_ALARM_RTN_UNACK;
        return latched ? SEI_ALARM_LATCH_ACKED : SEI_ALARM_NORMAL;
    default: return (sei_alarm_stand)next; /* NO is SEI_ALARM_N_STATES */
    }
}

#define STAND_NAME(name, en, ja) en,
#define STAND_JA(name, en, ja)   ja,
#define ACTION_NAME(name, text)  text,
static const char *const stand_name[]  = {SEI_ALARM_STATE_LIST(STAND_NAME)};
static const char *const stand_ja[]    = {SEI_ALARM_STATE_LIST(STAND_JA)};
static const char *const action_name[] = {SEI_ALARM_ACTION_LIST(ACTION_NAME)};

const char *sei_alarm_stand_name(sei_alarm_stand stand)
{
    return (unsigned)stand < SEI_ALARM_N_STATES ? stand_name[stand] : "?";
}

const char *sei_alarm_stand_name_ja(sei_alarm_stand stand)
{
    return (unsigned)stand < SEI_ALARM_N_STATES ? stand_ja[stand] : "?";
}

const char *sei_alarm_action_name(sei_alarm_action action)
{
    return (unsigned)action < SEI_ALARM_N_ACTIONS ? action_name[action] : "?";
}

bool sei_alarm_action_find(const char *name, sei_alarm_action *ret_action)
{
    for (unsigned i = 0; i < SEI_ALARM_N_ACTIONS; i++)
        if (strcmp(name, action_name[i]) == 0) {
            *ret_action = (sei_alarm_action)i;
            return true;
        }
    return false;
}
