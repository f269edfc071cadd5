"""Mail as it comes: a complaint in broken HTML with a photo, the answer to ours, an absence, and our mail coming back.

Run it with `python examples/13_receive_mail.py`. What it prints is compared with the end of this file by the tests.
"""

import pendulum

from recovery import Acknowledge, Channel, Desk, Identity, MemoryStore, RecordingNotifier, Word, policies
from recovery.intake import from_email, why_automatic
from recovery.ports.message_id import message_id_of

now = pendulum.datetime(2026, 3, 2, 10, 0, tz="Europe/Berlin")
desk = Desk(
    store=MemoryStore(),
    policy=policies.default(fallback_owner="ana", calendar=policies.office_hours("Europe/Berlin")),
    notifier=RecordingNotifier(now=lambda: now),
    now=lambda: now,
    identities=lambda: Identity(case_id="boat-display", reference="HSW4-HKJY"),
)

COMPLAINT = """\
From: =?iso-8859-1?Q?J=F8rgen_Lind?= <jorgen@boat.example>
Date: Mon, 2 Mar 2026 09:58:00 +0100
Subject: =?utf-8?B?RGlzcGxheSDigJMgZGFyaw==?=
Message-ID: <dark-1@boat.example>
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/html; charset=us-ascii

<style>p {color: red}</style><p>The display of my boat went <b>dark</b>.</p><p>See the photo &amp; call me
--b
Content-Type: image/png; name="display.png"
Content-Transfer-Encoding: base64

iVBORw0KGgo=
"""

kept = {}
contact = from_email(COMPLAINT.encode(), keep=lambda attachment, data: kept.update({attachment.digest: data}), now=now)
case = desk.receive(contact).case
print(f"{contact.sender.name}: {contact.subject}")
for line in contact.text.split("\n"):
    print(f"  {line}".rstrip())
for attachment in contact.attachments:
    print(f"  + {attachment.name}, {attachment.size} bytes, kept: {kept[attachment.digest][1:4]}")
print(f"case {case.reference}, owner {case.owner}")

word = Word(via={Channel.EMAIL}, text="Thank you for telling us. I am on it; if there is more to tell, just answer.")
desk.handle(case.id, Acknowledge(by="ana", word=word, next_word_at=now.add(days=1)))
desk.work()
ours = message_id_of(desk.load(case.id).receiving.outgoing[-1].id, "shop.example")
now = now.add(minutes=10)

ABSENCE = f"""\
From: jorgen@boat.example
Date: Mon, 2 Mar 2026 10:01:00 +0100
Subject: Automatic reply: I am on it
In-Reply-To: {ours}
Message-ID: <away-1@boat.example>

I am at sea.
"""

BOUNCE = f"""\
Return-Path: <>
From: Mail Delivery System <mailer-daemon@boat.example>
Date: Mon, 2 Mar 2026 10:05:00 +0100
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="r"

--r
Content-Type: message/delivery-status

Reporting-MTA: dns; boat.example

Final-Recipient: rfc822; jorgen@boat.example
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 mailbox full
--r
Content-Type: text/rfc822-headers

Message-ID: {ours}
--r--
"""

for name, mail in (("absence", ABSENCE), ("bounce", BOUNCE), ("the same bounce", BOUNCE)):
    contact = from_email(mail.encode(), now=now)
    outcome = desk.receive(contact)
    print(f"\n{name}: {', '.join(why_automatic(mail.encode()))}")
    print(f"  case {outcome.case.reference}, {'taken before' if outcome.repeated else f'{len(outcome.events)} entries'}")
    for recorded in outcome.events[1:]:
        print(f"  {type(recorded.event).__name__}")

print("\nwhat ana has to do now:")
for step in desk.agenda(owner="ana"):
    print(f"  {step.rule}: {step.what}")

# > Jørgen Lind: Display – dark
# >   The display of my boat went dark.
# >
# >   See the photo & call me
# >   + display.png, 8 bytes, kept: b'PNG'
# > case HSW4-HKJY, owner ana
# >
# > absence: subject of an automatic reply
# >   case HSW4-HKJY, 2 entries
# >   Warned
# >
# > bounce: multipart/report, Return-Path: <>, From: mailer-daemon
# >   case HSW4-HKJY, 4 entries
# >   DeliveryReported
# >   TaskSet
# >   Warned
# >
# > the same bounce: multipart/report, Return-Path: <>, From: mailer-daemon
# >   case HSW4-HKJY, taken before
# >
# > what ana has to do now:
# >   acknowledge.immediately: contact the customer: who works on it, and when they hear next
# >   contact.automatic-mail: reach the customer another way: a message by email bounced
# >   contact.keep-informed: give the customer a word, news or no news
# >   propose.in-time: propose a resolution, or say that there is none yet and when
# >   resolve.whole-case: resolve the case, or give the final no
