/* network.c - uplinks as ChirpStack v4 and The Things Stack v3 publish them by MQTT */
#include <string.h>

#include "base/text.h"
#include "msg/json_scan.h"

static sei_status set_time(sei_ctx *ctx, const char *text, sei_uplink *up)
{
    if (!text[0])
        return SEI_OK;
    if (!sei_parse_time(text, strlen(text), 0, &up->time_us))
        return sei_fail(ctx, SEI_E_PARSE, NULL, "time \"%.40s\" is no ISO 8601", text);
    up->has_time = true;
    return SEI_OK;
}

static sei_status set_address(sei_ctx *ctx, const char *text, sei_uplink *up)
{
    if (!text[0] || strlen(text) >= sizeof up->address)
        return sei_fail(ctx, SEI_E_MISSING, NULL, "the event names no device");
    for (size_t i = 0; i <= strlen(text); i++)
        up->address[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] + 32) : text[i];
    return SEI_OK;
}

static sei_status set_payload(sei_ctx *ctx, const json_t *port, const char *base64, sei_uplink *up)
{
    up->port = 0; /* proto3 JSON omits defaults */
    if (json_is_integer(port) && json_integer_value(port) >= 0 && json_integer_value(port) <= 255)
        up->port = (unsigned)json_integer_value(port);
    else if (port)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "port is no number of 0..255");
    return sei_json_bytes(ctx, base64, up->payload, sizeof up->payload, &up->len);
}

/* Of the many gateways' times the first that is given; the network server's own before them. */
static const char *gateway_time(const json_t *rx, const char *key)
{
    for (size_t i = 0; i < json_array_size(rx); i++) {
        const char *text = sei_json_text_at(json_array_get(rx, i), key);
        if (text[0])
            return text;
    }
    return "";
}

static sei_status read_chirpstack(const json_t *root, sei_uplink *up, sei_msg *msg)
{
    sei_status  st   = set_address(msg->ctx, sei_json_text_at(root, "deviceInfo.devEui"), up);
    const char *time = sei_json_text_at(root, "time");

    if (st == SEI_OK)
        st = set_time(msg->ctx,
                      time[0] ? time : gateway_time(sei_json_at(root, "rxInfo"), "gwTime"), up);
    if (st == SEI_OK)
        st = set_payload(msg->ctx, sei_json_at(root, "fPort"), sei_json_text_at(root, "data"), up);
    const json_t *object = sei_json_at(root, "object");
    if (st == SEI_OK && json_object_size(object) > 0)
        st = sei_json_flatten(object, up->time_us, msg);
    return st;
}

static sei_status read_tts(const json_t *root, sei_uplink *up, sei_msg *msg)
{
    const json_t *uplink = sei_json_at(root, "uplink_message");
    const char   *device = sei_json_text_at(root, "end_device_ids.device_id");
    const char   *app    = sei_json_text_at(root, "end_device_ids.application_ids.application_id");
    char          address[200];

    if (!uplink)
        return sei_fail(msg->ctx, SEI_E_MISSING, NULL, "the message holds no uplink_message");
    snprintf(address, sizeof address, "%.90s/%.90s", app, device);
    sei_status  st   = set_address(msg->ctx, app[0] && device[0] ? address : "", up);
    const char *time = sei_json_text_at(uplink, "received_at");
    if (st == SEI_OK)
        st =
            set_time(msg->ctx,
                     time[0] ? time : gateway_time(sei_json_at(uplink, "rx_metadata"), "time"), up);
    if (st == SEI_OK)
        st = set_payload(msg->ctx, sei_json_at(uplink, "f_port"),
                         sei_json_text_at(uplink, "frm_payload"), up);
    const json_t *object = sei_json_at(uplink, "decoded_payload");
    if (st == SEI_OK && json_object_size(object) > 0)
        st = sei_json_flatten(object, up->time_us, msg);
    return st;
}

static sei_status read_uplink(const char *json, size_t len, sei_uplink *ret_uplink, sei_msg *msg,
                              sei_status (*read)(const json_t *, sei_uplink *, sei_msg *))
{
    json_t    *root = NULL;
    sei_uplink up   = {0};
    sei_status st   = sei_json_load(msg->ctx, json, len, &root);

    if (st == SEI_OK)
        st = read(root, &up, msg);
    json_decref(root);
    if (st == SEI_OK)
        *ret_uplink = up;
    return st;
}

sei_status sei_msg_read_chirpstack(const char *json, size_t len, sei_uplink *ret_uplink,
                                   sei_msg *msg)
{
    return read_uplink(json, len, ret_uplink, msg, read_chirpstack);
}

sei_status sei_msg_read_tts(const char *json, size_t len, sei_uplink *ret_uplink, sei_msg *msg)
{
    return read_uplink(json, len, ret_uplink, msg, read_tts);
}
