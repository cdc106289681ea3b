// What the libraries expect of the world around them. The engine gives them nothing but the language,
// and what the world would make different from call to call (time, chance) is taken away.

delete Math.random;

// Checks that are meant for those who develop with the libraries are left out.
globalThis.process = { env: { NODE_ENV: "production" } };

globalThis.console = { log() {}, warn() {}, error() {} };

// Addresses stand in `@link`. Only plain ones are taken: what browsers mend, two readers mend differently.
globalThis.URL = class URL {
  constructor(text) {
    const [whole, scheme, host, path] =
      /^([a-z]+):\/\/((?:[a-z0-9-]+\.)*[a-z0-9-]+(?::[0-9]+)?)?((?:\/[\w.~-]*)*)$/i.exec(text) ?? [];
    const odd = whole === undefined || path.split("/").some((part) => /^\.+$/.test(part));
    if (odd || (host === undefined && scheme !== "file")) {
      throw new TypeError(`no plain address: ${text}`);
    }
    this.protocol = `${scheme.toLowerCase()}:`;
    this.origin = `${this.protocol}//${(host ?? "").toLowerCase()}`;
    this.pathname = path;
  }
};
