"""encode: a sentence → where its meaning lies among 384 numbers.

One door: `SentenceEncoder`, which loads the weights that lie in this folder. It knows nothing of intents.
"""

from assistant.encode.sentence_encoder import SentenceEncoder

__all__ = ["SentenceEncoder"]
