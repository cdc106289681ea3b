//! Documents that are meant to do harm, and calls that get too little.

use rquickjs::{Context, Runtime};

use super::*;
use crate::engine::Language;

const DEPTH: usize = 10_000;

const LINK: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])"#;

fn limited(memory: usize, deadline: Duration) -> Composer {
    Composer { limits: Limits { memory, deadline } }
}

fn compose(sdl: &str) -> Result<Composed, Failure> {
    let sdl = format!("{LINK} {sdl}");
    COMPOSER.compose(&[Part { name: "api", url: "http://127.0.0.1/graphql", sdl: &sdl }])
}

fn nested(open: &str, middle: &str, close: &str) -> String {
    format!("{}{middle}{}", open.repeat(DEPTH), close.repeat(DEPTH))
}

#[test]
fn nesting_ends_in_an_answer_or_a_failure_and_never_in_a_crash() {
    let list = format!("type Query {{ a: {} }}", nested("[", "Int", "]"));
    let value = format!("type Query {{ a(b: Int = {}): Int }}", nested("[", "1", "]"));
    let object = format!("type Query {{ a(b: Int = {}): Int }}", nested("{a:", "1", "}"));

    let document = COMPOSER.parse(&list).unwrap();
    assert_eq!(document.definitions[0].fields[0].of.len(), 2 * DEPTH + 3);
    assert_eq!(COMPOSER.same(&list, &list), Ok(true));
    assert_eq!(COMPOSER.changes(&list, &list), Err(Failure::Memory));
    assert_eq!(compose(&list), Err(Failure::Memory));
    for deep in [&value, &object] {
        assert_eq!(COMPOSER.parse(deep), Err(Failure::Memory));
        assert_eq!(COMPOSER.same(deep, deep), Err(Failure::Memory));
        assert_eq!(compose(deep), Err(Failure::Memory));
    }
}

#[test]
fn deep_selections_end_in_a_failure() {
    let key = format!("type Query @key(fields: \"{}\") {{ a: Query }}", nested("a {", "a", "}"));
    let operation = nested("{ a", "", "}");

    assert_eq!(compose(&key), Err(Failure::Memory));
    assert_eq!(COMPOSER.validate("type Query { a: Query }", &[&operation]), Err(Failure::Memory));
}

#[test]
fn a_value_too_deep_for_json_says_where() {
    let value = format!("{}1{}", "[".repeat(70), "]".repeat(70));

    let failure = COMPOSER.parse(&format!("type Query @a(b: {value}) {{ a: Int }}")).unwrap_err();

    let Failure::Syntax { at, .. } = failure else { panic!("{failure:?}") };
    assert_eq!(at, Position { line: 1, column: 83 });
}

#[test]
fn a_call_ends_at_its_deadline() {
    let short = limited(256 << 20, Duration::from_millis(400));
    let types: String =
        (0..9_000).map(|i| format!("type T{i} {{ a: Int b: [T{}] }} ", i * 7 % 9_000)).collect();
    let sdl = format!("{LINK} type Query {{ a: T0 }} {types}");
    let fragments: String =
        (0..5_000).map(|i| format!("fragment F{i} on Query {{ ...F{} }} ", i + 1)).collect();
    let operation = format!("{{ ...F0 }} {fragments} fragment F5000 on Query {{ a {{ a }} }}");

    let composed = short.compose(&[Part { name: "api", url: "", sdl: &sdl }]);
    let validated = short.validate("type Query { a: Query }", &[&operation]);

    assert_eq!(composed, Err(Failure::Deadline));
    assert_eq!(validated, Err(Failure::Deadline));
}

#[test]
fn memory_is_bounded_at_every_step_of_a_call() {
    let sdl = format!("{LINK} type Query {{ a: A }} type A @key(fields: \"id\") {{ id: ID! }}");
    let part = Part { name: "api", url: "", sdl: &sdl };
    let mut outcomes = (0, 0);

    for memory in (0..8 << 20).step_by(256 << 10) {
        let composer = limited(memory, COMPOSER.limits.deadline);
        match composer.compose(&[part]).map(|_| composer.same(&sdl, &sdl)) {
            Ok(Ok(true)) => outcomes.0 += 1,
            Err(Failure::Memory) | Ok(Err(Failure::Memory)) => outcomes.1 += 1,
            other => panic!("{memory}: {other:?}"),
        }
    }
    assert!(outcomes.0 > 3 && outcomes.1 > 20, "{outcomes:?}");
}

