/* file_answer.h - the dashboard's files */
#ifndef SEI_SERVER_FILE_ANSWER_H
#define SEI_SERVER_FILE_ANSWER_H

#include "server/request.h"

/* Is it a path without "..", hidden names, doubled slashes or characters other than A-Z a-z 0-9 . _ - /? */
bool sei_file_path_is_plain(const char *path);
/* A file of the web folder; a path without a dot in its last part is a page of the application: index.html. */
SEI_CHECKED sei_status sei_answer_file(sei_request *req);

#endif
