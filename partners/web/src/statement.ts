// Who is asking: the statement that the province signs for this subgraph, and for no other, for a
// minute. `own` says whether the client acts for the party that runs this subgraph, `kind` of which
// kind its party is (PROBE where the registry itself asks), `sub` is the same for the same client.
// Nothing here depends on them: what this subgraph tells, it tells everybody.

import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';

/** Anybody can send the name of a key that does not exist: the registry is asked no more often. */
const ASK_AGAIN = 10_000;

/** Says whether an `Authorization` header bears a statement for this subgraph. */
export type Verify = (authorization: string | null) => Promise<boolean>;

export function verifier(registry: string, issuer: string, audience: string): Verify {
  let asked = -Infinity;
  const keys = createRemoteJWKSet(new URL(`${registry}/jwks.json`), {
    // What is known stays known while the registry is away; a new key brings a new list.
    cacheMaxAge: Infinity,
    cooldownDuration: ASK_AGAIN,
    timeoutDuration: 5_000,
    // The library's cooldown begins with an answer; this one begins with the question.
    [customFetch]: async (url, options) => {
      if (Date.now() - asked < ASK_AGAIN) throw new Error('the registry was asked a moment ago');
      asked = Date.now();
      return fetch(url, options);
    },
  });
  const expected = {
    algorithms: ['EdDSA'],
    audience,
    issuer,
    typ: 'camket-statement+jwt',
    requiredClaims: ['exp'],
    clockTolerance: 5,
  };
  return async (authorization) => {
    const token = authorization?.match(/^Bearer (.+)$/)?.[1];
    if (token === undefined) return false;
    return jwtVerify(token, keys, expected).then(() => true, () => false);
  };
}
