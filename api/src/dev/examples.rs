//! What `camket dev` prints: who there is, and four requests to try that show the old units and
//! the new ones side by side, and what was promised in them.

use std::{fmt::Write, path::Path};

use sea_orm::ActiveEnum;
use serde_json::json;

use super::people::Seat;
use crate::http::auth::PARTY_HEADER;

const THEN_AND_NOW: &str = r#"{
  then: place(by: {code: {code: "01912", asOf: "2024-05-15"}}) {
    code name validFrom validTo successors { kind place { code name } }
  }
  now: place(by: {code: {code: "01912"}}) {
    code name validFrom predecessors { kind place { code name } }
  }
}"#;

const WHO_AM_I: &str = r#"{
  viewer { party { code name } role }
  quangThuan: place(by: {code: {code: "02017", asOf: "2024-05-15"}}) {
    name validTo successors { kind place { code name } }
  }
  bachThong: place(by: {code: {code: "02014"}}) {
    name validFrom predecessors { kind place { code name } }
  }
}"#;

const PILOT_UNITS: &str = r#"{
  enrolments(first: 20) {
    nodes {
      stage validFrom
      commune { code name district: parent { name } successors { place { code name } } }
      document { reference }
    }
  }
}"#;

const PROMISED: &str = r#"{
  place(by: {code: {code: "02014"}}) {
    promised(first: 10) {
      nodes {
        giver { code } place { code } activity { code } quantity status health
        progress { reported confirmed unverified disputed difference }
      }
    }
  }
}"#;

/// The whole text.
pub fn welcome(port: u16, data: &Path, seats: &[Seat], router_key: &str, link: &str) -> String {
    let url = format!("http://127.0.0.1:{port}/graphql");
    let officer = seats.iter().find(|seat| seat.subject == "officer");
    let token = officer.map(|seat| seat.token.as_str());
    let mut text = format!("Cam Kết, demonstration: {url}   data: {}\n", data.display());
    if cfg!(feature = "console") {
        let _ = write!(
            text,
            "Console, signed in as the coordinator, once and within ten minutes:\n  \
             http://127.0.0.1:{port}/console/sign-in#{link}\n\
             As anybody else: http://127.0.0.1:{port}/console/sign-in\n",
        );
    }
    text.push_str("Send a token as `Authorization: Bearer TOKEN`. They end with this process.\n\n");
    table(&mut text, seats);
    let _ = write!(
        text,
        "\ntwo-hats names one party for each request, such as `{PARTY_HEADER}: HOI-MAU-1`.\n\
         A router of the federated graph shows `{router_key}`.\n\
         \n# 1. One code, two communes: 01912 on 2024-05-15 and today\n{}\n\
         \n# 2. The officer of Bach Thong, and what became of Quang Thuan\n{}\n\
         \n# 3. The eight pilot units, their districts and their successors\n{}\n\
         \n# 4. What was promised to Bach Thong, and before it to Quang Thuan; what arrived\n{}\n",
        curl(&url, None, THEN_AND_NOW),
        curl(&url, token, WHO_AM_I),
        curl(&url, None, PILOT_UNITS),
        curl(&url, token, PROMISED),
    );
    text
}

fn table(text: &mut String, seats: &[Seat]) {
    let _ = writeln!(text, "{:<12} {:<9} {:<16} {:<48} party", "who", "role", "code", "token");
    for Seat { subject, token, party } in seats {
        let (role, code, name) = match party {
            Some((role, party)) => (role.to_value(), party.code.as_str(), party.name.as_str()),
            None => ("-".to_owned(), "-", "no party yet: invite and accept"),
        };
        let _ = writeln!(text, "{subject:<12} {role:<9} {code:<16} {token:<48} {name}");
    }
}

/// A command that works when it is pasted: no query here holds a single quote.
fn curl(url: &str, token: Option<&str>, query: &str) -> String {
    let query = query.split_whitespace().collect::<Vec<_>>().join(" ");
    let body = json!({ "query": query });
    let signed = token.map(|token| format!(" -H 'authorization: Bearer {token}'"));
    let signed = signed.unwrap_or_default();
    format!("curl -s {url} -H 'content-type: application/json'{signed} -d '{body}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_requests_are_plain_ascii_and_survive_the_shell() {
        for query in [THEN_AND_NOW, WHO_AM_I, PILOT_UNITS, PROMISED] {
            let command = curl("http://127.0.0.1:4000/graphql", Some("ckp_x"), query);
            assert!(command.is_ascii(), "{command}");
            assert_eq!(command.matches('\'').count(), 6, "{command}");
        }
    }
}
