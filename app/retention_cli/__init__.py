"""The commands of `liggare retention`, which officers give with a session of their own."""
