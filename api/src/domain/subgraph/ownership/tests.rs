//! Publications that try to be more than their own, each with the rule that refuses it.

use std::collections::HashSet;

use composer::{Composer, Limits};

use super::*;
use crate::domain::subgraph::{pipeline::caps, problem::Stage};

/// The common graph as far as these tests ask of it.
const OURS: &str = r#"
extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
directive @oneOf on INPUT_OBJECT
directive @common on FIELD_DEFINITION
scalar Date @specifiedBy(url: "https://example.vn/date")
scalar UUID
interface Node { id: ID! }
interface Party { id: ID! code: String! }
type PageInfo @shareable { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }
enum PartyKind { BANK DEPARTMENT }
union Work = Task
input CodeInput { code: String! asOf: Date }
type Commune implements Node @key(fields: "id") @key(fields: "code validFrom") {
  id: ID! code: String! validFrom: Date! name(language: String): String! governs: CommuneAuthority
}
type CommuneAuthority implements Party & Node @key(fields: "id") @key(fields: "code") { id: ID! code: String! name: String! }
type TelecomCompany implements Party & Node @key(fields: "id") @key(fields: "code") { id: ID! code: String! }
type Task implements Node @key(fields: "id") { id: ID! text: String! }
type Commitment implements Node @key(fields: "id") { id: ID! quantity: String }
type Query { commune(code: String!): Commune node(id: ID!): Node task: Task commitment: Commitment company: TelecomCompany work: Work kind: PartyKind info: PageInfo }
type Mutation { accept(input: CodeInput!): Boolean }
"#;

const LINK: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires", "@provides", "@shareable", "@override", "@inaccessible", "@tag", "@interfaceObject", "@extends"])"#;

const GOOD: &str = r#"
type Commune @key(fields: "id") { id: ID! vidutel: VidutelCommune }
type VidutelCommune { coverage: Int @deprecated(reason: "no") points(first: Int = 10): [VidutelPoint!]! kind: VidutelKind }
type VidutelPoint implements Node @key(fields: "id") @shareable { id: ID! at: Date commune: Commune of: VIDUTEL_Any }
enum VidutelKind { FIBRE @tag(name: "a") MOBILE }
union VIDUTEL_Any = VidutelPoint
input VidutelFilter { kind: VidutelKind = FIBRE }
directive @vidutelNote(text: String) on FIELD_DEFINITION
scalar Date @specifiedBy(url: "https://example.vn/date")
interface Node { id: ID! }
type PageInfo @shareable { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }
type Query { vidutelPoints(filter: VidutelFilter): [VidutelPoint!] @vidutelNote(text: "x") }
type Mutation { vidutelOrder(id: ID!): VidutelPoint }
"#;

fn composer() -> Composer {
    let deadline = std::time::Duration::from_secs(30);
    Composer { limits: Limits { memory: 256 << 20, deadline } }
}

fn judge(sdl: &str, grants: &[&str]) -> (Claims, Vec<Problem>) {
    let composer = composer();
    let ours = Ours::of(composer.parse(OURS).unwrap());
    let grants: HashSet<String> = grants.iter().map(|grant| (*grant).to_owned()).collect();
    let owner = Owner { prefix: "vidutel".to_owned(), grants };
    let document = composer.parse(sdl).unwrap_or_else(|failure| panic!("{failure}: {sdl}"));
    check(&document, &ours, &owner)
}

fn codes(sdl: &str, grants: &[&str]) -> Vec<String> {
    let (_, problems) = judge(sdl, grants);
    problems.iter().map(|problem| problem.code.name()).collect()
}

#[test]
fn what_is_ones_own_may_be_published() {
    let (claims, problems) = judge(&format!("{LINK}\n{GOOD}"), &[]);
    assert_eq!(problems, []);
    assert_eq!(claims.types, ["Commune".to_owned()].into());
    assert_eq!(claims.root_fields, ["Mutation.vidutelOrder".to_owned()].into());
    assert_eq!(claims.reads, BTreeSet::new());
}

