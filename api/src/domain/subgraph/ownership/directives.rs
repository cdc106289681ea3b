//! Directives, on what is a partner's own and on what is not. A qualified name (`federation__override`)
//! is the plain one.

use composer::{Definition, Directive, Position};

use super::Check;
use crate::domain::subgraph::problem::{Code, Problem};

/// What a directive of Federation is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Of a type, field or set of fields, judged where it stands.
    Structure,
    /// Allowed on what is one's own.
    OnOwn(Code),
    /// The same, and worth nothing unless it is imported.
    Authorization,
    /// Never allowed.
    Never(Code),
}

use Meaning::{Authorization, Never, OnOwn, Structure};

/// All that Federation 2 has, up to the newest version that may be linked.
pub(super) const FEDERATION: [(&str, Meaning); 19] = [
    ("key", Structure),
    ("requires", Structure),
    ("provides", Structure),
    ("external", Structure),
    ("extends", Structure),
    ("shareable", OnOwn(Code::ShareableOnOurs)),
    ("inaccessible", OnOwn(Code::InaccessibleOnOurs)),
    ("tag", OnOwn(Code::TagOnOurs)),
    ("cost", OnOwn(Code::CostOnOurs)),
    ("listSize", OnOwn(Code::CostOnOurs)),
    ("authenticated", Authorization),
    ("requiresScopes", Authorization),
    ("policy", Authorization),
    ("override", Never(Code::Override)),
    ("interfaceObject", Never(Code::InterfaceObject)),
    ("composeDirective", Never(Code::ComposedDirective)),
    // They hand values of one type to another's fields, past `@requires`.
    ("context", Never(Code::DirectiveUnknown)),
    ("fromContext", Never(Code::DirectiveUnknown)),
    ("link", Never(Code::ForeignLink)),
];

/// GraphQL's own; the others stand in operations alone.
const BUILT_IN: [&str; 3] = ["deprecated", "specifiedBy", "oneOf"];

/// How a name begins that says whose a directive is.
const QUALIFIED: &str = "federation__";

impl<'a> Check<'a> {
    /// What a directive of Federation is called plainly.
    pub(super) fn federation_name(directive: &Directive) -> Option<&'static str> {
        let plain = directive.name.strip_prefix(QUALIFIED).unwrap_or(&directive.name);
        FEDERATION.iter().find(|(known, _)| *known == plain).map(|(known, _)| *known)
    }

    /// Whether one of these directives is there, by its plain or qualified name.
    pub(super) fn has(directives: &[Directive], name: &str) -> bool {
        directives.iter().any(|directive| Self::federation_name(directive) == Some(name))
    }

    /// Directives on something that is the publisher's own.
    pub(super) fn on_own(&mut self, coordinate: &str, directives: &'a [Directive]) {
        for directive in directives {
            self.judge(coordinate, directive, true);
        }
    }

    /// Directives on something that is not.
    pub(super) fn on_ours(&mut self, coordinate: &str, directives: &'a [Directive]) {
        for directive in directives {
            self.judge(coordinate, directive, false);
        }
    }

    fn judge(&mut self, coordinate: &str, directive: &'a Directive, is_own: bool) {
        let problem = |code: Code| -> Problem {
            code.here().about(coordinate).at(directive.at).with("directive", &directive.name)
        };
        let Some(name) = Self::federation_name(directive) else {
            if BUILT_IN.contains(&&*directive.name) {
                if !is_own {
                    self.refuse(problem(Code::DirectiveOnOurs));
                }
            } else if !self.has_prefix(&directive.name)
                || !self.directives.contains(&*directive.name)
            {
                self.refuse(problem(Code::DirectiveUnknown));
            } else if !is_own {
                self.refuse(problem(Code::DirectiveOnOurs));
            }
            return;
        };
        let meaning =
            FEDERATION.iter().find(|(known, _)| *known == name).map(|(_, meaning)| *meaning);
        match meaning {
            Some(Never(code)) => self.refuse(problem(code)),
            Some(OnOwn(code)) if !is_own => self.refuse(problem(code)),
            Some(Authorization) if !is_own => self.refuse(problem(Code::AuthorizationOnOurs)),
            Some(Authorization) => {
                self.claims.authorization.insert(name);
            }
            _ => {}
        }
        // Named plainly and not imported, it is none of Federation's.
        if directive.name == name && !self.imported.contains(name) {
            let code = match meaning {
                Some(Authorization) => Code::AuthorizationNotImported,
                Some(Never(_)) => return,
                _ => Code::DirectiveUnknown,
            };
            self.refuse(problem(code));
        }
    }

    /// A directive of the publisher's: under its prefix, and in the place of no other.
    pub(super) fn directive_definition(&mut self, definition: &'a Definition) {
        let name = &*definition.name;
        let is_known = FEDERATION.iter().any(|(known, _)| *known == name)
            || BUILT_IN.contains(&name)
            || ["skip", "include", "defer", "stream"].contains(&name)
            || name.starts_with(QUALIFIED)
            || self.ours.has_directive(name);
        if is_known {
            self.refuse(Code::DirectiveShadows.here().about(name).at(definition.at));
        } else {
            self.prefixed(name, &format!("@{name}"), definition.at);
        }
        for argument in &definition.arguments {
            self.on_own(&format!("@{name}({}:)", argument.name), &argument.directives);
        }
    }

    /// Refuses one directive wherever it stands.
    pub(super) fn misplaced(&mut self, code: Code, coordinate: &str, at: Position) {
        let problem = code.here().about(coordinate).at(at);
        self.refuse(problem.with("prefix", &self.owner.prefix));
    }
}
