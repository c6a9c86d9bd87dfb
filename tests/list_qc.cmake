if(TARGET sei_qc)
    sei_test(test_qc LABELS unit)
endif()
