//! `/console`: the pages, and what they ask of the server. A browser is known by the cookie of its
//! session, which counts here and nowhere else; everything else is as at `/graphql`. Pages of other
//! origins are shut out three times over: by the cookie, which is sent from here alone, by the name
//! of the host, and by [`same_origin`].

use axum::{
    Router, middleware,
    routing::{get, post},
};

use super::Door;
use crate::app::App;

mod cookie;
mod graph;
#[cfg(feature = "console")]
mod pages;
mod same_origin;
mod session;
mod sign_in;
mod view_as;

pub use graph::BySession;

/// The door is for what looks at a request before its route does.
pub fn routes(door: &Door<App>) -> Router<Door<App>> {
    let asked = Router::new()
        .route("/console/graphql", get(graph::graphql).post(graph::graphql))
        .route("/console/cost", post(graph::cost))
        .route("/console/session/dev", post(session::dev))
        .route("/console/session/party", post(session::party))
        .route("/console/session/end", post(session::end))
        .route("/console/view-as", post(view_as::begin))
        .route("/console/view-as/end", post(view_as::end))
        .route_layer(middleware::from_fn_with_state(door.clone(), same_origin::check));
    let routes = asked.route("/console/session", get(session::tell)).merge(sign_in::routes());
    #[cfg(feature = "console")]
    let routes = routes.merge(pages::routes());
    routes
}
