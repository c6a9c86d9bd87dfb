/*
 * route_list.h - every route there is; api/openapi.yaml says the same in its words, and a test compares them
 *
 * SEI_ROUTE(method, path, scope, least role, bytes of body, handler)
 */
SEI_ROUTE(GET, "/health", SEI_OPEN, NONE, 0, health)
SEI_ROUTE(GET, "/metrics", SEI_SOMEWHERE, VIEWER, 0, metrics)
SEI_ROUTE(GET, "/api/openapi.yaml", SEI_OPEN, NONE, 0, openapi)
SEI_ROUTE(GET, "/api/v1/status", SEI_SOMEWHERE, VIEWER, 0, status)
SEI_ROUTE(POST, "/api/v1/session", SEI_OPEN, NONE, SEI_BODY_JSON, login)
SEI_ROUTE(GET, "/api/v1/session", SEI_SIGNED_IN, NONE, 0, session)
SEI_ROUTE(DELETE, "/api/v1/session", SEI_SIGNED_IN, NONE, 0, logout)
SEI_ROUTE(POST, "/api/v1/first-login", SEI_OPEN, NONE, SEI_BODY_JSON, first_login)
SEI_ROUTE(POST, "/api/v1/password", SEI_SIGNED_IN, NONE, SEI_BODY_JSON, password)
SEI_ROUTE(POST, "/api/v1/totp", SEI_SIGNED_IN, NONE, 0, totp_start)
SEI_ROUTE(PUT, "/api/v1/totp", SEI_SIGNED_IN, NONE, SEI_BODY_JSON, totp_confirm)
SEI_ROUTE(DELETE, "/api/v1/totp", SEI_SIGNED_IN, NONE, SEI_BODY_JSON, totp_stop)
SEI_ROUTE(GET, "/api/v1/users", SEI_EVERYWHERE, ADMINISTRATOR, 0, users)
SEI_ROUTE(POST, "/api/v1/users", SEI_EVERYWHERE, ADMINISTRATOR, SEI_BODY_JSON, add_user)
SEI_ROUTE(PATCH, "/api/v1/users/{user}", SEI_EVERYWHERE, ADMINISTRATOR, SEI_BODY_JSON, change_user)
SEI_ROUTE(POST, "/api/v1/users/{user}/reset", SEI_EVERYWHERE, ADMINISTRATOR, 0, reset_user)
SEI_ROUTE(GET, "/api/v1/tokens", SEI_SIGNED_IN, NONE, 0, tokens)
SEI_ROUTE(POST, "/api/v1/tokens", SEI_SIGNED_IN, NONE, SEI_BODY_JSON, add_token)
SEI_ROUTE(DELETE, "/api/v1/tokens/{token}", SEI_SIGNED_IN, NONE, 0, drop_token)
SEI_ROUTE(GET, "/api/v1/sites", SEI_SOMEWHERE, VIEWER, 0, sites)
SEI_ROUTE(POST, "/api/v1/sites", SEI_EVERYWHERE, ADMINISTRATOR, SEI_BODY_JSON, add_site)
SEI_ROUTE(GET, "/api/v1/sites/{site}", SEI_OF_SITE, VIEWER, 0, site)
SEI_ROUTE(PATCH, "/api/v1/sites/{site}", SEI_OF_SITE, ENGINEER, SEI_BODY_JSON, change_site)
SEI_ROUTE(POST, "/api/v1/sites/{site}/stations", SEI_OF_SITE, ENGINEER, SEI_BODY_JSON, add_station)
SEI_ROUTE(GET, "/api/v1/stations/{station}", SEI_OF_STATION, VIEWER, 0, station)
SEI_ROUTE(PATCH, "/api/v1/stations/{station}", SEI_OF_STATION, ENGINEER, SEI_BODY_JSON,
          change_station)
SEI_ROUTE(POST, "/api/v1/stations/{station}/channels", SEI_OF_STATION, ENGINEER, SEI_BODY_JSON,
          add_channel)
SEI_ROUTE(PATCH, "/api/v1/channels/{channel}", SEI_OF_CHANNEL, ENGINEER, SEI_BODY_JSON,
          change_channel)
SEI_ROUTE(GET, "/api/v1/sites/{site}/latest", SEI_OF_SITE, VIEWER, 0, latest)
SEI_ROUTE(GET, "/api/v1/live", SEI_SOMEWHERE, VIEWER, 0, live)
SEI_ROUTE(GET, "/api/v1/observations", SEI_SOMEWHERE, VIEWER, 0, observations)
SEI_ROUTE(GET, "/api/v1/channels/{channel}/layers", SEI_OF_CHANNEL, VIEWER, 0, layers)
SEI_ROUTE(POST, "/api/v1/channels/{channel}/layers", SEI_OF_CHANNEL, ENGINEER, SEI_BODY_JSON,
          add_layer)
SEI_ROUTE(POST, "/api/v1/layers/{layer}/undo", SEI_OF_LAYER, ENGINEER, SEI_BODY_JSON, undo_layer)
SEI_ROUTE(GET, "/api/v1/stations/{station}/frames", SEI_OF_STATION, ENGINEER, 0, frames)
SEI_ROUTE(POST, "/api/v1/stations/{station}/frames", SEI_OF_STATION, OPERATOR, SEI_BODY_FRAME,
          post_frame)
