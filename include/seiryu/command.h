/*
 * command.h - remote operation: select before operate, signed, counted, expiring, proven by read-back
 *
 * Two sides. The issuer (server) keeps one sei_command for each operation that a person asks for. The station core
 * keeps one sei_station: no allocation, no I/O, no clock of its own, nothing of the C library but string.h; it runs
 * on a microcontroller with any Ed25519. Frames and rules: docs/protocol-command.md.
 *
 * The station's caller keeps one order: store the image when told so, then drive, then answer. With that, whatever is
 * lost, repeated, delayed, reordered or replayed, and whenever either side restarts: an operation happens at most
 * once, never after its expiry, never without a selection, never against the local switch or an interlock, and its
 * outcome counts as unknown until a read-back proves it (tests/unit/test_command_model.c goes through all of it).
 */
#ifndef SEIRYU_COMMAND_H
#define SEIRYU_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seiryu/ctx.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    SEI_TOKEN_BODY             = 29, /* bytes before the signature */
    SEI_TOKEN_SIZE             = 93,
    SEI_ANSWER_BODY            = 35,
    SEI_ANSWER_SIZE            = 99,
    SEI_COMMAND_POINTS_MAX     = 8,
    SEI_COMMAND_KEYS_MAX       = 4,
    SEI_COMMAND_INTERLOCKS_MAX = 16,
    SEI_COMMAND_INPUTS_MAX     = 16,
    SEI_COMMAND_NO_KEY         = 255, /* as done_key: no operation since the station was new */
    SEI_STATION_IMAGE          = 66   /* bytes that the station stores */
};

/* ------------------------------------------------------------------ causes */

/* Why a command was refused or ended: the AddCause values of IEC 61850, edition 2 (iec61850_tissue786). All are
 * listed, so that any station's answer can be shown. X(number, name, text, Japanese). */
#define SEI_CAUSE_LIST(X)                                                           \
    X(0, UNKNOWN, "Unknown", "不明")                                                \
    X(1, NOT_SUPPORTED, "Not-supported", "未対応の制御点")                          \
    X(2, SWITCHING_HIERARCHY, "Blocked-by-switching-hierarchy", "現地操作に切替中") \
    X(3, SELECT_FAILED, "Select-failed", "選択失敗")                                \
    X(4, INVALID_POSITION, "Invalid-position", "現在位置が想定と異なる")            \
    X(5, POSITION_REACHED, "Position-reached", "すでに目標位置")                    \
    X(6, PARAMETER_CHANGE, "Parameter-change-in-execution", "設定変更中")           \
    X(7, STEP_LIMIT, "Step-limit", "操作端に到達")                                  \
    X(8, MODE, "Blocked-by-Mode", "運転モードにより禁止")                           \
    X(9, PROCESS, "Blocked-by-process", "工程条件により禁止")                       \
    X(10, INTERLOCKING, "Blocked-by-interlocking", "インターロックにより禁止")      \
    X(11, SYNCHROCHECK, "Blocked-by-synchrocheck", "同期検定により禁止")            \
    X(12, IN_EXECUTION, "Command-already-in-execution", "操作実行中")               \
    X(13, HEALTH, "Blocked-by-health", "機器異常により禁止")                        \
    X(14, ONE_OF_N, "1-of-n-control", "他の制御点を操作中")                         \
    X(15, CANCELLED, "Abortion-by-cancel", "取消し")                                \
    X(16, TIME_LIMIT_OVER, "Time-limit-over", "時間切れ")                           \
    X(17, TRIPPED, "Abortion-by-trip", "保護動作により中断")                        \
    X(18, NOT_SELECTED, "Object-not-selected", "未選択")                            \
    X(19, ALREADY_SELECTED, "Object-already-selected", "選択済み")                  \
    X(20, NO_ACCESS, "No-access-authority", "権限なし")                             \
    X(21, OVERSHOOT, "Ended-with-overshoot", "目標超過")                            \
    X(22, DEVIATION, "Abortion-due-to-deviation", "偏差により中断")                 \
    X(23, LINK_LOST, "Abortion-by-communication-loss", "通信断により中断")          \
    X(24, BLOCKED_BY_COMMAND, "Blocked-by-command", "指令により禁止")               \
    X(25, NONE, "None", "なし")                                                     \
    X(26, INCONSISTENT, "Inconsistent-parameters", "指令内容の不一致")              \
    X(27, LOCKED_BY_OTHER, "Locked-by-other-client", "他の操作者が選択中")

