"""The demo: real complaints, invented people, six weeks in a few seconds."""
