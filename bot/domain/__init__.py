"""The pure rooms: what a task is, what is news, and what a message in flight may do next. No I/O, no clock."""
