use super::*;

const BEFORE: &str = "
    type Query { commune(code: String!): Commune }
    type Commune { code: String! name: String! }
";

#[test]
fn what_changes_is_told_with_its_weight() {
    let after = "
        type Query { commune(code: String!, at: String!): Commune }
        type Commune { code: String! area: Float }
    ";

    let changes = COMPOSER.changes(BEFORE, after).unwrap();

    let told: Vec<_> =
        changes.iter().map(|it| (it.kind.as_str(), it.path.as_str(), it.criticality)).collect();
    assert_eq!(
        told,
        [
            ("FIELD_ARGUMENT_ADDED", "Query.commune.at", Criticality::Breaking),
            ("FIELD_REMOVED", "Commune.name", Criticality::Breaking),
            ("FIELD_ADDED", "Commune.area", Criticality::Safe),
        ]
    );
}

#[test]
fn each_operation_has_its_own_problems() {
    let problems = COMPOSER
        .validate(
            BEFORE,
            &[
                "query ($code: String!) { commune(code: $code) { name } }",
                "{ commune(code: \"1\") { nam } }",
                "{ commune(",
            ],
        )
        .unwrap();

    let [good, unknown, broken] = &problems[..] else { panic!("{problems:?}") };
    assert!(good.is_empty());
    assert!(unknown[0].message.contains("nam"), "{unknown:?}");
    assert_eq!(unknown[0].at, Some(Position { line: 1, column: 24 }));
    assert_eq!((broken.len(), broken[0].at), (1, Some(Position { line: 1, column: 11 })));
}

#[test]
fn what_a_server_prints_anew_is_the_same() {
    let published = r#"
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external"])
        extend type Commune @key(fields: "id code") { id: ID! @external code: String! @external vidutel: VidutelCommune }
        "Points of one commune."
        type VidutelCommune { points(first: Int = 20): [String!]! @deprecated }
        extend type Query { vidutelPoints: [String!]! }
    "#;
    let served = r#"
        scalar _Any
        scalar federation__FieldSet
        directive @key(fields: federation__FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
        directive @external on FIELD_DEFINITION
        directive @link(url: String!, import: [link__Import]) repeatable on SCHEMA
        scalar link__Import
        type _Service { sdl: String }
        union _Entity = Commune
        type VidutelCommune { points(first: Int = 20): [String!]! @deprecated(reason: "No longer supported") }
        type Query {
          _entities(representations: [_Any!]!): [_Entity]!
          _service: _Service!
          vidutelPoints: [String!]!
        }
        type Commune @extends @key(resolvable: true, fields: "id  code") {
          code: String! @external
          vidutel: VidutelCommune
          id: ID! @external
        }
        schema @link(url: "https://specs.apollo.dev/link/v1.0") { query: Query }
        extend schema @link(import: ["@external", "@key"], url: "https://specs.apollo.dev/federation/v2.3")
    "#;

    assert_eq!(COMPOSER.same(published, served), Ok(true));
    for (from, to) in [
        ("vidutelPoints: [String!]!", "vidutelPoints: [String!]"),
        ("Int = 20", "Int = 21"),
        ("code: String! @external", "code: String!"),
        ("union _Entity = Commune", "union VidutelEntity = Commune"),
        ("fields: \"id  code\"", "fields: \"id\""),
        ("query: Query", "query: VidutelCommune"),
        ("v2.3", "v2.4"),
    ] {
        assert!(served.contains(from), "{from}");
        assert_eq!(COMPOSER.same(published, &served.replace(from, to)), Ok(false), "{from} → {to}");
    }
}

#[test]
fn what_is_added_whole_is_not_told_as_broken() {
    let after = format!(
        "{BEFORE} extend type Query {{ new(of: Input!): Enum }} input Input {{ a: Int! }} enum Enum {{ A }}"
    );

    let changes = COMPOSER.changes(BEFORE, &after).unwrap();

    assert!(!changes.is_empty());
    assert!(changes.iter().all(|it| it.criticality == Criticality::Safe), "{changes:?}");
    assert_eq!(COMPOSER.changes(BEFORE, BEFORE), Ok(vec![]));
}

#[test]
fn a_schema_that_is_none_has_problems() {
    let failure = COMPOSER.validate("type Query { a: Nope }", &["{ a }"]).unwrap_err();

    let Failure::Problems(problems) = failure else { panic!("{failure:?}") };
    assert!(problems[0].message.contains("Nope"), "{problems:?}");
}

#[test]
fn roots_are_the_same_where_they_are_the_same_types() {
    let usual = "type Query { a: Int } type Mutation { a: Int }";
    for (other, same) in [
        (
            "schema { mutation: Mutation query: Query } type Mutation { a: Int } type Query { a: Int }",
            true,
        ),
        ("schema { query: Query } type Query { a: Int } type Mutation { a: Int }", false),
        (
            "schema { query: Mutation mutation: Query } type Query { a: Int } type Mutation { a: Int }",
            false,
        ),
        ("type Query { a: Int } type Mutation", false),
        ("type Query { a: Int } input Mutation { a: Int }", false),
    ] {
        assert_eq!(COMPOSER.same(usual, other), Ok(same), "{other}");
    }
}
