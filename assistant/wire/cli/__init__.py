"""The command line: one file a command; each reads its options and hands over to the rooms."""
