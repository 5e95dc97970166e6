"""The ear measured on labelled recordings: what is right, what acts falsely, and what it costs.

One clip goes manifest → noise → listen (in a worker process) → judge; counts, pictures and pages are made of that.
Nothing here decides what is heard: the ears are those of a session, or plain baselines that say so.
"""
