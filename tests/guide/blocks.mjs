// The fenced blocks of a page: what is run, and what it prints.
import { readFile } from 'node:fs/promises';

const RUN = ['sh', 'python', 'ts'];
const PRINTED = ['json', 'text'];

/**
 * The blocks that are run, in order: `language`, `text`, `title` for people, `file` that they are
 * kept in (by a comment on the first line), `isOnce` where other pages build on it (```sh once),
 * and the `answer` that follows, if any.
 */
export async function blocks(path) {
  const page = await readFile(path, 'utf8');
  const found = [];
  let heading;
  for (const [, title, info, text] of page.matchAll(/^#+ (.+)$|^```(.+)\n([^]*?)^```$/gm)) {
    if (title) {
      heading = title;
      continue;
    }
    const [language, ...rest] = info.split(' ');
    if (RUN.includes(language)) {
      const file = text.match(/^(?:#|\/\/) (\S+\.(?:py|ts))\n/)?.[1];
      const isOnce = rest.includes('once');
      found.push({ language, text, title: file ?? heading, file, isOnce });
    } else if (PRINTED.includes(language)) {
      const last = found.at(-1);
      // Before the first of them stands what prepares the reader.
      if (last?.answer) throw new Error(`${path}: two answers to ${last.title}`);
      if (last) last.answer = text.trimEnd();
    } else {
      throw new Error(`${path}: a block of ${info} is not run`);
    }
  }
  return found;
}
