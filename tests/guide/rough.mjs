// A rough road to a server: each new request fails three times before it passes, first in that its
// answer is lost after it was executed, and each stream is cut after its first event, once.
import { createServer, request } from 'node:http';

const REFUSALS = [503, 429];
const RETRY_AFTER_SECONDS = 1;

export class RoughRoad {
  /** Whether answers are lost as well as refused. */
  losesAnswers = true;
  #tried = new Map();
  #refusedAt = new Map();
  #sockets = new Set();
  #figures = { lost: 0, refused: 0, cut: 0 };
  #problems = [];
  #isCutNext = true;

  static async to(url) {
    const road = new RoughRoad();
    road.target = new URL(url);
    road.server = createServer((incoming, answer) => road.#carry(incoming, answer));
    road.server.on('upgrade', (incoming, socket) => road.#upgrade(incoming, socket));
    road.server.on('connection', (socket) => {
      road.#sockets.add(socket);
      socket.on('close', () => road.#sockets.delete(socket));
      socket.on('error', () => {});
    });
    await new Promise((listens) => road.server.listen(0, '127.0.0.1', listens));
    road.url = `http://127.0.0.1:${road.server.address().port}`;
    return road;
  }

  /** Fails if somebody came back before they were told to, or nothing at all happened. */
  check() {
    if (this.#figures.refused === 0) this.#problems.push('no request was refused on the way');
    if (this.#problems.length > 0) throw new Error(this.#problems.join('\n'));
    const { lost, refused, cut } = this.#figures;
    console.log(`     the road: ${lost} answers lost, ${refused} requests refused, ${cut} streams cut`);
  }

  close() {
    this.server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #carry(incoming, answer) {
    const parts = [];
    for await (const part of incoming) parts.push(part);
    const body = Buffer.concat(parts);
    const what = `${incoming.url} ${body}`;
    this.#cameInTime(what);
    if (incoming.headers.accept === 'text/event-stream') {
      return this.#forward(incoming, body, (response) => this.#stream(response, answer));
    }
    const faults = this.losesAnswers ? ['lost', ...REFUSALS] : REFUSALS;
    const tried = this.#tried.get(what) ?? 0;
    this.#tried.set(what, tried + 1);
    const fault = faults[tried];
    if (fault === 'lost') {
      return this.#forward(incoming, body, (response) => {
        this.#figures.lost += 1;
        response.resume().on('end', () => answer.destroy());
      });
    }
    if (fault) {
      this.#figures.refused += 1;
      this.#refusedAt.set(what, Date.now());
      return answer.writeHead(fault, { 'retry-after': RETRY_AFTER_SECONDS }).end('<p>not now</p>');
    }
    this.#forward(incoming, body, (response) => {
      answer.writeHead(response.statusCode, response.headers);
      response.pipe(answer);
    });
  }

  /** Who was told to wait has waited. */
  #cameInTime(what) {
    const told = this.#refusedAt.get(what);
    if (told && Date.now() - told < RETRY_AFTER_SECONDS * 1000) {
      this.#problems.push(`came back too early: ${what}`);
    }
    this.#refusedAt.delete(what);
  }

  #forward({ method, url, headers }, body, take) {
    const options = { method, headers: { ...headers, host: this.target.host } };
    request(new URL(url, this.target), options, take).on('error', () => {}).end(body);
  }

  #stream(response, answer) {
    answer.writeHead(response.statusCode, response.headers);
    response.on('data', (data) => this.#pass(data, 'event: next', answer));
    response.on('end', () => answer.end());
    response.on('error', () => answer.destroy());
    answer.on('close', () => response.destroy());
  }

  #upgrade({ method, url, headers }, client) {
    const options = { method, headers: { ...headers, host: this.target.host } };
    const asked = request(new URL(url, this.target), options).on('error', () => client.destroy());
    asked.on('upgrade', (response, server) => {
      const head = Object.entries(response.headers).map(([name, value]) => `${name}: ${value}\r\n`);
      client.write(`HTTP/1.1 101 Switching Protocols\r\n${head.join('')}\r\n`);
      client.on('data', (data) => server.write(data)).on('close', () => server.destroy());
      server.on('data', (data) => this.#pass(data, '"next"', client));
      server.on('close', () => client.destroy()).on('error', () => {});
    });
    asked.end();
  }

  /** Passes on what a stream says; the first one is cut after an event. */
  #pass(data, event, client) {
    if (client.destroyed) return;
    if (!this.#isCutNext || !data.includes(event)) return client.write(data);
    this.#isCutNext = false;
    this.#figures.cut += 1;
    client.write(data, () => client.destroy());
  }
}
