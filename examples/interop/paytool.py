"""The command-line tool as the other end of a peer: messages and TLV by `paytool batch`, one JSON line each."""

import json
import subprocess
import sys


class Paytool:
    def __init__(self, path):
        self.path = path

    def run(self, *arguments, lines=()):
        """What the tool prints, as lines, for arguments and lines of standard input."""
        text = "".join(f"{line}\n" for line in lines)
        done = subprocess.run([self.path, *arguments], input=text, capture_output=True, text=True, encoding="utf-8")
        if done.returncode != 0:
            disagree(f"paytool {' '.join(arguments)}: exit status {done.returncode}", stderr=done.stderr.strip())
        return done.stdout.splitlines()

    def ask(self, requests):
        """The answers to requests, errors among them."""
        answers = [json.loads(line) for line in self.run("batch", lines=map(json.dumps, requests))]
        if len(answers) != len(requests):
            disagree("paytool batch: answers are missing", requests=len(requests), answers=len(answers))
        return answers

    def _batch(self, requests):
        answers = self.ask(requests)
        for request, answer in zip(requests, answers):
            if not answer["ok"]:
                disagree("paytool refuses a request", request=request, error=answer["error"])
        return answers

    def encode(self, spec, messages):
        """The bytes of messages, each a message type and values by number."""
        requests = [{"op": "iso8583.encode", "spec": spec, "mti": mti, "fields": fields} for mti, fields in messages]
        return [bytes.fromhex(answer["hex"]) for answer in self._batch(requests)]

    def parse(self, spec, encoded):
        """The messages that bytes are, each a message type and values by number."""
        requests = [{"op": "iso8583.parse", "spec": spec, "hex": message.hex()} for message in encoded]
        return [
            (answer["mti"], {int(number): value for number, value in answer["fields"].items()})
            for answer in self._batch(requests)
        ]

    def encode_objects(self, trees):
        """The bytes of trees, each a list of [tag, value or objects]."""
        answers = self._batch([{"op": "tlv.encode", "objects": tree} for tree in trees])
        return [bytes.fromhex(answer["hex"]) for answer in answers]

    def parse_objects(self, encoded):
        """The trees that bytes are, each a list of [tag, value or objects]."""
        answers = self._batch([{"op": "tlv.parse", "hex": tree.hex()} for tree in encoded])
        return [answer["objects"] for answer in answers]


def disagree(what, **details):
    """Shows a difference and ends the run. All values are test data."""
    print(f"DIFFERENCE: {what}", file=sys.stderr)
    for name, detail in details.items():
        print(f"  {name}: {detail}", file=sys.stderr)
    sys.exit(1)


def same_message(what, sent, got, encoded):
    """Ends the run at the first difference between two messages, each a message type and values by number."""
    if sent == got:
        return
    details = {"bytes": encoded.hex().upper()}
    if sent[0] != got[0]:
        disagree(f"{what}: message type", sent=sent[0], got=got[0], **details)
    for number in sorted(sent[1].keys() | got[1].keys()):
        if sent[1].get(number) != got[1].get(number):
            here, there = sent[1].get(number), got[1].get(number)
            disagree(f"{what}: data element {number}", sent=repr(here), got=repr(there), **details)


def same_bytes(what, ours, theirs):
    """Ends the run where bytes differ, and shows those around the first difference."""
    if ours != theirs:
        differences = (at for at, (one, other) in enumerate(zip(ours, theirs)) if one != other)
        at = next(differences, min(len(ours), len(theirs)))
        near = slice(max(at - 16, 0), at + 48)
        disagree(f"{what}: from byte {at} on", ours=ours[near].hex().upper(), theirs=theirs[near].hex().upper())
