// Runs npm graphql-http's audits (GraphQL over HTTP: MUST, SHOULD and MAY) against a server that it
// starts, prints each and fails unless all hold. The one argument is the `camket` to start.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverAudits } from 'graphql-http';

const [camket] = process.argv.slice(2);
if (!camket) {
  throw new Error('usage: node run.mjs path/to/camket');
}
const data = await mkdtemp(join(tmpdir(), 'camket-audits-'));
const server = spawn(camket, ['dev', '--port', '0', '--data', data], {
  stdio: ['ignore', 'ignore', 'pipe'],
});
try {
  const audits = serverAudits({ url: `http://127.0.0.1:${await port(server)}/graphql` });
  let passed = 0;
  for (const audit of audits) {
    const result = await audit.fn();
    passed += result.status === 'ok';
    console.log(`${result.status === 'ok' ? 'ok   ' : result.status} ${audit.id} ${audit.name}`);
    if (result.status !== 'ok') {
      console.log(`      ${result.reason}`);
    }
  }
  console.log(`${passed} of ${audits.length}`);
  process.exitCode = passed === audits.length ? 0 : 1;
} finally {
  server.kill('SIGTERM');
  await new Promise((ended) => server.once('close', ended));
  await rm(data, { recursive: true });
}

/** The port that the server says it listens on. */
function port(server) {
  return new Promise((found, failed) => {
    let said = '';
    server.stderr.on('data', (text) => {
      said += text;
      const [, port] = /listening.*127\.0\.0\.1:(\d+)/.exec(said) ?? [];
      if (port) {
        found(port);
      }
    });
    server.once('close', () => failed(new Error(`it does not start: ${said}`)));
  });
}
