//! `camket dev` in a directory of its own: what it prints is true.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::process::Server;

use super::{camket, complaint, run};

const WHO: &str = "{ viewer { party { code } role memberships { party { code } } } }";

#[test]
fn a_demonstration_prints_people_and_requests_that_work() {
    let directory = TempDir::new().unwrap();
    let (server, said) = dev(&directory);
    let host = format!("localhost:{}", server.port);

    let seats = seats(&said);
    let subjects: Vec<&str> = seats.keys().map(|(subject, _)| subject.as_str()).collect();
    for subject in
        ["coordinator", "officer", "department", "telecom-1", "telecom-2", "bank", "union"]
    {
        assert!(subjects.contains(&subject), "{subject}: {said:#?}");
    }
    for ((subject, code), token) in &seats {
        let bearer = format!("Bearer {token}");
        let mut headers = vec![
            ("host", &*host),
            ("content-type", "application/json"),
            ("authorization", &bearer),
        ];
        headers.extend((code != "-").then_some(("camket-party", &**code)));
        let body = json!({ "query": WHO }).to_string();
        let (status, body) = server.send("POST", "/graphql", &headers, &body);
        let answer: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, &answer["errors"]), (200, &Value::Null), "{subject}: {body}");
        let named = answer["data"]["viewer"]["party"]["code"].as_str();
        assert_eq!(named.unwrap_or("-"), code, "{subject}");
    }
    let curls: Vec<Curl> = said.iter().filter_map(|line| Curl::parse(line)).collect();
    assert_eq!(curls.len(), 4, "{said:#?}");
    // The last stands behind a department that has ended, and is its successor's to keep.
    let hold = ["Xã Thượng Giáo", "UBND-02014-2025", "Xã Quang Thuận", "SO-MAU-A-06"];
    for (curl, holds) in curls.iter().zip(hold) {
        let (status, body) = curl.send(&server);
        let answer: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, &answer["errors"]), (200, &Value::Null), "{body}");
        assert!(body.contains(holds), "{holds}: {body}");
    }
}

#[test]
fn the_tokens_of_an_earlier_start_are_void_and_the_data_stays() {
    let directory = TempDir::new().unwrap();
    let (first, said) = dev(&directory);
    let before = seats(&said);
    assert!(first.stop());

    let (second, said) = dev(&directory);
    let after = seats(&said);

    let host = format!("127.0.0.1:{}", second.port);
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (seat, token) in &before {
        let (status, answer) = second.ask(&host, Some(token), WHO);
        assert_eq!((status, &answer["data"]), (401, &Value::Null), "{seat:?}");
        let (status, _) = second.ask(&host, after.get(seat).map(String::as_str), WHO);
        assert_eq!(status, 200, "{seat:?}");
    }
    assert!(directory.path().join("camket-data/camket.db").is_file());
}

#[test]
fn a_demonstration_has_a_new_key_for_its_router_at_each_start() {
    let directory = TempDir::new().unwrap();
    let (first, said) = dev(&directory);
    let before = router_key(&said);
    assert!(first.stop());

    let (second, said) = dev(&directory);
    let after = router_key(&said);

    let host = format!("127.0.0.1:{}", second.port);
    let poll = |key: &str| {
        let headers = [("host", &*host), ("x-hive-cdn-key", key)];
        second.send("GET", "/registry/supergraph", &headers, "").0
    };
    assert_eq!(poll(&before), 401);
    assert_ne!(poll(&after), 401);
    let (status, jwks) = second.get("/registry/jwks.json", &host);
    assert_eq!((status, jwks.matches("\"kid\"").count()), (200, 1), "{jwks}");
}

#[test]
fn a_demonstration_answers_under_its_own_names_alone() {
    let directory = TempDir::new().unwrap();
    let (server, _) = dev(&directory);
    let port = server.port;

    for host in ["localhost", "127.0.0.1", "[::1]"] {
        let (status, answer) = server.ask(&format!("{host}:{port}"), None, "{ __typename }");
        assert_eq!((status, &answer["data"]["__typename"]), (200, &"Query".into()), "{host}");
    }
    for host in ["evil.example", "localhost", "localhost:1", ""] {
        assert_eq!(server.ask(host, None, "{ __typename }").0, 421, "{host}");
    }
    let own = format!("localhost:{port}");
    let rebound =
        [("host", &*own), ("content-type", "application/json"), ("origin", "http://evil.example")];
    let (status, _) = server.send("POST", "/graphql", &rebound, "{\"query\":\"{ __typename }\"}");
    assert_eq!(status, 421);
}

