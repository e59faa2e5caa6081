"""Runs the command line of sigstore-python for each list of arguments in a file; prints what they came to, as JSON."""

import contextlib
import io
import json
import logging
import sys

from sigstore._cli import main
from sigstore.verify import policy

Identity = policy.Identity


def signed_by(*, identity, issuer):
    """The command line looks for the issuer in extension 1 alone, where the library can read extension 8, too."""
    issuers = [policy.OIDCIssuer(issuer), policy.OIDCIssuerV2(issuer)]
    return policy.AllOf([Identity(identity=identity), policy.AnyOf(issuers)])


policy.Identity = signed_by


class Messages(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def judge(args):
    messages = Messages()
    logging.getLogger().handlers = [messages]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            main(args)
            accepted = True
        except SystemExit as end:
            accepted = end.code in (None, 0)
        except Exception as error:  # On its own it would end with a traceback.
            accepted = False
            messages.lines.append(f"{type(error).__name__}: {error}")
    return {"accepted": accepted, "reason": "\n".join(messages.lines) or printed.getvalue()}


with open(sys.argv[1], encoding="utf-8") as batch:
    json.dump([judge(args) for args in json.load(batch)], sys.stdout)
