"""processes: engines that may abort live in a child process."""
