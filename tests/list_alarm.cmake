if(TARGET sei_alarm)
    sei_test(test_alarm LABELS unit)
endif()
