if(TARGET sei_calib)
    sei_test(test_calib_lm LABELS ref)
endif()
