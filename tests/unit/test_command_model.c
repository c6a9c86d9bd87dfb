/*
 * test_command_model.c - the command protocol, gone through step by step
 *
 * A world of one valve with both sides' real code, a network that keeps every frame it ever saw and delivers any of them
 * at any time (so it loses, repeats, delays, reorders and replays), crashes at every step of the station's caller, and a
 * clock. From each state every step is taken; states that were seen before are left. After each step:
 *
 *   - no operating token has driven the valve twice;
 *   - none has driven it at or after its expiry, while the switch was on local or the interlock was set;
 *   - none has driven it that no selection of the same value, open at that moment, stood before; with two persons, by
 *     the other key;
 *   - the station takes the position for proven only by a read-back after the last drive and the last restart;
 *   - a command that says done has driven the valve once, and the valve stood there when it was read; one that says
 *     not done has not driven it, and does not later.
 *
 * Signatures are a checksum here: forged frames are tried, breaking Ed25519 is not. The worlds at the end break one rule
 * each and have to be caught.
 */
#include <stdint.h>

#include "seiryu/command.h"
#include "t.h"

enum { FRAMES = 256, COMMANDS = 2, VALUE = 5, STATION = 77, POINT = 3, CLOCK_END = 5, EXPIRY = 3 };

/* ------------------------------------------------------------------ signatures */

static void checksum(const uint8_t *message, size_t len, uint8_t key, uint8_t out[64])
{
    uint64_t h = UINT64_C(1469598103934665603) ^ key;

    for (size_t i = 0; i < len; i++)
        h = (h ^ message[i]) * UINT64_C(1099511628211);
    for (size_t i = 0; i < 64; i++)
        out[i] = (uint8_t)(h >> i % 8 * 8);
}

static bool toy_sign(void *user, const uint8_t *message, size_t len, uint8_t ret_signature[64])
{
    checksum(message, len, *(uint8_t *)user, ret_signature);
    return true;
}

static bool toy_verify(const uint8_t signature[64], const uint8_t *message, size_t len,
                       const uint8_t public_key[32])
{
    uint8_t right[64];

    checksum(message, len, public_key[0], right);
    return memcmp(right, signature, 64) == 0;
}

static bool blind_verify(const uint8_t signature[64], const uint8_t *message, size_t len,
                         const uint8_t public_key[32])
{
    (void)signature, (void)message, (void)len, (void)public_key;
    return true;
}

static uint8_t person[2] = {1, 2}, station_key[32] = {9}, wrong_key = 5;

/* ------------------------------------------------------------------ the world */

typedef enum {
    BREAK_NOTHING,
    BREAK_CLOCK,     /* the station's clock stands still */
    BREAK_STORE,     /* the caller drives before it stores */
    BREAK_COUNTERS,  /* the station forgets which counters it took */
    BREAK_NONCE,     /* the same nonce each time, and an image that gets lost */
    BREAK_SIGNATURE, /* signatures are not looked at */
    BREAK_READBACK,  /* the caller says where the valve should be instead of reading it */
    BREAK_SWITCH,    /* the station does not see its switch */
    BREAK_INTERLOCK  /* the station has no table of interlocks */
} broken;

typedef struct {
    const char *name;
    unsigned    n_commands, restarts, toggles, statuses;
    bool        two_persons, loses_image, stuck, forged;
    broken      rule;
} scenario;

typedef struct {
    sei_station station;
    uint8_t     image[SEI_STATION_IMAGE];
    sei_command command[COMMANDS];
    uint64_t    net[FRAMES / 64];
    uint32_t    now_s, next_nonce;
    uint32_t    counter[2]; /* of each person, next to use */
    bool        local, locked;
    unsigned    restarts, toggles, statuses;
    int32_t     valve, target; /* where it stands, where it goes */
    /* what the monitors remember */
    uint8_t driven[COMMANDS];
    bool    was_read;             /* since the last drive and restart */
    bool    has_stood[COMMANDS];  /* the valve was read at the value after the drive */
    bool    has_missed[COMMANDS]; /* and elsewhere, after the operating token was made */
} world;

