/* handlers.h - what answers each route, sei_on_NAME for NAME in route_list.h */
#ifndef SEI_SERVER_HANDLERS_H
#define SEI_SERVER_HANDLERS_H

#include "server/request.h"

#define SEI_ROUTE(method, path, scope, role, body, handler) \
    SEI_CHECKED sei_status sei_on_##handler(sei_request *req);
#include "server/route_list.h"
#undef SEI_ROUTE

#endif
