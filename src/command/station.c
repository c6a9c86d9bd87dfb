/*
 * station.c - the station's side: what a token may do here and now
 *
 * Each good signature uses its counter up, whether the token is obeyed or refused: a refused token that comes again
 * later, when nothing would stand against it, must not be obeyed then.
 */
#include <string.h>

#include "command/interlock.h"
#include "seiryu/command.h"

sei_station sei_station_start(uint32_t life)
{
    sei_station s = {.life = life};

    for (size_t i = 0; i < SEI_COMMAND_POINTS_MAX; i++)
        s.points[i].done_key = SEI_COMMAND_NO_KEY;
    return s;
}

/* One call of a public function. */
typedef struct {
    const sei_station_config *config;
    sei_station              *s;
    const sei_station_world  *world;
    sei_station_out          *out;
    uint32_t                  now_s;
    sei_token                 token;
    size_t                    point; /* index */
} call;

static call begin(const sei_station_config *config, sei_station *s, const sei_station_world *world,
                  sei_station_out *out)
{
    memset(out, 0, sizeof *out);
    out->cause = SEI_CAUSE_NONE;
    if (world->has_time && world->now_s > s->latest_s)
        s->latest_s = world->now_s;
    return (call){.config = config, .s = s, .world = world, .out = out, .now_s = s->latest_s};
}

/* ------------------------------------------------------------------ answers */

static void answer(call *c, sei_answer_kind kind, size_t point, uint8_t key, uint32_t counter,
                   uint32_t nonce, sei_cause cause)
{
    const sei_station_point_state *p = &c->s->points[point];
    const sei_answer               a = {
                      .kind         = kind,
                      .station      = c->config->station,
                      .point        = c->config->points[point].point,
                      .key          = key,
                      .counter      = counter,
                      .proven       = p->proven,
                      .position     = p->position,
                      .done_key     = p->done_key,
                      .done_counter = p->done_counter,
                      .cause        = (uint8_t)cause,
                      .nonce        = nonce,
                      .time_s       = c->now_s,
                      .life         = c->s->life,
    };

    if (sei_answer_write(&a, c->config->sign, c->config->sign_user, c->out->answer))
        c->out->answer_len = SEI_ANSWER_SIZE;
}

/* The answer to the token of this call; kept in case the token comes again. */
static void reply(call *c, sei_answer_kind kind, sei_cause cause, uint32_t nonce)
{
    const uint8_t key = c->token.key;

    c->out->cause = cause;
    answer(c, kind, c->point, key, c->token.counter, nonce, cause);
    c->s->has_answer[key] = c->out->answer_len > 0;
    memcpy(c->s->answer[key], c->out->answer, SEI_ANSWER_SIZE);
}

/* ------------------------------------------------------------------ what stands against a token */

static bool is_within(int32_t a, int32_t b, int32_t tolerance)
{
    const int64_t d = (int64_t)a - b;

    return d <= tolerance && -d <= tolerance;
}

/* Of both kinds of tokens, in the order in which a person would want to know. */
static sei_cause general_obstacle(const call *c)
{
    const sei_token         *t   = &c->token;
    const sei_station_point *row = &c->config->points[c->point];
    const sei_station_key   *key = &c->config->keys[t->key];
    const unsigned           may = t->kind == SEI_TOKEN_OPERATE ? key->operate : key->select;

    if (!(may >> c->point & 1))
        return SEI_CAUSE_NO_ACCESS;
    if (!c->world->has_time || !c->world->healthy)
        return SEI_CAUSE_HEALTH; /* without a clock no expiry can be kept */
    if (c->now_s >= t->not_after_s)
        return SEI_CAUSE_TIME_LIMIT_OVER;
    if (t->not_after_s - c->now_s > c->config->validity_max_s || t->value < row->min ||
        t->value > row->max || (row->needs_expected && !t->has_expected))
        return SEI_CAUSE_INCONSISTENT;
    return c->world->local ? SEI_CAUSE_SWITCHING_HIERARCHY : SEI_CAUSE_NONE;
}

static sei_cause process_obstacle(const call *c)
{
    const sei_token               *t   = &c->token;
    const sei_station_point       *row = &c->config->points[c->point];
    const sei_station_point_state *p   = &c->s->points[c->point];

    if (p->proven && is_within(p->position, t->value, row->tolerance))
        return SEI_CAUSE_POSITION_REACHED;
    if (t->has_expected && !(p->proven && is_within(p->position, t->expected, row->tolerance)))
        return SEI_CAUSE_INVALID_POSITION;
    if (p->has_driven && c->now_s - p->driven_s < row->pause_s)
        return SEI_CAUSE_PROCESS;
    return sei_interlock_blocks(c->config, c->world, c->point, t->value) ? SEI_CAUSE_INTERLOCKING
                                                                         : SEI_CAUSE_NONE;
}

