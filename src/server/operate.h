/*
 * operate.h - remote operation: tokens of persons out, signed answers of stations in
 *
 * A command is written before its token can leave, the key's next counter before the token is made. What came of a
 * command is what sei_command (include/seiryu/command.h) concludes from signed answers, and nothing else.
 */
#ifndef SEI_SERVER_OPERATE_H
#define SEI_SERVER_OPERATE_H

#include "seiryu/command.h"
#include "store/store.h"

/* Keys of a station's list that the server holds: of the first person, and of the second where two are asked for. */
enum { SEI_KEY_FIRST = 0, SEI_KEY_SECOND = 1, SEI_KEYS = 2 };

/* A point as the store has it. Values in steps. */
typedef struct {
    int64_t id, station_id, address, point, low, high, tolerance, validity_s;
    bool    two_persons, remote;
} sei_operate_point;

SEI_CHECKED sei_status sei_operate_find(sei_store *store, int64_t point_id,
                                        sei_operate_point *ret_point);
/* Makes the server's keys for a station, where there are none. secret: seals them. */
SEI_CHECKED sei_status sei_operate_make_keys(sei_store *store, const uint8_t *secret,
                                             int64_t station_id);

typedef struct {
    const uint8_t *secret;
    const char    *actor;
    int64_t        now_us;
} sei_operate_by;

/* Each with the caller's transaction around it. E_DUPLICATE while another command of the point is under way. */
SEI_CHECKED sei_status sei_operate_select(sei_store *store, const sei_operate_by *by,
                                          const sei_operate_point *point, int64_t value,
                                          bool has_expected, int64_t expected, const char *reason,
                                          int64_t *ret_id);
/* E_ARG when the command does not stand where this makes sense. */
SEI_CHECKED sei_status sei_operate_go(sei_store *store, const sei_operate_by *by,
                                      int64_t command_id, const sei_operate_point *point);
SEI_CHECKED sei_status sei_operate_cancel(sei_store *store, const sei_operate_by *by,
                                          int64_t command_id, const sei_operate_point *point);

/* A frame that came as an answer of this station; not good: not signed by it, or none. */
SEI_CHECKED sei_status sei_operate_answer(sei_store *store, int64_t station_id, int64_t arrived_us,
                                          const uint8_t *bytes, size_t len, bool *ret_is_good);
/* Commands whose answer did not come; transactions of its own. */
SEI_CHECKED sei_status sei_operate_tick(sei_store *store, int64_t now_us);

#endif
