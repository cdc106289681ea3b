// What a snippet prints, as the guide shows it: JSON that is compared as JSON, or lines. `<…>` stands
// for anything, and in JSON, where it is a name in capitals, what stands there is found by that name.
// `…` is any lines.
const ANYTHING = '…';

export class Expected {
  constructor(text) {
    this.text = text;
    this.lines = text.split('\n');
    /** Whether the program goes on after what is shown. */
    this.isEndless = this.lines.at(-1) === ANYTHING;
  }

  /** What was found by name, or null where something else was printed. */
  compare(printed) {
    const [must, is] = [json(this.text), json(printed)];
    const found = {};
    const isSame =
      must === undefined
        ? sameLines(this.lines, printed.trimEnd().split(/\r?\n/), found)
        : is !== undefined && sameJson(must, is, found);
    return isSame ? found : null;
  }
}

function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sameLines([must, ...rest], is, found) {
  if (must === undefined) return is.length === 0;
  if (must === ANYTHING) {
    return is.some((_, skipped) => sameLines(rest, is.slice(skipped), found)) || rest.length === 0;
  }
  return is.length > 0 && sameLine(must, is[0], found) && sameLines(rest, is.slice(1), found);
}

function sameLine(must, is, found) {
  const [, before, object] = /^(.*?)(\{.*\})$/.exec(must) ?? [];
  if (object && json(object) !== undefined) {
    const value = is.startsWith(before) ? json(is.slice(before.length)) : undefined;
    return value !== undefined && sameJson(json(object), value, found);
  }
  const parts = must.split(/<[^>]+>/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`).test(is);
}

function sameJson(must, is, found) {
  if (typeof must === 'string' && /^<.+>$/.test(must)) {
    const name = must.slice(1, -1);
    if (/^[A-Z_]+$/.test(name)) found[name] = is;
    return is !== null && is !== undefined;
  }
  if (typeof must !== 'object' || must === null) return must === is;
  if (typeof is !== 'object' || is === null || Array.isArray(must) !== Array.isArray(is)) return false;
  const names = Object.keys(must);
  return (
    names.length === Object.keys(is).length && names.every((name) => sameJson(must[name], is[name], found))
  );
}
