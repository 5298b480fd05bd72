"""What each operation does, beyond its title, for those who call it."""

from __future__ import annotations

from einklang.core.words import Words

ABOUT = Words(
    "Personen, Einwilligungen, Urteile und was geschah, für andere Systeme. "
    "Senden Sie `Authorization: Bearer <Token>`; ein Token legt an, wer das Studio verwaltet. "
    "Jede Ablehnung ist ein Problem (RFC 9457). Ein POST mit `Idempotency-Key` wird einmal ausgeführt.",
    "People, consents, verdicts and what happened, for other systems. "
    "Send `Authorization: Bearer <token>`; an administrator makes tokens in the studio. "
    "Every refusal is a problem (RFC 9457). A POST with an `Idempotency-Key` is done once.",
)
RULES = (
    (
        Words("Ausweis", "Identity"),
        Words(
            "Wer das Studio verwaltet, legt dort unter Schlüssel, Zugänge zur API ein Token mit genau den nötigen Rechten an. Es wird einmal gezeigt und läuft ab. Jeder Aufruf nennt es: `Authorization: Bearer …`",  # noqa: E501
            "An administrator makes a token in the studio, under Keys, Access to the API, with just the scopes that are needed. It is shown once, and it ends. Every call names it: `Authorization: Bearer …`",  # noqa: E501
        ),
    ),
    (
        Words("Seiten", "Pages"),
        Words(
            "Listen antworten mit `items` und `next`. Senden Sie `next` als `cursor` für die nächste Seite; `null` heißt: Das war alles. Eine Seite kann kürzer sein als `limit`, wo das Token eine Zeile nicht sehen darf. Das Protokoll der Interaktionen liest man mit `after` weiter.",  # noqa: E501
            "Lists answer with `items` and `next`. Send `next` as `cursor` for the next page; `null` means: that was all. A page may be shorter than `limit` where the token may not see a row. The log of interactions is read on by `after`.",  # noqa: E501
        ),
    ),
    (
        Words("Genau einmal", "Once"),
        Words(
            "Ein POST mit `Idempotency-Key` wird einmal ausgeführt. Nehmen Sie eine Nummer aus Ihrem System, die beim Wiederholen dieselbe bleibt. Derselbe Aufruf bekommt binnen 24 Stunden dieselbe Antwort und `Idempotent-Replayed: true`; ein anderer unter diesem Schlüssel wird mit 422 abgelehnt.",  # noqa: E501
            "A POST with an `Idempotency-Key` is done once. Take a number of your own that stays the same when you repeat. The same call gets the same answer within 24 hours, and `Idempotent-Replayed: true`; another call under this key is refused with 422.",  # noqa: E501
        ),
    ),
    (
        Words("Ablehnungen", "Refusals"),
        Words(
            "Jede ist ein Problem nach RFC 9457. Wo Felder nicht stimmen, nennt `errors` jedes mit Regel und Ausweg. Die Sätze sind englisch; ein Programm verlässt sich auf `status` und `field`.",  # noqa: E501
            "Each is a problem by RFC 9457. Where fields are wrong, `errors` names each with its rule and way out. The sentences are English; a program relies on `status` and `field`.",  # noqa: E501
        ),
    ),
    (
        Words("Noch einmal versuchen", "Trying again"),
        Words(
            "429 und 503 nach `Retry-After` Sekunden. Bei 409 und 412 neu lesen und dann entscheiden; nennt ein 409 `Retry-After`, läuft dieselbe Handlung gerade. 400, 401, 403, 404 und 422 antworten wieder so, bis der Aufruf ein anderer ist.",  # noqa: E501
            "429 and 503 after `Retry-After` seconds. With 409 and 412 read again, then decide; where a 409 names `Retry-After`, the same act is being done at this moment. 400, 401, 403, 404 and 422 answer the same until the call is another.",  # noqa: E501
        ),
    ),
    (
        Words("Tempo", "Pace"),
        Words(
            "50 Aufrufe in der Sekunde je Token, 1.000 auf einmal. Danach 429.",
            "50 calls a second for each token, 1,000 at once. Then 429.",
        ),
    ),
)
NEWEST = Words("Die neuesten zuerst.", "Newest first.")
TOLD = Words(
    "Die Antwort kommt, wenn alles festgeschrieben ist. Was eine Regel fernhält, nennt `errors`; alles andere steht im Protokoll.",  # noqa: E501
    "Answers after the commit. What a rule keeps out is named in `errors`; all else is in the log.",
)
TEXTS = {
    "list_people": Words("Nach Familiennamen.", "By family name."),
    "get_person": Words(
        "Der `ETag` der Antwort nennt den gelesenen Stand; eine Berichtigung schickt ihn als `If-Match`.",
        "The `ETag` of the answer names what was read; a correction sends it as `If-Match`.",
    ),
    "correct_person": Words(
        "Art. 16 DSGVO. Mit `If-Match` nur, wenn seither niemand etwas geändert hat.",
        "Art. 16 GDPR. With `If-Match` only if nobody has changed it since.",
    ),
    "list_wordings": Words(
        "Die Texte, die heute gelten. Eine Einwilligung nennt den, der gezeigt wurde.",
        "The texts that count today. A consent names the one that was shown.",
    ),
    "list_consents": Words(
        "Wie es um jede Erlaubnis steht. Wonach nie gefragt wurde, fehlt.",
        "How each permission stands. What was never asked is missing.",
    ),
    "grant_consent": Words(
        "Für alles, was keine Bestätigung per E-Mail braucht: mit dem gezeigten Text und wie sie zugestimmt hat.",
        "For what needs no confirmation by e-mail: with the text that she was shown and how she said it.",
    ),
    "withdraw_consent": Words(
        "Eine Einwilligung endet, oder ein Widerspruch beginnt, wo keine nötig war. Was auf ihrer Grundlage noch gesendet werden sollte, wird zurückgehalten.",  # noqa: E501
        "A consent ends, or an objection begins where none was needed. What waits to be sent on its ground is withheld.",  # noqa: E501
    ),
    "get_preference": Words("Wie oft, und nicht vor wann.", "How often, and not before when."),
    "set_preference": Words(
        "Ersetzt alle Wünsche: Was fehlt, gilt danach wieder wie ohne Wunsch.",
        "Replaces all wishes: what is left out is then as if nothing had been wished.",
    ),
    "ask_gate": Words(
        "Das Tor antwortet und hält nichts fest. Was wirklich gesendet wird, prüft es noch einmal.",
        "The gate answers and keeps nothing. What is really sent is judged again.",
    ),
    "list_verdicts": NEWEST,
    "get_verdict": Words("Antwort, Gründe und Auswege, wie sie galten.", "Answer, reasons and ways out as they stood."),
    "replay_verdict": Words(
        "Noch einmal geurteilt, aus den Fakten und Regeln von damals.",
        "Judged once more from the facts and rules that were kept.",
    ),
    "list_interactions": Words(
        "In der Reihenfolge des Protokolls, nach einer Position. Nichts kommt verspätet dazu: Wer mit `after` weiterliest, hat alles gesehen.",  # noqa: E501
        "In the order of the log, after a position. Nothing comes late: who goes on from `after` has seen everything.",
    ),
    "record_interactions": Words(
        "Alle oder, wo eine gegen eine Regel verstößt, keine. Was unter seiner `source_id` schon gemeldet ist, wird ausgelassen. Ob dort gemessen werden durfte, verantwortet das System, das meldet.",  # noqa: E501
        "All of them or, where one breaks a rule, none. What was told before, by `source_id`, is left out. Whether she may be tracked there answers the system that tells.",  # noqa: E501
    ),
    "list_messages": NEWEST,
    "get_message": Words(
        "Wie es um sie steht, und welches Urteil das sagt.", "How it stands, and which verdict says so."
    ),
    "list_requests": Words(
        "Der letzte Eingang zuerst; `due` sagt, bis wann jeder beantwortet sein muss.",
        "The last to arrive first; `due` says by when each is answered.",
    ),
    "get_request": Words("Wie es um ihn steht.", "How it stands."),
    "take_down_request": Words(
        "Eröffnet ihn; der Datenschutz entscheidet. Je Person ist von jeder Art höchstens einer offen.",
        "Opens it; a data steward decides. Of a person at most one of a kind is open.",
    ),
    "list_contents": Words(
        "Die freigegebenen Fassungen, die jetzt gelten, die neuesten zuerst.",
        "The approved versions that are valid now, the newest first.",
    ),
    "list_journeys": Words("Alle, auf einer Seite.", "All of them, on one page."),
    "get_journey": Words(
        "Auch, wie viele Personen und Nachrichten unterwegs sind.",
        "With how many people and messages are on their way.",
    ),
    "switch_journey": Words("Zweimal getan ist einmal getan.", "Done twice is done once."),
    "list_orders": Words("Die ältesten zuerst, wie ein Lager arbeitet.", "Oldest first, as a warehouse works."),
    "get_order": Words(
        "Auch, wann und mit welcher Nummer sie hinausging.", "With when it left and under which number."
    ),
    "health": Words(
        "Diese Adresse antwortet. Ob das ganze Haus gesund ist, sagt `/health` der Installation.",
        "This address answers. Whether the whole house is well says `/health` of the installation.",
    ),
    **dict.fromkeys(
        (f"tell_{kind}" for kind in ("batch", "track", "identify", "page", "screen", "group", "alias")), TOLD
    ),
    "read_segment_settings": Words(
        "Was die Browserbibliothek von Segment zuerst holt.", "What Segment's browser library fetches first."
    ),
    "read_rudderstack_settings": Words(
        "Was die Browserbibliothek von RudderStack zuerst holt.", "What RudderStack's browser library fetches first."
    ),
}
