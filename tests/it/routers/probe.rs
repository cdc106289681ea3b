//! A partner's endpoint is looked at before it becomes part of the graph: each way in which it may lie
//! has a code of its own.

use api::{
    domain::subgraph::{
        probe::{self, Asked},
        problem::Code,
    },
    refusal::Language,
};
use axum::http::{HeaderName, header};
use composer::Document;
use entity::place;
use serde_json::{Value, json};
use tests::{
    TestApp,
    partner::{Lie, Partner},
};

use super::house;

const SDL: &str = r#"
extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@external", "@key", "@requires"])
type Commune @key(fields: "id") {
  id: ID!
  code: String! @external
  validFrom: Date! @external
  vidutel: VidutelCommune @requires(fields: "code validFrom")
}
type VidutelCommune { percent4G: Float! }
type VidutelMast @key(fields: "id") { id: ID! height: Int }
scalar Date
"#;

/// Requires all that is known of a row.
const OF_EVERYTHING: &str = r#"
type Commune @key(fields: "id") {
  id: ID!
  name: String!
  vidutel: Int @requires(fields: "code name level kind validFrom validTo")
}
type Department @key(fields: "code") {
  code: String!
  name: String!
  vidutel: Int @requires(fields: "id name kind validFrom validTo")
}
"#;

async fn document(app: &TestApp, sdl: &'static str) -> Document {
    app.api.composer.run(move |composer| composer.parse(sdl)).await.unwrap().unwrap()
}

/// A partner that knows every commune that there is.
async fn partner(app: &TestApp, lie: Lie) -> Partner {
    let known = app.all(place::Entity).await.iter().map(|place| place.id.to_string()).collect();
    let partner = Partner::start(app, lie, "vidutel", known);
    partner.deploy(SDL);
    partner
}

async fn codes(app: &TestApp, url: &str, document: &Document) -> Vec<Code> {
    let asked = Asked { url, sdl: SDL, document, prefix: "vidutel" };
    let problems = probe::probe(&app.api, &asked).await.unwrap();
    for problem in &problems {
        for language in [Language::Vi, Language::En] {
            let told = format!("{} {}", problem.message(language), problem.hint(language));
            assert!(!told.contains("{what}") && !told.contains("{why}"), "{told}");
        }
    }
    problems.iter().map(|problem| problem.code).collect()
}

#[tokio::test]
async fn an_honest_partner_passes_and_hears_statements_alone() {
    let (app, _) = house().await;
    let document = document(&app, SDL).await;
    let partner = partner(&app, Lie::None).await;

    assert_eq!(codes(&app, &partner.url, &document).await, []);

    let heard = partner.heard();
    assert_eq!(heard.len(), 10, "its SDL, two types, seven attempts");
    for (headers, _) in heard {
        let names: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
        let may = ["accept", "authorization", "content-length", "content-type", "host"];
        assert!(names.iter().all(|name| may.contains(name)), "{names:?}");
        let bearer = headers.get(header::AUTHORIZATION).map(|it| it.to_str().unwrap());
        assert!(bearer.is_none_or(|it| it.starts_with("Bearer ey")), "{bearer:?}");
    }
}

