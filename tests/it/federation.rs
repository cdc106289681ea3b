//! `api` as a subgraph: what routers ask, who may ask it, and what it is composed to.

use std::sync::Arc;

use api::{
    app::App,
    authz::Viewer,
    clock::Clock,
    graphql::{self, context::Parts, errors::coded},
    http::auth::Personas,
    refusal::Language,
};
use async_graphql::{Request, Response, Variables};
use serde_json::{Value, json};
use tests::TestApp;

mod access;
mod composing;
mod entities;
mod grantable;
mod hostile;
mod personas;
mod references;

/// Asks for a few fields that tell objects apart.
const ENTITIES: &str = "query ($representations: [_Any!]!) {
    _entities(representations: $representations) { __typename ... on Node { id } } }";

const SERVICE: &str = "{ _service { sdl } }";

/// A server of production, on the same database: nobody is signed in there as in a demonstration.
fn production(app: &TestApp) -> Arc<App> {
    App::new(app.db().clone(), app.clock.clone(), Personas::default())
}

/// What it answers to somebody, whom a router may stand before.
async fn ask(
    production: &Arc<App>,
    viewer: Viewer,
    through_router: bool,
    query: &str,
    variables: Value,
) -> Value {
    let request = Request::new(query).variables(Variables::from_json(variables));
    let response = match production.guard.admit(request) {
        Ok(admitted) => {
            let parts = Parts::new(production.clone(), viewer, Language::Vi);
            graphql::run(parts.through_router(through_router), admitted.request).await
        }
        Err(errors) => Response::from_errors(errors),
    };
    serde_json::to_value(coded(response, "trace")).unwrap()
}

fn public(app: &TestApp) -> Viewer {
    Viewer::public(app.clock.today())
}

/// Something of a type by its id.
fn by_id(type_name: &str, id: impl ToString) -> Value {
    json!({ "__typename": type_name, "id": id.to_string() })
}
