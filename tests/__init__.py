"""What Liggare promises, tried."""
