//! Cursors of the change feed: a position in the log, sealed for one party. They are encrypted, for
//! a position would tell how much happens that one does not see, and never the same twice, so that
//! two polls do not tell it either.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use entity::{id::PartyId, installation};
use sea_orm::EntityTrait;
use uuid::Uuid;

use crate::{
    app::App,
    clock::Clock,
    error::{Error, Result},
};

/// What else the key may seal some day is told apart by this word.
const PURPOSE: &[u8] = b"events of ";

const NONCE: usize = 24;

/// Seals and opens the cursors of one party.
pub struct Seal {
    cipher: XChaCha20Poly1305,
    bound_to: Vec<u8>,
}

impl Seal {
    pub async fn of(app: &App, party: PartyId) -> Result<Self> {
        let row = installation::Entity::find_by_id(1).one(app.db.reader()).await?;
        let key = row.and_then(|row| key(&row.cursor_key));
        let key = key.ok_or_else(|| Error::internal("the installation has no key for cursors"))?;
        Ok(Self::new(&key, party))
    }

    fn new(key: &[u8; 32], party: PartyId) -> Self {
        let bound_to = [PURPOSE, Uuid::from(party).as_bytes()].concat();
        Self { cipher: XChaCha20Poly1305::new(key.into()), bound_to }
    }

    pub fn seal(&self, clock: &dyn Clock, position: i64) -> Result<String> {
        let mut nonce = [0; NONCE];
        clock.random(&mut nonce);
        let payload = Payload { msg: &position.to_be_bytes(), aad: &self.bound_to };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| Error::internal("a cursor cannot be sealed"))?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode([&nonce[..], &sealed[..]].concat()))
    }

    pub fn open(&self, cursor: &str) -> Result<i64> {
        let position = || {
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
            let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
            let payload = Payload { msg: sealed, aad: &self.bound_to };
            let opened = self.cipher.decrypt(&XNonce::from(*nonce), payload).ok()?;
            opened.try_into().ok().map(i64::from_be_bytes)
        };
        position().ok_or_else(not_yours)
    }
}

/// What whoever sends a cursor of somebody else, or one that was tampered with, is told.
pub fn not_yours() -> Error {
    Error::BadInput("not a cursor of this party's events".to_owned())
}

fn key(hex: &str) -> Option<[u8; 32]> {
    let digits = hex.as_bytes().chunks_exact(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.map(byte).collect::<Option<Vec<u8>>>()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    fn seal(key: u8, party: u128) -> Seal {
        Seal::new(&[key; 32], Uuid::from_u128(party).into())
    }

    #[test]
    fn a_cursor_opens_for_its_party_alone() {
        let cursor = seal(1, 7).seal(&SystemClock, 42).unwrap();

        assert_eq!(seal(1, 7).open(&cursor).unwrap(), 42);
        assert!(seal(1, 8).open(&cursor).is_err(), "another party");
        assert!(seal(2, 7).open(&cursor).is_err(), "another key");
    }

    #[test]
    fn a_cursor_with_any_byte_changed_is_none() {
        let cursor = seal(1, 7).seal(&SystemClock, 42).unwrap();
        for at in 0..cursor.len() {
            let mut bytes = cursor.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            assert!(seal(1, 7).open(std::str::from_utf8(&bytes).unwrap()).is_err(), "byte {at}");
        }
        for text in ["", "42", "====", &cursor[1..], &format!("{cursor}A"), "đ\0"] {
            assert!(seal(1, 7).open(text).is_err(), "{text}");
        }
    }

    #[test]
    fn two_cursors_of_one_position_do_not_look_alike() {
        let seal = seal(1, 7);
        assert_ne!(seal.seal(&SystemClock, 42).unwrap(), seal.seal(&SystemClock, 42).unwrap());
    }

    #[test]
    fn a_key_is_64_hexadecimal_digits() {
        assert_eq!(key(&"0f".repeat(32)), Some([15; 32]));
        for wrong in ["", "0f", &"0g".repeat(32), &"0f".repeat(33)] {
            assert_eq!(key(wrong), None, "{wrong}");
        }
    }
}