#[test]
fn what_is_granted_may_be_a_key_required_and_provided() {
    let sdl = format!(
        r#"{LINK}
        type Commune @key(fields: "validFrom code") {{
            code: String! validFrom: Date! vidutel: Int @requires(fields: "governs {{ name }}")
            governs: CommuneAuthority @external
        }}
        type CommuneAuthority @key(fields: "id") {{ id: ID! name: String! @external }}
        type Query {{ vidutelHome: CommuneAuthority @provides(fields: "name") }}
        scalar Date"#
    );
    let grants = ["Commune.code", "Commune.validFrom", "Commune.governs", "CommuneAuthority.name"];
    let (claims, problems) = judge(&sdl, &grants);
    assert_eq!(problems, []);
    assert_eq!(claims.reads, grants.map(str::to_owned).into());
    for missing in grants {
        let fewer: Vec<&str> = grants.into_iter().filter(|grant| *grant != missing).collect();
        assert!(!judge(&sdl, &fewer).1.is_empty(), "{missing}");
    }
}

/// Publications by `vidutel` after a good link, and the rule that refuses each.
const HOSTILE: &[(&str, &str, &str)] = &[
    ("a type of ours again", "type Task { id: ID! }", "TYPE_NOT_EXTENDABLE"),
    (
        "a type of ours that is closed",
        "extend type Commitment @key(fields: \"id\") { id: ID! vidutel: Int }",
        "TYPE_NOT_EXTENDABLE",
    ),
    (
        "a field on a type of ours that takes it away",
        "type Commune @key(fields: \"id\") { id: ID! vidutel: Int! }",
        "FIELD_NOT_NULLABLE",
    ),
    (
        "a root field that takes the answer away",
        "type Query { vidutelPoints: [Int!]! }",
        "FIELD_NOT_NULLABLE",
    ),
    ("a type of ours as another kind", "interface Commune { id: ID! }", "TYPE_TAKEN_OVER"),
    (
        "a field of ours overridden",
        "type Commune @key(fields: \"id\") { id: ID! code: String! @override(from: \"api\") vidutel: Int }",
        "OVERRIDE",
    ),
    (
        "the same by its qualified name",
        "type Commune @key(fields: \"id\") { id: ID! code: String! @federation__override(from: \"api\") }",
        "OVERRIDE",
    ),
    (
        "an override of one's own field",
        "type Query { vidutelA: Int @override(from: \"vidubank\") }",
        "OVERRIDE",
    ),
    (
        "a field of ours answered",
        "type Commune @key(fields: \"id\") { id: ID! code: String! vidutel: Int }",
        "FIELD_TAKEN_OVER",
    ),
    (
        "a field of ours shared",
        "type Commune @key(fields: \"id\") { id: ID! code: String! @shareable }",
        "SHAREABLE_ON_OURS",
    ),
    (
        "a type of ours shared",
        "type Commune @key(fields: \"id\") @shareable { id: ID! vidutel: Int }",
        "SHAREABLE_ON_OURS",
    ),
    (
        "a field of ours hidden",
        "type Commune @key(fields: \"id\") { id: ID! @inaccessible vidutel: Int }",
        "INACCESSIBLE_ON_OURS",
    ),
    (
        "a type of ours hidden",
        "type Commune @key(fields: \"id\") @inaccessible { id: ID! vidutel: Int }",
        "INACCESSIBLE_ON_OURS",
    ),
    (
        "a type of ours tagged",
        "type Commune @key(fields: \"id\") @tag(name: \"x\") { id: ID! vidutel: Int }",
        "TAG_ON_OURS",
    ),
    (
        "a field of ours deprecated",
        "type Commune @key(fields: \"id\") { id: ID! @deprecated vidutel: Int }",
        "DIRECTIVE_ON_OURS",
    ),
    (
        "a field of ours under authorization",
        "type Commune @key(fields: \"id\") { id: ID! @federation__authenticated }",
        "AUTHORIZATION_ON_OURS",
    ),
    (
        "a type of ours under scopes",
        "type Commune @key(fields: \"id\") @federation__requiresScopes(scopes: [[\"a\"]]) { id: ID! }",
        "AUTHORIZATION_ON_OURS",
    ),
    (
        "a type of ours under a policy",
        "type Commune @key(fields: \"id\") @federation__policy(policies: [[\"a\"]]) { id: ID! }",
        "AUTHORIZATION_ON_OURS",
    ),
    (
        "a cost for a field of ours",
        "type Commune @key(fields: \"id\") { id: ID! @federation__cost(weight: 9) }",
        "COST_ON_OURS",
    ),
    (
        "a list size for a field of ours",
        "type Commune @key(fields: \"id\") { id: ID! @federation__listSize(assumedSize: 9) }",
        "COST_ON_OURS",
    ),
    (
        "a directive of one's own on ours",
        "directive @vidutelX on FIELD_DEFINITION type Commune @key(fields: \"id\") { id: ID! @vidutelX }",
        "DIRECTIVE_ON_OURS",
    ),
    (
        "a second field on ours",
        "type Commune @key(fields: \"id\") { id: ID! vidutel: Int vidutelMore: Int }",
        "FIELD_NOT_NAMED_AS_PREFIX",
    ),
    (
        "a field in capitals on ours",
        "type Commune @key(fields: \"id\") { id: ID! Vidutel: Int }",
        "FIELD_NOT_NAMED_AS_PREFIX",
    ),
    (
        "another's field on ours",
        "type Commune @key(fields: \"id\") { id: ID! vidubank: Int }",
        "FIELD_NOT_NAMED_AS_PREFIX",
    ),
    ("no key", "extend type Commune { vidutel: Int }", "KEY_MISSING"),
    (
        "a key that is none",
        "type Commune @key(fields: \"name\") { name: String! vidutel: Int }",
        "KEY_NOT_OURS",
    ),
    (
        "half a key",
        "type Commune @key(fields: \"code\") { code: String! vidutel: Int }",
        "KEY_NOT_OURS",
    ),
    (
        "more than a key",
        "type Commune @key(fields: \"id code\") { id: ID! code: String! }",
        "KEY_NOT_OURS",
    ),
    (
        "a key that leads on",
        "type Commune @key(fields: \"governs { id }\") { governs: CommuneAuthority }",
        "KEY_NOT_OURS",
    ),
    (
        "a key that was not granted",
        "type Commune @key(fields: \"code validFrom\") { code: String! validFrom: Date! } scalar Date",
        "KEY_NOT_GRANTED",
    ),
    (
        "a key with a fragment",
        "type Commune @key(fields: \"... on Commune { id }\") { id: ID! }",
        "FIELD_SET_NOT_PLAIN",
    ),
    (
        "a field required without a grant",
        "type Commune @key(fields: \"id\") { id: ID! code: String! @external vidutel: Int @requires(fields: \"code\") }",
        "REQUIRES_WITHOUT_GRANT",
    ),
    (
        "the same by a fragment",
        "type Commune @key(fields: \"id\") { id: ID! code: String! @external vidutel: Int @requires(fields: \"... { code }\") }",
        "FIELD_SET_NOT_PLAIN",
    ),
    (
        "the same through another type",
        "type CommuneAuthority @key(fields: \"id\") { id: ID! name: String! @external } type Commune @key(fields: \"id\") { id: ID! governs: CommuneAuthority @external vidutel: Int @requires(fields: \"governs { name }\") }",
        "REQUIRES_WITHOUT_GRANT",
    ),
    (
        "the same from a type of one's own",
        "type VidutelX @key(fields: \"commune { code }\") { commune: Commune } type Commune @key(fields: \"id\") { id: ID! code: String! @external }",
        "REQUIRES_WITHOUT_GRANT",
    ),
    (
        "a field required elsewhere",
        "type VidutelX @key(fields: \"id\") { id: ID! a: Int b: Int @requires(fields: \"a\") }",
        "REQUIRES_ELSEWHERE",
    ),
    (
        "a field provided without a grant",
        "type Query { vidutelC: Commune @provides(fields: \"code\") } type Commune @key(fields: \"id\") { id: ID! code: String! @external }",
        "PROVIDES_WITHOUT_GRANT",
    ),
    (
        "an external field that nothing needs",
        "type Commune @key(fields: \"id\") { id: ID! code: String! @external vidutel: Int }",
        "EXTERNAL_UNUSED",
    ),
    (
        "an external field of one's own",
        "type VidutelX @key(fields: \"id\") { id: ID! a: Int @external }",
        "EXTERNAL_ELSEWHERE",
    ),
    (
        "a whole type external",
        "type Commune @key(fields: \"id\") @external { id: ID! vidutel: Int }",
        "EXTERNAL_ELSEWHERE",
    ),
    (
        "a field of ours with another type",
        "type Commune @key(fields: \"id\") { id: String! vidutel: Int }",
        "FIELD_DIFFERS",
    ),
    (
        "a field of ours with an argument more",
        "type Commune @key(fields: \"id\") { id(secret: Boolean): ID! vidutel: Int }",
        "FIELD_DIFFERS",
    ),
    (
        "a field of ours that requires",
        "type Commune @key(fields: \"id\") { id: ID! @requires(fields: \"code\") }",
        "REQUIRES_ELSEWHERE",
    ),
    (
        "an interface of ours on ours",
        "type Commune implements Party @key(fields: \"id\") { id: ID! vidutel: Int }",
        "INTERFACE_IMPLEMENTED",
    ),
    (
        "an interface of one's own on ours",
        "interface VidutelI { id: ID! } type Commune implements VidutelI @key(fields: \"id\") { id: ID! }",
        "INTERFACE_IMPLEMENTED",
    ),
    (
        "an interface of ours on one's own",
        "type VidutelX implements Party { id: ID! code: String! }",
        "INTERFACE_IMPLEMENTED",
    ),
    (
        "Node without an id",
        "type VidutelX implements Node { name: String } interface Node { id: ID! }",
        "NODE_IMPLEMENTED_FALSELY",
    ),
    (
        "Node with another id",
        "type VidutelX implements Node { id: ID } interface Node { id: ID! }",
        "NODE_IMPLEMENTED_FALSELY",
    ),
    (
        "an interface object",
        "type Party @key(fields: \"id\") @interfaceObject { id: ID! }",
        "INTERFACE_OBJECT",
    ),
    ("an interface of ours again", "interface Party { id: ID! more: Int }", "INTERFACE_CHANGED"),
    ("a new value in our enum", "enum PartyKind { BANK DEPARTMENT TELECOM }", "ENUM_VALUE_ADDED"),
    ("a value by extension", "extend enum PartyKind { TELECOM }", "ENUM_VALUE_ADDED"),
    ("our enum as it is", "enum PartyKind { BANK DEPARTMENT }", "TYPE_TAKEN_OVER"),
    (
        "a member of our union",
        "extend union Work = VidutelX type VidutelX { a: Int }",
        "UNION_MEMBER_ADDED",
    ),
    (
        "a field of our input",
        "input CodeInput { code: String! asOf: Date more: Int }",
        "INPUT_CHANGED",
    ),
    ("our input with a default", "extend input CodeInput { more: Int = 1 }", "INPUT_CHANGED"),
    ("Node with more", "interface Node { id: ID! name: String }", "SHARED_TYPE_DIFFERS"),
    ("Node by extension", "extend interface Node { vidutel: Int }", "SHARED_TYPE_DIFFERS"),
    (
        "PageInfo with more",
        "type PageInfo @shareable { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String total: Int }",
        "SHARED_TYPE_DIFFERS",
    ),
    (
        "PageInfo for oneself",
        "type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }",
        "SHARED_TYPE_DIFFERS",
    ),
    (
        "PageInfo with a key",
        "type PageInfo @shareable @key(fields: \"endCursor\") { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }",
        "SHARED_TYPE_DIFFERS",
    ),
    (
        "a scalar that means something else",
        "scalar Date @specifiedBy(url: \"https://evil.example/\")",
        "SHARED_TYPE_DIFFERS",
    ),
    ("a scalar that is hidden", "scalar UUID @inaccessible", "SHARED_TYPE_DIFFERS"),
    ("a scalar as an object", "type Date { a: Int }", "SHARED_TYPE_DIFFERS"),
    ("a root field without the prefix", "type Query { points: Int }", "NAME_WITHOUT_PREFIX"),
    ("a root field of ours", "extend type Query { node(id: ID!): Int }", "NAME_WITHOUT_PREFIX"),
    ("the entities", "type Query { _entities: [Int] }", "NAME_WITHOUT_PREFIX"),
    ("a mutation of ours", "type Mutation { accept: Boolean }", "NAME_WITHOUT_PREFIX"),
    (
        "a subscription without the prefix",
        "type Subscription { events: Int }",
        "NAME_WITHOUT_PREFIX",
    ),
    ("a root type as an interface", "interface Query { vidutelA: Int }", "TYPE_TAKEN_OVER"),
    (
        "a root type that implements",
        "type Query implements Node { vidutelA: Int }",
        "INTERFACE_IMPLEMENTED",
    ),
    (
        "a root type with a key",
        "type Query @key(fields: \"vidutelA\") { vidutelA: Int }",
        "TYPE_TAKEN_OVER",
    ),
    ("a root type that is shared", "type Query @shareable { vidutelA: Int }", "SHAREABLE_ON_OURS"),
    ("a type under another's prefix", "type VidubankX { a: Int }", "NAME_WITHOUT_PREFIX"),
    (
        "a type of another's extended",
        "extend type VidubankX @key(fields: \"id\") { id: ID! vidutel: Int }",
        "NAME_WITHOUT_PREFIX",
    ),
    ("an enum without the prefix", "enum Kind { A }", "NAME_WITHOUT_PREFIX"),
    ("an input without the prefix", "input Filter { a: Int }", "NAME_WITHOUT_PREFIX"),
    ("a scalar without the prefix", "scalar Money", "NAME_WITHOUT_PREFIX"),
    ("a scalar of the language", "scalar String", "NAME_WITHOUT_PREFIX"),
    (
        "a union without the prefix",
        "union Any = VidutelX type VidutelX { a: Int }",
        "NAME_WITHOUT_PREFIX",
    ),
    (
        "a directive without the prefix",
        "directive @note on FIELD_DEFINITION",
        "NAME_WITHOUT_PREFIX",
    ),
    (
        "a directive that shadows Federation's",
        "directive @key(fields: String) on OBJECT",
        "DIRECTIVE_SHADOWS",
    ),
    ("a directive that shadows the language's", "directive @skip on FIELD", "DIRECTIVE_SHADOWS"),
    ("a directive that shadows ours", "directive @common on FIELD_DEFINITION", "DIRECTIVE_SHADOWS"),
    (
        "a directive that shadows an authorization",
        "directive @authenticated on OBJECT",
        "DIRECTIVE_SHADOWS",
    ),
    ("a directive nobody knows", "type VidutelX @cacheControl { a: Int }", "DIRECTIVE_UNKNOWN"),
    (
        "a context that hands values on",
        "type VidutelX @federation__context(name: \"x\") { a: Int }",
        "DIRECTIVE_UNKNOWN",
    ),
    (
        "an authorization that is not imported",
        "type VidutelX @authenticated { a: Int }",
        "AUTHORIZATION_NOT_IMPORTED",
    ),
    (
        "a composed directive",
        "extend schema @composeDirective(name: \"@vidutelX\")",
        "COMPOSED_DIRECTIVE",
    ),
    (
        "the root types renamed",
        "schema { query: VidutelQuery } type VidutelQuery { a: Int }",
        "SCHEMA_CHANGED",
    ),
    ("the root types exchanged", "schema { query: Mutation }", "SCHEMA_CHANGED"),
    ("a directive on the schema", "extend schema @tag(name: \"x\")", "SCHEMA_CHANGED"),
    (
        "a second link",
        "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.0\")",
        "LINKED_TWICE",
    ),
    (
        "a link to something else",
        "extend schema @link(url: \"https://evil.example/spec/v1.0\")",
        "FOREIGN_LINK",
    ),
    (
        "a link to join",
        "extend schema @link(url: \"https://specs.apollo.dev/join/v0.3\")",
        "FOREIGN_LINK",
    ),
    ("a name of the language's", "type VidutelX { __secret: Int }", "RESERVED_NAME"),
    ("a type of the language's", "type __Type { a: Int }", "RESERVED_NAME"),
    ("a value of the language's", "enum VidutelE { __A }", "RESERVED_NAME"),
    ("a type twice", "type VidutelX { a: Int } type VidutelX { b: Int }", "DEFINED_TWICE"),
    ("a type in two kinds", "type VidutelX { a: Int } enum VidutelX { A }", "DEFINED_TWICE"),
    (
        "a field twice",
        "type VidutelX { a: Int } extend type VidutelX { a: String }",
        "DEFINED_TWICE",
    ),
    (
        "a directive twice",
        "directive @vidutelX on OBJECT directive @vidutelX on FIELD_DEFINITION",
        "DEFINED_TWICE",
    ),
];