static sei_ctx           *ctx;
static const scenario    *play;
static sei_station_config config;
static uint8_t            frame[FRAMES][SEI_ANSWER_SIZE];
static size_t             frame_len[FRAMES], n_frames;
static char               violation[200];
static size_t             n_states, n_done, n_not_done, n_unknown;

#define CHECK(condition, ...)                                   \
    do {                                                        \
        if (!(condition) && violation[0] == '\0')               \
            snprintf(violation, sizeof violation, __VA_ARGS__); \
    } while (0)

static void send(world *w, const uint8_t *bytes, size_t len)
{
    size_t i = 0;

    while (i < n_frames && (frame_len[i] != len || memcmp(frame[i], bytes, len) != 0))
        i++;
    if (i == FRAMES) /* ck_assert writes to a pipe each time it holds */
        ck_abort_msg("more than %d different frames", FRAMES);
    if (i == n_frames) {
        memcpy(frame[i], bytes, len);
        frame_len[i] = len;
        n_frames++;
    }
    w->net[i / 64] |= UINT64_C(1) << i % 64;
}

static sei_station_world around(const world *w)
{
    sei_station_world a = {
        .has_time = true,
        .now_s    = play->rule == BREAK_CLOCK ? 0 : w->now_s,
        .local    = w->local && play->rule != BREAK_SWITCH,
        .healthy  = true,
        .random   = play->rule == BREAK_NONCE ? 1 : w->next_nonce,
        .n_inputs = 1,
    };

    a.inputs[0] = (sei_station_input){true, w->locked ? 100 : 0};
    return a;
}

static void restart(world *w)
{
    if (play->loses_image || !sei_station_restore(w->image, sizeof w->image, &w->station)) {
        w->station = sei_station_start(1000 + w->next_nonce++);
        sei_station_image(&w->station, w->image);
    }
    w->was_read = false;
}

/* ------------------------------------------------------------------ monitors */

static int command_of(const world *w, uint8_t key, uint32_t counter)
{
    for (int i = 0; i < (int)play->n_commands; i++)
        if (w->command[i].operate_counter == counter && w->command[i].operate_key == key &&
            counter > 0)
            return i;
    return -1;
}

/* The valve is driven by this token; before is the station as it was before it. */
static void watch_drive(world *w, const world *before, const sei_token *t, int32_t value)
{
    const sei_station_point_state *p = &before->station.points[0];
    const int                      k = command_of(w, t->key, t->counter);

    CHECK(k >= 0, "%s: driven by a token that nobody issued", play->name);
    if (k < 0)
        return;
    CHECK(++w->driven[k] == 1, "%s: command %d drove twice", play->name, k);
    CHECK(w->now_s < t->not_after_s, "%s: command %d drove after its expiry", play->name, k);
    CHECK(!w->local && !w->locked, "%s: driven against the switch or an interlock", play->name);
    CHECK(p->phase == SEI_POINT_SELECTED && p->value == value && w->now_s < p->until_s,
          "%s: driven without a selection", play->name);
    CHECK(!play->two_persons || p->key != t->key, "%s: driven by one person alone", play->name);
    CHECK(value == w->command[k].value, "%s: driven to another value", play->name);
    CHECK(before->command[k].stand != SEI_COMMAND_NOT_DONE, "%s: driven after not-done was said",
          play->name);
}

