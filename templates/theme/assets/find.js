/* Finds records in the search's files, see generator/index.py. No page here, so that tests can use it alone. */

const json = async (url) => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
};
const reversed = (text) => [...text].reverse().join("");
const LAST = "\uffff";
const PARTS = 4; // files to look through for one range of words
const MOST = 50; // words of a query; with a pasted book, or a link that asks for one, the page would stand still
const PART = 0.7; // what a word that begins or ends with the asked one counts, beside it
const [ALL, ONE] = [0.8, 0.1]; // what a record counts that says all parts of an unknown compound, or only one
const FAINT = 0.2; // what a word counts that only makes a sentence

/** The words of a language, by the rules that came with the index; the twin of generator/normalise.py. */
export class Words {
  constructor(rules) {
    const compiled = (list) => list.map(([find, put]) => [new RegExp(find, "g"), put]);
    [this.folds, this.stems] = [compiled(rules.fold), compiled(rules.stem)];
    this.word = new RegExp(rules.word, "g");
    this.hyphen = new RegExp(rules.split);
    this.folded = new Map();
    this.stop = new Set(rules.stop.map((word) => this.fold(word)));
    this.known = new Map();
    this.faint = new Set(rules.faint.map((word) => this.stem(word)));
    this.other = new RegExp(rules.other);
  }
  fold(word) {
    if (!this.folded.has(word)) this.folded.set(word, this.spell(word));
    return this.folded.get(word);
  }
  spell(word) {
    return this.folds.reduce((text, [find, put]) => text.replace(find, put), word.toLowerCase().normalize("NFKD"));
  }
  stem(word) {
    if (!this.known.has(word)) {
      this.known.set(word, this.stems.reduce((text, [find, put]) => text.replace(find, put), this.fold(word)));
    }
    return this.known.get(word);
  }
  /** [term, form] of each part of a word with hyphens, and of the parts in one. */
  terms(word) {
    const parts = word.split(this.hyphen);
    const found = parts.filter((part) => !this.stop.has(this.fold(part))).map((part) => [this.stem(part), part]);
    if (parts.length > 1) found.push([this.stem(parts.join("")), word]);
    return found.filter(([term]) => term);
  }
  in(text) {
    return text.matchAll(this.word);
  }
}

/** Edits (insert, delete, replace, swap neighbours) from `a` to `b`; more than `most` is `most + 1`. */
export function distance(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let [before, row] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    if (Math.min(...next) > most) return most + 1;
    [before, row] = [row, next];
  }
  return row[b.length];
}

export class Index {
  /** `base` is the URL of the folder with the search's files. */
  static async open(base) {
    return new Index(base, await json(new URL("index.json", base)));
  }
  constructor(base, start) {
    Object.assign(this, { base, start, words: new Words(start.rules), files: new Map(), few: new Map() });
  }
  file(name) {
    if (!this.files.has(name)) {
      const loading = json(new URL(`${name}.json`, this.base));
      loading.catch(() => this.files.delete(name)); // may be there next time
      this.files.set(name, loading);
    }
    return this.files.get(name);
  }
  /** The entries of `kind` from key `from` to key `to`; in a very large handbook the first ones. */
  async range(kind, from, to, most = PARTS) {
    const starts = this.start[kind];
    const parts = starts.map((_, i) => i).filter((i) => starts[i] <= to && (i + 1 === starts.length || starts[i + 1] > from)).slice(0, most);
    const key = kind === "ends" ? reversed : (term) => term;
    const loaded = await Promise.all(parts.map((i) => this.file(`${kind}-${i}`)));
    const found = loaded.flatMap(Object.entries).filter(([term]) => key(term) >= from && key(term) <= to);
    if (kind !== "hits") found.forEach(([term, [, few]]) => few && this.few.set(term, few)); // no need to load these
    return found;
  }
  async has(term) {
    return (await this.range("words", term, term))[0];
  }
  ending(end) {
    return this.range("ends", reversed(end), reversed(end) + LAST);
  }
  async hits(term) {
    const flat = this.few.get(term) ?? (await this.range("hits", term, term))[0]?.[1] ?? [];
    const found = new Map();
    for (let i = 0, at = 0; i < flat.length; i += 2) found.set((at += flat[i]), flat[i + 1]);
    return found;
  }
  async record(number) {
    const { chunk } = this.start;
    const [url, kind, title, summary, universe, text, parent] = (await this.file(`text-${Math.floor(number / chunk)}`))[number % chunk];
    return { number, url, kind, title, summary, universe, text, parent };
  }

