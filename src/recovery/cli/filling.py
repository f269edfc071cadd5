"""From what the options of a command say to the plain data of the command, with what the case leaves no doubt about filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import attrs
from attrs import frozen
from pendulum import DateTime

from recovery import BusinessCalendar, Case, Channel, Command, Delivery, InvalidValue, Reason
from recovery.cli.flat import Flag, Form, customer_flags, flags_of
from recovery.cli.instants import Alone, instant_of
from recovery.codec import instant_to_text, to_dict

__all__ = ["Ground", "When", "contact_data", "filled", "open_ids"]

Data = dict[str, object]


@frozen(kw_only=True)
class When:
    """What instants are read against: the working hours and their zone, and now."""

    calendar: BusinessCalendar
    now: DateTime


@frozen(kw_only=True)
class Ground:
    """What the words on a command line are read against: the case, its zone and now, the case that another name means, the people.

    ``people`` are the ids that ``--by`` may give; without any, every id is taken.
    """

    case: Case
    when: When
    case_id_of: Callable[[str], str]
    people: tuple[str, ...] = ()


def filled(kind: type[Command], given: Mapping[str, object], ground: Ground) -> Data:
    """Return the fields of a command as plain data. Raises ``InvalidValue`` for what cannot be read."""
    data: Data = _base(kind, given, ground)
    for flag in flags_of(kind) or ():
        if flag.parameter in given:
            _put(data, flag, given[flag.parameter], ground)
    for name, ids in open_ids(ground.case).items():
        if name in _ids_of(kind) and name not in data and len(ids) == 1:
            data[name] = ids[0]
    if "word" in data:
        cast(Data, data["word"]).setdefault("via", [])  # so that its being empty is told together with everything else
    return _completed(data, ground)


def _ids_of(kind: type[Command]) -> frozenset[str]:
    return frozenset(flag.path[0] for flag in flags_of(kind) or () if flag.form is Form.TEXT)


def _base(kind: type[Command], given: Mapping[str, object], ground: Ground) -> Data:
    """Return what is there before any option: what must be nested, and, where a customer is mended, the customer on file."""
    flags = flags_of(kind) or ()
    data: Data = {}
    for flag in flags:
        if len(flag.path) > 1 and flag.path[0] in ("word", "said", "wish", "customer"):
            asked = any(other.parameter in given for other in flags if other.path[0] == flag.path[0])
            if asked or _is_needed(kind, flag.path[0]):
                data.setdefault(flag.path[0], {})
    if "customer" in data:
        data["customer"] = {name: value for name, value in to_dict(ground.case.receiving.customer).items() if value}
    return data


def _is_needed(kind: type[Command], name: str) -> bool:
    return getattr(attrs.fields(kind), name).default is attrs.NOTHING


def open_ids(case: Case) -> Mapping[str, Sequence[str]]:
    """Return, for each field that names something on the case, what is open there: questions, promises, deliveries, steps."""
    proposal = case.proposing.proposal
    return {
        "question_id": [question.id for question in case.keeping.questions],
        "promise_id": [promise.id for promise in case.keeping.promises],
        "delivery_id": [one.id for one in case.resolving.deliveries if one.arrived_at is None],
        "task_id": [task.id for task in case.receiving.tasks],
        "message_id": [out.id for out in case.receiving.outgoing if out.state is Delivery.OWED],
        "exception_id": [one.id for one in case.proposing.exceptions if one.state.value == "asked"],
        "option": [] if proposal is None else [option.id for option in proposal.options],
    }


# ---------------------------------------------------------------- one option


def _put(data: Data, flag: Flag, value: object, ground: Ground) -> None:
    *outer, last = flag.path
    told = _READ[flag.form](flag, value, ground.when)
    if outer[-1:] == ["addresses"]:
        customer = cast(Data, data[outer[0]])
        customer["addresses"] = _with_addresses(customer.get("addresses"), last, told)
        return
    for name in outer:
        data = cast(Data, data.setdefault(name, {}))
    data[last] = ground.case_id_of(str(told)) if flag.name == "--survivor" else told


def _with_addresses(known: object, channel: str, told: object) -> list[Data]:
    """Return the addresses with the fresh ones in place of those on the same channel."""
    fresh = [{"channel": channel, "value": told}] if channel else cast("list[Data]", told)
    replaced = {one["channel"] for one in fresh}
    kept = [one for one in cast("list[Data]", known or []) if one["channel"] not in replaced]
    return [*fresh, *kept]


def _as_it_is(flag: Flag, value: object, when: When) -> object:
    return value


def _instant(flag: Flag, value: object, when: When) -> object:
    alone = Alone.CLOSING if flag.form is Form.AHEAD else Alone.HAPPENED
    return instant_to_text(instant_of(flag.name, str(value), when.calendar, alone=alone, now=when.now))


def _no(flag: Flag, value: object, when: When) -> object:
    return not value


def _pairs(flag: Flag, value: object, when: When) -> object:
    return dict(_pair(flag, text, "rule.id=why it is right to go past it here") for text in cast("list[str]", value))


def _addresses(flag: Flag, value: object, when: When) -> object:
    pairs = [
        _pair(flag, text, f"channel=value, with one of {', '.join(one.value for one in Channel)}")
        for text in cast("list[str]", value)
    ]
    return [{"channel": channel, "value": told} for channel, told in pairs]


def _pair(flag: Flag, text: str, form: str) -> tuple[str, str]:
    name, equals, told = text.partition("=")
    if not equals:
        raise _unreadable(flag, text, f"Write {flag.name} {form}.")
    return name.strip(), told


def _tried(flag: Flag, value: object, when: When) -> object:
    pairs = [_pair(flag, text, "'what was tried=why it failed'") for text in cast("list[str]", value)]
    return [{"alternative": alternative, "failed": failed.strip()} for alternative, failed in pairs]


def _options(flag: Flag, value: object, when: When) -> object:
    return [_option(flag, text, when) for text in cast("list[str]", value)]


_OPTION = re.compile(r"(?:^|,)\s*(id|text|delivers|by|remedy|value|goodwill|beyond|exception)=")


def _option(flag: Flag, text: str, when: When) -> Data:
    """Read ``id=refund,text=We send it, at once,delivers=the refund,by=2026-03-12``: a comma within a text is part of it."""
    pieces = _OPTION.split(text)
    if pieces[0].strip():
        raise _unreadable(flag, text, f"Write {flag.name} id=refund,text='We send your money back.',delivers='the refund'.")
    found: Data = dict(zip(pieces[1::2], (piece.strip() for piece in pieces[2::2]), strict=True))
    if "by" in found:
        at = instant_of(flag.name, str(found["by"]), when.calendar, alone=Alone.CLOSING, now=when.now)
        found["by"] = instant_to_text(at)
    return found


_STEP = re.compile(r"(?:^|,)\s*(what|owner|due_at)=")


def _steps(flag: Flag, value: object, when: When) -> object:
    return [_step(flag, text, when) for text in cast("list[str]", value)]


def _step(flag: Flag, text: str, when: When) -> Data:
    """Read ``what=Call her,owner=ben,due_at=2 bd``, or just the words of what is to be done."""
    pieces = _STEP.split(text)
    if pieces[0].strip():
        return {"what": text.strip()}
    found: Data = dict(zip(pieces[1::2], (piece.strip() for piece in pieces[2::2]), strict=True))
    if "due_at" in found:
        at = instant_of(flag.name, str(found["due_at"]), when.calendar, alone=Alone.CLOSING, now=when.now)
        found["due_at"] = instant_to_text(at)
    return found


def _range(flag: Flag, value: object, when: When) -> object:
    """Read ``200..400``, or one number."""
    ends = [_number_in(flag, end) for end in str(value).split("..")]
    if len(ends) > 2:
        raise _unreadable(flag, str(value), f"Write {flag.name} 200..400, or one number.")
    return {"low": ends[0], "high": ends[-1]}


def _number_in(flag: Flag, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise _unreadable(flag, text, f"Write {flag.name} 200..400, or one number.") from None


def _answers(flag: Flag, value: object, when: When) -> object:
    """Read ``treated=4``, ``solved=yes`` and ``better=I told it three times.``: a number, yes or no, or words."""
    pairs = [_pair(flag, text, "question=answer: treated=4, solved=yes, better='...'") for text in cast("list[str]", value)]
    return [{"question": question, **_answer(told.strip())} for question, told in pairs]


def _answer(told: str) -> Data:
    if re.fullmatch(r"-?\d{1,9}", told):
        return {"score": int(told)}
    return {"yes": told.casefold() == "yes"} if told.casefold() in ("yes", "no") else {"text": told}


def _unreadable(flag: Flag, text: str, hint: str) -> InvalidValue:
    told = Reason(rule="input.value", field=flag.name, message=f"{text!r} cannot be read.", hint=hint)
    return InvalidValue("the command", [told])


_READ: Mapping[Form, Callable[[Flag, object, When], object]] = {
    **dict.fromkeys(Form, _as_it_is),
    Form.NO: _no,
    Form.AHEAD: _instant,
    Form.BEHIND: _instant,
    Form.PAIRS: _pairs,
    Form.TRIED: _tried,
    Form.OPTIONS: _options,
    Form.ADDRESSES: _addresses,
    Form.STEPS: _steps,
    Form.RANGE: _range,
    Form.ANSWERS: _answers,
}


# ---------------------------------------------------------------- a contact


def contact_data(given: Mapping[str, object], when: When) -> Data:
    """Return the plain data of a contact from what the options of ``recovery receive`` say. Raises ``InvalidValue``."""
    sender: Data = {}
    data: Data = {**given, "sender": sender}
    for flag in customer_flags("sender"):
        if flag.parameter not in data:
            continue
        told = _READ[flag.form](flag, data.pop(flag.parameter), when)
        if flag.path[1] == "addresses":
            sender["addresses"] = _with_addresses(sender.get("addresses"), flag.path[2], told)
        else:
            sender[flag.path[1]] = told
    received_at = given.get("received_at")
    at = when.now
    if received_at is not None:
        at = instant_of("--received-at", str(received_at), when.calendar, alone=Alone.HAPPENED, now=at)
    return {**data, "received_at": instant_to_text(at)}


# ---------------------------------------------------------------- what the case leaves no doubt about


def _completed(data: Data, ground: Ground) -> Data:
    """Say how the customer said something where the message that says it is named: the way it came."""
    said = cast(Data, data.get("said", {}))
    seq = said.get("contact")
    if "channel" not in said and isinstance(seq, int):
        contact = ground.case.contact(seq)
        if contact is not None:
            said["channel"] = contact.channel.value
    return data
