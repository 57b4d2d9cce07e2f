"""Applications for data that another platform holds: forwarded, tracked, answered (HB-12, QD-12).

The protocol between two platforms is in ``docs/reference/cascade-protocol.md``. A case and its history are
the outbox: what was committed is told, in order, until the other side has signed a receipt for it.

peers.py      whom we talk to: address, public key, who stands for them here
wire.py       the documents of the protocol
signing.py    HTTP Message Signatures (RFC 9421, RFC 9530) and signed receipts
outbox.py     steps of a case -> messages with sequence numbers
delivery.py   messages -> the other platform, again and again, until there is a receipt
inbox.py      messages of others: taken once, whatever comes twice
mirror.py     steps that another platform took, on our copy of its case
"""
