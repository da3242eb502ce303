"""What is wrong with a proof, a note or a tree, each by its own name; the words never hold anything from an event."""


class TransparencyError(Exception):
    """Base of all errors of the tree and its proofs."""


class Malformed(TransparencyError):
    """The bytes are not of their format: a note, a checkpoint, a proof, a tile's path or a verifier key."""


class ProofWrong(TransparencyError):
    """A proof does not lead to the root: something was altered, or the proof belongs to another tree."""


class SignatureWrong(TransparencyError):
    """A signature that names a known key was not made by that key over this text."""


class SignedTwice(TransparencyError):
    """A known key signed the note more than once; which signature counts is not for a reader to guess."""


class NotSigned(TransparencyError):
    """None of the keys that were asked for has signed the note."""


class AnotherLog(TransparencyError):
    """The checkpoint is of another log than the key that should have signed it."""


class TileMissing(TransparencyError):
    """A tile could not be read, or is not as wide as the tree says."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is missing or not whole")
        self.path = path
