"""tuina rehearse: the ear learns how one person says the commands."""
