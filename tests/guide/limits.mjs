// The figures of the guide's table of limits, held against the configuration's defaults.
import { readFile } from 'node:fs/promises';

const DEFAULTS = new URL('../../api/config.default.toml', import.meta.url);

/** How many figures there are; an error where one is another. */
export async function limits(guide) {
  const defaults = await readFile(DEFAULTS, 'utf8');
  const rows = [...(await readFile(guide, 'utf8')).matchAll(/^\| `(\w+)\.([\w.]+)`.*?\| (\d+) \|/gm)];
  for (const [, section, setting, figure] of rows) {
    const [name, part] = setting.split('.');
    const lines = defaults.split(`\n[${section}]\n`)[1]?.split(/\n\[/)[0] ?? '';
    const value = lines.match(new RegExp(`^${name} = (.+)$`, 'm'))?.[1];
    const is = part ? value?.match(new RegExp(`\\b${part} = (\\d+)`))?.[1] : value;
    if (is !== figure) {
      throw new Error(`${section}.${setting} is ${is}, and ${figure} in the guide`);
    }
  }
  if (rows.length === 0) throw new Error('the guide has no table of limits');
  return rows.length;
}
