//! The form of secrets: a prefix that scanners recognise, 32 random bytes, and a checksum that
//! tells a mistyped secret from a wrong one without asking the database.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::clock::Clock;

const TOKEN: &str = "ckt_";
const INVITATION: &str = "cki_";
const ROUTER: &str = "camket_router_";
const SESSION: &str = "cks_";
const LINK: &str = "ckl_";

/// What a persona of `camket dev` shows.
const PERSONA: &str = "ckp_";
/// How a token of a provider begins: an object in base64url.
const JWT: &str = "eyJ";

/// How many characters after its prefix make a secret of a word.
const LONG: usize = 20;

/// How many characters of a token are shown to recognise it by.
const HINT: usize = TOKEN.len() + 8;

/// A new token: `ckt_`, 43 characters of base64url, 6 of checksum.
pub fn token(clock: &dyn Clock) -> String {
    made(TOKEN, clock)
}

/// A new invitation code, of the same form with `cki_`.
pub fn invitation(clock: &dyn Clock) -> String {
    made(INVITATION, clock)
}

/// A new key of a router, of the same form with `camket_router_`.
pub fn router_key(clock: &dyn Clock) -> String {
    made(ROUTER, clock)
}

/// What a browser shows of a session, of the same form with `cks_`.
pub fn session(clock: &dyn Clock) -> String {
    made(SESSION, clock)
}

/// What a link to sign in is spent by, of the same form with `ckl_`.
pub fn link(clock: &dyn Clock) -> String {
    made(LINK, clock)
}

/// The first characters of a token. They are no secret: 48 of 256 bits.
pub fn hint(token: &str) -> &str {
    token.get(..HINT).unwrap_or(token)
}

/// Whether a text has the form of a token, checksum included.
pub fn is_well_formed(text: &str) -> bool {
    is_made(TOKEN, text)
}

/// Whether a text has the form of a router's key, checksum included.
pub fn is_router_key(text: &str) -> bool {
    is_made(ROUTER, text)
}

/// Whether a text has the form of a session's secret, checksum included.
pub fn is_session(text: &str) -> bool {
    is_made(SESSION, text)
}

/// Whether somebody wrote what looks like a secret into a text: one of ours, whole or not, or a
/// provider's token.
pub fn is_held_in(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let mut words = text.split(|c: char| !fits(c));
    let is_secret = |word: &str, prefix: &str| {
        word.find(prefix).is_some_and(|at| word.len() >= at + prefix.len() + LONG)
    };
    let ours = [TOKEN, INVITATION, ROUTER, SESSION, LINK, PERSONA];
    words.any(|word| {
        ours.iter().any(|prefix| is_secret(word, prefix))
            || word.starts_with(JWT) && is_secret(word, JWT)
    })
}

fn is_made(prefix: &str, text: &str) -> bool {
    let Some(split) = text.len().checked_sub(6) else { return false };
    let (Some(body), Some(sum)) = (text.get(..split), text.get(split..)) else { return false };
    body.starts_with(prefix) && body.len() == prefix.len() + 43 && checksum(body) == sum
}

fn made(prefix: &str, clock: &dyn Clock) -> String {
    let mut random = [0; 32];
    clock.random(&mut random);
    let body = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random));
    let sum = checksum(&body);
    body + &sum
}

fn checksum(body: &str) -> String {
    URL_SAFE_NO_PAD.encode(crc32fast::hash(body.as_bytes()).to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn each_kind_of_secret_is_known_by_its_prefix() {
        let (token, key) = (token(&SystemClock), router_key(&SystemClock));
        assert!(is_router_key(&key) && !is_well_formed(&key), "{key}");
        assert!(!is_router_key(&token) && !is_router_key(&key[..key.len() - 1]));
    }

    #[test]
    fn secrets_are_found_in_texts() {
        let clock = &SystemClock;
        for secret in
            [token(clock), invitation(clock), router_key(clock), session(clock), link(clock)]
        {
            assert!(is_held_in(&format!("{{ a(b: \"{secret}\") }}")), "{secret}");
            assert!(is_held_in(&secret[..40]), "a part of it");
        }
        assert!(is_held_in("Bearer eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.e30.x"));
        assert!(is_held_in(&format!("ckp_{}", "a".repeat(43))));
        for harmless in ["", "ckt_", "operation_01h455vb4pex5vsknk084sn02q", "eyJ", "{ viewer }"] {
            assert!(!is_held_in(harmless), "{harmless}");
        }
    }

    #[test]
    fn a_token_is_recognised_and_a_mistyped_one_is_not() {
        let token = token(&SystemClock);
        assert!(is_well_formed(&token), "{token}");
        let swapped = format!("{}{}", &token[..10], token[10..].to_uppercase());
        assert!(!is_well_formed(&swapped));
        assert!(!is_well_formed(&invitation(&SystemClock)));
        assert!(!is_well_formed("") && !is_well_formed("ckt_đđđđđđ"));
    }
}