static sei_cause select_obstacle(const call *c)
{
    const sei_station_point_state *p  = &c->s->points[c->point];
    const sei_cause                at = general_obstacle(c);

    if (at != SEI_CAUSE_NONE)
        return at;
    if (p->phase == SEI_POINT_EXECUTING)
        return SEI_CAUSE_IN_EXECUTION;
    if (p->phase == SEI_POINT_SELECTED)
        return p->key == c->token.key ? SEI_CAUSE_ALREADY_SELECTED : SEI_CAUSE_LOCKED_BY_OTHER;
    return process_obstacle(c);
}

/* A token that follows a selection: the same one, and by whom it has to be. */
static sei_cause selection_obstacle(const call *c)
{
    const sei_token               *t = &c->token;
    const sei_station_point_state *p = &c->s->points[c->point];

    if (p->phase == SEI_POINT_EXECUTING)
        return SEI_CAUSE_IN_EXECUTION;
    if (p->phase != SEI_POINT_SELECTED)
        return SEI_CAUSE_NOT_SELECTED;
    return t->nonce != p->nonce || t->value != p->value ? SEI_CAUSE_INCONSISTENT : SEI_CAUSE_NONE;
}

static sei_cause operate_obstacle(const call *c)
{
    const bool two_persons = c->config->points[c->point].two_persons;
    sei_cause  at          = general_obstacle(c);

    if (at == SEI_CAUSE_NONE)
        at = selection_obstacle(c);
    if (at != SEI_CAUSE_NONE)
        return at;
    const bool same = c->s->points[c->point].key == c->token.key;
    if (same == two_persons)
        return two_persons ? SEI_CAUSE_NO_ACCESS : SEI_CAUSE_LOCKED_BY_OTHER;
    return process_obstacle(c);
}

/* ------------------------------------------------------------------ tokens */

static uint32_t later(uint32_t now_s, uint32_t by_s)
{
    return by_s < UINT32_MAX - now_s ? now_s + by_s : UINT32_MAX;
}

static void take_select(call *c)
{
    sei_station_point_state *p     = &c->s->points[c->point];
    const sei_cause          cause = select_obstacle(c);

    if (cause != SEI_CAUSE_NONE) {
        reply(c, SEI_ANSWER_REFUSED, cause, 0);
        return;
    }
    const uint32_t until_s = later(c->now_s, c->config->points[c->point].select_s);
    p->phase               = SEI_POINT_SELECTED;
    p->key                 = c->token.key;
    p->counter             = c->token.counter;
    p->value               = c->token.value;
    p->nonce               = c->world->random;
    p->until_s             = until_s < c->token.not_after_s ? until_s : c->token.not_after_s;
    reply(c, SEI_ANSWER_SELECTED, SEI_CAUSE_NONE, p->nonce);
}

static void take_operate(call *c)
{
    sei_station_point_state *p     = &c->s->points[c->point];
    const sei_cause          cause = operate_obstacle(c);

    if (cause != SEI_CAUSE_NONE) {
        reply(c, SEI_ANSWER_REFUSED, cause, 0);
        return;
    }
    p->phase        = SEI_POINT_EXECUTING;
    p->key          = c->token.key;
    p->counter      = c->token.counter;
    p->until_s      = later(c->now_s, c->config->points[c->point].travel_s);
    p->proven       = false;
    p->position     = 0;
    p->done_key     = c->token.key;
    p->done_counter = c->token.counter;
    p->has_driven   = true;
    p->driven_s     = c->now_s;
    c->out->drive   = true;
    c->out->point   = c->point;
    c->out->value   = p->value;
    reply(c, SEI_ANSWER_ACCEPTED, SEI_CAUSE_NONE, p->nonce);
}

static void take_cancel(call *c)
{
    sei_station_point_state *p     = &c->s->points[c->point];
    sei_cause                cause = selection_obstacle(c);

    if (cause == SEI_CAUSE_NONE && p->key != c->token.key)
        cause = SEI_CAUSE_LOCKED_BY_OTHER;
    if (cause == SEI_CAUSE_NONE) {
        p->phase = SEI_POINT_IDLE;
        cause    = SEI_CAUSE_CANCELLED;
    }
    reply(c, SEI_ANSWER_REFUSED, cause, 0);
}

