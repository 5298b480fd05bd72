"""Delivery status notifications in the forms in which Postfix, Exim and Exchange write them."""

from __future__ import annotations

FORM = """\
From: MAILER-DAEMON@mx.praxis.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

{text}

--B
Content-Type: message/delivery-status

{status}

--B
Content-Type: text/rfc822-headers

Subject: Vertiefung Herzinsuffizienz

--B--
"""
POSTFIX = """\
Reporting-MTA: dns; mx.praxis.example
X-Postfix-Queue-ID: 4Wxyz12345
Arrival-Date: Thu, 19 Nov 2026 12:01:02 +0100 (CET)

Final-Recipient: rfc822; albrecht@praxis.example
Original-Recipient: rfc822;albrecht@praxis.example
Action: {action}
Status: {status}
Remote-MTA: dns; mail.praxis.example
Diagnostic-Code: smtp; {code} {status} {text}"""
EXIM = """\
Reporting-MTA: dns; mx.praxis.example

Action: {action}
Final-Recipient: rfc822;albrecht@praxis.example
Status: {status}"""
EXCHANGE = """\
Reporting-MTA: dns;mx.praxis.example
Received-From-MTA: dns;mail.aurelia.example

Final-Recipient: rfc822;albrecht@praxis.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp;{code} {status} RESOLVER.ADR.RecipNotFound; {text}"""


def bounce(
    form: str, *, to: str = "bounce@localhost", action: str = "failed", status: str = "5.1.1", text: str = "not found"
) -> bytes:
    code = f"{status[0]}50"
    told = form.format(action=action, status=status, code=code, text=text)
    return FORM.format(to=to, text=text, status=told).replace("\n", "\r\n").encode()
