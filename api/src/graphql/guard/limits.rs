//! How much one operation may ask for. Each figure has its sentence in `config.default.toml`.

use serde::Deserialize;

use crate::{
    error::{Error, Result},
    hub::budget::Rate,
};

/// How deep the parser and the executor may recurse, which is not configured.
pub const DEEPEST: u8 = 64;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub tokens: u64,
    pub nesting: u64,
    pub depth: u64,
    pub aliases: u64,
    pub directives: u64,
    pub root_fields: u64,
    pub fields: u64,
    pub cost: u64,
    pub values: u64,
    pub kept_tokens: u64,
    /// Open streams of one caller.
    pub streams: usize,
    pub signed_in: Rate,
    pub public: Rate,
}

impl Limits {
    /// What is wrong with the figures.
    pub fn wrong(&self) -> Vec<String> {
        let Self { tokens, depth, aliases, directives, root_fields, fields, cost, values, .. } =
            self;
        let mut wrong = Vec::new();
        if [tokens, depth, aliases, directives, root_fields, fields, cost, values].contains(&&0) {
            wrong.push("a figure of limits is 0".to_owned());
        }
        if !(1..=u64::from(DEEPEST)).contains(&self.nesting) {
            wrong.push(format!("limits.nesting is not 1 to {DEEPEST}"));
        }
        for (name, rate) in [("signed_in", self.signed_in), ("public", self.public)] {
            if u64::from(rate.points) < self.cost || rate.per_second == 0 {
                wrong.push(format!("limits.{name} holds less than one operation may cost, or 0"));
            }
        }
        if self.streams == 0 {
            wrong.push("limits.streams is 0".to_owned());
        }
        wrong
    }
}

/// Refuses a figure that is over its limit, saying both.
pub fn at_most(maximum: u64, figure: u64, limit: &'static str) -> Result<()> {
    if figure > maximum {
        return Err(Error::OverLimit { limit, maximum, figure });
    }
    Ok(())
}