static void watch(const world *w)
{
    CHECK(!w->station.points[0].proven || w->was_read, "%s: proven without a read-back",
          play->name);
    for (unsigned i = 0; i < play->n_commands; i++) {
        const sei_command_stand stand = w->command[i].stand;
        if (stand == SEI_COMMAND_DONE)
            CHECK(w->driven[i] == 1 && w->has_stood[i], "%s: done is said without proof",
                  play->name);
        if (stand == SEI_COMMAND_FAILED)
            CHECK(w->has_missed[i], "%s: failed is said without proof", play->name);
        if (stand == SEI_COMMAND_EXECUTING)
            CHECK(w->driven[i] == 1, "%s: %s is said, nothing was driven", play->name,
                  sei_command_stand_name(stand));
        if (stand == SEI_COMMAND_NOT_DONE)
            CHECK(w->driven[i] == 0, "%s: not-done is said of what was done", play->name);
        n_done += stand == SEI_COMMAND_DONE;
        n_not_done += stand == SEI_COMMAND_NOT_DONE;
        n_unknown += stand == SEI_COMMAND_UNKNOWN;
    }
}

/* ------------------------------------------------------------------ steps */

typedef enum { NO_CRASH, BEFORE_STORE, AFTER_STORE, AFTER_DRIVE, CRASHES } crash;

static void drive(world *w, const world *before, const sei_station_out *out, const sei_token *t)
{
    if (!out->drive)
        return;
    watch_drive(w, before, t, out->value);
    w->target   = out->value;
    w->was_read = false;
}

/* Whether a crash at this step differs from one at the step before. */
static bool is_own_crash(const sei_station_out *out, crash at)
{
    return at == NO_CRASH || at == BEFORE_STORE ||
           (out->store && (at == AFTER_STORE || out->drive));
}

/* What the caller does after the station has spoken, up to the crash: store, drive; answering is the end. */
static void carry_out(world *w, const world *before, const sei_station_out *out, const sei_token *t,
                      crash at)
{
    if (play->rule == BREAK_STORE) {
        if (at != BEFORE_STORE)
            drive(w, before, out, t);
        if (at == NO_CRASH && out->store)
            sei_station_image(&w->station, w->image);
        return;
    }
    if (at != BEFORE_STORE && out->store)
        sei_station_image(&w->station, w->image);
    if (at == NO_CRASH || at == AFTER_DRIVE)
        drive(w, before, out, t);
}

/* The station's caller: store, drive, answer; it may lose power before each. False: this crash is no new step. */
static bool deliver_down(world *w, size_t i, crash at)
{
    const world             before = *w;
    const sei_station_world a      = around(w);
    sei_station_out         out;
    sei_token               t = {0};

    if (play->rule == BREAK_COUNTERS)
        memset(w->station.counter, 0, sizeof w->station.counter);
    sei_station_receive(&config, &w->station, &a, frame[i], frame_len[i], &out);
    if (!is_own_crash(&out, at))
        return false;
    (void)sei_token_read(frame[i], frame_len[i], &t);
    w->next_nonce += w->station.points[0].phase == SEI_POINT_SELECTED &&
                     before.station.points[0].phase != SEI_POINT_SELECTED;
    carry_out(w, &before, &out, &t, at);
    if (at != NO_CRASH) {
        w->restarts--;
        restart(w);
    } else if (out.answer_len > 0) {
        send(w, out.answer, out.answer_len);
    }
    return true;
}

static bool deliver_up(world *w, size_t i)
{
    bool any = false;

    for (unsigned k = 0; k < play->n_commands; k++)
        any |= sei_command_answer(&w->command[k], frame[i], frame_len[i], toy_verify, station_key);
    return any;
}

static bool ask(world *w, unsigned k, sei_token_kind kind)
{
    sei_command   *c   = &w->command[k];
    const unsigned who = kind == SEI_TOKEN_OPERATE && play->two_persons ? 1 - k % 2 : k % 2;
    const bool     is_new =
        kind == SEI_TOKEN_SELECT ? c->stand == SEI_COMMAND_NEW : c->stand == SEI_COMMAND_SELECTED;
    uint8_t token[SEI_TOKEN_SIZE];
    bool    sent;

    if (!is_new) /* sending the same bytes again adds nothing to this network */
        return false;
    const uint32_t counter = w->counter[who]++;
    if (kind == SEI_TOKEN_SELECT)
        sent = sei_command_select(c, (uint8_t)who, counter, toy_sign, &person[who], token);
    else if (kind == SEI_TOKEN_OPERATE)
        sent = sei_command_operate(c, (uint8_t)who, counter, toy_sign, &person[who], token);
    else
        sent = sei_command_cancel(c, counter, toy_sign, &person[who], token);
    if (sent)
        send(w, token, sizeof token);
    return sent;
}

