//! Who may see and do what (DESIGN §5): the whole policy as a grid that reviewers read, every
//! refusal of every mutation, stories of rights that begin and end, and the one table behind them.

use entity::event;
use serde_json::Value;
use tests::TestApp;

mod coverage;
mod grid;
pub mod probes;
pub mod reach;
pub mod reads;
mod refusals;
mod scenarios;
mod viewing;
pub mod world;

pub use world::as_letter;

/// The document of the mutation with this name and the one variable `$input`.
pub fn mutation(field: &str, selection: &str) -> String {
    let (first, rest) = field.split_at(1);
    let input = format!("{}{rest}Input", first.to_uppercase());
    format!(
        "mutation ($input: {input}!) {{ {field}(input: $input) {{ {selection} \
         userErrors {{ code message path params {{ name value }} }} }} }}"
    )
}

/// The newest event of the log, and what it says; what parties were told of their scope aside.
pub async fn last_event(app: &TestApp) -> (event::Model, Value) {
    let log = app.all(event::Entity).await;
    let done = log.into_iter().filter(|event| !event.r#type.starts_with("SCOPE_"));
    let newest = done.max_by_key(|event| event.position).unwrap();
    let data = newest.data.parse().unwrap();
    (newest, data)
}
