//! The schema as a client sees it, and queries that are made from it, so that a field which is
//! added tomorrow is tested tomorrow.

use std::collections::BTreeMap;

use serde_json::Value;

/// Asks for everything, deprecated things too.
pub const QUERY: &str = "
query Introspection {
  __schema {
    types {
      kind name description
      fields(includeDeprecated: true) {
        name description type { ...Ref }
        args(includeDeprecated: true) { ...Input }
      }
      inputFields(includeDeprecated: true) { ...Input }
      enumValues(includeDeprecated: true) { name description }
      possibleTypes { name }
    }
    directives { name description args { ...Input } }
  }
}
fragment Input on __InputValue { name description defaultValue type { ...Ref } }
fragment Ref on __Type {
  kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } }
}";

pub struct Schema {
    types: BTreeMap<String, Value>,
}

impl Schema {
    /// From the `data` that [`QUERY`] answers.
    pub fn new(data: &Value) -> Self {
        let types = list(&data["__schema"], "types");
        Self { types: types.iter().map(|ty| (name(ty).to_owned(), ty.clone())).collect() }
    }

    /// All types but those of introspection itself.
    pub fn types(&self) -> impl Iterator<Item = &Value> {
        self.types.values().filter(|ty| !name(ty).starts_with("__"))
    }

    pub fn fields(&self, ty: &str) -> &[Value] {
        list(&self.types[ty], "fields")
    }

    /// The root fields that answer a connection.
    pub fn connections(&self) -> Vec<&str> {
        self.fields("Query").iter().filter(|field| is_connection(field)).map(name).collect()
    }

    /// The names of all mutations.
    pub fn mutations(&self) -> Vec<&str> {
        self.fields("Mutation").iter().map(name).collect()
    }

    /// The type of a connection's nodes.
    pub fn node_of(&self, connection: &str) -> &str {
        let field = self.field("Query", connection);
        let nodes = self.field(named(&field["type"]), "nodes");
        named(&nodes["type"])
    }

    /// Every field of a type that needs no argument, `depth` objects deep.
    pub fn selection(&self, ty: &str, depth: u8) -> String {
        let mut parts = vec!["__typename".to_owned()];
        parts.extend(self.fields(ty).iter().filter_map(|field| self.selected(field, depth)));
        for possible in self.possible_types(ty) {
            let shared = |field: &&Value| self.fields(ty).iter().any(|f| name(f) == name(field));
            let own = self.fields(possible).iter().filter(|field| !shared(field));
            // An alias of its own, since two types may have the same name for different things.
            let own = own.filter_map(|field| {
                self.selected(field, depth)
                    .map(|text| format!("{possible}_{}: {text}", name(field)))
            });
            let own: Vec<String> = own.collect();
            if !own.is_empty() {
                parts.push(format!("... on {possible} {{ {} }}", own.join(" ")));
            }
        }
        parts.join(" ")
    }

    fn selected(&self, field: &Value, depth: u8) -> Option<String> {
        let needs_argument = |argument: &Value| {
            argument["type"]["kind"] == "NON_NULL" && argument["defaultValue"].is_null()
        };
        if list(field, "args").iter().any(needs_argument) {
            return None;
        }
        let ty = named(&field["type"]);
        if matches!(self.types[ty]["kind"].as_str(), Some("SCALAR" | "ENUM")) {
            return Some(name(field).to_owned());
        }
        let page = if is_connection(field) { "(first: 2)" } else { "" };
        let inner = depth.checked_sub(1).map(|depth| self.selection(ty, depth))?;
        Some(format!("{}{page} {{ {inner} }}", name(field)))
    }

    fn possible_types(&self, ty: &str) -> impl Iterator<Item = &str> {
        let is_abstract = matches!(self.types[ty]["kind"].as_str(), Some("INTERFACE" | "UNION"));
        list(&self.types[ty], "possibleTypes").iter().map(name).filter(move |_| is_abstract)
    }

    fn field(&self, ty: &str, field: &str) -> &Value {
        let found = self.fields(ty).iter().find(|known| name(known) == field);
        found.expect("the type has this field")
    }
}

/// The items under a key; none where it is null.
pub fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

pub fn name(value: &Value) -> &str {
    value["name"].as_str().unwrap_or_default()
}

/// The name of a type without its lists and non-nulls.
fn named(mut ty: &Value) -> &str {
    while ty["name"].is_null() && ty["ofType"].is_object() {
        ty = &ty["ofType"];
    }
    name(ty)
}

fn is_connection(field: &Value) -> bool {
    named(&field["type"]).ends_with("Connection")
}
