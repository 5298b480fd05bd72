"""The audit trail in words: what was done, to what, and how its values read. Names without words stay names."""

from __future__ import annotations

from typing import Any

from einklang.faces.studio import words
from einklang.faces.studio.content import words as content_words
from einklang.faces.studio.users import words as users_words
from einklang.ui import locale
from einklang.ui.text import t

Words = tuple[str, str]
ACTS: dict[str, Words] = content_words.ACTS | {
    "audit.check": ("Protokoll geprüft", "Log checked"),
    "audit.review": ("Protokoll durchgesehen", "Log reviewed"),
    "backup.drill": ("Sicherung zur Probe eingespielt", "Backup restored for trial"),
    "consent.check": ("Einwilligungen geprüft", "Consents checked"),
    "house.restored": ("Haus aus einer Sicherung wiederhergestellt", "House restored from a backup"),
    "import.done": ("Import beendet", "Import finished"),
    "import.errors": ("Fehlerdatei geholt", "Error file fetched"),
    "import.notice": ("Information nach Art. 14 festgehalten", "Art. 14 notice recorded"),
    "import.resume": ("Import fortgesetzt", "Import resumed"),
    "import.start": ("Import begonnen", "Import started"),
    "import.stop": ("Import angehalten", "Import stopped"),
    "journey.pause": ("Journey angehalten", "Journey paused"),
    "journey.holdout": ("Vergleichsgruppe geändert", "Hold-out changed"),
    "journey.publish": ("Journey veröffentlicht", "Journey published"),
    "journey.resume": ("Journey fortgesetzt", "Journey resumed"),
    "journey.stop": ("Journey beendet", "Journey stopped"),
    "mailing.create": ("Aussendung begonnen", "Mailing begun"),
    "mailing.drop": ("Entwurf einer Aussendung gelöscht", "Draft of a mailing deleted"),
    "mailing.save": ("Aussendung geändert", "Mailing changed"),
    "mailing.seed": ("Prüfempfänger aufgenommen", "Added to the seed list"),
    "mailing.test": ("Test einer Aussendung gesendet", "Test of a mailing sent"),
    "mailing.unseed": ("Prüfempfänger herausgenommen", "Removed from the seed list"),
    "mailing.schedule": ("Aussendung geplant", "Mailing scheduled"),
    "mailing.stop": ("Aussendung beendet", "Mailing stopped"),
    "mailing.unschedule": ("Aussendung zurückgenommen", "Mailing taken back"),
    "key.revoke": ("Schlüssel zurückgenommen", "Key taken back"),
    "list.export": ("Liste exportiert", "List exported"),
    "mapping.create": ("Ereignisname zugeordnet", "Event name mapped"),
    "mapping.undo": ("Zuordnung aufgehoben", "Mapping undone"),
    "mandatory.publish": ("Pflichtangaben eingetragen", "Mandatory text entered"),
    "channel.try": ("Ruhenden Kanal versucht", "Resting channel tried"),
    "message.arrived": ("Nachricht als angekommen vermerkt", "Message marked as arrived"),
    "message.hold": ("Nachricht angehalten", "Message held"),
    "message.release": ("Nachricht freigegeben", "Message released"),
    "message.withhold": ("Nachricht zurückgehalten", "Message withheld"),
    "person.corrected": ("Person berichtigt", "Person corrected"),
    "person.erased": ("Person gelöscht", "Person erased"),
    "person.exported": ("Person exportiert", "Person exported"),
    "request.opened": ("Antrag aufgenommen", "Request taken down"),
    "retention.run": ("Fristen angewandt", "Retention applied"),
    "settings.change": ("Kontaktregeln geändert", "Contact rules changed"),
    "smpc.publish": ("Fachinformation veröffentlicht", "Fachinformation published"),
    "token.create": ("Zugang für Programme angelegt", "API token created"),
    "token.revoke": ("Zugang für Programme entzogen", "API token revoked"),
    "topic.change": ("Thema geändert", "Topic changed"),
    "topic.create": ("Thema angelegt", "Topic made"),
    "topic.drop": ("Thema wieder entfernt", "Topic removed again"),
    "topic.restore": ("Thema wieder angeboten", "Topic on offer again"),
    "topic.retire": ("Thema stillgelegt", "Topic retired"),
    "user.change": ("Konto geändert", "Account changed"),
    "user.create": ("Konto angelegt", "Account created"),
    "user.deactivate": ("Konto gesperrt", "Account deactivated"),
    "user.reactivate": ("Konto entsperrt", "Account reactivated"),
}
THINGS: dict[str, Words] = {
    "audit": ("Protokoll", "Log"),
    "backup": ("Sicherung", "Backup"),
    "content": ("Inhalt", "Content"),
    "import": ("Import", "Import"),
    "journey": ("Journey", "Journey"),
    "key": ("Schlüssel", "Key"),
    "ledger": ("Einwilligungen", "Consents"),
    "list": ("Liste", "List"),
    "mailing": ("Aussendung", "Mailing"),
    "mapping": ("Ereignisname", "Event name"),
    "message": ("Nachricht", "Message"),
    "person": ("Person", "Person"),
    "product": ("Arzneimittel", "Medicine"),
    "retention": ("Fristen", "Retention"),
    "settings": ("Regeln", "Rules"),
    "token": ("Zugang für Programme", "API token"),
    "topic": ("Thema", "Topic"),
    "user": ("Konto", "Account"),
}
FIELDS: dict[str, Words] = {
    "case": ("Vorgang", "Case"),
    "changed": ("geändert", "changed"),
    "de": ("deutsch", "German"),
    "en": ("englisch", "English"),
    "factor": ("Zweiter Faktor", "Second factor"),
    "fields": ("Angaben", "Fields"),
    "filters": ("Filter", "Filters"),
    "form": ("Form", "Form"),
    "kind": ("Art", "Kind"),
    "identity": ("Ausgewiesen durch", "Identified by"),
    "is_active": ("Aktiv", "Active"),
    "messages": ("Nachrichten", "Messages"),
    "new": ("neu", "new"),
    "received": ("Eingegangen", "Received"),
    "refused": ("zurückgewiesen", "refused"),
    "reviewed_to": ("Durchgesehen bis", "Reviewed up to"),
    "roles": ("Rollen", "Roles"),
    "rows": ("Zeilen", "Rows"),
    "sha256": ("Prüfsumme", "Checksum"),
    "smpc": ("Fachinformation", "Fachinformation"),
    "source": ("Weg", "Way"),
    "specialties": ("Fachgebiete", "Specialties"),
    "state": ("Zustand", "State"),
    "tighten": ("Verschärft", "Tightened"),
    "told": ("Informiert", "Told"),
    "valid_from": ("gültig ab", "valid from"),
    "version": ("Fassung", "Version"),
    "warned": ("mit Hinweis", "with a warning"),
    "whole": ("unversehrt", "whole"),
}
STATES: dict[str, Words] = {
    "active": ("aktiv", "active"),
    "checked": ("geprüft", "checked"),
    "done": ("fertig", "done"),
    "paused": ("angehalten", "paused"),
    "running": ("läuft", "running"),
    "stopped": ("beendet", "stopped"),
    "title": ("Titel", "Title"),
    "whole": ("unversehrt", "whole"),
}
DIGEST = 64
SHOWN = 8