static bool read_valve(world *w)
{
    const sei_station_world a        = around(w);
    const int32_t           position = play->rule == BREAK_READBACK ? w->target : w->valve;
    sei_station_out         out;

    w->was_read = true;
    for (unsigned k = 0; k < play->n_commands; k++) {
        const bool there = w->valve == w->command[k].value;
        w->has_stood[k] |= w->driven[k] > 0 && there;
        w->has_missed[k] |= w->command[k].operate_counter > 0 && !there;
    }
    sei_station_readback(&config, &w->station, &a, 0, position, &out);
    if (out.answer_len > 0)
        send(w, out.answer, out.answer_len);
    return true;
}

static bool ask_status(world *w)
{
    const sei_station_world a = around(w);
    sei_station_out         out;

    if (w->statuses == 0)
        return false;
    w->statuses--;
    sei_station_status(&config, &w->station, &a, 0, &out);
    send(w, out.answer, out.answer_len);
    return true;
}

/* Time goes on for all. */
static bool advance(world *w)
{
    sei_station_out out;

    if (w->now_s >= CLOCK_END)
        return false;
    w->now_s++;
    const sei_station_world a = around(w);
    (void)sei_station_tick(&config, &w->station, &a, &out);
    if (out.answer_len > 0)
        send(w, out.answer, out.answer_len);
    for (unsigned k = 0; k < play->n_commands; k++)
        sei_command_tick(&w->command[k], w->now_s, 1);
    return true;
}

static bool toggle(world *w, bool *what)
{
    if (w->toggles == 0)
        return false;
    w->toggles--;
    *what = !*what;
    return true;
}

static bool other_step(world *w, unsigned which)
{
    switch (which) {
    case 0: return advance(w);
    case 1: return read_valve(w);
    case 2:
        if (w->valve == w->target || play->stuck)
            return false;
        w->valve = w->target;
        return true;
    case 3: return ask_status(w);
    case 4: return toggle(w, &w->local);
    case 5: return toggle(w, &w->locked);
    case 6:
        if (w->restarts == 0)
            return false;
        w->restarts--;
        restart(w);
        return true;
    default: return false;
    }
}

enum { OTHERS = 7, ASKS = 3 * COMMANDS, EACH = CRASHES };

/* Step number n: something in the world, a person, or a frame and a crash. False: not from this state, known without
 * trying it. The last number gives *ret_end. */
static bool is_possible(const world *w, size_t n, bool *ret_end)
{
    if (n < OTHERS + ASKS)
        return true;
    const size_t i  = (n - OTHERS - ASKS) / EACH;
    const crash  at = (crash)((n - OTHERS - ASKS) % EACH);
    *ret_end        = i >= n_frames;
    if (*ret_end || !(w->net[i / 64] >> i % 64 & 1))
        return false;
    return at == NO_CRASH || (w->restarts > 0 && frame_len[i] == SEI_TOKEN_SIZE);
}

static bool take_step(world *w, size_t n)
{
    if (n < OTHERS)
        return other_step(w, (unsigned)n);
    n -= OTHERS;
    if (n < ASKS)
        return n / 3 < play->n_commands && ask(w, (unsigned)(n / 3), (sei_token_kind)(1 + n % 3));
    n -= ASKS;
    const size_t i = n / EACH;
    return frame_len[i] == SEI_ANSWER_SIZE ? deliver_up(w, i)
                                           : deliver_down(w, i, (crash)(n % EACH));
}

