"""The only place that wires things together: settings, logs, processes, the command line. Nothing imports it."""
