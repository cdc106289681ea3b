//! What a publication says of the schema as a whole: that it is of Federation 2, by one `@link`, under
//! the names that Federation has itself. So a directive means what it says, and nothing else.

use composer::{Definition, Directive, Document, Kind};
use serde_json::Value;

use super::{Check, ROOTS, directives::FEDERATION};
use crate::domain::subgraph::problem::Code;

const FEDERATION_URL: &str = "https://specs.apollo.dev/federation/";
/// The specification of `@link` itself, which may be linked as well.
const LINK_URL: &str = "https://specs.apollo.dev/link/v1.0";
/// The newest Federation 2 that the composition knows.
const NEWEST: u32 = 9;
/// The one type that may be imported.
const FIELD_SET: &str = "FieldSet";

impl<'a> Check<'a> {
    /// The one link to Federation, and what it imports.
    pub(super) fn links(&mut self, document: &'a Document) {
        let schemas = document.definitions.iter().filter(|part| part.kind == Kind::Schema);
        let links = schemas.flat_map(|part| &part.directives).filter(|known| known.name == "link");
        let mut federation = 0;
        for link in links {
            match argument(link, "url").and_then(Value::as_str) {
                Some(url) if url.starts_with(FEDERATION_URL) => {
                    federation += 1;
                    self.federation(link, url);
                }
                Some(LINK_URL) if link.arguments.len() == 1 => {}
                url => {
                    let problem = Code::ForeignLink.here().at(link.at);
                    self.refuse(problem.about(url.unwrap_or_default()));
                }
            }
            if federation > 1 {
                self.refuse(Code::LinkedTwice.here().at(link.at));
            }
        }
        if federation == 0 {
            self.refuse(Code::NoFederationLink.here());
        }
    }

    fn federation(&mut self, link: &'a Directive, url: &'a str) {
        let version = url.strip_prefix(FEDERATION_URL).unwrap_or_default();
        let minor = version.strip_prefix("v2.").and_then(|minor| minor.parse::<u32>().ok());
        if minor.is_none_or(|minor| minor > NEWEST || version != format!("v2.{minor}")) {
            let problem = Code::FederationVersion.here().about(url).at(link.at);
            self.refuse(problem.with("version", version).with("newest", NEWEST));
        }
        for (name, value) in &link.arguments {
            match (&**name, value) {
                ("url", _) => {}
                ("import", Value::Array(items)) => {
                    items.iter().for_each(|item| self.import(link, item));
                }
                _ => self.refuse(Code::RenamedImport.here().about(url).at(link.at)),
            }
        }
    }

    fn import(&mut self, link: &'a Directive, item: &'a Value) {
        let Some(import) = item.as_str() else {
            return self.refuse(Code::RenamedImport.here().about(item.to_string()).at(link.at));
        };
        if import == FIELD_SET {
            return;
        }
        let name = import
            .strip_prefix('@')
            .filter(|name| FEDERATION.iter().any(|(known, _)| known == name));
        match name {
            Some("composeDirective") => self.refuse(Code::ComposedDirective.here().at(link.at)),
            Some(name) => _ = self.imported.insert(name),
            None => {
                let problem = Code::UnknownImport.here().about(import).at(link.at);
                self.refuse(problem.with("import", import));
            }
        }
    }

    /// The schema keeps the names of its root types, and bears links alone.
    pub(super) fn schema(&mut self, definition: &Definition) {
        for (operation, root) in &definition.operations {
            let is_right =
                ROOTS.iter().any(|name| name.to_lowercase() == *operation && *name == root.name);
            if !is_right {
                self.refuse(Code::SchemaChanged.here().about(&*root.name).at(root.at));
            }
        }
        for directive in definition.directives.iter().filter(|known| known.name != "link") {
            let code = match directive.name.trim_start_matches("federation__") {
                "composeDirective" => Code::ComposedDirective,
                _ => Code::SchemaChanged,
            };
            self.refuse(code.here().about(format!("@{}", directive.name)).at(directive.at));
        }
    }
}

/// An argument of a directive.
pub(super) fn argument<'d>(directive: &'d Directive, name: &str) -> Option<&'d Value> {
    directive.arguments.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}