#[test]
fn every_hostile_publication_is_refused_by_its_rule() {
    let composer = composer();
    let ours = Ours::of(composer.parse(OURS).unwrap());
    let owner = Owner { prefix: "vidutel".to_owned(), grants: HashSet::new() };
    assert!(HOSTILE.len() >= 40);
    for (name, sdl, code) in HOSTILE {
        let sdl = format!("{LINK}\n{sdl}");
        let document = composer.parse(&sdl).unwrap_or_else(|failure| panic!("{name}: {failure}"));
        let (_, problems) = check(&document, &ours, &owner);
        let codes: Vec<String> = problems.iter().map(|problem| problem.code.name()).collect();
        assert!(codes.iter().any(|known| known == code), "{name}: {codes:?}");
        for problem in problems {
            assert_eq!(problem.stage, Stage::Ownership);
            for language in [crate::refusal::Language::Vi, crate::refusal::Language::En] {
                let told = problem.message(language) + &problem.hint(language);
                let unfilled =
                    told.split('{').skip(1).any(|rest| rest.starts_with(char::is_alphabetic));
                assert!(!unfilled, "{name}: {told}");
            }
        }
    }
}

#[test]
fn a_schema_says_once_and_plainly_that_it_is_of_federation_2() {
    let url = "https://specs.apollo.dev/federation";
    let rest = "type Query { vidutelA: Int }";
    for (link, code) in [
        (String::new(), "NO_FEDERATION_LINK"),
        (format!("extend schema @link(url: \"{url}/v1.0\")"), "FEDERATION_VERSION"),
        (format!("extend schema @link(url: \"{url}/v2.99\")"), "FEDERATION_VERSION"),
        (format!("extend schema @link(url: \"{url}/v2.03\")"), "FEDERATION_VERSION"),
        (format!("extend schema @link(url: \"{url}/v2.3\", as: \"fed\")"), "RENAMED_IMPORT"),
        (format!("extend schema @link(url: \"{url}/v2.3\", for: SECURITY)"), "RENAMED_IMPORT"),
        (
            format!(
                "extend schema @link(url: \"{url}/v2.3\", import: [{{ name: \"@key\", as: \"@id\" }}])"
            ),
            "RENAMED_IMPORT",
        ),
        (
            format!("extend schema @link(url: \"{url}/v2.3\", import: [\"@composeDirective\"])"),
            "COMPOSED_DIRECTIVE",
        ),
        (
            format!("extend schema @link(url: \"{url}/v2.3\", import: [\"@nothing\"])"),
            "UNKNOWN_IMPORT",
        ),
        (format!("extend schema @link(url: \"{url}/v2.3\", import: [\"_Any\"])"), "UNKNOWN_IMPORT"),
    ] {
        let codes = codes(&format!("{link}\n{rest}"), &[]);
        assert!(codes.iter().any(|known| known == code), "{link}: {codes:?}");
    }
    let both = format!(
        "extend schema @link(url: \"https://specs.apollo.dev/link/v1.0\") \
         @link(url: \"{url}/v2.9\", import: [\"@key\", \"FieldSet\"]) {rest}"
    );
    assert_eq!(codes(&both, &[]), Vec::<String>::new());
}

