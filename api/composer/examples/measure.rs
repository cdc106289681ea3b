//! What composing costs: time, and the least memory that a call gets by with (docs/adr/0013).

use std::fmt::Write;
use std::time::{Duration, Instant};

use composer::{Composer, Failure, Limits, Part};

fn main() {
    report("the engine alone", |composer| composer.parse("scalar A").map(drop));
    let most = format!("type Query {{ {} }}", "a: Int ".repeat(33_000));
    report("parse 99,000 tokens of fields", |composer| composer.parse(&most).map(drop));
    let most = "scalar A ".repeat(49_500);
    report("parse 99,000 tokens of scalars", |composer| composer.parse(&most).map(drop));
    for (parts, types) in [(3, 10), (20, 21)] {
        let sdls: Vec<_> = (0..parts).map(|part| sdl(part, types)).collect();
        let names: Vec<_> = (0..parts).map(|part| format!("part{part}")).collect();
        let parts: Vec<_> = sdls
            .iter()
            .zip(&names)
            .map(|(sdl, name)| Part { name, url: "http://127.0.0.1/graphql", sdl })
            .collect();
        let what = format!("{} parts, {} types", parts.len(), parts.len() * types);
        report(&format!("parse one of {what}"), |composer| composer.parse(parts[0].sdl).map(drop));
        report(&format!("compose {what}"), |composer| composer.compose(&parts).map(drop));
        let Ok(composed) = composer(1 << 30).compose(&parts) else { return };
        let schema = &composed.api_schema;
        report(&format!("changes of {what}"), |it| it.changes(schema, schema).map(drop));
        report(&format!("validate under {what}"), |it| {
            it.validate(schema, &["{ entities0 { id part0 { value } } }"]).map(drop)
        });
        report(&format!("same of {what}"), |it| it.same(schema, schema).map(drop));
    }
}

/// A part with an entity of its own, which it shares with the part before it.
fn sdl(part: usize, types: usize) -> String {
    let mut sdl = format!(
        "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.3\", import: [\"@key\"])
         type Query {{ entities{part}: [Entity{part}!]! }}
         type Entity{part} @key(fields: \"id\") {{ id: ID! part{part}: Part{part}x1! }}\n"
    );
    if let Some(before) = part.checked_sub(1) {
        let _ = writeln!(
            sdl,
            "type Entity{before} @key(fields: \"id\") {{ id: ID! part{part}: Part{part}x1! }}"
        );
    }
    for each in 1..types {
        let next = each % (types - 1) + 1;
        let _ = writeln!(
            sdl,
            "\"Part {part}.\" type Part{part}x{each} {{ id: ID! name: String! value: Float other(first: Int = 20): [Part{part}x{next}!]! entity: Entity{part}! }}"
        );
    }
    sdl
}

fn composer(memory: usize) -> Composer {
    Composer { limits: Limits { memory, deadline: Duration::from_secs(60) } }
}

fn report(what: &str, call: impl Fn(&Composer) -> Result<(), Failure>) {
    let mut fastest = Duration::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        if let Err(failure) = call(&composer(1 << 30)) {
            println!("{what}: {failure:?}");
            return;
        }
        fastest = fastest.min(start.elapsed());
    }
    let (mut too_little, mut enough) = (0, 1 << 30);
    while enough - too_little > 1 << 18 {
        let middle = usize::midpoint(too_little, enough);
        match call(&composer(middle)) {
            Ok(()) => enough = middle,
            Err(_) => too_little = middle,
        }
    }
    println!("{what}: {} ms, {:.1} MiB", fastest.as_millis(), enough as f64 / f64::from(1 << 20));
}