def act(name: str) -> str:
    return t(*ACTS[name]) if name in ACTS else name


def thing(name: str) -> str:
    """The kind of thing and the end of its number, which is enough to tell two apart."""
    kind, _, number = name.partition(":")
    word = t(*THINGS[kind]) if kind in THINGS else kind
    return f"{word} …{number[-SHOWN:]}" if len(number) > SHOWN * 2 else f"{word} {number}".strip()


def field(name: str) -> str:
    if name in content_words.ROLES:
        return t(*content_words.ROLES[name])
    return t(*FIELDS[name]) if name in FIELDS else name


def value(found: Any) -> str:
    if isinstance(found, dict):
        return ", ".join(f"{field(name)}: {value(part)}" for name, part in found.items())
    if isinstance(found, list):
        return ", ".join(value(part) for part in found)
    if isinstance(found, bool):
        return t("ja", "yes") if found else t("nein", "no")
    return "" if found is None else _text(str(found))


def _text(found: str) -> str:
    if found in users_words.ROLES:
        return users_words.ROLES[found][0].in_(locale.current())
    for known in (words.STATES, STATES):
        if found in known:
            return t(*known[found])
    is_digest = len(found) == DIGEST and all(letter in "0123456789abcdef" for letter in found)
    return f"{found[:SHOWN]}…" if is_digest else found
