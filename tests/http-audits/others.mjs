// Other clients, in a thread of their own: each asks, waits a little and asks again, until it is
// told to stop; then the time that 99 of 100 answers took is told.
import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';

const QUERY = '{ enrolments(first: 8) { nodes { stage validFrom commune { code name } } } }';
const PAUSE = 20;

let over = false;
parentPort.once('message', () => (over = true));
const taken = [];
await Promise.all(workerData.tokens.map(client));
parentPort.postMessage(taken.sort((a, b) => a - b)[Math.floor(taken.length * 0.99)]);

async function client(token) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  while (!over) {
    const begun = performance.now();
    const status = await ask(agent, token);
    taken.push(performance.now() - begun);
    if (status !== 200) {
      throw new Error(`another client was answered ${status}`);
    }
    await new Promise((rested) => setTimeout(rested, PAUSE));
  }
  agent.destroy();
}

function ask(agent, token) {
  return new Promise((answered, failed) => {
    const options = {
      host: '127.0.0.1',
      port: workerData.port,
      path: '/graphql',
      method: 'POST',
      agent,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    };
    const request = http.request(options, (response) => {
      response.resume();
      response.on('end', () => answered(response.statusCode));
    });
    request.on('error', failed);
    request.end(JSON.stringify({ query: QUERY }));
  });
}
