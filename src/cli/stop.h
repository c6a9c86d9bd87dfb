/* stop.h - Ctrl-C and SIGTERM end a long run after the step at hand */
#ifndef SEI_CLI_STOP_H
#define SEI_CLI_STOP_H

#include <signal.h>

/* From now on the first SIGINT or SIGTERM sets what is pointed to; the second one ends the program at once. */
const volatile sig_atomic_t *sei_stop_catch(void);

#endif
