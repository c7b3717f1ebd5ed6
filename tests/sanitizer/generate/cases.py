"""Where the cases are gathered and written: one JSON object a line, in a file for each subject."""

import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent.parent

# A token that looks like a provider's is taken for a leaked one by whoever scans this repository. So the data files
# hold this mark inside each; whoever reads the files takes it out.
MARK = "‖"


class Cases:
    def __init__(self, folder, name):
        self.path = HERE / folder / f"{name}.jsonl"
        self.lines = []
        self.numbers = {}
        self.seen = set()

    def _add(self, kind, case, split=()):
        identity = (case["text"], case.get("key"), case.get("profile"))
        if identity in self.seen:
            return
        self.seen.add(identity)
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        case = {"id": f"{kind}-{self.numbers[kind]:03}", "kind": kind, **case}
        line = json.dumps(case, ensure_ascii=False)
        for secret in split:
            written = json.dumps(secret, ensure_ascii=False)[1:-1]
            line = line.replace(written, marked(written))
        self.lines.append(line.replace("PRIVATE KEY", f"PRIVATE{MARK} KEY"))

    def positive(self, kind, text, secrets, keep, why, key=None, profile=None, split=False):
        """A text with secrets in it, and with words beside them that have to stay."""
        secrets = [secrets] if isinstance(secrets, str) else list(secrets)
        keep = keep.split() if isinstance(keep, str) else list(keep)
        for secret in secrets:
            assert secret in text, (secret, text)
        # A word that stands in a secret as well proves nothing when it is found.
        keep = [near for near in keep if not any(near in secret for secret in secrets)]
        for near in keep:
            assert near in text, (near, text)
        case = {"text": text, "secrets": secrets, "keep": keep}
        if key is not None:
            case["key"] = key
        if profile is not None:
            case["profile"] = profile
        self._add(kind, {**case, "why": why}, secrets if split else ())

    def harmless(self, kind, text, why, key=None, profile=None):
        """A text of which nothing may change."""
        case = {"text": text}
        if key is not None:
            case["key"] = key
        if profile is not None:
            case["profile"] = profile
        self._add(kind, {**case, "why": why})

    def write(self):
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_text("\n".join(self.lines) + "\n", encoding="utf-8")
        counts = ", ".join(f"{kind} {count}" for kind, count in self.numbers.items())
        print(f"{self.path.relative_to(HERE)}: {len(self.lines)} ({counts})")
        return len(self.lines)


def marked(secret):
    """With the mark in two places, so that no half is as long as a token."""
    middle = max(6, len(secret) // 2)
    return secret[:3] + MARK + secret[3:middle] + MARK + secret[middle:]
