// What is meant to hurt over a WebSocket, in the protocol graphql-transport-ws.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import WebSocket from 'ws';

const EVENTS = `subscription ($after: String) { commitmentChanged(after: $after) {
  cursor commitment { id status giver { name } place { name } activity { name } } } }`;
const BATCH = 500;

export class Sockets {
  constructor(port, token) {
    this.authorization = `Bearer ${token}`;
    this.http = `http://127.0.0.1:${port}/graphql`;
    this.url = `ws://127.0.0.1:${port}/graphql`;
  }

  /** The attacks that are documents, and one long message, with how each is refused here. */
  attacks(overHttp, large) {
    const message = (body) => `{"id":"1","type":"subscribe","payload":${body}}`;
    const documents = overHttp.filter(([, { body }]) => body);
    return [
      ...documents.map(([name, { body }, status, code]) => [
        `over a socket, ${name}`,
        () => this.say(message(body)),
        ...(status === 200 ? ['error', code] : [4400, '']),
      ]),
      ['over a socket, a message of 50 MB', () => this.say(large.toString()), 1009, ''],
    ];
  }

  /** What one message is answered: an `error` or the code by which the socket is closed. */
  async say(message) {
    const socket = await this.ready();
    const answer = new Promise((answered) => {
      socket.once('close', (status, why) => answered({ status, body: why.toString() }));
      socket.once('message', (text) => {
        answered({ status: JSON.parse(text).type, body: text.toString() });
      });
    });
    socket.send(message);
    const answered = await answer;
    socket.terminate();
    return answered;
  }

  /** Sockets that never say who they are: by which codes they are closed, and when the last. */
  async silent(count) {
    const begun = performance.now();
    const closed = await Promise.all(
      Array.from({ length: count }, () => once(this.open(), 'close')),
    );
    const codes = [...new Set(closed.map(([code]) => code))];
    return { codes, taken: performance.now() - begun };
  }

  /** One subscriber that reads and one that does not, while commitments are proposed. */
  async unread(count) {
    const after = await this.now();
    const [reads, sleeps] = [await this.ready(), await this.ready()];
    const payload = { query: EVENTS, variables: { after } };
    let told = 0;
    const all = new Promise((heard) => {
      reads.on('message', () => ++told === count && heard());
      reads.on('close', heard);
    });
    for (const socket of [sleeps, reads]) {
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
    }
    sleeps.pause();
    for (let made = 0; made < count; made += BATCH) {
      await this.propose(BATCH);
    }
    await all;
    reads.terminate();
    sleeps.terminate();
    return { events: count, told };
  }

  async now() {
    let after = null;
    for (;;) {
      const page = 'query ($after: String) { events(first: 1000, after: $after) { endCursor hasMore } }';
      const { events } = await this.ask(page, { after });
      if (!events.hasMore) {
        return events.endCursor;
      }
      after = events.endCursor;
    }
  }

  async propose(count) {
    this.world ??= await this.ask(`{ place(by: { code: { code: "02014" } }) { id }
      activityKind(by: { code: "smartphones_handed_over" }) { id } }`);
    const { place, activityKind } = this.world;
    const schedule = [{ dueOn: `${new Date().getFullYear() + 1}-12-31`, quantity: '1' }];
    const commitment = {
      placeId: place.id, activityId: activityKind.id, quantity: '1', schedule,
    };
    const commitments = Array.from({ length: count }, () => commitment);
    const input = { commitments, idempotencyKey: randomUUID() };
    const { proposeCommitments } = await this.ask(
      `mutation ($input: ProposeCommitmentsInput!) {
        proposeCommitments(input: $input) { userErrors { code message } } }`,
      { input },
    );
    if (proposeCommitments.userErrors.length) {
      throw new Error(JSON.stringify(proposeCommitments.userErrors[0]));
    }
  }

  async ask(query, variables = {}) {
    const headers = { authorization: this.authorization, 'content-type': 'application/json' };
    const body = JSON.stringify({ query, variables });
    const answer = await (await fetch(this.http, { method: 'POST', headers, body })).json();
    if (answer.errors) {
      throw new Error(JSON.stringify(answer.errors[0]));
    }
    return answer.data;
  }

  open() {
    const socket = new WebSocket(this.url, 'graphql-transport-ws');
    // A socket that is reset while it sends is closed all the same.
    socket.on('error', () => {});
    return socket;
  }

  /** A socket that is acknowledged. */
  async ready() {
    const socket = this.open();
    await once(socket, 'open');
    const { authorization } = this;
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
    await once(socket, 'message');
    return socket;
  }
}
