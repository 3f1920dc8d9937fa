"""Writes assistant/dialogue/nlu/words.txt: the words that misspelt ones are put right to, from nlu_data/.

    python -m benchmarks.word_list

Messages written as typos or text-message spellings are left out; a word counts when in at least three
messages.
"""

from __future__ import annotations

from collections import Counter

from assistant.dialogue.nlu.repair import written_out
from assistant.dialogue.nlu.spelling import FILE
from benchmarks.messages import training_messages

FEWEST = 3
ROUGH = ("typo", "sms")


def main() -> None:
    """Count and write, in alphabetical order."""
    counts: Counter[str] = Counter()
    for message in training_messages():
        if message.style not in ROUGH:
            counts.update({word.removesuffix("'s") for word in written_out(message.text).split()})
    kept = sorted(word for word, n in counts.items() if n >= FEWEST and word.isalpha() and word.isascii())
    FILE.write_text("".join(f"{word}\t{counts[word]}\n" for word in kept), encoding="utf-8")
    print(f"{len(kept)} words")


if __name__ == "__main__":
    main()
