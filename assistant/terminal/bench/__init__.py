"""Measures the ear on labelled recordings: recall, false accepts, and cost.

One clip goes manifest → noise → listen (in a worker process) → judge; counts, pictures and pages follow from that.
Nothing here changes what is heard: the ears are those of a session, or baselines named as such.
"""
