/* writer_list.h - formats of documents, one line each: src/report/writer_NAME.c defines
 * sei_writer_NAME. Included with SEI_WRITER(name) defined, so without a guard. */
SEI_WRITER(csv)
SEI_WRITER(html)
SEI_WRITER(json)
