"""The answering side of reference/lines.mjs: a line of facts first, then a line of JSON for every line of JSON."""

import json
import os
import sys


def take_stdout():
    """The real stdout, for answers; whatever else is printed goes to stderr from now on."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def say(answers, value):
    answers.write(json.dumps(value) + "\n")
    answers.flush()


def serve(facts, answer, requests=None, answers=None):
    """Answers requests until there are no more; without streams those of this process."""
    answers = take_stdout() if answers is None else answers
    say(answers, facts)
    for line in sys.stdin if requests is None else requests:
        say(answers, answer(json.loads(line)))
