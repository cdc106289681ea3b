//! Texts that are cheap to send and would cost the server dearly, for every transport.

/// `levels` fragments that each spread the next one twice, and a last one.
pub fn doubling(levels: usize) -> String {
    let fragments = (0..levels)
        .map(|n| format!("fragment F{n} on Query {{ ...F{next} ...F{next} }}", next = n + 1));
    let fragments: String = fragments.collect();
    format!("{{ ...F0 }} {fragments} fragment F{levels} on Query {{ __typename a: __typename }}")
}

/// One field under many names.
pub fn aliases(count: usize) -> String {
    let aliases: Vec<String> = (0..count).map(|n| format!("a{n}: __typename")).collect();
    format!("{{ {} }}", aliases.join(" "))
}

/// Everything that can stand in itself, `levels` deep.
pub fn nested(levels: usize) -> [String; 5] {
    let selections = format!("{}__typename{}", "{a".repeat(levels), "}".repeat(levels));
    let lists = "[".repeat(levels);
    let objects = "{a:".repeat(levels);
    [
        selections,
        format!("{{ party(by: {lists} }}"),
        format!("{{ party(by: {objects} }}"),
        format!("query ($a: {lists}Int) {{ __typename }}"),
        format!("query ($a: Int = {lists}) {{ __typename }}"),
    ]
}

/// Fragments that spread themselves, and one that is nowhere.
pub fn circular() -> [&'static str; 4] {
    [
        "{ ...A } fragment A on Query { ...A }",
        "{ ...A } fragment A on Query { ...B } fragment B on Query { __typename ...A }",
        "{ __typename } fragment A on Query { ...B } fragment B on Query { ...A }",
        "{ ...Nowhere }",
    ]
}

/// Many directives on one field.
pub fn directives(count: usize) -> String {
    format!("{{ __typename {} }}", "@include(if: true) ".repeat(count))
}

/// A request, as JSON, with a variable that is so deep.
pub fn deep_variables(levels: usize) -> String {
    with_variables(&format!("\"a\":{}{}", "[".repeat(levels), "]".repeat(levels)))
}

/// Requests, as JSON, with as many variables, and with one that is as long a list.
pub fn many_values(count: usize) -> [String; 2] {
    let named: Vec<String> = (0..count).map(|n| format!("\"{n:x}\":1")).collect();
    [with_variables(&named.join(",")), with_variables(&format!("\"a\":[{}1]", "1,".repeat(count)))]
}

fn with_variables(variables: &str) -> String {
    format!("{{\"query\":\"{{ __typename }}\",\"variables\":{{{variables}}}}}")
}