  /** The known terms a word may mean, each with how much it counts: itself, words beginning or ending with it. */
  async meanings(word) {
    const [folded, stem] = [this.words.fold(word), this.words.stem(word)];
    const found = new Map();
    const add = (term, worth) => found.set(term, Math.max(found.get(term) ?? 0, worth));
    // Beginnings: of a term, or of a form whose ending is not yet whole.
    const begin = stem.length < folded.length ? stem : folded.slice(0, Math.max(3, folded.length - 5));
    const fits = ([term, [, , ...forms]]) => term.startsWith(folded) || term.startsWith(stem) || forms.some((form) => this.words.fold(form).startsWith(folded));
    // Endings: the rest must be long enough to be a word.
    const rest = stem.length > 3 ? 2 : 4;
    let [exact, from, to] = await Promise.all([
      this.has(stem),
      folded.length > 2 ? this.range("words", begin, folded + LAST) : [],
      stem.length > 2 ? this.ending(stem) : [],
    ]);
    const other = (text, from) => this.words.other.test(text.slice(from));
    // What of an entry's forms is left from where the asked word stands in it.
    const left = ([term, [, , ...forms]]) => forms.map((form) => this.words.fold(form).slice(Math.max(0, term.length - stem.length)));
    const says = (entry) => left(entry).some((text) => text.startsWith(folded) && !other(text, folded.length));
    let longer = from.filter(fits).sort((a, b) => a[0].length - b[0].length);
    let whole = to.filter(([term]) => term.length >= stem.length + rest).sort((a, b) => b[1][0] - a[1][0]);
    // No Uhr is in the Geschäftsführung.
    if (stem.length < 4) whole = whole.filter((entry) => says(entry) || left(entry).some((text) => !other(text, stem.length)));
    const ends = whole.some(says);
    // A Kocher is in the Wasserkocher, and nowhere where only something is cooked.
    if (ends && other(folded, stem.length) && !(exact && says(exact))) {
      exact = undefined;
      longer = longer.filter(([, [, , ...forms]]) => forms.some((form) => this.words.fold(form).startsWith(folded)));
      whole = whole.filter(says);
    }
    for (const list of [longer, whole]) {
      const few = list.filter(([, [, few]]) => few).slice(0, 24);
      for (const [term] of [...few, ...list.filter(([, [, few]]) => !few).slice(0, 12)]) add(term, PART);
    }
    if (exact) add(stem, 1);
    return { terms: found, exact, begins: longer.length > 0, ends };
  }

  /** The term a word begins with: the part as it stands, or (`loose`) known only within longer words. */
  async first(part, loose = false) {
    const stem = this.words.stem(part);
    if (stem.length < 3) return;
    return (await this.has(stem)) ?? (loose && stem.length > 4 ? (await this.range("words", stem, stem + LAST))[0] : undefined);
  }
  /** The term a word ends with, likewise. */
  async last(part, loose = false) {
    const stem = this.words.stem(part);
    if (stem.length < 3) return;
    const found = await this.ending(stem);
    return found.find(([term]) => term === stem) ?? (loose && stem.length > 4 ? found[0] : undefined);
  }
  /** Two or three known words that `text` is made of, the first as long as can be: Wein-auswahl, Tee-service, Gäste-blatt-vorlage. */
  async cut(text, { count = 2, least = 3, loose = false } = {}) {
    for (let i = text.length - least; i >= least; i--) {
      const [left, right] = [text.slice(0, i), text.slice(i)];
      if (!(await this.first(left, loose))) continue;
      if (count > 2) {
        const rest = await this.cut(right, { count: count - 1, least, loose });
        if (rest) return [left, ...rest];
      } else if (await this.last(right, loose)) return [left, right];
    }
  }
  /** The same where one of two words has a typo: Gast-geschenck. */
  async mend(text) {
    for (let i = text.length - 4; i > 3; i--) {
      const [left, right] = [text.slice(0, i), text.slice(i)];
      const like = async (part) => part.length > 6 && (await this.near(part, false)).find(({ edits, typo }) => typo && edits === 1)?.form;
      const [begin, end] = [(await this.first(left)) && (await like(right)), (await this.last(right)) && (await like(left))];
      if (begin || end) return begin ? [left, this.words.fold(begin)] : [this.words.fold(end), right];
    }
  }
  async parts(text) {
    return (await this.cut(text)) ?? (await this.cut(text, { least: 4, loose: true })) ?? [];
  }
  /** Words like one of these parts: Kund:innenparkplatz for Kundenparkplatz. */
  async wholes(parts) {
    const [first, last] = [this.words.stem(parts[0]), this.words.stem(parts.at(-1))];
    const alike = ([term]) => term.endsWith(last) && term.length <= parts.join("").length + 3;
    return (await this.range("words", first, first + LAST)).filter(alike).map(([term]) => term);
  }
  /** Record → weight for a word made of known ones, how rare it is, and their terms: first what says them all. */
  async together(parts) {
    const means = await Promise.all(parts.map((part) => this.meanings(part)));
    const each = await Promise.all(means.map(({ terms }) => this.weigh(terms)));
    const rare = each.map((scores) => this.rare(scores));
    const scores = new Map();
    for (const number of new Set(each.flatMap((part) => [...part.keys()]))) {
      const weights = each.map((part) => part.get(number) ?? 0);
      const sum = weights.reduce((sum, weight, i) => sum + weight * rare[i], 0) / rare.reduce((a, b) => a + b);
      scores.set(number, sum * (weights.every(Boolean) ? ALL : ONE));
    }
    return { scores, rare: Math.max(...rare), terms: means.flatMap(({ terms }) => [...terms.keys()]) };
  }

