"""The `tuina` command. One file or folder for each sub-command, with everything that only it needs."""
