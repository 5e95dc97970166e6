"""Recognition models: the installed ones, and how to download and unpack one."""