#[test]
fn who_is_refused_learns_nothing_of_others() {
    let theirs = "type VidubankX { a: Int }";
    let nobodys = "type NobodyX { a: Int }";
    let told = |sdl: &str| {
        let (_, problems) = judge(&format!("{LINK}\n{sdl}"), &[]);
        let told = problems.iter().map(|problem| problem.message(crate::refusal::Language::En));
        told.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(told(theirs).replace("VidubankX", "X"), told(nobodys).replace("NobodyX", "X"));
}

#[test]
fn a_publication_is_not_too_large() {
    let deep =
        format!("type VidutelX @vidutelX(a: {}1{}) {{ a: Int }}", "[".repeat(20), "]".repeat(20));
    let long = format!("\"{}\" type VidutelX {{ a: Int }}", "a".repeat(4_001));
    let many = "a ".repeat(40_001);
    let huge = "#".repeat(200 << 10 | 1);
    for (sdl, code) in [
        (&*deep, "SDL_TOO_DEEP"),
        (&*long, "TEXT_TOO_LONG"),
        (&*many, "TOO_MANY_TOKENS"),
        (&*huge, "SDL_TOO_LARGE"),
        ("type X { a: Int } \"", "UNENDED_STRING"),
        ("\"a\u{202e}b\" type VidutelX { a: Int }", "HIDDEN_CHARACTER"),
        ("\"gọi 0912345678\" type VidutelX { a: Int }", "HOLDS_PERSONAL_DATA"),
    ] {
        let codes: Vec<String> =
            caps::text(sdl).iter().map(|problem| problem.code.name()).collect();
        assert_eq!(codes, [code]);
    }
    assert_eq!(caps::text(GOOD), []);

    let types: String = (0..401).map(|n| format!("type VidutelX{n} {{ a: Int }} ")).collect();
    let fields: String = (0..4_001).map(|n| format!("a{n}: Int ")).collect();
    for (sdl, code) in [
        (types, "TOO_MANY_DEFINITIONS"),
        (format!("type VidutelX {{ {fields} }}"), "TOO_MANY_FIELDS"),
    ] {
        let problems = caps::document(&composer().parse(&sdl).unwrap());
        assert_eq!(problems[0].code.name(), code);
    }
}
