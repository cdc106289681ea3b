//! Hostile publications through the whole pipeline; the rules of ownership have a longer table beside
//! them.

use entity::{subgraph, supergraph};
use serde_json::json;

use super::{CHECK, GOOD, codes, input, live, partner, publish, start};
use crate::authz::mutation;

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.3\", \
    import: [\"@key\", \"@external\", \"@requires\", \"@provides\", \"@shareable\", \"@override\", \
    \"@inaccessible\"])";

/// What is published after a good link, at which stage it is refused and by which rule.
const HOSTILE: &[(&str, &str, &str)] = &[
    ("type Query {", "PARSE", "SYNTAX"),
    (
        "type Commune @key(fields: \"id\") { id: ID! code: String! @override(from: \"api\") }",
        "OWNERSHIP",
        "OVERRIDE",
    ),
    (
        "type Commitment @key(fields: \"id\") { id: ID! vidutel: Int }",
        "OWNERSHIP",
        "TYPE_NOT_EXTENDABLE",
    ),
    ("type Query { points: Int }", "OWNERSHIP", "NAME_WITHOUT_PREFIX"),
    ("type VidubankPoint { a: Int }", "OWNERSHIP", "NAME_WITHOUT_PREFIX"),
    ("extend enum PartyKind { VIDUTEL }", "OWNERSHIP", "ENUM_VALUE_ADDED"),
    ("type VidutelX implements Party { id: ID! }", "OWNERSHIP", "INTERFACE_IMPLEMENTED"),
    ("type Commune @key(fields: \"id\") @shareable { id: ID! }", "OWNERSHIP", "SHAREABLE_ON_OURS"),
    (
        "type Commune @key(fields: \"id\") @inaccessible { id: ID! }",
        "OWNERSHIP",
        "INACCESSIBLE_ON_OURS",
    ),
    (
        "type Commune @key(fields: \"id\") { id: ID! code: String! @external vidutel: Int @requires(fields: \"code\") }",
        "OWNERSHIP",
        "REQUIRES_WITHOUT_GRANT",
    ),
    (
        "type Commune @key(fields: \"code validFrom\") { code: String! validFrom: Date! vidutel: Int } scalar Date",
        "OWNERSHIP",
        "KEY_NOT_GRANTED",
    ),
    ("directive @key(fields: String) on OBJECT", "OWNERSHIP", "DIRECTIVE_SHADOWS"),
    (
        "type PageInfo @shareable { endCursor: String total: Int }",
        "OWNERSHIP",
        "SHARED_TYPE_DIFFERS",
    ),
    (
        "type Commune @key(fields: \"id\") { id: ID! vidutel: VidutelGone }",
        "COMPOSITION",
        "DOES_NOT_FIT",
    ),
    (
        "type VidutelX { a: VidutelX! b: Nothing } type Query { vidutelX: VidutelX }",
        "COMPOSITION",
        "DOES_NOT_FIT",
    ),
    (
        "type Commune @key(fields: \"id\") { id: ID! vidutel: VidutelInput } input VidutelInput { a: Int }",
        "COMPOSITION",
        "DOES_NOT_FIT",
    ),
    (
        "input VidutelA { b: VidutelB! } input VidutelB { a: VidutelA! } type Query { vidutelX(a: VidutelA): Int }",
        "COMPOSITION",
        "DOES_NOT_FIT",
    ),
];

#[tokio::test]
async fn what_is_not_ones_own_is_refused_where_it_stands_and_nothing_changes() {
    let (app, manager) = start("vidutel").await;

    for (sdl, stage, code) in HOSTILE {
        let reply = publish(&manager, input(&app, &manager, &format!("{LINK}\n{sdl}"), 0)).await;

        reply.expect_refusal("SUBGRAPH_REFUSED");
        assert!(
            codes(&reply, "publishSubgraph").iter().any(|known| known == code),
            "{sdl}: {}",
            reply.text
        );
        for problem in reply.at("/publishSubgraph/check/problems").as_array().unwrap() {
            assert_eq!(problem["stage"], *stage, "{sdl}");
            assert!(!problem["hint"].as_str().unwrap().is_empty());
            let has_place = !problem["line"].is_null();
            assert_eq!(has_place, ["PARSE", "OWNERSHIP"].contains(stage), "{sdl}: {problem}");
        }
    }

    assert!(app.all(subgraph::Entity).await.is_empty());
    assert_eq!(app.all(supergraph::Entity).await.len(), 1);
}

