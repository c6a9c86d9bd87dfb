if(TARGET sei_transport)
    sei_test(test_plant LABELS unit)
    sei_test(test_plant_units LABELS unit)
endif()