#define SEI_CAUSE_ENUM(number, name, text, ja) SEI_CAUSE_##name = (number),
typedef enum { SEI_CAUSE_LIST(SEI_CAUSE_ENUM) SEI_CAUSE_COUNT } sei_cause;
#undef SEI_CAUSE_ENUM

SEI_API const char *sei_cause_name(uint8_t cause); /* "Blocked-by-interlocking"; "?" for no cause */
SEI_API const char *sei_cause_name_ja(uint8_t cause);

/* ------------------------------------------------------------------ signatures (Ed25519, RFC 8032) */

typedef bool sei_verify(const uint8_t signature[64], const uint8_t *message, size_t len,
                        const uint8_t public_key[32]);
typedef bool sei_sign(void *user, const uint8_t *message, size_t len, uint8_t ret_signature[64]);

/* By libsodium. user of sei_ed25519_sign: the 64-byte secret key (seed and public key). */
SEI_API bool sei_ed25519_verify(const uint8_t signature[64], const uint8_t *message, size_t len,
                                const uint8_t public_key[32]);
SEI_API bool sei_ed25519_sign(void *user, const uint8_t *message, size_t len,
                              uint8_t ret_signature[64]);
/* From a 32-byte seed, which the caller draws from a good source. E_INTERNAL when libsodium does not start. */
SEI_API SEI_CHECKED sei_status sei_ed25519_keys(sei_ctx *ctx, const uint8_t seed[32],
                                                uint8_t ret_public[32], uint8_t ret_secret[64]);

/* ------------------------------------------------------------------ frames */

typedef enum { SEI_TOKEN_SELECT = 1, SEI_TOKEN_OPERATE = 2, SEI_TOKEN_CANCEL = 3 } sei_token_kind;

/* Down: what a person may do, bound to station, point, value, counter and expiry. */
typedef struct {
    sei_token_kind kind;
    uint32_t       station;
    uint16_t       point;
    uint8_t        key;     /* number of the issuer's key in the station's list */
    uint32_t       counter; /* of that key: each token has a higher one than all before */
    int32_t        value;   /* in steps of the point */
    bool           has_expected;
    int32_t        expected;    /* position that the person saw */
    uint32_t       not_after_s; /* Unix time from which it is void */
    uint32_t       nonce;       /* OPERATE, CANCEL: from the answer to the selection */
} sei_token;

typedef enum {
    SEI_ANSWER_SELECTED = 4,
    SEI_ANSWER_REFUSED  = 5,
    SEI_ANSWER_ACCEPTED = 6, /* the actuator was told */
    SEI_ANSWER_RESULT   = 7, /* how it ended */
    SEI_ANSWER_STATUS   = 8  /* asked for or sent from time to time */
} sei_answer_kind;

/* Up: what the station did and what it knows. */
typedef struct {
    sei_answer_kind kind;
    uint32_t        station;
    uint16_t        point;
    uint8_t         key; /* and counter: of the token answered; STATUS: 0 */
    uint32_t        counter;
    bool            proven;   /* position is a read-back from after the last operation */
    int32_t         position; /* 0 when not proven */
    uint8_t         done_key; /* and counter: of the last OPERATE that was begun; NO_KEY: none */
    uint32_t        done_counter;
    uint8_t         cause;  /* sei_cause; NONE when all went well */
    uint32_t        nonce;  /* SELECTED: to be sent back */
    uint32_t        time_s; /* of the station */
    uint32_t        life;   /* of its memory: another one after its image was lost */
} sei_answer;

/* Writes and signs; false when the signer fails or a field does not fit. */
SEI_API bool sei_token_write(const sei_token *token, sei_sign *sign, void *user,
                             uint8_t ret_frame[SEI_TOKEN_SIZE]);
SEI_API bool sei_answer_write(const sei_answer *answer, sei_sign *sign, void *user,
                              uint8_t ret_frame[SEI_ANSWER_SIZE]);
/* Reads without looking at the signature: false for anything that is no frame. */
SEI_API bool sei_token_read(const uint8_t *frame, size_t len, sei_token *ret_token);
SEI_API bool sei_answer_read(const uint8_t *frame, size_t len, sei_answer *ret_answer);
/* Whether the frame was signed by this key. len has to be the frame's size. */
SEI_API bool sei_token_is_signed(const uint8_t *frame, size_t len, sei_verify *verify,
                                 const uint8_t public_key[32]);
