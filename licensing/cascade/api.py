"""Other platforms over HTTP: the register, what waits, and the one address that takes their messages."""

from __future__ import annotations

from typing import Annotated

import msgspec

from licensing.applications import listing
from licensing.cascade import inbox, peers, shown
from licensing.cascade.lifecycle import LIFECYCLE, STATE_NAMES
from licensing.cascade.models import Peer
from licensing.cascade.peers import PeerEntry
from licensing.cascade.shown import Identity, OtherSide, Overview, PeerView
from licensing.cascade.signing import Shown
from licensing.cascade.wire import LIMIT, PATH, Message, Receipt
from licensing.core.errors import NotFound
from licensing.core.store.step import load
from licensing.http.registry import Kind
from licensing.http.route import Call, Reply, Route
from licensing.ports import ADMINISTRATOR, SUPERVISOR

TAG = "跨级办理 / Between platforms"
_Text = Annotated[str, msgspec.Meta(max_length=500)]


class PeerBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is entered of a platform. ``site`` is how the addresses of its catalogue entries begin,
    ``address`` where its interface is mounted, ``key`` its public key (PEM). ``department`` stands here for
    its departments, ``departments`` (theirs → ours) for single ones, ``partner`` for its developers."""

    name: _Text
    level: _Text
    site: _Text
    address: _Text
    key: Annotated[str, msgspec.Meta(max_length=2000)]
    department: _Text
    departments: dict[str, str] = {}
    partner: _Text = ""

    def entry(self) -> PeerEntry:
        """For the service."""
        return PeerEntry(
            self.name, self.level, self.site, self.address, self.key, self.department, self.departments,
            self.partner,
        )  # fmt: skip


class NewPeer(PeerBody, forbid_unknown_fields=True, kw_only=True):
    """A platform and the id under which it is entered."""

    id: _Text


class ChangedPeer(PeerBody, forbid_unknown_fields=True, kw_only=True):
    """The whole entry again, and on what ground it is changed."""

    reason: Annotated[str, msgspec.Meta(max_length=2000)]


class Ground(msgspec.Struct, forbid_unknown_fields=True):
    """Why."""

    reason: Annotated[str, msgspec.Meta(max_length=2000)]


def _identity(call: Call) -> Identity:
    return shown.identity(call.settings.cascade)


def _overview(call: Call) -> Overview:
    call.office(ADMINISTRATOR, SUPERVISOR)
    return shown.overview(call.session, call.ctx)


def _peer(call: Call, *offices: str) -> Peer:
    call.office(*offices)
    return load(call.session, Peer, call.path["peer_id"])


def _shown(call: Call, peer: Peer) -> Reply:
    return Reply(shown.one(call.session, call.ctx, peer), peer.version)


def _get(call: Call) -> Reply:
    return _shown(call, _peer(call, ADMINISTRATOR, SUPERVISOR))


def _register(call: Call) -> Reply:
    body: NewPeer = call.body
    loopback = call.settings.cascade_loopback
    peer = peers.register(call.session, call.ctx, body.id, body.entry(), loopback=loopback)
    reply = _shown(call, peer)
    return Reply(reply.content, reply.version, location=f"/cascade/peers/{peer.id}")


def _change(call: Call) -> Reply:
    body: ChangedPeer = call.body
    peer = peers.change(
        call.session, call.ctx, _peer(call, ADMINISTRATOR).id, body.entry(), reason=body.reason,
        loopback=call.settings.cascade_loopback, if_version=call.if_version,
    )  # fmt: skip
    return _shown(call, peer)


def _suspend(call: Call) -> Reply:
    found = _peer(call, ADMINISTRATOR)
    reason = call.body.reason
    return _shown(
        call, peers.suspend(call.session, call.ctx, found.id, reason=reason, if_version=call.if_version)
    )


def _resume(call: Call) -> Reply:
    found = _peer(call, ADMINISTRATOR)
    return _shown(call, peers.resume(call.session, call.ctx, found.id, if_version=call.if_version))


def _retry(call: Call) -> Reply:
    return _shown(call, peers.retry(call.session, call.ctx, _peer(call, ADMINISTRATOR).id))


def _receive(call: Call) -> Receipt:
    key, sent = call.settings.cascade, call.sent
    if key is None or sent is None:
        raise NotFound("本平台未开通跨级办理。", "This platform takes no messages of others.")
    came = Shown(call.settings.prefix + PATH, sent.headers, sent.content)
    return inbox.receive(call.session, call.settings.machine(call.session), key, call.body, came)


def _other_side(call: Call) -> OtherSide:
    case = listing.show(call.session, call.ctx, call.path["case_id"])
    found = shown.other_side(call.session, call.ctx, case)
    if found is None:
        raise NotFound("该申请没有其他平台参与。", "No other platform has part in this case.")
    return found


SUBJECTS = {LIFECYCLE.name: Kind(Peer, LIFECYCLE, STATE_NAMES)}

ROUTES = (
    Route("GET", "/cascade/identity", "getCascadeIdentity", TAG, "本平台的公钥", "This platform's public key",
          _identity, answer=Identity, public=True),
    Route("POST", PATH, "receiveMessage", TAG, "接收其他平台的消息（HTTP 消息签名）",
          "Take a message of another platform (HTTP Message Signatures)", _receive, answer=Receipt,
          body=Message, public=True, limit=LIMIT, errors=(401, 404, 409)),
    Route("GET", "/cascade", "getCascade", TAG, "平台登记与待送消息", "Platforms, and what waits", _overview,
          answer=Overview),
    Route("POST", "/cascade/peers", "registerPeer", TAG, "登记平台", "Enter a platform", _register,
          answer=PeerView, body=NewPeer, status=201),
    Route("GET", "/cascade/peers/{peer_id}", "getPeer", TAG, "一个平台", "A platform", _get, answer=PeerView,
          versioned=True),
    Route("POST", "/cascade/peers/{peer_id}/change", "changePeer", TAG, "变更登记", "Change the entry",
          _change, answer=PeerView, body=ChangedPeer, versioned=True),
    Route("POST", "/cascade/peers/{peer_id}/suspend", "suspendPeer", TAG, "暂停对接", "Suspend", _suspend,
          answer=PeerView, body=Ground, versioned=True),
    Route("POST", "/cascade/peers/{peer_id}/resume", "resumePeer", TAG, "恢复对接", "Resume", _resume,
          answer=PeerView, versioned=True),
    Route("POST", "/cascade/peers/{peer_id}/retry", "retryPeer", TAG, "立即重送", "Try again now", _retry,
          answer=PeerView),
    Route("GET", "/cases/{case_id}/other-side", "getOtherSide", TAG, "对方平台的办理情况",
          "How the other platform stands with a case", _other_side, answer=OtherSide),
)  # fmt: skip