#[tokio::test]
async fn every_lie_has_its_code() {
    let (app, _) = house().await;
    let document = document(&app, SDL).await;
    for (lie, codes_of_it) in [
        (Lie::OtherSdl, &[Code::ProbeSdlDiffers][..]),
        (
            Lie::Public,
            &[
                Code::ProbePublic,
                Code::ProbePublic,
                Code::ProbePublic,
                Code::ProbeTakesOtherAudience,
                Code::ProbeTakesExpired,
                Code::ProbeTakesForged,
                Code::ProbeTakesForged,
            ],
        ),
        (Lie::PublicTypeName, &[Code::ProbePublic]),
        (Lie::TakesOtherAudience, &[Code::ProbeTakesOtherAudience]),
        (Lie::TakesExpired, &[Code::ProbeTakesExpired]),
        (Lie::TakesForged, &[Code::ProbeTakesForged, Code::ProbeTakesForged]),
        (Lie::TakesUnsigned, &[Code::ProbeTakesForged]),
        (Lie::Refuses, &[Code::ProbeRefused]),
        (Lie::Drops, &[Code::ProbeEntitiesCount, Code::ProbeEntitiesCount]),
        (Lie::Sorts, &[Code::ProbeEntitiesOrder]),
        (Lie::MakesUp, &[Code::ProbeEntitiesUnknown]),
        (Lie::Fails, &[Code::ProbeEntitiesCount, Code::ProbeEntitiesCount]),
        (Lie::Slow, &[Code::ProbeSlow]),
        (Lie::Endless, &[Code::ProbeTooLarge]),
        (Lie::Redirects, &[Code::ProbeRedirects]),
        (Lie::NoJson, &[Code::ProbeNotGraphql]),
    ] {
        let partner = partner(&app, lie).await;

        assert_eq!(codes(&app, &partner.url, &document).await, codes_of_it, "{lie:?}");
    }
}

#[tokio::test]
async fn an_address_where_nobody_is_cannot_be_reached() {
    let (app, _) = house().await;
    let document = document(&app, SDL).await;
    let gone = {
        let partner = partner(&app, Lie::None).await;
        partner.url.clone()
    };

    assert_eq!(codes(&app, &gone, &document).await, [Code::ProbeUnreachable]);
}

#[tokio::test]
async fn what_the_operator_did_not_list_is_not_asked() {
    let (app, _) = house().await;
    let document = document(&app, SDL).await;
    for (url, code) in [
        ("https://graph.example.vn/graphql", Code::UrlHostNotAllowed),
        ("http://10.0.0.1/graphql", Code::UrlHostNotAllowed),
        ("http://169.254.169.254/latest/meta-data", Code::UrlHostNotAllowed),
        ("http://[::ffff:10.0.0.1]/graphql", Code::UrlHostNotAllowed),
        ("http://0x7f000001/graphql", Code::UrlHostNotAllowed),
        ("http://localhost./graphql", Code::UrlHostNotAllowed),
        ("ftp://localhost/graphql", Code::UrlScheme),
        ("http://user:secret@localhost/graphql", Code::UrlHoldsUser),
        ("http://localhost/graphql?key=1", Code::UrlMalformed),
        ("http://localhost/#a", Code::UrlMalformed),
        ("/graphql", Code::UrlMalformed),
        ("", Code::UrlMalformed),
    ] {
        assert_eq!(codes(&app, url, &document).await, [code], "{url}");
    }
    let long = format!("http://localhost/{}", "a".repeat(500));
    assert_eq!(codes(&app, &long, &document).await, [Code::UrlMalformed]);
}

#[tokio::test]
async fn what_is_said_of_known_rows_is_what_the_public_sees() {
    let (app, _) = house().await;
    let document = document(&app, OF_EVERYTHING).await;
    let partner = partner(&app, Lie::None).await;
    codes(&app, &partner.url, &document).await;

    let asked = partner.heard().into_iter().map(|(_, asked)| asked["variables"].clone());
    let sent = asked.filter_map(|asked| asked["representations"].as_array().cloned()).flatten();
    let is_made_up = |sent: &Value| sent["name"].as_str().unwrap().starts_with("unknown-");
    let known: Vec<Value> = sent.filter(|sent| !is_made_up(sent)).collect();
    assert_eq!(known.len(), 4, "{known:#?}");
    for row in known {
        let (of, fields) = match row["__typename"].as_str().unwrap() {
            "Commune" => ("Commune", "code name level kind validFrom validTo"),
            _ => ("Department", "code name kind validFrom validTo"),
        };
        let query = format!(
            "query ($id: ID!) {{ node(id: $id) {{ __typename id ... on {of} {{ {fields} }} }} }}"
        );
        let seen = app.public().gql(&query, json!({ "id": row["id"] })).await;
        assert_eq!(*seen.at("/node"), row);
    }
}
