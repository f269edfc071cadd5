"""The pure core: values in, values out. It reads no clock, no file and no chance, and changes nothing it is given."""
