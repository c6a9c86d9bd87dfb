sei_test(test_transport LABELS unit)
sei_test(test_transport_beds LABELS unit)
sei_test(test_transport_column LABELS case)
sei_test(test_transport_diffusion LABELS case)
