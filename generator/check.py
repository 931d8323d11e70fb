"""Step 2, check: the rules that need more than one record, each a function that yields problems.

A rule looks only at records that are valid by themselves; an id counts as known
when its file or entry is there, so that one mistake makes one problem.
"""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import combinations
from urllib.parse import unquote

from generator.language import catalogues
from generator.load import Page, Tree
from generator.models import Audience, Choice, Chooser, MentorPath, Ritual, Scale, Universe, prose_fields
from generator.problems import Problem, closest, did_you_mean, nearest, quote
from generator.prose import is_page_target, links
from generator.source import Loc, Source, line_column
from generator.uris import GUEST_START, PATHS, RESERVED, START, link_key, page_links, page_uris, site_path

ITEMS_WARN, ITEMS_FAIL = 7, 9
CONTRAST = 4.5  # WCAG 2.2 AA for text
PAPER = {"light": "#ffffff", "dark": "#16181d"}  # the backgrounds in templates/theme/assets/playbook.css


def check(tree: Tree, symbols: set[str], today: date) -> list[Problem]:
    """All problems of the records together. `symbols` holds the names of the theme's symbols."""
    found: list[Problem] = []
    for rule in (references, profiles, occasions, neighbours, checklists, order, guests, numbers, paths, chooser):
        found.extend(rule(tree))
    found.extend(pages(tree))
    found.extend(targets(tree))
    found.extend(looks(tree, symbols))
    found.extend(reviews(tree, today))
    return found


def published(tree: Tree) -> list[Ritual]:
    return [ritual for ritual in tree.playbook.rituals.values() if ritual.status == "published"]


def rituals(tree: Tree) -> Iterator[tuple[Ritual, Source]]:
    for key, ritual in tree.playbook.rituals.items():
        yield ritual, tree.sources[f"ritual/{key}"]


def universes(tree: Tree) -> Iterator[tuple[Universe, Source]]:
    for key, universe in tree.playbook.universes.items():
        yield universe, tree.sources[f"universe/{key}"]


def mentor_paths(tree: Tree) -> Iterator[tuple[MentorPath, Source]]:
    for key, path in tree.playbook.paths.items():
        yield path, tree.sources[f"path/{key}"]


def known(tree: Tree, kind: str) -> dict[str, None] | None:
    """The ids of a kind, in their order; None where nothing can be said, because they could not be read."""
    unread = kind in tree.sources and not isinstance(tree.sources[kind].data, dict)
    return None if unread or not tree.ids("universe") else dict.fromkeys(tree.ids(kind))


def unknown(
    ids: dict[str, None] | None, source: Source, loc: Loc, value: str, what: str, *, key: bool = False
) -> Iterator[Problem]:
    """A problem if `value` is not among the `ids`, as far as they are known."""
    if ids is not None and value not in ids:
        yield source.problem(loc, f"unknown {what} {quote(value)}{nearest(value, ids)}", key=key)


