"""Paired measurements: each thing the library does, beside the floor or the peer it has to bear comparison with."""