/* ------------------------------------------------------------------ frames that say nothing any more */

/* An answer that moves the command in none of the stands it can still have. */
static bool is_idle_answer(const sei_command *c, size_t i)
{
    static const sei_command_stand open[] = {SEI_COMMAND_OPERATING, SEI_COMMAND_EXECUTING,
                                             SEI_COMMAND_UNKNOWN};

    if (c->stand > SEI_COMMAND_UNKNOWN)
        return true;
    if (c->stand < SEI_COMMAND_OPERATING)
        return false;
    for (size_t k = 0; k < T_COUNT(open); k++) {
        sei_command copy = *c;
        copy.stand       = open[k];
        if (sei_command_answer(&copy, frame[i], frame_len[i], blind_verify, station_key))
            return false;
    }
    return true;
}

static bool is_idle(const world *w, size_t i)
{
    sei_station stored;
    sei_token   t;

    if (frame_len[i] == SEI_ANSWER_SIZE) {
        for (unsigned k = 0; k < play->n_commands; k++)
            if (!is_idle_answer(&w->command[k], i))
                return false;
        return true;
    }
    /* a token below the stored counter is refused without a word, whatever comes */
    return play->rule == BREAK_NOTHING && (!play->loses_image || w->restarts == 0) &&
           sei_station_restore(w->image, sizeof w->image, &stored) &&
           sei_token_read(frame[i], frame_len[i], &t) && t.counter < stored.counter[t.key];
}

static void forget_idle(world *w)
{
    for (size_t i = 0; i < n_frames; i++)
        if (w->net[i / 64] >> i % 64 & 1 && is_idle(w, i))
            w->net[i / 64] &= ~(UINT64_C(1) << i % 64);
}

/* ------------------------------------------------------------------ all states */

static uint64_t mix(uint64_t h, uint64_t x)
{
    h = (h ^ x) * UINT64_C(0x9E3779B97F4A7C15);
    return h ^ h >> 29;
}

static uint64_t hash_command(uint64_t h, const sei_command *c)
{
    h = mix(h, (uint64_t)c->stand << 32 | c->nonce);
    h = mix(h, c->life);
    h = mix(h, (uint64_t)c->select_counter << 32 | c->operate_counter);
    return mix(h, (uint64_t)c->base_counter << 16 | (uint64_t)c->base_key << 8 | c->cause);
}

static uint64_t hash_station(uint64_t h, const sei_station *s)
{
    const sei_station_point_state *p = &s->points[0];

    h = mix(h, (uint64_t)s->counter[0] << 32 | s->counter[1]);
    h = mix(h, (uint64_t)p->phase << 40 | (uint64_t)p->proven << 39 | (uint64_t)p->key << 32 |
                   p->counter);
    h = mix(h, (uint64_t)p->nonce << 32 | p->until_s);
    h = mix(h, (uint64_t)(uint32_t)p->position << 32 | (uint32_t)p->value);
    h = mix(h, (uint64_t)p->done_key << 32 | p->done_counter);
    h = mix(h, (uint64_t)p->has_driven << 32 | p->driven_s);
    h = mix(h, s->life);
    h = mix(h, (uint64_t)s->has_answer[0] << 1 | s->has_answer[1]);
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; s->has_answer[k] && i < SEI_ANSWER_BODY; i++)
            h = mix(h, s->answer[k][i]);
    return h;
}

