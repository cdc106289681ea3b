use std::process::Command;

use super::*;

const OURS: Part<'_> = Part {
    name: "api",
    url: "http://127.0.0.1:4000/graphql",
    sdl: r#"
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@tag", "@inaccessible"])
        type Query { commune(code: String!): Commune secret: Int @inaccessible }
        "A commune."
        type Commune @key(fields: "id") { id: ID! code: String! @tag(name: "public") areaHectares: Float }
    "#,
};

const PARTNER: Part<'_> = Part {
    name: "vidutel",
    url: "http://127.0.0.1:4201/graphql",
    sdl: r#"
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])
        extend type Commune @key(fields: "id") {
          id: ID! @external
          code: String! @external
          vidutel: VidutelCommune @requires(fields: "code")
        }
        type VidutelCommune { points: [VidutelPoint!]! }
        type VidutelPoint { name: String! }
    "#,
};

#[test]
fn a_partner_adds_to_a_type_of_ours() {
    let composed = COMPOSER.compose(&[OURS, PARTNER]).unwrap();

    let field = r#"vidutel: VidutelCommune @join__field(graph: VIDUTEL, requires: "code")"#;
    assert!(composed.supergraph.contains(field), "{}", composed.supergraph);
    assert!(composed.api_schema.contains("vidutel: VidutelCommune\n"), "{}", composed.api_schema);
    assert!(composed.api_schema.contains("A commune."), "{}", composed.api_schema);
    for hidden in ["join__", "link__", "@tag", "inaccessible", "secret", "schema", "directive"] {
        assert!(!composed.api_schema.contains(hidden), "{hidden}: {}", composed.api_schema);
    }
}

#[test]
fn what_does_not_fit_has_the_codes_of_the_composition() {
    let sdl = r#"
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
        type Commune @key(fields: "id") { id: ID! code: String! }
    "#;

    let failure = COMPOSER.compose(&[OURS, Part { sdl, ..PARTNER }]).unwrap_err();

    let Failure::Problems(problems) = failure else { panic!("{failure:?}") };
    assert_eq!(problems[0].code, "INVALID_FIELD_SHARING", "{problems:?}");
}

#[test]
fn the_same_parts_give_the_same_bytes_in_any_order() {
    let composed = COMPOSER.compose(&[OURS, PARTNER]).unwrap();

    assert_eq!(COMPOSER.compose(&[OURS, PARTNER]).as_ref(), Ok(&composed));
    assert_eq!(COMPOSER.compose(&[PARTNER, OURS]).as_ref(), Ok(&composed));
}

/// As its authors run it: neither the engine nor what stands for the world makes a difference.
#[test]
fn the_bytes_are_those_of_node() {
    let script = r#"
        import { composeServices } from "@theguild/federation-composition";
        import { parse, print } from "graphql";
        const parts = JSON.parse(process.argv[1]);
        const { supergraphSdl, publicDocumentNode } = composeServices(
          parts.map(([name, url, sdl]) => ({ name, url, typeDefs: parse(sdl) })),
        );
        console.log(JSON.stringify([supergraphSdl, print(publicDocumentNode)]));
    "#;
    let parts = [OURS, PARTNER].map(|part| [part.name, part.url, part.sdl]);
    let output = Command::new("node")
        .args(["--input-type=module", "--eval", script, &serde_json::json!(parts).to_string()])
        .current_dir(concat!(env!("OUT_DIR"), "/js"))
        .output()
        .unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let (supergraph, api_schema) = serde_json::from_str(&stdout).unwrap();

    assert_eq!(COMPOSER.compose(&[OURS, PARTNER]), Ok(Composed { supergraph, api_schema }));
}

/// The engine asks whether schemas fit, not who may say what. This is why ownership has rules of
/// its own, which are asked before.
#[test]
fn the_engine_lets_a_partner_take_over_a_field_of_ours() {
    let sdl = r#"
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@override"])
        type Commune @key(fields: "id") { id: ID! areaHectares: Float @override(from: "api") }
    "#;

    let composed = COMPOSER.compose(&[OURS, Part { sdl, ..PARTNER }]).unwrap();

    let taken = r#"areaHectares: Float @join__field(graph: VIDUTEL, override: "api")"#;
    assert!(composed.supergraph.contains(taken), "{}", composed.supergraph);
}

#[test]
fn what_clients_do_not_see_is_in_no_union_of_theirs() {
    let sdl = r#"
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@inaccessible"])
        type Query { vidutel: VidutelAny }
        union VidutelAny = VidutelSeen | VidutelHidden
        type VidutelSeen { a: Int }
        type VidutelHidden @inaccessible { a: Int }
    "#;

    let composed = COMPOSER.compose(&[Part { sdl, ..PARTNER }]).unwrap();

    let told = composed.api_schema.lines().any(|line| line == "union VidutelAny = VidutelSeen");
    assert!(told, "{}", composed.api_schema);
    assert!(composed.supergraph.contains("VidutelHidden"));
}

#[test]
fn a_part_that_is_no_schema_is_named() {
    let failure = COMPOSER.compose(&[OURS, Part { sdl: "type", ..PARTNER }]).unwrap_err();

    let Failure::Syntax { message, at } = failure else { panic!("{failure:?}") };
    assert!(message.starts_with("vidutel: "), "{message}");
    assert_eq!(at, Position { line: 1, column: 5 });
}

#[test]
fn names_and_addresses_of_parts_stay_texts() {
    let url = "http://127.0.0.1/\") }\ntype Query { stolen: Int }";

    let composed = COMPOSER.compose(&[Part { url, ..OURS }]).unwrap();

    assert!(composed.supergraph.contains(r#"/\") }\ntype Query { stolen: Int }")"#));
    assert!(!composed.api_schema.contains("stolen"));
}

#[test]
fn links_that_cannot_be_read_are_problems_of_their_part() {
    for link in [
        "@link",
        "@link(url: 12)",
        r#"@link(url: "nothing")"#,
        r#"@link(url: "https://specs.apollo.dev/federation/v9.3")"#,
        r#"@link(url: "https://specs.apollo.dev/other/../federation/v2.3", import: ["@key"])"#,
        r#"@link(url: "https://me@specs.apollo.dev/federation/v2.3", import: ["@key"])"#,
        r#"@link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@nothing"])"#,
        r#"@link(url: "https://specs.apollo.dev/federation/v2.3", import: [1])"#,
        r#"@link(url: "https://specs.apollo.dev/federation/v2.3", import: {})"#,
    ] {
        let sdl = format!("extend schema {link} type Vidutel @key(fields: \"id\") {{ id: ID! }}");

        let failure = COMPOSER.compose(&[OURS, Part { sdl: &sdl, ..PARTNER }]).unwrap_err();

        assert!(matches!(failure, Failure::Problems(_)), "{link}: {failure:?}");
    }
}
