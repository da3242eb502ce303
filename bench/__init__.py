"""How fast Liggare is beside the event sourcing library with its defaults and beside bare drivers, in one run each."""