static bool find_point(const sei_station_config *config, uint16_t point, size_t *ret_index)
{
    for (size_t i = 0; i < config->n_points; i++)
        if (config->points[i].point == point) {
            *ret_index = i;
            return true;
        }
    return false;
}

/* A selection that ran out is none, whether a tick came or not. */
static void end_selections(call *c)
{
    for (size_t i = 0; i < c->config->n_points; i++) {
        sei_station_point_state *p = &c->s->points[i];
        if (p->phase == SEI_POINT_SELECTED && c->now_s >= p->until_s)
            p->phase = SEI_POINT_IDLE;
    }
}

void sei_station_receive(const sei_station_config *config, sei_station *station,
                         const sei_station_world *world, const uint8_t *frame, size_t len,
                         sei_station_out *ret_out)
{
    call       c = begin(config, station, world, ret_out);
    sei_token *t = &c.token;

    end_selections(&c);
    if (!sei_token_read(frame, len, t) || t->station != config->station) {
        ret_out->cause = SEI_CAUSE_UNKNOWN;
        return;
    }
    if (t->key >= config->n_keys ||
        !sei_token_is_signed(frame, len, config->verify, config->keys[t->key].public_key)) {
        ret_out->cause = SEI_CAUSE_NO_ACCESS;
        return;
    }
    if (t->counter <= station->counter[t->key]) {
        ret_out->cause = SEI_CAUSE_INCONSISTENT;
        if (t->counter == station->counter[t->key] && station->has_answer[t->key]) {
            memcpy(ret_out->answer, station->answer[t->key], SEI_ANSWER_SIZE);
            ret_out->answer_len = SEI_ANSWER_SIZE;
        }
        return;
    }
    station->counter[t->key]    = t->counter;
    station->has_answer[t->key] = false;
    ret_out->store              = true;
    if (!find_point(config, t->point, &c.point)) {
        ret_out->cause = SEI_CAUSE_NOT_SUPPORTED;
        return;
    }
    if (t->kind == SEI_TOKEN_SELECT)
        take_select(&c);
    else if (t->kind == SEI_TOKEN_OPERATE)
        take_operate(&c);
    else
        take_cancel(&c);
}

/* ------------------------------------------------------------------ read-back and time */

static void finish(call *c, size_t point, sei_cause cause)
{
    sei_station_point_state *p = &c->s->points[point];

    p->phase      = SEI_POINT_IDLE;
    c->out->cause = cause;
    answer(c, SEI_ANSWER_RESULT, point, p->key, p->counter, p->nonce, cause);
    if (p->counter == c->s->counter[p->key] && c->out->answer_len > 0) {
        memcpy(c->s->answer[p->key], c->out->answer, SEI_ANSWER_SIZE);
        c->s->has_answer[p->key] = true;
    }
}

void sei_station_readback(const sei_station_config *config, sei_station *station,
                          const sei_station_world *world, size_t point, int32_t position,
                          sei_station_out *ret_out)
{
    call c = begin(config, station, world, ret_out);

    end_selections(&c);
    if (point >= config->n_points)
        return;
    sei_station_point_state *p = &station->points[point];
    const bool arrived         = is_within(position, p->value, config->points[point].tolerance);
    if (p->phase == SEI_POINT_EXECUTING && !arrived)
        return; /* it may still be moving: no proof of where it will stand */
    p->proven   = true;
    p->position = position;
    if (p->phase == SEI_POINT_EXECUTING)
        finish(&c, point, SEI_CAUSE_NONE);
}

bool sei_station_tick(const sei_station_config *config, sei_station *station,
                      const sei_station_world *world, sei_station_out *ret_out)
{
    call   c    = begin(config, station, world, ret_out);
    size_t late = 0, first = 0;

    end_selections(&c);
    for (size_t i = config->n_points; i-- > 0;)
        if (station->points[i].phase == SEI_POINT_EXECUTING &&
            c.now_s >= station->points[i].until_s) {
            late++;
            first = i;
        }
    if (late > 0)
        finish(&c, first, SEI_CAUSE_TIME_LIMIT_OVER);
    return late > 1;
}

void sei_station_status(const sei_station_config *config, const sei_station *station,
                        const sei_station_world *world, size_t point, sei_station_out *ret_out)
{
    sei_station copy = *station;
    call        c    = begin(config, &copy, world, ret_out);

    if (point < config->n_points)
        answer(&c, SEI_ANSWER_STATUS, point, 0, 0, 0, SEI_CAUSE_NONE);
}
