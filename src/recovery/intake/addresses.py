"""Who wrote: the addresses in a header, however they are written, in the form in which they can be compared and answered."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from attrs import frozen

from recovery.intake.headers import Headers, decoded

__all__ = ["Mailbox", "is_ours", "is_unattended", "mailboxes", "normal_address", "senders"]

MOST = 50
"""How many addresses of one header are read."""

_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}@(?:[^\s@<>()\[\]\\,;:\"'.]{1,63}\.)*[^\s@<>()\[\]\\,;:\"'.]{1,63}")
_LITERAL = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}@\[[0-9A-Fa-f:.IPv]{2,50}\]")
_UNATTENDED = re.compile(
    r"(?:do[-_.]?)?(?:no|not|ne|non)[-_.]?(?:reply|replies|response|respond|answer|repondre|rispondere|responder)\b.*"
    r"|(?:no|nao|nie|nicht|keine|geen)[-_.]?(?:responda|responder|odpowiadaj|antworten|antwort|antwoord|reply)\b.*"
    r"|.*[-_.+](?:no[-_.]?reply|do[-_.]?not[-_.]?reply)"
    r"|unattended|ne-pas-repondre",
    re.IGNORECASE,
)


@frozen
class Mailbox:
    """A name and an address; either may be empty, not both."""

    name: str
    address: str


def normal_address(text: str) -> str | None:
    """Return an address as it can be compared and answered: the domain small and in ASCII (IDNA); ``None`` if it is none."""
    told = text.strip().strip("<> \t").removeprefix("mailto:").removeprefix("MAILTO:").rstrip(".,;:>")
    told = told[1:-1] if len(told) > 2 and told[0] == told[-1] and told[0] in "'\"" else told
    local, at, domain = told.rpartition("@")
    local = local[1:-1] if len(local) > 2 and local.startswith('"') and local.endswith('"') else local
    whole = f"{local}{at}{_ascii(domain)}"
    if len(whole) > 254 or not whole.isprintable():
        return None
    return whole if _ADDRESS.fullmatch(whole) or _LITERAL.fullmatch(whole) else None


def _ascii(domain: str) -> str:
    plain = domain.strip(". ").lower()
    if plain.isascii():
        return plain
    try:
        return plain.encode("idna").decode("ascii")
    except UnicodeError:
        return plain


def is_unattended(address: str) -> bool:
    """Whether nobody reads what is sent to ``address``, as its name says: ``no-reply@shop.example``."""
    return _UNATTENDED.fullmatch(address.partition("@")[0]) is not None


def is_ours(address: str, ours: Collection[str]) -> bool:
    """Whether ``address`` is one of ``ours``: addresses, or whole domains written ``@shop.example``."""
    told = address.casefold()
    return any(told == own.casefold() or (own.startswith("@") and told.endswith(own.casefold())) for own in ours)


# ---------------------------------------------------------------- reading a header


def mailboxes(value: str, hint: str | None = None) -> tuple[Mailbox, ...]:
    """Return the mailboxes in the value of an address header; groups are opened, and what is neither name nor address left out."""
    found = _read(value, hint)
    if not any(box.address for box in found) and "=?" in value:
        found = _read(decoded(value, hint), hint)
    return tuple(found)


def _read(value: str, hint: str | None) -> list[Mailbox]:
    out: list[Mailbox] = []
    before = ""
    for piece in _split(value):
        box = _mailbox(piece, hint)
        if box.address and before and "<" in piece:
            box = Mailbox(f"{before}, {box.name}".strip(", "), box.address)  # Lind, Bo <bo@boat.example>, without quotes
        elif before:
            out.append(Mailbox(before, ""))
        before = "" if box.address else box.name
        if box.address:
            out.append(box)
    return [*out, Mailbox(before, "")][:MOST] if before else out[:MOST]


def _split(value: str) -> Iterable[str]:
    """Yield the addresses of a list: commas and semicolons part them, unless inside quotes, brackets or comments."""
    start, quoted, depth, angle, skip = 0, False, 0, False, False
    for index, sign in enumerate(value):
        if skip:
            skip = False
        elif sign == "\\":
            skip = True
        elif sign == '"' and not depth:
            quoted = not quoted
        elif quoted:
            continue
        elif sign in "()":
            depth = max(0, depth + (1 if sign == "(" else -1))
        elif sign in "<>":
            angle = sign == "<"
        elif sign in ",;" and not depth and not angle:
            yield value[start:index]
            start = index + 1
        elif sign == ":" and not depth and not angle and "@" not in value[start:index] and "=?" not in value[start:index]:
            start = index + 1  # the name of a group
    yield value[start:]


def _mailbox(piece: str, hint: str | None) -> Mailbox:
    before, bracket, after = piece.rpartition("<")
    address = normal_address(after.partition(">")[0]) if bracket else None
    if address is not None:
        return Mailbox(_name(before, address, hint), address)
    bare, comment = _uncommented(piece)
    words = (normal_address(word) for word in bare.split()[:20] if "@" in word)
    address = next((word for word in words if word), None)
    if address is None:
        return Mailbox(_name(piece if bracket else bare or comment, "", hint), "")
    left = " ".join(word for word in bare.split() if normal_address(word) != address)
    return Mailbox(_name(left or comment, address, hint), address)


def _uncommented(piece: str) -> tuple[str, str]:
    bare, open_bracket, rest = piece.partition("(")
    inside, _, after = rest.rpartition(")")
    return (f"{bare} {after}" if open_bracket else bare).strip(), inside or (rest if open_bracket else "")


def _name(raw: str, address: str, hint: str | None) -> str:
    told = decoded(raw.strip(), hint).strip()
    told = re.sub(r"\\(.)", r"\1", told.strip('"').strip())
    told = told[1:-1] if len(told) > 2 and told[0] == told[-1] == "'" else told
    told = " ".join(told.strip("<> ").split())[:200]
    return "" if told.casefold() == address.casefold() or not any(sign.isalnum() for sign in told) else told


# ---------------------------------------------------------------- who wrote


def senders(headers: Headers, ours: Collection[str]) -> tuple[Mailbox, ...]:
    """Return who wrote, the address to answer first: Reply-To where it is sane, then From, then Sender.

    A Reply-To is not sane where it is one of ours, reads nothing, or is the mailing list that the mail came through.
    """
    hint = headers.hint
    lists = {box.address for name in ("list-post", "x-been-there", "mailing-list") for box in mailboxes(headers.first(name), hint)}
    reply = [box for box in mailboxes(headers.first("reply-to"), hint) if _is_sane(box.address, ours) and box.address not in lists]
    author = [*mailboxes(headers.first("from"), hint)] or [*mailboxes(headers.first("sender"), hint)]
    known = [box for box in author if _is_sane(box.address, ours) and box.address not in lists]
    found = [*reply[:1], *known] or author
    name = next((box.name for box in [*reply[:1], *known, *author] if box.name and (box in found or not reply)), "")
    unique = dict.fromkeys(box.address for box in found if box.address)
    return tuple(Mailbox(name, address) for address in unique) or ((Mailbox(name, ""),) if name else ())


def _is_sane(address: str, ours: Collection[str]) -> bool:
    return bool(address) and not is_unattended(address) and not is_ours(address, ours)
