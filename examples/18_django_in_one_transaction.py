"""Django in one transaction: a ticket, its case and the customer's mail are kept by one `atomic()`, or none of them is.

A helpdesk has a ticket screen. Its view answers the customer through the desk and writes its own row beside it, inside `atomic()`:
what fails there, the helpdesk's own code as well as the desk's rules, leaves nothing behind, and nobody is written to. The tables of
the desk come by `migrate`, and the worker reads from `DATABASES` where they are. Set `ENGINE` to PostgreSQL: the rest is the same.
"""

import csv
import tempfile
from itertools import count
from pathlib import Path

import pendulum

from recovery import (
    Acknowledge,
    Address,
    Channel,
    ConflictingChange,
    Contact,
    Customer,
    Desk,
    Identity,
    Reason,
    Refused,
    Word,
    policies,
)
from recovery.notifiers import RecordingNotifier

try:
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import IntegrityError, connection, models, transaction
    from django.http import HttpRequest, HttpResponse
    from django.shortcuts import get_object_or_404
    from django.test import Client
    from django.urls import path
except ImportError as missing:
    raise SystemExit(f"This example needs Django: python -m pip install django ({missing})") from missing

folder = tempfile.TemporaryDirectory()
settings.configure(
    ALLOWED_HOSTS=["testserver"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(Path(folder.name) / "helpdesk.db")}},
    INSTALLED_APPS=["recovery.stores.django"],  # and yours; brings the tables of the desk with migrate
    ROOT_URLCONF=__name__,
    TIME_ZONE="Europe/Berlin",
    USE_TZ=True,
)
django.setup()

from recovery.stores.django import DjangoStore, worker_store  # noqa: E402  (this file is settings and code in one)

NOW = pendulum.datetime(2026, 3, 2, 10, 0, tz="Europe/Berlin")
POLICY = policies.default(fallback_owner="ana", calendar=policies.office_hours("Europe/Berlin"))
numbers = count(1)


def numbered() -> Identity:
    """Return ids in order, so that this prints the same every time."""
    number = next(numbers)
    return Identity(case_id=f"case-{number}", reference=f"K7M3-9QT{number}")


def looked_at(cases: tuple[str, ...]) -> None:
    """Do what has to wait for the commit: wake a worker, refresh a screen."""
    print(f"  committed: {', '.join(cases)}")


# In your project: built once, in the apps.py of your app; each thread works in its own transaction.
desk = Desk(store=DjangoStore(after_commit=looked_at), policy=POLICY, now=lambda: NOW, identities=numbered)


class Ticket(models.Model):
    """A ticket of the helpdesk, as it was before; one column is new."""

    email = models.EmailField()
    text = models.TextField()
    minutes = models.PositiveIntegerField(default=0)
    case_id = models.CharField(max_length=200, blank=True)

    class Meta:
        """Where the table belongs."""

        app_label = "helpdesk"


def open_ticket(email: str, text: str) -> Ticket:
    """Take a ticket, and open its case: both or none."""
    with transaction.atomic():
        ticket = Ticket.objects.create(email=email, text=text)
        sender = Customer(addresses=(Address(channel=Channel.EMAIL, value=email),))
        contact = Contact(channel=Channel.WEB_FORM, sender=sender, text=text, received_at=NOW, ticket=f"ticket-{ticket.pk}")
        ticket.case_id = desk.receive(contact, key=f"ticket-{ticket.pk}").case.id
        ticket.save(update_fields=["case_id"])
    return ticket


@transaction.atomic  # or ATOMIC_REQUESTS for all your views
def answer(number: int, form: dict[str, str]) -> None:
    """Answer the customer through the desk, and book the time it took."""
    ticket = get_object_or_404(Ticket.objects, pk=number)
    again = NOW.add(days=int(form["days"])) if form["days"] else None
    word = Word(via={Channel.EMAIL}, text=form["text"])
    desk.handle(ticket.case_id, Acknowledge(by="ana", word=word, next_word_at=again))
    ticket.minutes += int(form["minutes"])
    ticket.save(update_fields=["minutes"])


def screen(request: HttpRequest, number: int) -> HttpResponse:
    """Take an answer from the ticket screen; what the rules refuse comes back with its reasons."""
    try:
        answer(number, request.POST.dict())
    except Refused as refusal:
        return HttpResponse("; ".join(told(reason) for reason in refusal.reasons), status=400)
    except IntegrityError:
        return HttpResponse("these minutes cannot be", status=400)
    except ConflictingChange:
        return HttpResponse("somebody else was faster: look at the ticket again", status=409)
    return HttpResponse("answered")


def told(reason: Reason) -> str:
    """Return a reason as the screen shows it."""
    return f"{reason.field}: {reason.message}"


urlpatterns = [path("tickets/<int:number>/answer/", screen)]


def stand(what: str) -> None:
    """Say what is in the tables of both."""
    tickets = [(ticket.case_id, ticket.minutes) for ticket in Ticket.objects.order_by("pk")]
    print(f"{what}\n  tickets {tickets}, open cases {desk.backlog().open_cases}, messages that wait {desk.backlog().unsent}")


def main() -> None:
    """Use the screen without a server, and then let the worker send."""
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Ticket)
    with (Path(__file__).parent / "data" / "narratives.csv").open(encoding="utf-8", newline="") as file:
        words = [row["words"].partition(". ")[0] + "." for row, _ in zip(csv.DictReader(file), range(2), strict=False)]

    ticket = open_ticket("bo@boat.example", words[0])
    stand("a ticket came in")
    try:
        with transaction.atomic():
            open_ticket("cy@boat.example", words[1])
            raise ConnectionError("the import of tickets breaks off")
    except ConnectionError as error:
        stand(str(error))

    browser = Client()
    text = "I am sorry. I look into it, and write again tomorrow."
    for days, minutes in ((None, 9), (1, -9), (1, 9)):
        form = {"text": text, "days": days or "", "minutes": minutes}
        reply = browser.post(f"/tickets/{ticket.pk}/answer/", form)
        stand(f"{reply.status_code} {reply.content.decode()}")

    post = RecordingNotifier(now=lambda: NOW)
    with worker_store() as store:  # in your project: a management command, run by cron or as a service
        Desk(store=store, policy=POLICY, now=lambda: NOW, notifier=post).work()
    for message in post.sent:
        print(f"sent: {message.case_id} to {message.person or 'the customer'}: {message.subject}")


if __name__ == "__main__":
    main()
    connection.close()
    folder.cleanup()

# >   committed: case-1
# > a ticket came in
# >   tickets [('case-1', 0)], open cases 1, messages that wait 2
# > the import of tickets breaks off
# >   tickets [('case-1', 0)], open cases 1, messages that wait 2
# > 400 next_word_at: it does not say when the customer hears next.
# >   tickets [('case-1', 0)], open cases 1, messages that wait 2
# > 400 these minutes cannot be
# >   tickets [('case-1', 0)], open cases 1, messages that wait 2
# >   committed: case-1
# > 200 answered
# >   tickets [('case-1', 9)], open cases 1, messages that wait 3
# > sent: case-1 to ana: Yours: case K7M3-9QT1
# > sent: case-1 to the customer: We have your message [K7M3-9QT1]
# > sent: case-1 to the customer: I am looking after your case [K7M3-9QT1]