static uint64_t hash_world(const world *w)
{
    uint64_t h = hash_station(1, &w->station);

    for (size_t i = 0; i < sizeof w->image; i++)
        h = mix(h, w->image[i]);
    for (unsigned k = 0; k < play->n_commands; k++) {
        h = hash_command(h, &w->command[k]);
        h = mix(h, (uint64_t)w->driven[k] << 2 | (uint64_t)w->has_missed[k] << 1 | w->has_stood[k]);
    }
    for (size_t i = 0; i < FRAMES / 64; i++)
        h = mix(h, w->net[i]);
    h = mix(h, (uint64_t)w->now_s << 32 | w->next_nonce);
    h = mix(h, (uint64_t)w->counter[0] << 32 | w->counter[1]);
    h = mix(h, (uint64_t)(uint32_t)w->valve << 32 | (uint32_t)w->target);
    h = mix(h, w->restarts << 12 | w->toggles << 8 | w->statuses << 4 | (unsigned)w->local << 2 |
                   (unsigned)w->locked << 1 | (unsigned)w->was_read);
    return h | 1;
}

enum { SEEN = 1 << 22, DEPTH = 200 };
static uint64_t *seen;

static bool is_new_state(const world *w)
{
    const uint64_t h = hash_world(w);

    for (size_t i = h >> 20 & (SEEN - 1);; i = (i + 1) & (SEEN - 1)) {
        if (seen[i] == h)
            return false;
        if (seen[i] == 0) {
            seen[i] = h;
            if (++n_states >= SEEN * 3 / 4)
                ck_abort_msg("%s: too many states", play->name);
            return true;
        }
    }
}

static void explore(const world *from)
{
    static world stack[DEPTH];
    size_t       next[DEPTH] = {0}, depth = 1;

    stack[0] = *from;
    while (depth > 0 && violation[0] == '\0') {
        bool end = false;
        if (depth >= DEPTH)
            ck_abort_msg("%s: too deep", play->name);
        const size_t n = next[depth - 1]++;
        if (!is_possible(&stack[depth - 1], n, &end)) {
            depth -= end;
            continue;
        }
        stack[depth] = stack[depth - 1];
        if (take_step(&stack[depth], n)) {
            watch(&stack[depth]);
            forget_idle(&stack[depth]);
            if (is_new_state(&stack[depth]))
                next[depth++] = 0;
        }
    }
}

/* Tokens that nobody with a key made: changed value, expiry, nonce, key. */
static void forge(world *w)
{
    sei_token t = {SEI_TOKEN_SELECT, STATION, POINT, 0, 50, VALUE + 1, false, 0, EXPIRY, 0};
    uint8_t   bytes[SEI_TOKEN_SIZE];

    ck_assert(sei_token_write(&t, toy_sign, &wrong_key, bytes));
    send(w, bytes, sizeof bytes);
    for (uint32_t nonce = 1; nonce < 3; nonce++) {
        t.kind = SEI_TOKEN_OPERATE, t.counter = 51, t.nonce = nonce;
        ck_assert(sei_token_write(&t, toy_sign, &wrong_key, bytes));
        send(w, bytes, sizeof bytes);
    }
}

static void make_config(void)
{
    config = (sei_station_config){
        .station        = STATION,
        .n_points       = 1,
        .n_keys         = 2,
        .n_interlocks   = play->rule == BREAK_INTERLOCK ? 0 : 1,
        .validity_max_s = 100,
        .verify         = play->rule == BREAK_SIGNATURE ? blind_verify : toy_verify,
        .sign           = toy_sign,
        .sign_user      = station_key,
    };
    config.points[0]     = (sei_station_point){.point       = POINT,
                                               .min         = 0,
                                               .max         = 10,
                                               .select_s    = 2,
                                               .travel_s    = 1,
                                               .two_persons = play->two_persons};
    config.keys[0]       = (sei_station_key){{1}, 1, 1};
    config.keys[1]       = (sei_station_key){{2}, 1, 1};
    config.interlocks[0] = (sei_interlock){0, 0, SEI_ABOVE, 50, SEI_ABOVE, 0};
    T_OK(ctx, sei_station_check(ctx, &config));
}

