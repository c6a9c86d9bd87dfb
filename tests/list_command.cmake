if(TARGET sei_command)
    sei_test(test_command LABELS unit)
    sei_test(test_command_model LABELS unit)
endif()