  /** Known words like this one, nearest first: { edits, term, form, typo }; `typo` if it may be meant. */
  async near(word, thorough = true) {
    const spellings = (text, stem) => [text.toLowerCase(), this.words.fold(text), stem];
    const asked = spellings(word, this.words.stem(word));
    const [, folded, stem] = asked;
    // One edit leaves one half as it is; where there are not too many words, look further, at last at all.
    const large = this.start.words.length > 4 * PARTS;
    const begin = folded.slice(0, large ? folded.length / 2 : 2);
    const end = reversed(stem.slice(large ? -stem.length / 2 : -3));
    const found = new Map();
    const compare = (entries) => {
      for (const [term, [count, , ...forms]] of entries) {
        for (const form of found.has(term) ? [] : forms) {
          if (Math.abs(form.length - word.length) > 5 && Math.abs(term.length - stem.length) > 3) continue; // saves most of the work
          const length = Math.max(folded.length, this.words.fold(form).length);
          const most = length >= 9 ? 2 : length >= 5 && folded.length > 3 ? 1 : 0;
          const hint = Math.max(most, Math.min(3, Math.floor(length / 4)));
          const edits = Math.min(...spellings(form, term).map((other, i) => distance(asked[i], other, hint)));
          if (edits <= hint && edits < (found.get(term)?.edits ?? 9)) found.set(term, { edits, term, form, count, typo: edits <= most });
        }
      }
      return [...found.values()].some(({ typo }) => typo);
    };
    const some = await Promise.all([this.range("words", begin, begin + LAST, 3 * PARTS), this.range("ends", end, end + LAST, 3 * PARTS)]);
    if (!compare(some.flat()) && !large && thorough) compare(await this.range("words", "", LAST, Infinity));
    return [...found.values()].sort((a, b) => a.edits - b.edits || b.count - a.count);
  }

  /** Record → weight for terms, each with what it is worth. */
  async weigh(terms) {
    const scores = new Map();
    await Promise.all([...terms].map(async ([term, worth]) => (await this.hits(term)).forEach((weight, number) => {
      const [a, b] = [scores.get(number) ?? 0, weight * worth];
      scores.set(number, Math.max(a, b) + Math.min(a, b) / 5); // several of its forms say a little more than one
    })));
    return scores;
  }
  rare(scores) {
    return Math.log(1 + this.start.records / (scores.size || 1));
  }