def compare(given: Iterable[str], wanted: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """The unknown among the given ids, each with a hint; and the missing ones, but none that is only misspelt."""
    given, wanted = list(given), list(wanted)
    unknown = {key: closest(key, wanted) for key in given if key not in wanted}
    hints = {key: did_you_mean(key, wanted) or "; remove it" for key in unknown}
    return hints, [key for key in wanted if key not in given and key not in unknown.values()]


def references(tree: Tree) -> Iterator[Problem]:
    """Every id that a record names is there; roles of steps and checklists are among the ritual's."""
    ids = {kind: known(tree, kind) for kind in ("roles", "occasions", "gates", "universe", "ritual")}
    for ritual, source in rituals(tree):
        yield from unknown(ids["occasions"], source, ("occasion",), ritual.occasion, "occasion")
        for role in ritual.roles:
            yield from unknown(ids["roles"], source, ("roles", role), role, "role", key=True)
        for index, gate in enumerate(ritual.gates):
            yield from unknown(ids["gates"], source, ("gates", index), gate, "gate")
            if gate in ritual.gates[:index]:
                yield source.problem(("gates", index), f"{quote(gate)} is there twice; remove it")
        for index, other in enumerate(ritual.related):
            yield from another(tree, ids["ritual"], ritual, source, ("related", index), other, ritual.related[:index])
        parts = [part.ritual for part in ritual.parts]
        for index, other in enumerate(parts):
            yield from another(tree, ids["ritual"], ritual, source, ("parts", index, "ritual"), other, parts[:index])
        for loc, role in used_roles(ritual):
            if role not in ritual.roles:
                hint = did_you_mean(role, ritual.roles) or "; add it to the ritual's 'roles'"
                yield source.problem(loc, f"role {quote(role)} is not among this ritual's roles{hint}")
    if tree.playbook.glossary:
        source = tree.sources["glossary"]
        for key, term in tree.playbook.glossary.terms.items():
            for index, name in enumerate(term.universes):
                yield from unknown(ids["universe"], source, ("terms", key, "universes", index), name, "universe")
            for index, name in enumerate(term.see):
                yield from unknown(ids["ritual"], source, ("terms", key, "see", index), name, "ritual")
                if message := draft(tree, name, None):
                    yield source.problem(("terms", key, "see", index), message)


def another(
    tree: Tree,
    ids: dict[str, None] | None,
    ritual: Ritual,
    source: Source,
    loc: Loc,
    other: str,
    above: Collection[str],
) -> Iterator[Problem]:
    """A ritual that `ritual` names is there, is published, is another one, and is not in the list `above` already."""
    yield from unknown(ids, source, loc, other, "ritual")
    if message := draft(tree, other, ritual):
        yield source.problem(loc, message)
    if other == ritual.id or other in above:
        yield source.problem(loc, f"{quote(other)} is this ritual itself or there twice; remove it")


def used_roles(ritual: Ritual) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for i, step in enumerate(ritual.steps):
        yield ("steps", i, "role"), step.role
    for i, checklist in enumerate(ritual.checklists):
        yield ("checklists", i, "caller"), checklist.caller
        for j, item in enumerate(checklist.items):
            if item.role is not None:
                yield ("checklists", i, "items", j, "role"), item.role


def draft(tree: Tree, key: str, user: Ritual | None) -> str | None:
    """Something published must not lead to a draft; `user` is the ritual that does, if it is one."""
    ritual = tree.playbook.rituals.get(key.rpartition("/")[2])
    if ritual is None or key not in (ritual.id, f"{ritual.universe}/{ritual.id}"):
        return None
    if ritual.status == "published" or (user and user.status == "draft"):
        return None
    return f"{quote(key)} is a draft and will not be in the handbook; publish it or remove this"


def ends(scale: Scale) -> str:
    return f"0 is {quote(scale.low)}, 100 is {quote(scale.high)}"


def profiles(tree: Tree) -> Iterator[Problem]:
    """Every universe answers every dimension, with a position where the dimension has a scale."""
    dimensions = known(tree, "dimensions")
    if dimensions is None:
        return
    for universe, source in universes(tree):
        unknown, missing = compare(universe.profile, dimensions)
        for key, hint in unknown.items():
            yield source.problem(("profile", key), f"unknown dimension {quote(key)}{hint}", key=True)
        for key in missing:
            dimension = tree.playbook.dimensions.get(key)
            position = f", with a position: {ends(dimension.scale)}" if dimension and dimension.scale else ""
            message = f"dimension '{key}' is not answered; add it to 'profile'{position}"
            yield source.problem(("profile",), message, key=True)
        for key, answer in universe.profile.items():
            dimension = tree.playbook.dimensions.get(key)
            if dimension and dimension.scale and answer.position is None:
                message = f"'position' is missing for '{key}': {ends(dimension.scale)}"
                yield source.problem(("profile", key), message, key=True)
            elif dimension and not dimension.scale and answer.position is not None:
                yield source.problem(
                    ("profile", key, "position"), f"dimension '{key}' has no scale; remove 'position'", key=True
                )


def occasions(tree: Tree) -> Iterator[Problem]:
    """Every universe answers every occasion: by a published ritual, or by saying why not."""
    names = known(tree, "occasions")
    if names is None:
        return
    there = {(ritual.universe, ritual.occasion) for ritual in published(tree)}
    answered: defaultdict[str, set[str]] = defaultdict(set)  # universe → occasions
    for key in tree.ids("ritual"):
        source, ritual = tree.sources[f"ritual/{key}"], tree.playbook.rituals.get(key)
        if ritual and ritual.status == "draft":
            continue
        data = source.data if isinstance(source.data, dict) else {}
        occasion = ritual.occasion if ritual else data.get("occasion")
        # a ritual with mistakes answers its occasion all the same, and if that is the mistake, any
        answered[source.path.split("/")[1]].update({occasion} if occasion in list(names) else names)
    for universe, source in universes(tree):
        unknown, missing = compare([*universe.no_ritual_for, *answered[universe.id]], names)
        for key in universe.no_ritual_for:
            loc = ("no_ritual_for", key)
            if key in unknown:
                yield source.problem(loc, f"unknown occasion {quote(key)}{unknown[key]}", key=True)
            elif (universe.id, key) in there:
                message = f"there is a ritual for '{key}'; remove the reason why there is none"
                yield source.problem(loc, message, key=True)
        for key in missing:
            message = f"no published ritual for the occasion '{key}'; add one, or say why not in 'no_ritual_for'"
            yield source.problem(("no_ritual_for",), message, key=True)


def neighbours(tree: Tree) -> Iterator[Problem]:
    """Every universe speaks to those who come from each other one."""
    for universe, source in universes(tree):
        unknown, missing = compare(universe.coming_from, (key for key in tree.ids("universe") if key != universe.id))
        for key, hint in unknown.items():
            yield source.problem(("coming_from", key), f"{quote(key)} is no other universe{hint}", key=True)
        for key in missing:
            if tree.sources[f"universe/{key}"].data is not None:
                message = f"'{key}' is missing in 'coming_from'; add it: how should a person used to it behave here?"
                yield source.problem(("coming_from",), message, key=True)


def checklists(tree: Tree) -> Iterator[Problem]:
    """A published ritual has a checklist; lists are short enough to be read aloud; hosts read them."""
    for ritual, source in rituals(tree):
        if not ritual.checklists and ritual.status == "published":
            message = "a published ritual needs at least one checklist; add one, or set 'status: draft'"
            yield source.problem(("checklists",), message, key=True)
        ids: set[str] = set()
        for i, checklist in enumerate(ritual.checklists):
            count = len(checklist.items)
            if count > ITEMS_WARN:
                yield source.problem(
                    ("checklists", i, "items"),
                    f"{count} items in one pause; "
                    + (
                        f"more than {ITEMS_FAIL} cannot be called: split it or keep only what is critical"
                        if count > ITEMS_FAIL
                        else f"aim for 5 to {ITEMS_WARN}, so that it is read aloud in a minute"
                    ),
                    key=True,
                    warning=count <= ITEMS_FAIL,
                )
            caller = tree.playbook.roles.get(checklist.caller)
            if caller and caller.side == "guest":
                yield source.problem(
                    ("checklists", i, "caller"), f"{quote(checklist.caller)} is a guest; a host reads the list aloud"
                )
            texts: set[str] = set()
            for j, item in enumerate(checklist.items):
                loc = ("checklists", i, "items", j)
                if item.text in texts:
                    yield source.problem((*loc, "text"), f"the item {quote(item.text)} is there twice; remove one")
                if item.id in ids:
                    yield source.problem(
                        (*loc, "id"), f"the id {quote(item.id)} is there twice in this ritual; rename one"
                    )
                texts.add(item.text)
                ids |= {item.id} if item.id else set()


def order(tree: Tree) -> Iterator[Problem]:
    """Steps stand in the order of time."""
    for ritual, source in rituals(tree):
        for i in range(1, len(ritual.steps)):
            if ritual.steps[i].at.total < ritual.steps[i - 1].at.total:
                message = "this step begins before the one above it; put the steps in order of time"
                yield source.problem(("steps", i, "at"), message)


def guests(tree: Tree) -> Iterator[Problem]:
    """Words for guests only where guests may read."""
    for ritual, source in rituals(tree):
        for i, step in enumerate(ritual.steps):
            if step.guest_text and step.visible_to is Audience.TEAM:
                message = "words for guests, but the step is for the team; add 'visible_to: guest' or remove this"
                yield source.problem(("steps", i, "guest_text"), message, key=True)


def numbers(tree: Tree) -> Iterator[Problem]:
    """Numbers and titles that contradict each other."""
    for ritual, source in rituals(tree):
        if ritual.people.min > ritual.people.max:
            yield source.problem(
                ("people", "min"), f"'min' ({ritual.people.min}) is larger than 'max' ({ritual.people.max})"
            )
    for kind in (rituals, universes, mentor_paths):
        titles: dict[str, str] = {}
        for record, source in kind(tree):
            folded = record.title.casefold()
            if folded in titles:
                taken = f"the title {quote(record.title)} is taken by {titles[folded]}"
                yield source.problem(("title",), f"{taken}; readers could not tell them apart")
            titles[folded] = source.path


def paths(tree: Tree) -> Iterator[Problem]:
    """A mentor's path leads through rituals that are there, stage after stage."""
    ids = {kind: known(tree, kind) for kind in ("universe", "ritual")}
    for path, source in mentor_paths(tree):
        if path.universe:
            yield from unknown(ids["universe"], source, ("universe",), path.universe, "universe")
        for i, stage in enumerate(path.stages):
            for field in ("observe", "assist", "lead"):
                practices = getattr(stage, field)
                for j, practice in enumerate(practices):
                    loc = ("stages", i, field, j, "ritual")
                    if any(practice.ritual == other.ritual for other in practices[:j]):
                        yield source.problem(loc, f"{quote(practice.ritual)} is there twice; join the two tasks")
                    yield from unknown(ids["ritual"], source, loc, practice.ritual, "ritual")
                    if message := draft(tree, practice.ritual, None):
                        yield source.problem(loc, message)
            if not (stage.observe or stage.assist or stage.lead):
                message = "a stage without a ritual; name one in 'observe', 'assist' or 'lead'"
                yield source.problem(("stages", i), message)
            before = path.stages[:i]
            if any(stage.id == other.id for other in before):
                yield source.problem(("stages", i, "id"), f"the id {quote(stage.id)} is there twice; rename one")
            if stage.until.total <= max((other.until.total for other in before), default=-1):
                message = "this stage ends before it begins; 'until' is its last day, such as +6d, counted from day one"
                yield source.problem(("stages", i, "until"), message)


def chooser(tree: Tree) -> Iterator[Problem]:
    """Every universe can be the result, has its advice, and meets every other one."""
    names, chooser = known(tree, "universe"), tree.playbook.chooser
    if chooser is None or names is None:
        return
    source = tree.sources["chooser"]
    hints, missing = compare(chooser.universes, names)
    for key, hint in hints.items():
        yield source.problem(("universes", key), f"unknown universe {quote(key)}{hint}", key=True)
    for key in missing:
        yield source.problem(("universes",), f"'{key}' is missing: what does it mean for the next contact?", key=True)
    pairs: set[frozenset[str]] = set()
    for i, friction in enumerate(chooser.friction):
        for j, key in enumerate(friction.between):
            yield from unknown(names, source, ("friction", i, "between", j), key, "universe")
        pair = frozenset(friction.between)
        if len(pair) == 1 or pair in pairs:
            yield source.problem(("friction", i, "between"), "two different universes, each pair once; remove this")
        pairs.add(pair)
    for one, other in combinations(names, 2):
        if frozenset((one, other)) not in pairs:
            yield source.problem(("friction",), f"the pair '{one}' and '{other}' is missing; add it", key=True)
    seen = Counter(situation.id for situation in chooser.situations)
    for i, situation in enumerate(chooser.situations):
        if seen[situation.id] > 1:
            yield source.problem(("situations", i, "id"), f"the id {quote(situation.id)} is there twice; rename one")
        answers = Counter(answer.id for answer in situation.answers)
        for j, answer in enumerate(situation.answers):
            loc = ("situations", i, "answers", j)
            if answers[answer.id] > 1:
                yield source.problem((*loc, "id"), f"the id {quote(answer.id)} is there twice; rename one")
            for key in answer.weights:
                yield from unknown(names, source, (*loc, "weights", key), key, "universe", key=True)
    for key in names:
        if not reachable(chooser, key, names):
            message = f"'{key}' can never be the result; give it more weight in the answers that speak for it"
            yield source.problem(("situations",), message, key=True)


def reachable(chooser: Chooser, universe: str, names: Iterable[str]) -> bool:
    """Whether a team that always answers as `universe` would, comes out with more points for it than for any other."""
    others = [name for name in names if name != universe]

    def margin(answer: Choice) -> int:
        return answer.weights.get(universe, 0) - max((answer.weights.get(name, 0) for name in others), default=0)

    answers = [max(situation.answers, key=margin) for situation in chooser.situations]
    points = Counter[str]()
    for answer in answers:
        points.update(answer.weights)
    return all(points[universe] > points[name] for name in others)


def reviews(tree: Tree, today: date) -> Iterator[Problem]:
    """A review that is due warns; one in the future is a slip."""
    dated: list[tuple[Source, date, int | None]] = [(s, r.reviewed, r.review_every) for r, s in rituals(tree)]
    dated += [(s, u.reviewed, u.review_every) for u, s in universes(tree)]
    dated += [(s, p.reviewed, p.review_every) for p, s in mentor_paths(tree)]
    for name in ("glossary", "chooser"):
        if record := getattr(tree.playbook, name):
            dated.append((tree.sources[name], record.reviewed, None))
    for source, reviewed, months in dated:
        if reviewed > today:
            yield source.problem(("reviewed",), f"{reviewed} is in the future; write the day of the last review")
        elif reviewed.year < 1970:  # with which the site would be dated, and no computer knows that time
            yield source.problem(("reviewed",), f"{reviewed} is long past; write the day of the last review")
        elif months:
            year, month = divmod(reviewed.year * 12 + reviewed.month - 1 + months, 12)
            if (year, month + 1, reviewed.day) < (today.year, today.month, today.day):
                message = (
                    f"last reviewed {reviewed}, to be reviewed every {months} months; read it again and set the date"
                )
                yield source.problem(("reviewed",), message, warning=True)


def looks(tree: Tree, symbols: set[str]) -> Iterator[Problem]:
    """A universe's symbol exists and its colour can be read on paper."""
    for universe, source in universes(tree):
        if universe.symbol not in symbols:
            hint = nearest(universe.symbol, sorted(symbols))
            yield source.problem(("symbol",), f"unknown symbol {quote(universe.symbol)}{hint}")
        for mode, paper in PAPER.items():
            colour = getattr(universe.colour, mode)
            ratio = contrast(colour, paper)
            if ratio < CONTRAST:
                wanted = "darker" if mode == "light" else "lighter"
                message = (
                    f"{colour} has a contrast of {ratio:.1f} on {mode} paper, {CONTRAST} is needed; take a {wanted} one"
                )
                yield source.problem(("colour", mode), message)


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two `#rrggbb` colours, 1 to 21."""

    def luminance(colour: str) -> float:
        channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def pages(tree: Tree) -> Iterator[Problem]:
    """No two pages at one address, and none at an address the site needs itself."""
    others = catalogues(tree.root)  # languages, each with a folder of its own
    for universe, source in universes(tree):
        if universe.id in (*RESERVED, PATHS, *others):
            yield source.problem((), f"the site needs the name '{universe.id}' itself; rename the universe's folder")
    for ritual, source in rituals(tree):
        if ritual.id in RESERVED or ritual.id in tree.playbook.universes:
            yield source.problem((), f"the id '{ritual.id}' is taken by a page or universe; rename the file")
    taken = {site_path(uri): "the handbook" for uri in page_uris(tree.playbook).values() if uri != START}
    for kind in ("universe", "ritual"):  # a ritual's id is no address, but what links call it
        taken |= {f"{key}/": tree.sources[f"{kind}/{key}"].path for key in tree.ids(kind)}
    for mentor_path, source in mentor_paths(tree):
        if mentor_path.id in tree.playbook.rituals or mentor_path.id in tree.playbook.universes:
            yield source.problem((), f"the id '{mentor_path.id}' is taken by a ritual or universe; rename the file")
    for src_uri, page in tree.pages.items():
        path = site_path(src_uri)
        if path in taken or path.split("/")[0] in (*RESERVED, *others):
            message = f"the address {path} is taken by {taken.get(path, 'the handbook')}; rename this page"
            yield Problem(page.source.path, 1, 1, message)
        taken[path] = page.source.path
    for found in tree.translations.values():
        for src_uri, page in found.items():
            if src_uri not in tree.pages:
                hint = did_you_mean(src_uri, tree.pages) or "; write that page first"
                yield Problem(page.source.path, 1, 1, f"there is no page {quote(src_uri)} to translate{hint}")
            elif page.of != (digest := tree.pages[src_uri].digest):
                message = f"not of {src_uri} as it is now; read both, mend this page, then write 'of: {digest}' here"
                yield page.source.problem(("of",), message, key=True, warning=True)


def targets(tree: Tree) -> Iterator[Problem]:
    """Links lead to pages that exist, in prose and in hand-written pages."""
    handbook = [uri for uri in tree.pages if uri != GUEST_START]
    keys = {*page_uris(tree.playbook), *page_uris(tree.playbook, handbook)}
    for name, source in tree.sources.items():  # records with mistakes have a page as well
        kind, _, key = name.partition("/")
        if kind in ("universe", "ritual"):
            keys |= {key, f"{source.path.split('/')[1]}/{key}" if kind == "ritual" else key}
        elif kind == "path":
            keys.add(f"{PATHS}/{key}")
        elif kind in ("page", "glossary", "chooser"):
            keys.add(link_key(key, "") or {"glossary": "glossar", "chooser": "kompass"}[kind])
    unread: tuple[str, ...] = ()
    for kind, folder in (("occasions", "anlaesse/"), ("roles", "rollen/")):
        ids = known(tree, kind)
        keys |= {folder + key for key in ids or ()}
        unread += (folder,) if ids is None else ()
    glossary = tree.sources["glossary"].data if "glossary" in tree.sources else None
    terms = glossary.get("terms") if isinstance(glossary, dict) else None

    def wrong(typed: str, key: str, user: Ritual | None) -> str | None:
        """What is wrong with a link to the page `key`, or None."""
        anchor = typed.partition("#")[2]
        if key == "glossar" and anchor and isinstance(terms, dict) and anchor not in terms:
            return f"no term '{anchor}' in the glossary{did_you_mean(anchor, terms)}"
        if key in keys or key.startswith(unread):
            return draft(tree, key, user)
        return f"no page {quote(typed)}" + (
            did_you_mean(key, keys) or "; write an id such as 'empfang', or a page's path"
        )

    for target in tree.playbook.glossary.found_by if tree.playbook.glossary else ():
        if found := wrong(target, target.partition("#")[0].strip("/"), None):
            yield tree.sources["glossary"].problem(("found_by", target), found, key=True)

    for record, source, prefix in tree.records():
        user = record if isinstance(record, Ritual) else None
        if prefix not in source.linking:
            texts = prose_fields(record, prefix)
            source.linking[prefix] = [(loc, text, list(links(text))) for loc, text in texts if "](" in text]
        for loc, text, typed in source.linking[prefix]:
            seen = Counter[str]()
            for target in typed:
                nth, seen[target] = seen[target], seen[target] + 1
                known_page = is_page_target(target)
                if not known_page:
                    message = f"{quote(target)} is not a page of the handbook; the link is shown as typed"
                elif found := wrong(target, target.partition("#")[0].strip("/"), user):
                    message = found
                else:
                    continue
                needle = f"]({target})" if f"]({target})" in text else f"]({target}"
                place = source.place_of(loc, needle, nth=nth, into=2)
                yield Problem(source.path, *place, message, "error" if known_page else "warning")
    for page in (*tree.pages.values(), *(page for found in tree.translations.values() for page in found.values())):
        for href, line, column in link_places(page):
            if found := wrong(unquote(href), link_key(href, posixpath.dirname(page.src_uri)), None):
                yield Problem(page.source.path, line, column, found)


def link_places(page: Page) -> Iterator[tuple[str, int, int]]:
    """(target, line, column) of every link to a page in a hand-written page."""
    for place, href in page_links(page.body):
        line, column = line_column(page.body, place.start)
        yield href, page.body_line + line, column
