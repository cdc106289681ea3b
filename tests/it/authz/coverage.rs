//! No mutation is added without its refusals and its line in the grid.

use std::collections::BTreeSet;

use tests::{
    TestApp,
    introspection::{self, Schema},
};

use super::{probes, refusals};

#[tokio::test]
async fn every_mutation_is_in_the_table_of_refusals_and_in_the_grid() {
    let app = TestApp::start().await;

    let reply = app.coordinator().await.ask(introspection::QUERY).await;

    let schema = Schema::new(reply.expect_ok());
    let all: BTreeSet<&str> = schema.mutations().into_iter().collect();
    let refused: BTreeSet<&str> = refusals::MUTATIONS.iter().copied().collect();
    let probed: BTreeSet<&str> = probes::all().map(|probe| probe.mutation).collect();
    let without_refusals: Vec<_> = all.difference(&refused).collect();
    let without_grid: Vec<_> = all.difference(&probed).collect();
    assert!(without_refusals.is_empty(), "no refusals are tested of {without_refusals:?}");
    assert!(without_grid.is_empty(), "not in the grid: {without_grid:?}");
    assert!(refused.is_subset(&all) && probed.is_subset(&all), "a mutation is gone");
}
