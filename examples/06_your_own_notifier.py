"""Your own notifier: messages into a chat by its webhook, in twenty lines, held against the contract of its port.

Run it with `python examples/06_your_own_notifier.py`. What it prints is compared with the end of this file by the tests.
"""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pendulum

from recovery import (
    Address,
    ByChannel,
    Channel,
    Contact,
    Customer,
    Desk,
    MemoryStore,
    OutboxMessage,
    Receipt,
    RecordingNotifier,
    Undeliverable,
    policies,
)
from recovery.testing import contracts


class ChatNotifier:
    """Posts each message to the webhook of a chat. A notifier needs no base class: it has channels, and sends."""

    channels = frozenset({Channel.CHAT})

    def __init__(self, url: str, timeout: float = 10.0) -> None:
        self.url = url
        self.timeout = timeout  # far below the five minutes that a desk gives a message

    def send(self, message: OutboxMessage) -> Receipt:
        """Post the message; the chat tells repeats by its id."""
        if message.to is None:
            raise Undeliverable(f"nobody knows the chat of {message.person}")
        told = {"id": message.id, "to": message.to.value, "text": f"{message.subject}\n\n{message.body}"}
        request = urllib.request.Request(self.url, json.dumps(told).encode(), {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                return Receipt(at=pendulum.now("UTC"), provider_id=answer.headers["X-Post"])
        except urllib.error.HTTPError as error:
            with error:
                if error.code in (404, 410):  # for good: the owner has to find another way
                    raise Undeliverable(f"the chat knows nobody of that name ({error.code})") from None
                raise ConnectionError(f"the chat answers {error.code}") from None  # for now: it is tried again


# ------------------------------------------------ a chat on this machine, which does as it is told


class Chat(ThreadingHTTPServer):
    """Keeps what is posted, or answers with the number it was told to; told 0, it does not answer."""

    daemon_threads = True

    def __init__(self, answer: int = 200) -> None:
        super().__init__(("127.0.0.1", 0), Posts)
        self.answer = answer
        self.posts: list[dict[str, str]] = []


class Posts(BaseHTTPRequestHandler):
    """Takes one post."""

    server: Chat

    def do_POST(self) -> None:
        post = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.answer == 0:
            time.sleep(2)
            return
        if self.server.answer == 200:
            self.server.posts.append(post)
        self.send_response(self.server.answer)
        self.send_header("X-Post", f"post-{len(self.server.posts)}")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def chatting(answer: int = 200) -> Iterator[tuple[ChatNotifier, Chat]]:
    with Chat(answer) as chat:
        threading.Thread(target=chat.serve_forever, args=(0.01,)).start()
        try:
            yield ChatNotifier(f"http://127.0.0.1:{chat.server_address[1]}/", timeout=1), chat
        finally:
            chat.shutdown()


# ------------------------------------------------ a desk that uses it

now = pendulum.datetime(2026, 3, 2, 10, 0, tz="Europe/Berlin")
policy = policies.default(fallback_owner="ana", calendar=policies.office_hours("Europe/Berlin"))
mail = RecordingNotifier(now=lambda: now)  # a stand-in; see docs/how-to/send-mail.md for the real one

with chatting() as (chat_notifier, chat):
    notifier = ByChannel({Channel.CHAT: chat_notifier, Channel.EMAIL: mail}, needs=[Channel.CHAT, Channel.EMAIL])
    desk = Desk(store=MemoryStore(), policy=policy, notifier=notifier, now=lambda: now)
    bo = Customer(name="Bo Lind", addresses=(Address(channel=Channel.CHAT, value="@bo"),))
    case = desk.receive(Contact(channel=Channel.CHAT, sender=bo, text="The display went dark.", received_at=now)).case

    chat.answer = 503
    work = desk.work()
    print(f"the chat is down: {work.sent} sent (to Ana, by mail), {work.failed} failed")

    chat.answer = 200
    now += timedelta(minutes=2)
    work = desk.work()
    print(f"two minutes later: {work.sent} sent, {work.failed} failed")
    print(f"{chat.posts[0]['to']} reads:", chat.posts[0]["text"].splitlines()[0].replace(case.reference, "..."))

# ------------------------------------------------ does it keep the contract?

chats: dict[ChatNotifier, Chat] = {}


def maker(answer: int = 200) -> Callable[[], AbstractContextManager[ChatNotifier]]:
    """Return a maker of notifiers, each with a chat of its own."""

    @contextmanager
    def make() -> Iterator[ChatNotifier]:
        with chatting(answer) as (notifier, chat):
            chats[notifier] = chat
            yield notifier

    return make


def arrived(notifier: ChatNotifier) -> list[str]:
    """Return what stands in the chat."""
    return [f"{post['id']}\n{post['text']}" for post in chats[notifier].posts]


report = contracts.check_notifier(maker(), arrived=arrived, down=maker(503), final=maker(404), stuck=maker(0))
print(f"{report.what}: the contract holds, and {len(report.left_out)} checks were left out")

# > the chat is down: 1 sent (to Ana, by mail), 1 failed
# > two minutes later: 1 sent, 0 failed
# > @bo reads: We have your message [...]
# > Notifier: the contract holds, and 0 checks were left out