SEI_API bool sei_answer_is_signed(const uint8_t *frame, size_t len, sei_verify *verify,
                                  const uint8_t public_key[32]);

/* ------------------------------------------------------------------ the station */

typedef struct {
    uint16_t point;
    int32_t  min, max;       /* values that may be asked for */
    int32_t  tolerance;      /* of the read-back */
    uint32_t select_s;       /* a selection lasts so long */
    uint32_t travel_s;       /* the read-back has to agree after so long */
    uint32_t pause_s;        /* between two operations; dosing pumps, motors */
    bool     two_persons;    /* the operating key is another one than the selecting key */
    bool     needs_expected; /* a token has to say what position was seen */
} sei_station_point;

typedef struct {
    uint8_t  public_key[32];
    uint16_t select, operate; /* bit i: points[i] */
} sei_station_key;

typedef enum { SEI_BELOW, SEI_ABOVE } sei_relation;

/* Blocks values of the point that are below or above for_value while the input is below or above limit. An input that
 * is missing or too old blocks as well. */
typedef struct {
    uint8_t      point, input; /* indices */
    sei_relation when;
    int32_t      limit;
    sei_relation values;
    int32_t      for_value;
} sei_interlock;

typedef struct {
    uint32_t          station;
    size_t            n_points, n_keys, n_interlocks;
    sei_station_point points[SEI_COMMAND_POINTS_MAX];
    sei_station_key   keys[SEI_COMMAND_KEYS_MAX];
    sei_interlock     interlocks[SEI_COMMAND_INTERLOCKS_MAX];
    uint32_t          validity_max_s; /* a token that is valid for longer is refused */
    sei_verify       *verify;
    sei_sign         *sign; /* with the station's own key */
    void             *sign_user;
} sei_station_config;

typedef enum { SEI_POINT_IDLE, SEI_POINT_SELECTED, SEI_POINT_EXECUTING } sei_point_phase;

typedef struct {
    /* stored in the image */
    uint8_t  done_key;
    uint32_t done_counter;
    /* forgotten by a restart */
    sei_point_phase phase;
    bool            proven;
    int32_t         position;
    uint8_t         key; /* that selected, then the one that operates */
    uint32_t        counter, nonce, until_s;
    int32_t         value;
    bool            has_driven; /* since the restart: pause_s counts from driven_s */
    uint32_t        driven_s;
} sei_station_point_state;

typedef struct {
    uint32_t                life;                          /* stored */
    uint32_t                counter[SEI_COMMAND_KEYS_MAX]; /* highest taken; stored */
    sei_station_point_state points[SEI_COMMAND_POINTS_MAX];
    /* the last answer to each key, repeated when its token is repeated; forgotten by a restart */
    uint8_t  answer[SEI_COMMAND_KEYS_MAX][SEI_ANSWER_SIZE];
    bool     has_answer[SEI_COMMAND_KEYS_MAX];
    uint32_t latest_s; /* the clock never goes back */
} sei_station;

typedef struct {
    bool    valid; /* measured, and not too old */
    int32_t value;
} sei_station_input;

/* What the station sees around it when it is called. */
typedef struct {
    bool              has_time; /* the clock was set since the restart */
    uint32_t          now_s;
    bool              local; /* switch on "local" */
    bool              healthy;
    uint32_t          random; /* fresh and not to be guessed, not 0 */
    size_t            n_inputs;
    sei_station_input inputs[SEI_COMMAND_INPUTS_MAX];
} sei_station_world;

/* What is to be done, in this order. */
typedef struct {
    bool      store; /* the image, and wait until it is safe */
    bool      drive; /* points[point] to value */
    size_t    point; /* index */
    int32_t   value;
    size_t    answer_len; /* 0 or SEI_ANSWER_SIZE */
    uint8_t   answer[SEI_ANSWER_SIZE];
    sei_cause cause; /* for the log: NONE when the token was good */
} sei_station_out;

/* Names the first number of a configuration that cannot work. */
SEI_API SEI_CHECKED sei_status sei_station_check(sei_ctx *ctx, const sei_station_config *config);
/* A new station, or one whose image was lost: nothing taken, nothing proven. life, fresh and random, stands in the
 * answers, so that the loss is seen and nothing is concluded over it. */
