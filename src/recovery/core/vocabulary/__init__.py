"""What can be said: for each heading of the practice its part of the case, its commands and its events."""
