/* table_answer.h - rows as a CSV file for spreadsheets: byte order mark, CR LF, times of Japan; the writer of tables lets no cell be a formula */
#ifndef SEI_SERVER_TABLE_ANSWER_H
#define SEI_SERVER_TABLE_ANSWER_H

#include "server/request.h"

typedef enum { SEI_CELL_TEXT, SEI_CELL_NUMBER, SEI_CELL_TIME } sei_cell_kind;

/* head: of the file; key: of the row's JSON. Null is an empty cell. */
typedef struct {
    const char   *head, *key;
    sei_cell_kind kind;
} sei_table_column;

/* rows: an array of objects. The answer is a file of that name. */
SEI_CHECKED sei_status sei_answer_table(sei_request *req, size_t n,
                                        const sei_table_column columns[], const json_t *rows,
                                        const char *file_name);
/* Asks the query for format=csv? */
bool sei_wants_table(const sei_request *req);

#endif
