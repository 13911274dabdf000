"""Side-by-side measurements, one command each, JSON out. Never part of the tests: machines are noisy."""
