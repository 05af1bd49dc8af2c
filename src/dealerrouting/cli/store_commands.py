"""`db upgrade`, `db dump`, `restore`, `erase`, `export-person`: the store itself, and whose data are in it.

May know: stores on SQL, the desk, how output looks. May not know: how anything is stored or decided.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealerrouting.cli.calling import DONE, MORE, fault, say
from dealerrouting.cli.desk_commands import by_hand
from dealerrouting.cli.storing import Given, Opened, Place, opened, private, store_options

if TYPE_CHECKING:
    from dealerrouting.cli.dumps import Contents
    from dealerrouting.desk import Erased

__all__ = ["db", "erase", "export_person", "restore"]

_FILE = click.Path(path_type=Path)


@click.group()
def db() -> None:
    """Make the tables of a store; dump it."""


@db.command()
@store_options
def upgrade(given: Given) -> None:
    """Make the tables, or bring them to this release.

    Safe to repeat; what is stored stays as it is.
    """
    with opened(given, make=True) as found:
        from dealerrouting.adapters.sql import upgrade as upgraded
        from dealerrouting.adapters.sql.tables import REVISION

        ready = _is_ready(found)
        upgraded(found.place.url, schema=given.schema, prefix=given.prefix)
        say(f"{found.place.shown}: the tables {'were' if ready else 'are'} at {REVISION}{' already' if ready else ''}")


def _is_ready(found: Opened) -> bool:
    """Whether there is nothing to upgrade. A file that is not there is not made by asking."""
    from dealerrouting.errors import StoreUnavailable

    if found.place.file is not None and not found.place.file.exists():
        return False
    try:
        found.state()
    except StoreUnavailable as error:
        if error.reason != "outdated":
            raise
        return False
    return True


@db.command()
@store_options
@click.option("-o", "--output", metavar="FILE", type=_FILE, required=True, help="Write it here; - is stdout.")
def dump(given: Given, output: Path) -> None:
    """Write the whole store to a file, for `restore`.

    It is the store as it is at one instant, with what persons have said and the store's secret: only its owner may
    read FILE; keep it as you keep the store.
    """
    with opened(given) as found:
        from dealerrouting.adapters.sql import dump as dumped
        from dealerrouting.cli.dumps import contents
        from dealerrouting.cli.output import note, write

        def passed_on(write: object) -> Iterator[str]:
            for line in dumped(found.store):
                write(f"{line}\n")  # type: ignore[operator]
                yield line

        if str(output) == "-":
            held = contents(passed_on(lambda line: write(line, None)))
        else:
            _not_the_store(found.place, output)
            with private(output) as write_line:
                held = contents(passed_on(write_line))
        note(f"{'dumped' if str(output) == '-' else f'written to {output}'}: {held.words()}")


def _not_the_store(place: Place, file: Path) -> None:
    if place.file is not None and any(_same(file, own) for own in _files(place.file)):
        raise fault(str(file), "is a file of the store itself", "give another one")


def _files(database: Path) -> tuple[Path, ...]:
    return (database, *(database.with_name(f"{database.name}{end}") for end in ("-wal", "-shm", "-journal")))


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve() or (one.exists() and other.exists() and one.samefile(other))


@click.command()
@store_options
@click.argument("file", type=_FILE)
@click.option("--actor", metavar="ID", default="restore", show_default=True, help="Who does it: an id, which is kept.")
@click.option("--yes", is_flag=True, help="Also where there is something in the store: it is replaced.")
def restore(given: Given, file: Path, actor: str, yes: bool) -> None:
    """Put a dump in the place of all that is in the store.

    FILE is what `db dump` wrote. Whoever was erased since then stays erased. Afterwards all is held, until somebody has
    looked and says `release`.
    """
    with opened(given) as found:
        from dealerrouting.adapters.sql import dump as dumped
        from dealerrouting.cli.dumps import contents

        new = _dump_of(file)
        old = contents(dumped(found.store))
        say(f"{found.place.shown} holds {old.words()}", f"{file} holds {new.words()}")
        if not old.empty and not yes:
            raise fault("restore", "nothing was changed, for what the store holds would be lost", "say --yes")
        _restored(found, file, actor)


def _dump_of(file: Path) -> Contents:
    from dealerrouting.cli.dumps import contents

    with _lines(file) as lines:
        try:
            found = contents(lines)
        except ValueError as error:
            line, what = error.args if len(error.args) == 2 else (1, "this is no text in UTF-8")
            raise fault(f"{file}:{line}", str(what), "give a file that `db dump` wrote") from None
    if not found.whole:
        raise fault(str(file), "its last line is missing, so it is not whole", "give another one")
    return found


@contextmanager
def _lines(file: Path) -> Iterator[Iterator[str]]:
    try:
        with file.open(encoding="utf-8") as lines:
            yield lines
    except OSError as error:
        raise fault(str(file), f"cannot be read: {error.strerror}", "give a file that `db dump` wrote") from None


def _restored(found: Opened, file: Path, actor: str) -> None:
    from dealerrouting.adapters.sql import restore as put_back
    from dealerrouting.cli.status import released
    from dealerrouting.cli.wording import number
    from dealerrouting.errors import CorruptRecord

    with _lines(file) as lines:
        try:
            done = put_back(found.store, lines, actor=actor, reason=f"restored from {file.name}")
        except CorruptRecord as error:
            raise fault(str(file), f"{error}", "nothing was changed; give another one") from None
    say(f"restored: {number(sum(done.rows.values()), 'row')}")
    if done.forgotten:
        say(f"  erased since then, and stays so: {', '.join(done.forgotten)}")
    say("  all is held: nothing is done by itself, nothing is sent", "  look with: dealerrouting status")
    say(f"  then go on with: {released('all')}")


# Whose data are in it


@click.command()
@store_options
@click.option("--lead", "leads", metavar="ID", multiple=True, help="What this lead says; may be repeated.")
@click.option("--claim", "claims", metavar="ID", multiple=True, help="This claim; may be repeated.")
@click.option("--person", metavar="MAIL", help="All leads and claims that hold this mail address.")
@click.option("--expired", is_flag=True, help="What has been over for longer than the plan's `terms.retention`.")
@click.option("--scrub", is_flag=True, help="Nothing more; only clear what was erased before out of the files.")
@by_hand(reason=False)
@click.option("--dry-run", is_flag=True, help="Change nothing, and say what would be erased.")
def erase(
    given: Given,
    leads: tuple[str, ...],
    claims: tuple[str, ...],
    person: str | None,
    expired: bool,
    scrub: bool,
    actor: str,
    reason: str,
    dry_run: bool,
) -> None:
    """Remove what persons said, for good.

    What was decided and done stays, in ids. It prints ids only.

    Exit codes: 0 erased, 3 erased, but files still hold what is left of it: call again.
    """
    named = bool(leads or claims or person)
    with opened(given) as found:
        from dealerrouting.desk import Erased

        if [named, expired, scrub].count(True) != 1:
            what = "two things at once" if named or expired else "nothing is named"
            raise fault("erase", what, "give --lead, --claim or --person; or --expired alone; or --scrub alone")
        _all_there(found, leads, claims)
        if scrub:
            done = Erased((), dry_run or found.store.scrub(), dry_run)
        elif expired:
            done = found.desk.erase_expired(actor=actor, limit=1_000_000, dry_run=dry_run)
        else:
            given_ids = {"leads": leads, "claims": claims}
            done = found.desk.erase(actor=actor, reason=reason, person=person, dry_run=dry_run, **given_ids)
        say(*_erased(done, scrub))
    click.get_current_context().exit(DONE if done.scrubbed else MORE)


def _all_there(found: Opened, leads: tuple[str, ...], claims: tuple[str, ...]) -> None:
    """All that is named is there, or nothing is erased."""
    from dealerrouting.errors import Fault, Faulty, quoted

    wrong = [Fault("--lead", f"there is no lead {quoted(id)}") for id in found.missing("lead", leads)]
    gone = "a claim that was erased is gone altogether"
    wrong += [Fault("--claim", f"there is no claim {quoted(id)}", gone) for id in found.missing("claim", claims)]
    if wrong:
        raise Faulty([*wrong, Fault("erase", "nothing was erased")])


def _erased(done: Erased, scrub: bool) -> Iterator[str]:
    from dealerrouting.cli.wording import number

    word = "would be erased" if done.dry_run else "erased"
    yield from (f"{word}: {ref}" for ref in done.refs)
    if not done.refs and not scrub:
        yield "nothing to erase: no lead or claim holds that, or it was erased before"
        return
    elif not scrub:
        leads = sum(ref.kind == "lead" for ref in done.refs)
        yield f"{word}: {number(leads, 'lead')}, {number(len(done.refs) - leads, 'claim')}"
    if done.dry_run:
        yield "nothing was changed"
    elif done.scrubbed:
        yield "nothing of it is left in the files of the database; backups and dumps are yours to see to"
    else:
        yield "its files may still hold traces, because somebody else is using it, or this user may not clear them"
        yield "  when the others are done: dealerrouting erase --scrub --actor ID"


@click.command("export-person")
@store_options
@click.argument("mail")
@click.option("-o", "--output", metavar="FILE", type=_FILE, help="Write it here; only its owner may read it.")
def export_person(given: Given, mail: str, output: Path | None) -> None:
    """Hand out all that is kept of a person, as JSON.

    MAIL is the mail address that leads and claims hold.
    """
    with opened(given) as found:
        from dealerrouting.cli.output import note, write
        from dealerrouting.cli.wording import number

        if output is not None:
            _not_the_store(found.place, output)
        data = found.desk.export_person(mail)
        text = json.dumps(data, indent=2) + "\n"
        if output is None:
            write(text, None)
        else:
            with private(output) as write_text:
                write_text(text)
            note(f"written to {output}")
        leads, claims = len(data["leads"]), len(data["registrations"])
        note(
            f"{number(leads, 'lead')}, {number(claims, 'claim')}"
            if leads or claims
            else "nothing is kept of this person"
        )