  /** Record → weight for one word, which terms it was taken for, and what it may have meant if it is unknown. */
  async look(word) {
    const means = await this.meanings(word);
    const [long, text] = [word.length > 8, this.words.fold(word).slice(0, 50)];
    let parts = word.length > 5 && !means.exact && !means.ends ? await this.parts(text) : [];
    const wholes = parts.length ? await this.wholes(parts) : [];
    wholes.forEach((term) => means.terms.set(term, 0.9));
    const known = means.terms.size > 0;
    // A long word that is said in one place only may be a slip there.
    const slip = long && means.exact?.[1][0] === 1;
    const near = !slip && (means.exact || means.begins || means.ends) ? [] : (await this.near(word)).filter(({ edits }) => edits);
    const most = slip || parts.length ? 1 : near[0]?.edits;
    const typos = near.filter(({ edits, typo }) => typo && edits <= most && edits === near[0].edits).slice(0, 4);
    typos.forEach(({ edits, term }) => means.terms.set(term, Math.max(means.terms.get(term) ?? 0, 0.8 / edits)));
    if (long && !known && !parts.length && typos[0]?.edits !== 1) parts = (await this.mend(text)) ?? (await this.cut(text, { count: 3, least: 4 })) ?? [];
    const scores = await this.weigh(means.terms);
    const made = parts.length ? await this.together(parts) : { scores: [], rare: 0, terms: [] };
    made.scores.forEach((weight, number) => scores.set(number, Math.max(scores.get(number) ?? 0, weight)));
    const forms = (list) => [...new Set(list.map(({ form }) => form))];
    const said = known ? [] : await Promise.all(parts.map(async (part) => (await this.has(this.words.stem(part)))?.[1][2] ?? part));
    return {
      word, known, scores, rare: Math.max(made.rare, this.rare(scores)), terms: [...means.terms.keys(), ...made.terms],
      corrected: [...forms(typos), ...said], near: forms(near.slice(0, 3)),
    };
  }

  /** The best records for a query, and how each of its words was understood. */
  async find(query) {
    const phrases = [...query.matchAll(/["„“”»«]([^"„“”»«]+)["„“”»«]/g)].map((match) => match[1]);
    const pieces = [...this.words.in(query)].flatMap((match) => match[0].split(this.words.hyphen)).slice(0, MOST);
    const words = pieces.filter((word) => !this.words.stop.has(this.words.fold(word)));
    const looked = await Promise.all(words.map((word) => this.look(word)));
    await this.joined(pieces, words, looked);
    // What is only there to make a sentence counts little beside the words the sentence is about.
    const about = looked.filter(({ word }) => !this.words.faint.has(this.words.stem(word)));
    const counted = about.length ? about : looked;
    const scores = new Map();
    for (const one of looked) {
      const counts = counted.includes(one);
      one.scores.forEach((weight, number) => {
        const [sum, count] = scores.get(number) ?? [0, 0];
        scores.set(number, [sum + one.rare * weight * (counts ? 1 : FAINT), count + counts]);
      });
    }
    const asked = counted.length;
    let ranked = [...scores].filter(([, [, count]]) => count * 2 >= asked && (!phrases.length || count === asked));
    ranked = ranked.map(([number, [sum, count]]) => ({ number, score: sum * (count / asked) ** 2 }));
    ranked.sort((a, b) => b.score - a.score || a.number - b.number);
    if (phrases.length && !words.length) ranked = Array.from({ length: this.start.records }, (_, number) => ({ number }));
    if (phrases.length) ranked = await this.saying(phrases, ranked.slice(0, 200));
    else ranked = ranked.filter(({ score }) => score > ranked[0].score * 0.02);
    const terms = new Set(looked.flatMap((word) => word.terms));
    return { ranked, looked, terms, words };
  }
  /** Neighbours written as one word elsewhere: "Spin off" is also Spinoff. */
  async joined(parts, words, looked) {
    for (let i = 1; i < parts.length; i++) {
      const term = this.words.stem(parts[i - 1] + parts[i]);
      if (!(await this.has(term))) continue;
      const hits = await this.hits(term);
      for (const part of [parts[i - 1], parts[i]]) {
        const place = looked[words.indexOf(part)];
        if (!place) continue;
        const worth = Math.max(1, this.rare(hits) / place.rare);
        hits.forEach((weight, number) => place.scores.set(number, Math.max(place.scores.get(number) ?? 0, weight * worth)));
        place.terms.push(term);
      }
    }
  }
  /** Those that say every phrase as it stands. */
  async saying(phrases, ranked) {
    const even = (text) => ` ${[...this.words.in(text)].map((match) => match[0].toLowerCase()).join(" ")} `;
    const records = await Promise.all(ranked.map(({ number }) => this.record(number)));
    return ranked.filter((_, i) => {
      const text = even(`${records[i].title} | ${records[i].summary} | ${records[i].text}`);
      return phrases.every((phrase) => text.includes(even(phrase)));
    });
  }
}
