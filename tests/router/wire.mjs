// A server on loopback that keeps every byte that it receives.
import { once } from 'node:events';
import { createServer } from 'node:http';

export class Server {
  /** What came, request by request: `method`, `url`, `headers` as pairs, `body`. */
  requests = [];
  #bytes = [];
  #sockets = new Set();

  constructor(answer) {
    this.answer = answer;
    this.http = createServer(async (request, response) => {
      let body = '';
      for await (const part of request.setEncoding('utf8')) body += part;
      const { method, url, rawHeaders } = request;
      const headers = rawHeaders.flatMap((name, at) =>
        at % 2 ? [] : [[name.toLowerCase(), rawHeaders[at + 1]]],
      );
      const received = { method, url, headers, body, header: (name) => request.headers[name] };
      this.requests.push(received);
      await this.answer(received, response);
    });
    // As long as `api` keeps an idle connection.
    this.http.keepAliveTimeout = 30_000;
    this.http.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('data', (bytes) => this.#bytes.push(bytes));
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** Listens, on the port that it had before if it had one. */
  async start() {
    this.http.listen(this.port ?? 0, '127.0.0.1');
    await once(this.http, 'listening');
    this.port = this.http.address().port;
    return this;
  }

  /** Hangs up on everybody and takes no more calls. */
  async stop() {
    if (!this.http.listening) return;
    const closed = once(this.http, 'close');
    this.http.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  get url() {
    return `http://127.0.0.1:${this.port}/graphql`;
  }

  /** Every byte of every connection, as text. */
  get received() {
    return Buffer.concat(this.#bytes).toString('latin1');
  }

  forget() {
    this.requests = [];
    this.#bytes = [];
  }
}

/** Answers with JSON. */
export function say(response, value, status = 200, headers = {}) {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body);
}