#[test]
fn a_demonstration_and_a_real_database_never_meet() {
    let directory = TempDir::new().unwrap();
    let (server, _) = dev(&directory);
    assert!(server.stop());
    let file = directory.path().join("camket-data/camket.db");
    let url = format!("sqlite://{}", file.to_str().unwrap());
    let settings = [("CAMKET_DATABASE__URL", &*url), ("CAMKET_HTTP__HOSTS", "camket.test")];

    let output = run(&["serve"], &settings);

    let told = complaint(&output);
    assert!(told.contains("holds the demonstration: serve another database"), "{told}");
}

#[test]
fn a_database_that_is_no_demonstration_is_not_made_one() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("camket.db");
    let url = format!("sqlite://{}", file.to_str().unwrap());
    let settings = [("CAMKET_DATABASE__URL", &*url)];
    let pilot = concat!(env!("CARGO_MANIFEST_DIR"), "/../api/registry/pilot");
    assert!(run(&["migrate"], &settings).status.success());
    assert!(run(&["import", "registry", pilot], &settings).status.success());

    let command = ["dev", "--port", "0", "--data", "."];
    let output = camket(&directory, &command, &[]).output().unwrap();

    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{told}");
    assert!(told.contains("holds data that is no demonstration"), "{told}");
}

#[test]
fn a_second_demonstration_at_a_port_that_is_taken_is_told_so() {
    let directory = TempDir::new().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();

    let output = camket(&directory, &["dev", "--port", &port], &[]).output().unwrap();

    let told = complaint(&output);
    assert!(told.ends_with("another program listens there"), "{told}");
    assert!(!directory.path().join("camket-data").exists(), "its data was touched");
}

#[cfg(feature = "console")]
#[test]
fn a_demonstration_prints_a_link_to_its_console_that_works_once() {
    let directory = TempDir::new().unwrap();
    let (server, said) = dev(&directory);
    let host = format!("127.0.0.1:{}", server.port);
    let door = format!("http://{host}/console/sign-in#");
    let link = said.iter().find_map(|line| line.trim().strip_prefix(&door)).unwrap();
    let body = json!({ "link": link }).to_string();
    let headers = [
        ("host", &*host),
        ("content-type", "application/json"),
        ("x-requested-with", "camket-console"),
    ];

    let (page, _) = server.get("/console/sign-in", &host);
    let (first, answer) = server.send("POST", "/console/session/dev", &headers, &body);
    let (second, _) = server.send("POST", "/console/session/dev", &headers, &body);

    assert_eq!((page, first, second), (200, 200, 401), "{answer}");
}

fn dev(directory: &TempDir) -> (Server, Vec<String>) {
    let command = camket(directory, &["dev", "--port", "0"], &[]);
    Server::start(command, "localhost", 4)
}

fn router_key(said: &[String]) -> String {
    let words = said.iter().flat_map(|line| line.split('`'));
    let mut keys = words.filter(|word| word.starts_with("camket_router_"));
    keys.next().unwrap().to_owned()
}

/// The printed table: who sits for which party, and the token.
fn seats(said: &[String]) -> BTreeMap<(String, String), String> {
    let rows = said.iter().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let rows = rows.filter(|row| row.len() > 4 && row[3].starts_with("ckp_"));
    rows.map(|row| ((row[0].to_owned(), row[2].to_owned()), row[3].to_owned())).collect()
}

/// A printed command, taken apart the way a shell does: nothing in it needs more than quotes.
struct Curl {
    url: String,
    headers: Vec<String>,
    body: String,
}

impl Curl {
    fn parse(line: &str) -> Option<Self> {
        let mut words = Vec::new();
        for (at, part) in line.strip_prefix("curl ")?.split('\'').enumerate() {
            match at % 2 {
                0 => words.extend(part.split_whitespace().map(str::to_owned)),
                _ => words.push(part.to_owned()),
            }
        }
        let after = |flag: &str| {
            let pairs = words.windows(2).filter(move |pair| pair[0] == flag);
            pairs.map(|pair| pair[1].clone()).collect::<Vec<_>>()
        };
        let url = words.iter().find(|word| word.starts_with("http"))?.clone();
        Some(Self { url, headers: after("-H"), body: after("-d").pop()? })
    }

    fn send(&self, server: &Server) -> (u16, String) {
        let host = self.url.strip_prefix("http://").and_then(|url| url.strip_suffix("/graphql"));
        let mut headers = vec![("host", host.unwrap())];
        headers.extend(self.headers.iter().filter_map(|header| header.split_once(": ")));
        server.send("POST", "/graphql", &headers, &self.body)
    }
}
