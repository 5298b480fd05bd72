"""`einklang init` in the terminal. What an option gives is not asked; an empty answer keeps what stands in brackets."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Mapping, Sequence

from einklang.core import clock, settings
from einklang.core.errors import InputError
from einklang.core.words import Words, speak
from einklang.project import company_form, init, mail_trial
from einklang.project.company_form import Asked

MAIL_WORKS = Words("Der Mailserver nimmt an.", "The mail server accepts.")
MAIL_SENT = Words("Eine Testmail ist an {to} gegangen.", "A test mail has gone to {to}.")
NO_MAIL = Words("Ohne Mailserver wird noch nichts gesendet.", "Nothing is sent yet without a mail server.")
THERE = Words("Es gibt schon eine Administration; sie bleibt.", "There is an administrator already; nothing changes.")
DONE = Words("Fertig. Weiter mit `einklang up`.", "Done. Go on with `einklang up`.")


class Terminal:
    def __init__(self, given: Mapping[str, str], locale: str) -> None:
        self.given = dict(given)
        self.locale = locale

    def say(self, text: Words | str) -> None:
        sys.stdout.write(f"{speak(text, self.locale)}\n")
        sys.stdout.flush()

    def complain(self, error: InputError) -> None:
        self.say(f"  {speak(error.rule, self.locale)} {speak(error.way_out, self.locale)}")

    def ask_all(self, questions: Sequence[Asked], before: Mapping[str, str]) -> dict[str, str]:
        answers = dict(before)
        for question in questions:
            answers[question.name] = self.ask(question, answers)
        return answers

    def ask(self, question: Asked, before: Mapping[str, str]) -> str:
        """Asks again until the answer is right. An option that is wrong, and an input that ends, end the command."""
        option = f"--{question.name.replace('_', '-')}"
        if question.name in self.given:
            try:
                return question.check(option, self.given[question.name])
            except InputError as error:
                raise self._spoken(option, error) from error
        usual = before.get(question.name) or question.usual(before)
        while True:
            typed = self._typed(question, usual)
            try:
                return question.check(question.name, usual if typed in (None, "") else str(typed))
            except InputError as error:
                if typed is None:
                    raise self._spoken(option, error) from error
                self.say(f"  {speak(error.rule, self.locale)} {speak(error.way_out, self.locale)}")

    def _spoken(self, option: str, error: InputError) -> InputError:
        return InputError(option, speak(error.rule, self.locale), speak(error.way_out, self.locale))

    def _typed(self, question: Asked, usual: str) -> str | None:
        """None at the end of the input."""
        label = speak(question.label, self.locale)
        hint = f" ({', '.join(question.choices)})" if question.choices else ""
        prompt = f"{label}{hint}{f' [{usual}]' if usual else ''}: "
        if question.secret and sys.stdin.isatty():
            return getpass.getpass(prompt)
        sys.stdout.write(prompt)
        sys.stdout.flush()
        typed = sys.stdin.readline()
        return typed.strip() if typed else None


def run(given: Mapping[str, str], *, locale: str) -> None:
    home = settings.get().home
    terminal = Terminal(given, locale)
    answers = terminal.ask_all(company_form.COMPANY, init.known(home))
    answers = _mail(terminal, answers)
    init.keep(home, answers)
    _administrator(terminal)
    terminal.say(DONE)


def _mail(terminal: Terminal, before: Mapping[str, str]) -> dict[str, str]:
    """Tried on the spot; a server that does not answer is asked for again."""
    while True:
        answers = _mail_answers(terminal, before)
        try:
            _try(terminal, answers)
        except InputError as error:
            if any(name.startswith("mail_") for name in terminal.given) or not sys.stdin.isatty():
                raise
            terminal.complain(error)
            before = answers
        else:
            return answers


def _try(terminal: Terminal, answers: Mapping[str, str]) -> None:
    to = _recipient(terminal) if answers["mail_host"] else ""
    if not mail_trial.try_mail(answers, to, terminal.locale, clock.real_now()):  # there is no database yet
        terminal.say(NO_MAIL)
        return
    terminal.say(MAIL_WORKS)
    if to:
        terminal.say(speak(MAIL_SENT, terminal.locale).format(to=to))


def _recipient(terminal: Terminal) -> str:
    """Whoever will administrate; at a later run whoever is asked for."""
    return terminal.given.get("admin_email") or terminal.ask(company_form.TEST_MAIL, {})


def _mail_answers(terminal: Terminal, before: Mapping[str, str]) -> dict[str, str]:
    domain, host, *rest = company_form.MAIL
    answers = terminal.ask_all((domain, host), before)
    return terminal.ask_all(rest, answers) if answers["mail_host"] else answers


def _administrator(terminal: Terminal) -> None:
    """On the configured or the running database, or on one that is started for this command."""
    from einklang.project import running, schema

    with running.database() as url:
        schema.migrate(url)  # one of one's own may be empty
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "einklang.project.settings")
        import django

        django.setup()
        from einklang.core.connection import cursor
        from einklang.facts.people import users

        if users.anybody(cursor()) and not terminal.given.get("admin_email"):
            terminal.say(THERE)
            return
        _ask_administrator(terminal)


def _ask_administrator(terminal: Terminal) -> None:
    """A password that is too weak is asked for again; an input that ended has none to give."""
    from django.db import transaction

    while True:
        answers = terminal.ask_all(company_form.ADMINISTRATOR, {})
        try:
            with transaction.atomic():
                init.first_administrator(answers, source="init", now=clock.now())
            return
        except InputError as error:
            if error.field.removeprefix("--") in terminal.given:
                raise
            terminal.complain(error)