static void run(const scenario *s)
{
    static world w;

    play         = s;
    violation[0] = '\0';
    n_frames = n_states = n_done = n_not_done = n_unknown = 0;
    memset(&w, 0, sizeof w);
    memset(seen, 0, SEEN * sizeof *seen);
    make_config();
    w.station    = sei_station_start(1000);
    w.next_nonce = 1;
    w.counter[0] = w.counter[1] = 1;
    w.restarts                  = s->restarts;
    w.toggles                   = s->toggles;
    w.statuses                  = s->statuses;
    sei_station_image(&w.station, w.image);
    for (unsigned k = 0; k < s->n_commands; k++)
        w.command[k] = (sei_command){
            .station = STATION, .point = POINT, .value = VALUE + (int32_t)k, .not_after_s = EXPIRY};
    if (s->forged)
        forge(&w);
    explore(&w);
    printf("%-22s %8zu states, %3zu frames: %s\n", s->name, n_states, n_frames,
           violation[0] ? violation : "no rule broken");
    fflush(stdout);
}

START_TEST(no_rule_can_be_broken)
{
    static const scenario scenarios[] = {
        {"restarts", 1, 2, 0, 1, false, false, false, false, BREAK_NOTHING},
        {"valve that sticks", 1, 1, 0, 1, false, false, true, false, BREAK_NOTHING},
        {"image lost", 1, 1, 0, 1, false, true, false, false, BREAK_NOTHING},
        {"switch and interlock", 1, 0, 2, 0, false, false, false, false, BREAK_NOTHING},
        {"two commands", 2, 0, 0, 0, false, false, false, false, BREAK_NOTHING},
        {"two persons", 1, 1, 0, 1, true, false, false, false, BREAK_NOTHING},
        {"forged tokens", 1, 0, 0, 0, false, false, false, true, BREAK_NOTHING},
    };

    for (size_t i = 0; i < T_COUNT(scenarios); i++) {
        run(&scenarios[i]);
        ck_assert_msg(violation[0] == '\0', "%s", violation);
        ck_assert_uint_gt(n_states, 500);
        /* the rules are not kept by doing nothing */
        ck_assert(n_not_done > 0 && (n_done > 0) == !scenarios[i].stuck);
        ck_assert(n_unknown > 0);
    }
}
END_TEST

START_TEST(a_broken_rule_is_found)
{
    static const struct {
        scenario    s;
        const char *found;
    } rows[] = {
        {{"clock stands still", 1, 0, 0, 0, false, false, false, false, BREAK_CLOCK},
         "after its expiry"},
        {{"stored too late", 1, 1, 0, 1, false, false, false, false, BREAK_STORE},
         "not-done is said of what was done"},
        {{"counters forgotten", 1, 0, 0, 0, false, false, false, false, BREAK_COUNTERS},
         "not-done is said of what was done"},
        {{"nonce is no nonce", 1, 1, 0, 1, false, true, false, false, BREAK_NONCE}, "drove twice"},
        {{"signatures ignored", 1, 0, 0, 0, false, false, false, true, BREAK_SIGNATURE},
         "nobody issued"},
        {{"read-back made up", 1, 0, 0, 0, false, false, false, false, BREAK_READBACK},
         "done is said without proof"},
        {{"switch not seen", 1, 0, 1, 0, false, false, false, false, BREAK_SWITCH},
         "against the switch"},
        {{"no interlock", 1, 0, 1, 0, false, false, false, false, BREAK_INTERLOCK},
         "against the switch or an interlock"},
    };

    for (size_t i = 0; i < T_COUNT(rows); i++) {
        run(&rows[i].s);
        T_CONTAINS(violation, rows[i].found);
    }
}
END_TEST

static void setup(void)
{
    ctx  = sei_ctx_create(NULL);
    seen = calloc(SEEN, sizeof *seen);
    ck_assert_ptr_nonnull(seen);
}

static void teardown(void)
{
    free(seen);
    sei_ctx_free(ctx);
}

int main(void)
{
    Suite *suite = suite_create("command model");
    TCase *tcase = tcase_create("model");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase, no_rule_can_be_broken);
    tcase_add_test(tcase, a_broken_rule_is_found);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
