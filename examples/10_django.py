"""Django: a model of your own that keeps the id of its case, a page that shows the case, and a form that acts on it.

The shop's database stays the shop's, the desk has its own; the key `order-7` ties them, so that a crash in between opens no second
case. Look at the form that came back: every reason stands beside the field it is about, and what was typed is still there.
"""

import tempfile
from pathlib import Path

import pendulum

from recovery import Address, Channel, Contact, Customer, Desk, Identity, InvalidValue, Reason, Refused, SQLiteStore, policies
from recovery.codec import command_from_dict

try:
    import django
    from django.conf import settings
    from django.db import connection, models
    from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
    from django.shortcuts import get_object_or_404
    from django.template import engines
    from django.test import Client
    from django.urls import path
except ImportError as missing:
    raise SystemExit(f"This example needs Django: python -m pip install django ({missing})") from missing

settings.configure(
    ALLOWED_HOSTS=["testserver"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    ROOT_URLCONF=__name__,
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    TIME_ZONE="Europe/Berlin",
    USE_TZ=True,
)
django.setup()

NOW = pendulum.datetime(2026, 3, 2, 10, 0, tz="Europe/Berlin")
folder = tempfile.TemporaryDirectory()
store = SQLiteStore(Path(folder.name) / "recovery.db")
desk = Desk(  # in your project: built once, in the apps.py of your app
    store=store,
    policy=policies.default(fallback_owner="ana", calendar=policies.office_hours("Europe/Berlin")),
    now=lambda: NOW,
    identities=lambda: Identity(case_id="case-1", reference="K7M3-9QTG"),
)


class Order(models.Model):
    """An order of the shop, as it was before; one column is new."""

    customer = models.CharField(max_length=100)
    email = models.EmailField()
    case_id = models.CharField(max_length=200, blank=True)

    class Meta:
        """Where the table belongs."""

        app_label = "shop"

    def complain(self, text: str) -> None:
        """Open the case of this order, once."""
        sender = Customer(name=self.customer, addresses=(Address(channel=Channel.EMAIL, value=self.email),))
        contact = Contact(channel=Channel.WEB_FORM, sender=sender, text=text, received_at=NOW, ticket=f"order-{self.pk}")
        self.case_id = desk.receive(contact, key=f"order-{self.pk}").case.id
        self.save(update_fields=["case_id"])


PAGE = """Order {{ order.pk }} of {{ order.customer }}: case {{ case.reference }}, {{ case.stage.value }}, looked after by {{ case.owner }}
{% for step in steps %}  {{ step.due_at|date:"D H:i" }} {{ step.what }}
{% endfor %}{% for reason in reasons %}  ! {{ reason.field }}: {{ reason.message }} {{ reason.hint }}
{% endfor %}<textarea name="text">{{ typed.text }}</textarea> <input name="next_word_at" value="{{ typed.next_word_at }}">"""


def page(request: HttpRequest, number: int) -> HttpResponse:
    """Show the case of an order; a form post acknowledges it, or comes back with all reasons."""
    order = get_object_or_404(Order, pk=number)
    typed = request.POST.dict()
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        word = {"via": ["email"], "text": typed["text"]}
        told = {"command": "acknowledge", "by": "ana", "word": word, "next_word_at": typed["next_word_at"] or None}
        try:
            desk.handle(order.case_id, command_from_dict(told))
            return HttpResponseRedirect(request.path)
        except (Refused, InvalidValue) as refusal:
            reasons = refusal.reasons
    steps = desk.agenda(case_id=order.case_id)[:2]
    shown = {"order": order, "case": desk.load(order.case_id), "steps": steps, "reasons": reasons, "typed": typed}
    return HttpResponse(engines["django"].from_string(PAGE).render(shown), status=400 if reasons else 200)


urlpatterns = [path("orders/<int:number>/case/", page)]


def main() -> None:
    """Browse the page without a server."""
    with connection.schema_editor() as editor:
        editor.create_model(Order)
    order = Order.objects.create(customer="Bo Lind", email="bo@boat.example")
    order.complain("The frustration comes in when not one phone number allows you a live person to get a refund or cancel.")
    browser = Client()
    url = f"/orders/{order.pk}/case/"
    empty = {"text": "", "next_word_at": "tomorrow"}
    hollow = {"text": "I am sorry. I am on it.", "next_word_at": ""}
    whole = hollow | {"next_word_at": "2026-03-03T10:00:00+01:00"}
    for answer in (browser.get(url), browser.post(url, empty), browser.post(url, hollow), browser.post(url, whole, follow=True)):
        print(answer.status_code, answer.content.decode(), end="\n\n")


if __name__ == "__main__":
    main()
    store.close()
    folder.cleanup()

# > 200 Order 1 of Bo Lind: case K7M3-9QTG, received, looked after by ana
# >   Mon 11:00 contact the customer: who works on it, and when they hear next
# >   Thu 10:00 give the customer a word, news or no news
# > <textarea name="text"></textarea> <input name="next_word_at" value="">
# >
# > 400 Order 1 of Bo Lind: case K7M3-9QTG, received, looked after by ana
# >   Mon 11:00 contact the customer: who works on it, and when they hear next
# >   Thu 10:00 give the customer a word, news or no news
# >   ! word.text: word.text is empty. Write what the customer is to hear, or give said_at if it was said.
# >   ! next_word_at: next_word_at has another form than it needs. Give an instant with its offset, such as 2026-11-22T09:00:00Z.
# > <textarea name="text"></textarea> <input name="next_word_at" value="tomorrow">
# >
# > 400 Order 1 of Bo Lind: case K7M3-9QTG, received, looked after by ana
# >   Mon 11:00 contact the customer: who works on it, and when they hear next
# >   Thu 10:00 give the customer a word, news or no news
# >   ! next_word_at: it does not say when the customer hears next. Give the date of the next word.
# > <textarea name="text">I am sorry. I am on it.</textarea> <input name="next_word_at" value="">
# >
# > 200 Order 1 of Bo Lind: case K7M3-9QTG, acknowledged, looked after by ana
# >   Tue 10:00 give the word that was promised for this date
# >   Thu 10:00 give the customer a word, news or no news
# > <textarea name="text"></textarea> <input name="next_word_at" value="">
