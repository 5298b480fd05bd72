"""What each operation is called where people read about it."""

from __future__ import annotations

from einklang.core.words import Words

TAGS = {
    "people": Words("Personen", "People"),
    "consents": Words("Einwilligungen", "Consents"),
    "verdicts": Words("Urteile", "Verdicts"),
    "what happened": Words("Was geschah", "What happened"),
    "requests": Words("Anträge", "Requests"),
    "the house": Words("Das Haus", "The house"),
    "intake": Words("Ereignisse melden", "Telling events"),
    "health": Words("Erreichbarkeit", "Health"),
}
TITLES = {
    "list_people": Words("Personen auflisten", "List people"),
    "get_person": Words("Eine Person lesen", "Read one person"),
    "correct_person": Words("Eine Person berichtigen", "Correct a person"),
    "list_wordings": Words("Einwilligungstexte lesen", "Read the texts of consent"),
    "list_consents": Words("Einwilligungen einer Person lesen", "Read the consents of a person"),
    "grant_consent": Words("Eine Einwilligung eintragen", "Record a consent"),
    "withdraw_consent": Words("Eine Einwilligung beenden", "End a consent"),
    "get_preference": Words("Wünsche einer Person lesen", "Read the wishes of a person"),
    "set_preference": Words("Wünsche einer Person eintragen", "Record the wishes of a person"),
    "ask_gate": Words("Das Tor zur Probe fragen", "Ask the gate for a trial"),
    "list_verdicts": Words("Urteile auflisten", "List verdicts"),
    "get_verdict": Words("Ein Urteil lesen", "Read one verdict"),
    "replay_verdict": Words("Ein Urteil nachrechnen", "Judge a verdict again"),
    "list_interactions": Words("Das Protokoll der Interaktionen lesen", "Read the log of interactions"),
    "record_interactions": Words("Interaktionen melden", "Tell interactions"),
    "list_messages": Words("Nachrichten auflisten", "List messages"),
    "get_message": Words("Eine Nachricht lesen", "Read one message"),
    "list_requests": Words("Anträge auflisten", "List requests"),
    "get_request": Words("Einen Antrag lesen", "Read one request"),
    "take_down_request": Words("Einen Antrag aufnehmen", "Take down a request"),
    "list_contents": Words("Gültige Inhalte auflisten", "List valid contents"),
    "list_journeys": Words("Journeys auflisten", "List journeys"),
    "get_journey": Words("Eine Journey lesen", "Read one journey"),
    "switch_journey": Words("Eine Journey anhalten oder fortsetzen", "Pause or resume a journey"),
    "list_orders": Words("Bestellungen auflisten", "List orders"),
    "get_order": Words("Eine Bestellung lesen", "Read one order"),
    "health": Words("Antwortet diese Adresse?", "Does this address answer?"),
    "tell_batch": Words("Mehrere Ereignisse melden", "Tell several events"),
    "tell_track": Words("Ein Ereignis melden", "Tell an event"),
    "tell_identify": Words("Sagen, wer jemand ist", "Say who somebody is"),
    "tell_page": Words("Eine Seite melden", "Tell a page"),
    "tell_screen": Words("Eine Ansicht melden", "Tell a screen"),
    "tell_group": Words("Eine Gruppe melden", "Tell a group"),
    "tell_alias": Words("Zwei Namen verbinden", "Join two names"),
    "read_segment_settings": Words("Einstellungen für Segment", "Settings for Segment"),
    "read_rudderstack_settings": Words("Einstellungen für RudderStack", "Settings for RudderStack"),
}
