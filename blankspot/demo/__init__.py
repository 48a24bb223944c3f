"""The invented kabupaten that examples and tests run on."""
