from __future__ import annotations

PROFESSIONS = {
    "physician": {"de": "Ärztin oder Arzt", "en": "Physician"},
    "dentist": {"de": "Zahnärztin oder Zahnarzt", "en": "Dentist"},
    "veterinarian": {"de": "Tierärztin oder Tierarzt", "en": "Veterinarian"},
    "pharmacist": {"de": "Apothekerin oder Apotheker", "en": "Pharmacist"},
    "nurse": {"de": "Pflegefachkraft", "en": "Nurse"},
    "pta": {"de": "Pharmazeutisch-technische Assistenz", "en": "Pharmaceutical technical assistant"},
    "mfa": {"de": "Medizinische Fachangestellte", "en": "Medical assistant"},
    "heilpraktiker": {"de": "Heilpraktikerin oder Heilpraktiker", "en": "Complementary practitioner"},
    "licensed_trader": {"de": "Händler mit Erlaubnis", "en": "Licensed trader"},
    "student": {"de": "Studierende", "en": "Student"},
}
