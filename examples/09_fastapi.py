"""FastAPI: receive a contact, list an agenda, act on a case. Your framework, your routes; the desk answers in plain data.

Every error of the library becomes one answer: 400 with all reasons, each with the id of its rule, the field and the way out; 404;
409 where somebody else was faster or a key was used twice. Look at the 400: a screen can put each reason beside its field.
"""

import asyncio
from collections.abc import Iterable

import pendulum

from recovery import (
    CaseNotFound,
    ConflictingChange,
    Desk,
    Identity,
    InvalidValue,
    KeyReused,
    MemoryStore,
    Reason,
    RecoveryError,
    Refused,
    policies,
)
from recovery.codec import command_from_dict, contact_from_dict, to_dict

try:
    from fastapi import FastAPI, Header, Request
    from fastapi.responses import JSONResponse
    from httpx import ASGITransport, AsyncClient
except ImportError as missing:
    raise SystemExit(f"This example needs FastAPI and httpx: python -m pip install fastapi httpx ({missing})") from missing

NOW = pendulum.datetime(2026, 3, 2, 10, 0, tz="UTC")
ids = iter(range(1, 100))
desk = Desk(  # yours keeps the real time, a database and a notifier
    store=MemoryStore(),
    policy=policies.default(fallback_owner="ana", calendar=policies.office_hours("Europe/Berlin")),
    now=lambda: NOW,
    identities=lambda: Identity(case_id=f"case-{(number := next(ids))}", reference=f"R-{number}"),
)
app = FastAPI(title="Recovery desk")


@app.post("/contacts", status_code=201)
def receive(body: dict[str, object], idempotency_key: str | None = Header(None)) -> dict[str, object]:
    """Take a contact; the same one twice, or the same key twice, is taken once."""
    outcome = desk.receive(contact_from_dict(body), key=idempotency_key)
    return {"case": outcome.case.id, "reference": outcome.case.reference, "repeated": outcome.repeated}


@app.get("/agenda")
def agenda(owner: str | None = None) -> list[dict[str, object]]:
    """List what is to be done, the soonest due first."""
    return [to_dict(step) for step in desk.agenda(owner=owner)]


@app.get("/cases/{case_id}")
def show(case_id: str) -> dict[str, object]:
    """Show a case, and what is not permitted just now."""
    ruled_out = {act: [reason.rule for reason in why] for act, why in desk.permitted(case_id).items() if why}
    return {"case": to_dict(desk.load(case_id)), "ruled_out": ruled_out}


@app.post("/cases/{case_id}/commands")
def handle(case_id: str, body: dict[str, object], if_match: int | None = Header(None)) -> dict[str, object]:
    """Carry out a command; `If-Match` is the version of the case that the person saw."""
    outcome = desk.handle(case_id, command_from_dict(body), expected_version=if_match)
    case = outcome.case
    return {"stage": case.stage.value, "version": case.version, "warnings": [to_dict(reason) for reason in outcome.warnings]}


@app.exception_handler(RecoveryError)
def refuse(_request: Request, error: Exception) -> JSONResponse:
    """Turn whatever the library raises into an answer that a screen can show."""
    known = {InvalidValue: 400, Refused: 400, CaseNotFound: 404, ConflictingChange: 409, KeyReused: 409}
    status = known.get(type(error), 500)  # the rest is trouble of the house, such as a full disk
    reasons: Iterable[Reason] = error.reasons if isinstance(error, Refused | InvalidValue) else ()
    return JSONResponse({"error": str(error).splitlines()[0], "reasons": [to_dict(reason) for reason in reasons]}, status)


async def main() -> None:
    """Talk to the app as a browser would, without a server."""
    mail = {
        "channel": "email",
        "received_at": "2026-03-02T09:58:00Z",
        "message_id": "<1@boat.example>",
        "sender": {"name": "Bo Lind", "addresses": [{"channel": "email", "value": "bo@boat.example"}]},
        "text": "The appraisal came in at {$440000.00}, so the loan is less than 80 % of the home value.",
    }
    once = {"Idempotency-Key": "hook-1"}
    hollow = {"command": "acknowledge", "by": "ana", "word": {"via": ["email"], "text": "We have it."}}
    misspelt = {"command": "inform", "by": "ana", "word": {"via": ["e-mail"]}, "next_word": "2026-03-03T10:00:00Z"}
    words = "Thank you for telling us. I am on it; if there is more to tell, just answer."
    whole = hollow | {"word": {"via": ["email"], "text": words}, "next_word_at": "2026-03-03T10:00:00Z"}
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://desk") as http:
        print((await http.post("/contacts", json=mail, headers=once)).json())
        print((await http.post("/contacts", json=mail, headers=once)).json())
        other = await http.post("/contacts", json=mail | {"message_id": "<2@boat.example>"}, headers=once)
        print(other.status_code, other.json()["error"])
        for step in (await http.get("/agenda", params={"owner": "ana"})).json()[:2]:
            print(step["due_at"][:16], step["rule"], "-", step["what"])
        for body in (hollow, misspelt):
            answer = await http.post("/cases/case-1/commands", json=body)
            print(answer.status_code, answer.json()["error"])
            for reason in answer.json()["reasons"]:
                print(f"  {reason['rule']} | {reason['field']} | {reason['message']} {reason['hint']}")
        version = (await http.get("/cases/case-1")).json()["case"]["version"]
        for seen in (version - 1, version):
            answer = await http.post("/cases/case-1/commands", json=whole, headers={"If-Match": str(seen)})
            print(answer.status_code, answer.json().get("error") or answer.json())
        nobody = await http.get("/cases/nobody")
        print(nobody.status_code, nobody.json()["error"])


if __name__ == "__main__":
    asyncio.run(main())

# > {'case': 'case-1', 'reference': 'R-1', 'repeated': False}
# > {'case': 'case-1', 'reference': 'R-1', 'repeated': True}
# > 409 The key 'hook-1' was used before with other content. Use a fresh key for each new intention.
# > 2026-03-02T10:58 acknowledge.immediately - contact the customer: who works on it, and when they hear next
# > 2026-03-05T09:58 contact.keep-informed - give the customer a word, news or no news
# > 400 acknowledge is refused:
# >   acknowledge.says | next_word_at | it does not say when the customer hears next. Give the date of the next word.
# > 400 Inform is not valid:
# >   input.value | word.via.0 | word.via.0 has another form than it needs. Give one of letter, email, phone, fax, web_form, chat, sms, social, in_person.
# >   input.key | next_word | next_word is no such field. Did you mean next_word_at?
# > 409 Case 'case-1' was expected at version 2 but is at version 3. Load it and decide again.
# > 200 {'stage': 'acknowledged', 'version': 5, 'warnings': []}
# > 404 There is no case 'nobody'. Look it up with find(), or check the reference for a slip.