SEI_API sei_station sei_station_start(uint32_t life);
/* The image to store; and a station after a restart. False when it is damaged (length, version, CRC). */
SEI_API void sei_station_image(const sei_station *station, uint8_t ret_image[SEI_STATION_IMAGE]);
SEI_API bool sei_station_restore(const uint8_t *image, size_t len, sei_station *ret_station);

/* A frame came in. Frames for others, unsigned, and old ones get no answer. */
SEI_API void sei_station_receive(const sei_station_config *config, sei_station *station,
                                 const sei_station_world *world, const uint8_t *frame, size_t len,
                                 sei_station_out *ret_out);
/* The actuator was read: points[point] stands at position. */
SEI_API void sei_station_readback(const sei_station_config *config, sei_station *station,
                                  const sei_station_world *world, size_t point, int32_t position,
                                  sei_station_out *ret_out);
/* Time went on: selections and operations that ran out. True when there is more to do: call again. */
SEI_API bool sei_station_tick(const sei_station_config *config, sei_station *station,
                              const sei_station_world *world, sei_station_out *ret_out);
/* A signed STATUS of points[point]. */
SEI_API void sei_station_status(const sei_station_config *config, const sei_station *station,
                                const sei_station_world *world, size_t point,
                                sei_station_out *ret_out);

/* ------------------------------------------------------------------ the issuer */

typedef enum {
    SEI_COMMAND_NEW,
    SEI_COMMAND_SELECTING, /* token sent, no answer yet */
    SEI_COMMAND_SELECTED,
    SEI_COMMAND_OPERATING, /* token sent: from here on it may happen */
    SEI_COMMAND_EXECUTING, /* the station drove the actuator */
    SEI_COMMAND_UNKNOWN,   /* it may have happened: wait for a status, do not repeat */
    SEI_COMMAND_DONE,      /* proven by read-back */
    SEI_COMMAND_FAILED,    /* it was begun, and the read-back proves another position */
    SEI_COMMAND_NOT_DONE   /* proven that it was not driven and will not be */
} sei_command_stand;

SEI_API const char *sei_command_stand_name(sei_command_stand stand); /* "executing" */
SEI_API const char *sei_command_stand_name_ja(sei_command_stand stand);

/* One operation. Plain data: store it before the frame is sent. Token counters come from the caller, who stores the
 * next one first: a counter is used once. */
typedef struct {
    sei_command_stand stand;
    uint32_t          station;
    uint16_t          point;
    int32_t           value, tolerance;
    bool              has_expected;
    int32_t           expected;
    uint32_t          not_after_s; /* of both tokens */
    uint8_t           select_key, operate_key;
    uint32_t          select_counter, operate_counter;
    uint32_t          nonce;
    uint8_t           base_key; /* and counter: what had driven the point before the selection */
    uint32_t          base_counter;
    uint32_t          life;  /* of the station at the selection */
    uint8_t           cause; /* of the last answer */
    bool              has_position;
    int32_t           position; /* last proven one */
} sei_command;

/* Tokens of a command; false when its stand does not allow it or the signer fails. Calling again in the same stand
 * gives the same bytes (counter is then not used): a frame may be sent again as often as wanted. */
SEI_API bool sei_command_select(sei_command *command, uint8_t key, uint32_t counter, sei_sign *sign,
                                void *user, uint8_t ret_frame[SEI_TOKEN_SIZE]);
SEI_API bool sei_command_operate(sei_command *command, uint8_t key, uint32_t counter,
                                 sei_sign *sign, void *user, uint8_t ret_frame[SEI_TOKEN_SIZE]);
/* Gives the selection up; only before sei_command_operate. */
SEI_API bool sei_command_cancel(sei_command *command, uint32_t counter, sei_sign *sign, void *user,
                                uint8_t ret_frame[SEI_TOKEN_SIZE]);
/* An answer of the station, signature checked here. True when it concerns this command. */
SEI_API bool sei_command_answer(sei_command *command, const uint8_t *frame, size_t len,
                                sei_verify *verify, const uint8_t station_key[32]);
/* The clock of the issuer: what waits longer than its expiry and slack_s ends or becomes unknown. */
SEI_API void sei_command_tick(sei_command *command, uint32_t now_s, uint32_t slack_s);

#ifdef __cplusplus
}
#endif
#endif