#[test]
fn a_bomb_costs_its_publisher_an_answer() {
    let interfaces: String = (0..1_000)
        .map(|i| format!("interface I{i} implements I{} {{ a: Int }} ", (i + 1) % 1_000))
        .collect();
    let inputs: String =
        (0..1_000).map(|i| format!("input I{i} {{ a: I{}! }} ", (i + 1) % 1_000)).collect();

    for sdl in [
        format!("type Query {{ a: I0 }} {interfaces}"),
        format!("type Query {{ a(b: I0): Int }} {inputs}"),
    ] {
        let failure = compose(&sdl).unwrap_err();

        let Failure::Problems(problems) = failure else { panic!("{failure:?}") };
        assert!(problems.len() <= 100);
        assert!(problems.iter().all(|it| it.message.chars().count() <= 1_001));
    }
    let failure = COMPOSER.parse(&"scalar A ".repeat(60_000)).unwrap_err();
    assert!(matches!(&failure, Failure::Syntax { .. }), "{failure:?}");
    let much = "#".repeat(300_000_000);
    assert_eq!(COMPOSER.parse(&much), Err(Failure::Memory));
}

/// Where a library looks a name up in a plain object, it finds what every object has.
#[test]
fn names_of_javascript_are_names_like_others() {
    for name in ["constructor", "toString", "hasOwnProperty", "valueOf", "then"] {
        let schema = format!(
            "directive @{name}({name}: Int) on OBJECT
            type Query {{ {name}({name}: I): E shared: T }}
            type T @shareable {{ {name}: Int }}
            enum E {{ {name} }}
            input I {{ {name}: Int = 1 }}"
        );
        let plain = schema.replace("@shareable", "");
        let call = format!("{{ {name}({name}: {{ {name}: 2 }}) }}");

        let composed = compose(&schema).unwrap();
        assert!(composed.api_schema.contains(&format!("{name}({name}: I): E")));
        assert!(composed.api_schema.contains(&format!("{name}: Int = 1")));
        assert_eq!(COMPOSER.validate(&plain, &[&call]), Ok(vec![vec![]]));
        assert_eq!(COMPOSER.same(&schema, &schema.replace("= 1", "= 2")), Ok(false));
        let changes = COMPOSER.changes(&plain, "type Query { shared: Int }").unwrap();
        let removed = format!("Query.{name}");
        assert!(changes.iter().any(|it| it.path == removed), "{changes:?}");

        // The composition fails over a type that is named so: it fails for its publisher alone.
        let entity = format!("type Query {{ a: {name} }} type {name} {{ a: Int }}");
        assert!(matches!(compose(&entity), Ok(_) | Err(Failure::Engine(_))));
    }
}

#[test]
fn a_prototype_is_no_way_in() {
    let document =
        COMPOSER.parse("type Query @a(b: {__proto__: {c: 1}, d: 2}) { a: Int }").unwrap();
    let failure = compose("type Query { __proto__(__proto__: Int): Int }").unwrap_err();

    assert_eq!(
        document.definitions[0].directives[0].arguments[0].1,
        serde_json::json!({ "__proto__": { "c": 1 }, "d": 2 })
    );
    let Failure::Problems(problems) = failure else { panic!("{failure:?}") };
    assert_eq!(problems[0].code, "INVALID_GRAPHQL");
}

#[test]
fn any_text_goes_through_unharmed() {
    let long = "dài ".repeat(500_000);
    let text = format!("Xã Bình Hưng 🌾 \u{2028} \\n \\\" {long}");
    let sdl = format!("type Query {{ \"{text}\" a(b: String = \"\\u0000 \\uD83C\\uDF3E\"): Int }}");

    let composed = compose(&sdl).unwrap();

    assert!(composed.api_schema.contains(&long));
    assert!(composed.api_schema.contains("Xã Bình Hưng 🌾 \u{2028}"));
    assert!(composed.supergraph.contains(r#""\u0000 🌾""#));
    assert!(!composed.supergraph.contains('\0'));
    let failure = COMPOSER.validate("type Query { a: Int }", &["{ a }\0"]).unwrap();
    assert_eq!(failure[0][0].at, Some(Position { line: 1, column: 6 }));
}

#[test]
fn the_engine_is_given_the_language_and_nothing_else() {
    let runtime = Runtime::new().unwrap();
    let context = Context::custom::<Language>(&runtime).unwrap();

    let names: String = context
        .with(|ctx| ctx.eval("Object.getOwnPropertyNames(globalThis).sort().join(' ')"))
        .unwrap();

    assert_eq!(
        names,
        "AggregateError Array AsyncDisposableStack BigInt Boolean DisposableStack Error EvalError \
         Function Infinity InternalError Iterator JSON Map Math NaN Number Object Promise RangeError \
         ReferenceError Reflect RegExp Set String SuppressedError Symbol SyntaxError TypeError \
         URIError WeakMap WeakSet decodeURI decodeURIComponent encodeURI encodeURIComponent escape \
         eval globalThis isFinite isNaN parseFloat parseInt queueMicrotask undefined unescape"
    );
}
