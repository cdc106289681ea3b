//! The console's back end: its pages, signing in, sessions, and the graph by a session.

use tests::Reply;

mod crossing;
mod graph;
#[cfg(feature = "console")]
mod pages;
mod provider;
mod sessions;
mod signing_in;
mod view_as;

const WHO: &str = "{ viewer { party { code } role isCoordinator } }";

/// The call was refused with this status and code.
#[track_caller]
fn expect_problem(reply: &Reply, status: u16, code: &str) {
    let told = (reply.status.as_u16(), &reply.body["code"], &reply.body["status"]);
    assert_eq!(told, (status, &code.into(), &status.into()), "{}", reply.text);
    assert_eq!(reply.headers["content-type"], "application/problem+json");
}
