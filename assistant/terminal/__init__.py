"""terminal: the `tuina` command. One file or folder for each sub-command, with all that only it needs."""
