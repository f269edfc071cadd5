"""The command line: the demo, and the commands that read what a desk has stored. Needs the extra ``cli``."""