SEI_ROUTE(GET, "/api/v1/sites/{site}/export", SEI_OF_SITE, VIEWER, 0, export_site)
SEI_ROUTE(GET, "/api/v1/sites/{site}/laboratory", SEI_OF_SITE, VIEWER, 0, laboratory)
SEI_ROUTE(POST, "/api/v1/sites/{site}/laboratory", SEI_OF_SITE, OPERATOR, SEI_BODY_JSON,
          add_lab_result)
SEI_ROUTE(GET, "/api/v1/sites/{site}/logbook", SEI_OF_SITE, VIEWER, 0, logbook)
SEI_ROUTE(POST, "/api/v1/sites/{site}/logbook", SEI_OF_SITE, OPERATOR, SEI_BODY_JSON, add_log_entry)
SEI_ROUTE(GET, "/sta/v1.1", SEI_SOMEWHERE, VIEWER, 0, sta)
SEI_ROUTE(GET, "/sta/v1.1/{path}", SEI_SOMEWHERE, VIEWER, 0, sta)
SEI_ROUTE(GET, "/api/v1/audit", SEI_EVERYWHERE, AUDITOR, 0, audit)
SEI_ROUTE(GET, "/api/v1/catalogue", SEI_SIGNED_IN, NONE, 0, catalogue)
SEI_ROUTE(GET, "/api/v1/alarms", SEI_SOMEWHERE, VIEWER, 0, alarms)
SEI_ROUTE(POST, "/api/v1/channels/{channel}/alarms", SEI_OF_CHANNEL, ENGINEER, SEI_BODY_JSON,
          add_alarm)
SEI_ROUTE(PATCH, "/api/v1/alarms/{alarm}", SEI_OF_ALARM, ENGINEER, SEI_BODY_JSON, change_alarm)
SEI_ROUTE(POST, "/api/v1/alarms/{alarm}/actions", SEI_OF_ALARM, OPERATOR, SEI_BODY_JSON,
          act_on_alarm)
SEI_ROUTE(GET, "/api/v1/alarms/{alarm}/events", SEI_OF_ALARM, VIEWER, 0, alarm_events)
SEI_ROUTE(GET, "/api/v1/sites/{site}/alarm-events", SEI_OF_SITE, VIEWER, 0, site_alarm_events)
SEI_ROUTE(GET, "/api/v1/sites/{site}/targets", SEI_OF_SITE, ENGINEER, 0, targets)
SEI_ROUTE(POST, "/api/v1/sites/{site}/targets", SEI_OF_SITE, ENGINEER, SEI_BODY_JSON, add_target)
SEI_ROUTE(PATCH, "/api/v1/targets/{target}", SEI_OF_TARGET, ENGINEER, SEI_BODY_JSON, change_target)
SEI_ROUTE(GET, "/api/v1/stations/{station}/storm", SEI_OF_STATION, VIEWER, 0, storm)
SEI_ROUTE(PUT, "/api/v1/stations/{station}/storm", SEI_OF_STATION, ENGINEER, SEI_BODY_JSON,
          set_storm)
SEI_ROUTE(POST, "/api/v1/channels/{channel}/forecast", SEI_OF_CHANNEL, OPERATOR, SEI_BODY_JSON,
          forecast)
SEI_ROUTE(GET, "/api/v1/channels/{channel}/qc", SEI_OF_CHANNEL, VIEWER, 0, qc)
SEI_ROUTE(PUT, "/api/v1/channels/{channel}/qc", SEI_OF_CHANNEL, ENGINEER, SEI_BODY_JSON, set_qc)
SEI_ROUTE(POST, "/api/v1/channels/{channel}/visits", SEI_OF_CHANNEL, ENGINEER, SEI_BODY_JSON,
          add_visit)
SEI_ROUTE(GET, "/api/v1/channels/{channel}/pairs", SEI_OF_CHANNEL, VIEWER, 0, pairs)
SEI_ROUTE(GET, "/api/v1/sites/{site}/water-checks", SEI_OF_SITE, VIEWER, 0, water_checks)
SEI_ROUTE(GET, "/api/v1/stations/{station}/command-keys", SEI_OF_STATION, ENGINEER, 0, command_keys)
SEI_ROUTE(PUT, "/api/v1/stations/{station}/command-keys", SEI_OF_STATION, ADMINISTRATOR,
          SEI_BODY_JSON, set_command_keys)
SEI_ROUTE(POST, "/api/v1/stations/{station}/command-points", SEI_OF_STATION, ENGINEER,
          SEI_BODY_JSON, add_command_point)
SEI_ROUTE(PATCH, "/api/v1/command-points/{point}", SEI_OF_POINT, ENGINEER, SEI_BODY_JSON,
          change_command_point)
SEI_ROUTE(GET, "/api/v1/sites/{site}/commands", SEI_OF_SITE, VIEWER, 0, commands)
SEI_ROUTE(POST, "/api/v1/command-points/{point}/select", SEI_OF_POINT, OPERATOR, SEI_BODY_JSON,
          select)
SEI_ROUTE(GET, "/api/v1/commands/{command}", SEI_OF_COMMAND, VIEWER, 0, command)
SEI_ROUTE(POST, "/api/v1/commands/{command}/operate", SEI_OF_COMMAND, OPERATOR, 0, operate)
SEI_ROUTE(POST, "/api/v1/commands/{command}/cancel", SEI_OF_COMMAND, OPERATOR, 0, cancel)
