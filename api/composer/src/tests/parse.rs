use serde_json::json;

use super::*;

fn position(line: u32, column: u32) -> Position {
    Position { line, column }
}

#[test]
fn a_document_is_told_in_its_order_with_the_positions_of_its_names() {
    let document = COMPOSER
        .parse(
            r#"extend schema @link(url: "https://example.org/x/v1", import: ["@a", {name: "@b", as: "@c"}])
"""
dropped
"""
type Commune implements Node & Place @key(fields: "id") @key(fields: "code", resolvable: false) {
  id: ID!
  wifi(near: [Float!]! = [1.5, -2], how: How = BEST): [Wifi!]! @deprecated
}
extend type Commune { vnpt: VnptCommune }
directive @vnptMark(what: String = null) repeatable on FIELD_DEFINITION | OBJECT
schema { query: Root mutation: Change }"#,
        )
        .unwrap();

    let [link, commune, more, mark, schema] = &document.definitions[..] else {
        panic!("{document:?}");
    };
    assert_eq!((link.kind, link.extends, link.name.as_str()), (Kind::Schema, true, ""));
    assert_eq!(
        link.directives[0].arguments[1],
        ("import".to_owned(), json!(["@a", { "name": "@b", "as": "@c" }]))
    );
    assert_eq!((commune.kind, commune.extends, commune.at), (Kind::Object, false, position(5, 6)));
    assert_eq!(commune.interfaces[1], Named { name: "Place".to_owned(), at: position(5, 32) });
    assert_eq!(commune.directives[1].at, position(5, 57));
    assert_eq!(commune.directives[1].arguments[1], ("resolvable".to_owned(), json!(false)));
    let wifi = &commune.fields[1];
    assert_eq!(
        (wifi.name.as_str(), wifi.of.as_str(), wifi.at),
        ("wifi", "[Wifi!]!", position(7, 3))
    );
    assert_eq!(wifi.arguments[0].default, Some(json!([1.5, -2])));
    assert_eq!(wifi.arguments[1].default, Some(json!("BEST")));
    assert_eq!(wifi.directives[0].name, "deprecated");
    assert_eq!((more.extends, more.fields[0].default.clone()), (true, None));
    assert_eq!((mark.kind, mark.repeatable), (Kind::Directive, true));
    assert_eq!(mark.locations, ["FIELD_DEFINITION", "OBJECT"]);
    assert_eq!(mark.arguments[0].default, Some(json!(null)));
    assert_eq!(
        schema.operations[1],
        ("mutation".to_owned(), Named { name: "Change".to_owned(), at: position(11, 32) })
    );
}

#[test]
fn what_is_no_schema_says_where() {
    for (text, line, column) in [
        ("type A {\n  a: \n}", 3, 1),
        ("", 1, 1),
        ("type A { a: Int }\n  query { a }", 2, 3),
        ("type A { a: Int }\n\u{0}", 2, 1),
        ("type Đặc { a: Int }", 1, 6),
    ] {
        let failure = COMPOSER.parse(text).unwrap_err();

        let Failure::Syntax { at, .. } = &failure else { panic!("{failure:?}") };
        assert_eq!(*at, position(line, column), "{failure}");
    }
}
