"""One notifier of several, each for its channels."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from attrs import field, frozen

from recovery.core.errors import BadDefinition, Undeliverable
from recovery.core.vocabulary.common import Channel
from recovery.ports.notifier import Notifier
from recovery.ports.values import OutboxMessage, Receipt

__all__ = ["ByChannel"]

Routes = Mapping[Channel | tuple[Channel, ...], Notifier]


@frozen
class ByChannel:
    """Hands each message to the notifier of its channel: ``ByChannel({Channel.EMAIL: mail, (Channel.SMS, Channel.CHAT): mine})``.

    ``needs`` are the channels that must have one: give ``policy.terms.machine_channels``, and a channel on which the policy would
    write, and nobody could send, is found at the start. Raises :class:`BadDefinition`, with every fault: a channel that is named
    twice, one that its notifier does not send on, one that is needed and missing.
    """

    routes: Routes
    needs: Collection[Channel] = field(default=(), kw_only=True)

    def __attrs_post_init__(self) -> None:
        if faults := list(self._faults()):
            raise BadDefinition("the notifiers by channel", faults)

    @property
    def channels(self) -> frozenset[Channel]:
        """The channels of all of them."""
        return frozenset(channel for channel, _ in self._pairs())

    def send(self, message: OutboxMessage) -> Receipt:
        """Hand the message on. Raises what its notifier raises, and :class:`Undeliverable` where its channel has none."""
        for channel, notifier in self._pairs():
            if channel is message.channel:
                return notifier.send(message)
        raise Undeliverable(f"nothing here sends on {message.channel.value}")

    def _pairs(self) -> Iterator[tuple[Channel, Notifier]]:
        for key, notifier in self.routes.items():
            for channel in (key,) if isinstance(key, Channel) else key:
                yield channel, notifier

    def _faults(self) -> Iterator[str]:
        pairs = list(self._pairs())
        if not pairs:
            yield "there is no notifier. Give {Channel.EMAIL: ...}."
        named = [channel for channel, _ in pairs]
        for channel in sorted({channel for channel in named if named.count(channel) > 1}, key=lambda channel: channel.value):
            yield f"{channel.value} is named twice. Give it to one notifier."
        for channel, notifier in pairs:
            if channel not in notifier.channels:
                able = ", ".join(sorted(one.value for one in notifier.channels))
                yield f"{channel.value} goes to {type(notifier).__name__}, which sends on {able or 'nothing'}."
        for channel in self.needs:
            if channel not in named:
                yield f"{channel.value} has no notifier, and is needed. Give it one, or take it out of machine_channels."
