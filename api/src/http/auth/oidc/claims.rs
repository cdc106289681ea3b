//! What a token must claim. Pure: the signature was checked before, the time is given.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::Trust;

/// The most bytes of a subject; providers keep to 255 (OpenID Connect Core, section 2).
const MAX_SUBJECT: usize = 255;

/// The claims of a token that matter here. None of the times is more than a number yet.
#[derive(Clone, Debug, Deserialize)]
pub struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: f64,
    nbf: Option<f64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn all(&self) -> &[String] {
        match self {
            Self::One(audience) => std::slice::from_ref(audience),
            Self::Many(audiences) => audiences,
        }
    }
}

/// The subject of a token that is for us, now, by an issuer whose key it is signed with.
pub fn subject(claims: Claims, trust: &Trust, now: DateTime<Utc>) -> Result<String, &'static str> {
    let skew = trust.clock_skew.as_secs_f64();
    let now = seconds(now);
    let audiences = claims.aud.all();
    if claims.iss != trust.issuer {
        return Err("this token is of another issuer");
    }
    if !audiences.iter().any(|audience| trust.audiences.contains(audience)) {
        return Err("this token is for another audience");
    }
    if claims.exp + skew <= now {
        return Err("this token has expired");
    }
    if claims.exp - skew > now + trust.max_lifetime.as_secs_f64() {
        return Err("this token lives longer than this server allows");
    }
    if claims.nbf.is_some_and(|nbf| nbf - skew > now) {
        return Err("this token is not good yet");
    }
    usable(claims.sub).ok_or("this token has no usable subject")
}

/// The claims of an ID token (OpenID Connect Core, section 2), which is for this server alone.
#[derive(Clone, Debug, Deserialize)]
pub struct IdClaims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: f64,
    nonce: Option<String>,
    azp: Option<String>,
}

/// The subject of an ID token that answers what was asked with a nonce.
pub fn id_subject(
    claims: IdClaims,
    trust: &Trust,
    client: &str,
    nonce: &str,
    now: DateTime<Utc>,
) -> Result<String, &'static str> {
    let audiences = claims.aud.all();
    let is_only_ours = match audiences {
        [audience] => audience == client && claims.azp.as_deref().is_none_or(|azp| azp == client),
        _ => {
            audiences.iter().any(|audience| audience == client)
                && claims.azp.as_deref() == Some(client)
        }
    };
    if claims.iss != trust.issuer {
        return Err("the ID token is of another issuer");
    }
    if !is_only_ours {
        return Err("the ID token is for another client");
    }
    if claims.exp + trust.clock_skew.as_secs_f64() <= seconds(now) {
        return Err("the ID token has expired");
    }
    if claims.nonce.as_deref() != Some(nonce) {
        return Err("the ID token answers another question");
    }
    usable(claims.sub).ok_or("the ID token has no usable subject")
}

fn usable(subject: String) -> Option<String> {
    let is_usable = !subject.is_empty() && subject.len() <= MAX_SUBJECT && !subject.contains('\0');
    is_usable.then_some(subject)
}

/// Seconds since 1970 to the microsecond, which a double keeps for the next centuries.
fn seconds(instant: DateTime<Utc>) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "2^53 microseconds end in 2255")]
    let micros = instant.timestamp_micros() as f64;
    micros / 1e6
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::*;

    const NOW: i64 = 1_795_413_600;

    fn trust() -> Trust {
        Trust {
            issuer: "https://id.example".to_owned(),
            audiences: vec!["graph".to_owned(), "https://graph.example".to_owned()],
            algorithms: Vec::new(),
            jwks_uri: None,
            clock_skew: Duration::from_secs(30),
            max_lifetime: Duration::from_secs(3600),
            client: None,
        }
    }

    fn told(change: Value) -> Result<String, String> {
        let mut claims =
            json!({ "iss": "https://id.example", "sub": "s", "aud": "graph", "exp": NOW + 60 });
        for (name, value) in change.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let claims: Claims = serde_json::from_value(claims).map_err(|_| "malformed".to_owned())?;
        let now = DateTime::from_timestamp(NOW, 0).unwrap();
        subject(claims, &trust(), now).map_err(str::to_owned)
    }

    #[test]
    fn an_id_token_answers_one_question_of_one_client() {
        let told = |change: Value| {
            let mut claims = json!({
                "iss": "https://id.example", "sub": "s", "aud": "console", "exp": NOW + 60,
                "nonce": "n",
            });
            for (name, value) in change.as_object().unwrap() {
                claims[name] = value.clone();
            }
            let claims: IdClaims = serde_json::from_value(claims).unwrap();
            let now = DateTime::from_timestamp(NOW, 0).unwrap();
            id_subject(claims, &trust(), "console", "n", now)
        };
        for good in [
            json!({}),
            json!({ "aud": ["console"], "azp": "console" }),
            json!({ "aud": ["console", "graph"], "azp": "console" }),
            json!({ "exp": NOW - 29 }),
        ] {
            assert_eq!(told(good.clone()), Ok("s".to_owned()), "{good}");
        }
        for bad in [
            json!({ "iss": "https://id.example/" }),
            json!({ "aud": "graph" }),
            json!({ "aud": ["console", "graph"] }),
            json!({ "aud": [] }),
            json!({ "azp": "frontend" }),
            json!({ "exp": NOW - 30 }),
            json!({ "nonce": "m" }),
            json!({ "nonce": null }),
            json!({ "sub": "" }),
        ] {
            assert!(told(bad.clone()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_token_for_us_by_a_trusted_issuer_is_taken() {
        for change in [
            json!({}),
            json!({ "aud": ["other", "https://graph.example"] }),
            json!({ "exp": NOW as f64 - 29.5 }),
            json!({ "exp": NOW + 3630 }),
            json!({ "nbf": NOW + 30 }),
            json!({ "sub": "x".repeat(255) }),
        ] {
            assert!(told(change.clone()).is_ok(), "{change}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_its_reason() {
        for (change, reason) in [
            (json!({ "iss": "https://id.example/" }), "this token is of another issuer"),
            (json!({ "iss": ["https://id.example"] }), "malformed"),
            (json!({ "aud": "graph2" }), "this token is for another audience"),
            (json!({ "aud": [] }), "this token is for another audience"),
            (json!({ "aud": null }), "malformed"),
            (json!({ "exp": NOW - 30 }), "this token has expired"),
            (json!({ "exp": null }), "malformed"),
            (json!({ "exp": "4000000000" }), "malformed"),
            (json!({ "exp": NOW + 3631 }), "this token lives longer than this server allows"),
            (json!({ "exp": 1e308 }), "this token lives longer than this server allows"),
            (json!({ "nbf": NOW + 31 }), "this token is not good yet"),
            (json!({ "sub": "" }), "this token has no usable subject"),
            (json!({ "sub": "x".repeat(256) }), "this token has no usable subject"),
            (json!({ "sub": "a\u{0}b" }), "this token has no usable subject"),
            (json!({ "sub": 7 }), "malformed"),
        ] {
            assert_eq!(told(change.clone()), Err(reason.to_owned()), "{change}");
        }
    }
}
