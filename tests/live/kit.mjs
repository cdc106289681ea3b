// A demonstration of its own for a script: a fresh `camket dev` on a free port and a directory that
// is gone afterwards, its people, and figures that are checked and printed as a table.

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const COLUMNS = ['promised', 'reported', 'confirmed', 'unverified', 'disputed', 'difference'];
const PATIENCE_MS = 120_000;

/** Starts the demonstration, lets a script act in it, and stops it whatever happened. */
export async function inDemonstration(script) {
  const data = await mkdtemp(join(tmpdir(), 'camket-live-'));
  let running;
  try {
    running = await started(data);
    await script(running.people);
    console.log('\nall as it must be');
  } catch (deviation) {
    console.error(`\nDEVIATION: ${deviation.message}`);
    process.exitCode = 1;
  } finally {
    await running?.stop();
    await rm(data, { recursive: true });
  }
}

/** Starts the demonstration in a directory, on a free port unless one is given. */
export async function started(data, port = 0) {
  const camket = process.argv[2] ?? 'target/debug/camket';
  const server = spawn(camket, ['dev', '--port', `${port}`, '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => server.once('close', resolve));
  const stop = () => (server.kill('SIGTERM'), ended);
  return { ...(await said(server)), pid: server.pid, stop };
}

/** Reads what `camket dev` prints: its address, a token for each of its people, a router's key. */
async function said(server) {
  const late = setTimeout(() => server.kill(), PATIENCE_MS);
  const people = {};
  let [url, routerKey] = [];
  for await (const line of createInterface({ input: server.stdout })) {
    url ??= line.match(/http:\S+/)?.[0];
    routerKey ??= line.match(/camket_router_[\w-]+/)?.[0];
    const [subject, , party, token] = line.split(/\s+/);
    if (token?.startsWith('ckp_')) people[subject] ??= new Person(subject, party, token);
    // The last of the requests that it shows: everything has been said.
    if (line.startsWith('# 4.')) break;
  }
  clearTimeout(late);
  if (!url) throw new Error('camket dev did not start');
  for (const person of Object.values(people)) person.url = url;
  return { people, url, routerKey };
}

class Person {
  constructor(subject, party, token) {
    Object.assign(this, { subject, party, token });
  }

  /** The `data` of an answer without errors. */
  async ask(query, variables = {}) {
    const headers = {
      authorization: `Bearer ${this.token}`,
      'camket-party': this.party,
      'content-type': 'application/json',
    };
    const body = JSON.stringify({ query, variables });
    const response = await fetch(this.url, { method: 'POST', headers, body });
    const answer = await response.json();
    if (answer.errors) throw new Error(`${this.subject}: ${JSON.stringify(answer.errors)}`);
    return answer.data;
  }

  /** The payload of one mutation, refused or not. */
  async try(mutation, selection, input) {
    const type = `${mutation[0].toUpperCase()}${mutation.slice(1)}Input`;
    const document = `mutation ($input: ${type}!) {
      ${mutation}(input: $input) { ${selection} userErrors { code message path } } }`;
    return (await this.ask(document, { input }))[mutation];
  }

  /** The payload of one mutation that must not be refused. */
  async act(mutation, selection, input) {
    const payload = await this.try(mutation, selection, input);
    same(`${mutation} by ${this.subject}`, payload.userErrors, []);
    return payload;
  }

  /** That one mutation is refused with a code, and nothing else. */
  async isRefused(code, mutation, selection, input) {
    const { userErrors } = await this.try(mutation, selection, input);
    same(`${mutation} by ${this.subject}`, [...new Set(userErrors.map((e) => e.code))], [code]);
    console.log(`${`${this.subject}: ${mutation}`.padEnd(46)} refused, ${code}`);
  }
}

export const key = () => randomUUID();

export function same(what, is, must) {
  const [left, right] = [JSON.stringify(is), JSON.stringify(must)];
  if (left !== right) throw new Error(`${what} is ${left}, must be ${right}`);
}

/** Prints the head of the table of progress. */
export function head(title) {
  console.log(`\n${title}`);
  console.log(''.padEnd(46) + COLUMNS.map((name) => name.padStart(11)).join('') + '  health');
}

/** Checks the progress of a commitment as somebody sees it, and prints it as a line of the table. */
export async function progress(person, id, step, must, health) {
  const { commitment } = await person.ask(
    `query ($id: ID!) { commitment(by: { id: $id }) { health progress { ${COLUMNS.join(' ')} }
      deliveries(first: 100) { nodes { state stage quantity agreed } } } }`,
    { id },
  );
  const figures = COLUMNS.map((name) => Number(commitment.progress[name]));
  console.log(step.padEnd(46) + figures.map((n) => `${n}`.padStart(11)).join('') + `  ${commitment.health}`);
  same(step, figures, must);
  same(`${step}: health`, commitment.health, health);
  // The figures are those of the ledger, added up here once more.
  const ledger = commitment.deliveries.nodes.filter(
    (row) => row.state !== 'REVERSED' && row.stage !== 'TO_CARRIER',
  );
  const settled = ledger.filter((row) => row.state === 'SETTLED');
  const given = settled.reduce((sum, row) => sum + Number(row.quantity) - Number(row.agreed), 0);
  const [, reported, confirmed, unverified, disputed] = figures;
  same(`${step}: Σ ledger`, ledger.reduce((sum, row) => sum + Number(row.quantity), 0), reported);
  same(`${step}: the identity`, confirmed + unverified + disputed + given, reported);
}