#[tokio::test]
async fn an_address_that_nobody_listed_is_not_asked() {
    let (app, manager) = start("vidutel").await;

    for (url, code) in [
        ("https://graph.example.vn/graphql", "URL_HOST_NOT_ALLOWED"),
        ("http://10.0.0.1/graphql", "URL_HOST_NOT_ALLOWED"),
        ("http://169.254.169.254/latest", "URL_HOST_NOT_ALLOWED"),
        ("http://[::ffff:10.0.0.1]/", "URL_HOST_NOT_ALLOWED"),
        ("http://2130706433/", "URL_HOST_NOT_ALLOWED"),
        ("http://localhost.example.vn/", "URL_HOST_NOT_ALLOWED"),
        ("http://me:secret@127.0.0.1/", "URL_HOLDS_USER"),
        ("file:///etc/passwd", "URL_MALFORMED"),
        ("ftp://127.0.0.1/", "URL_SCHEME"),
        ("http://127.0.0.1/?a=b", "URL_MALFORMED"),
        ("http://127.0.0.1/#a", "URL_MALFORMED"),
        ("127.0.0.1", "URL_MALFORMED"),
        ("", "URL_MALFORMED"),
    ] {
        let mut wanted = input(&app, &manager, GOOD, 0);
        wanted["url"] = json!(url);
        let reply = publish(&manager, wanted).await;

        reply.expect_refusal("SUBGRAPH_REFUSED");
        assert_eq!(codes(&reply, "publishSubgraph"), [code], "{url}");
    }
}

#[tokio::test]
async fn a_bomb_is_refused_before_it_is_read() {
    let (app, manager) = start("vidutel").await;
    let nested = format!(
        "{LINK} type Query {{ vidutelA(a: {}Int{}): Int }}",
        "[".repeat(9_000),
        "]".repeat(9_000)
    );
    let many: String = (0..30_000).map(|n| format!("a{n}: Int ")).collect();
    let many = &format!("{LINK} type VidutelX {{ {many}")[..200_000];

    for (sdl, code) in [(&*nested, "SDL_TOO_DEEP"), (many, "TOO_MANY_TOKENS")] {
        let reply = publish(&manager, input(&app, &manager, sdl, 0)).await;

        reply.expect_refusal("SUBGRAPH_REFUSED");
        assert!(
            codes(&reply, "publishSubgraph").iter().any(|known| known == code),
            "{}",
            reply.text
        );
    }
}

#[tokio::test]
async fn messages_are_in_the_language_of_the_request() {
    let (_, manager) = start("vidutel").await;
    let wanted = json!({ "partyId": manager.party().id.to_string(), "url": manager.deploys(""),
        "sdl": format!("{LINK} type Points {{ a: Int }}") });
    let check = mutation("checkSubgraph", &format!("subgraph {{ id }} {CHECK}"));

    let vietnamese = manager.act(&check, wanted.clone()).await;
    let english = manager.clone().in_english().act(&check, wanted).await;

    let told =
        |reply: &tests::Reply| reply.text_at("/checkSubgraph/check/problems/0/message").to_owned();
    assert_eq!(told(&vietnamese), "Points không bắt đầu bằng tiền tố vidutel.");
    assert_eq!(told(&english), "Points does not begin with the prefix vidutel.");
    assert_eq!(english.at("/checkSubgraph/check/problems/0/coordinate"), "Points");
}

#[tokio::test]
async fn a_rivals_subgraph_makes_no_difference_to_what_one_is_told() {
    let (app, manager) = start("vidutel").await;
    let sdl =
        format!("{LINK} extend type VidubankPoint @key(fields: \"id\") {{ id: ID! vidutel: Int }}");
    let wanted = json!({ "partyId": manager.party().id.to_string(), "url": manager.deploys(""), "sdl": sdl });
    let check = mutation("checkSubgraph", &format!("subgraph {{ id }} {CHECK}"));
    let before = manager.act(&check, wanted.clone()).await;
    let rival = partner(&app, "vidubank").await;
    live(&app, &rival, &GOOD.replace("idutel", "idubank")).await;

    let after = manager.act(&check, wanted).await;

    assert_eq!(before.data(), after.data());
}
