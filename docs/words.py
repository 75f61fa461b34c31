#!/usr/bin/env python3
"""Words of prose in the book: code, tables and pages made by the program are left out.

python3 docs/words.py            the pages as they stand
python3 docs/words.py REVISION   the pages of a commit
"""

import subprocess
import sys

MADE = {"docs/SUMMARY.md", "docs/file-formats.md", "docs/diagnostics/en.md", "docs/diagnostics/zh.md"}


def git(*words):
    return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout


def pages(revision):
    if revision is None:
        names = git("ls-files", "--cached", "--others", "--exclude-standard", "docs").split()
    else:
        names = git("ls-tree", "-r", "--name-only", revision, "docs").split()
    for name in names:
        if name.endswith(".md") and name not in MADE:
            text = git("show", f"{revision}:{name}") if revision else open(name, encoding="utf-8").read()
            yield name, text


def prose(text):
    words, fenced = 0, False
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced and not line.startswith("    ") and not line.lstrip().startswith("|"):
            words += len(line.split())
    return words


total = 0
for name, text in pages(sys.argv[1] if len(sys.argv) > 1 else None):
    words = prose(text)
    total += words
    print(f"{words:6} {name}")
print(f"{total:6} words of prose")
