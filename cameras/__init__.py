"""First floor: the devices. It reaches compliance by three doors only: gate, journal, events."""
