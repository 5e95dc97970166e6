"""Child processes for engines that may abort."""
