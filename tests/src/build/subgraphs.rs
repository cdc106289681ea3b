//! Subgraphs, what was published and granted, and graphs.

use api::{
    clock::Clock,
    domain::{
        statement,
        subgraph::{own, write::compose_at_start},
    },
    tx::sha256,
};
use entity::{
    field_grant, party, subgraph, subgraph_approval, subgraph_read,
    subgraph_version::{self, Needs, State},
    supergraph::{self, Changes, Reason},
    supergraph_part,
};

use tokio::sync::OnceCell;

use super::Build;
use crate::TestApp;

/// The first graph of an installation: our own part alone, composed once for all tests.
static FIRST: OnceCell<supergraph::Model> = OnceCell::const_new();

impl TestApp {
    /// Serves our own part, as a server does when it has started, and has a key for statements.
    pub async fn composed(&self) {
        statement::write::ensure(&self.api).await.expect("there is a key");
        let first = FIRST.get_or_init(|| async {
            let done = compose_at_start(&self.api).await;
            done.expect("our own part is composed");
            let mut graphs = self.all(supergraph::Entity).await;
            graphs.pop().expect("there is a graph")
        });
        let first = first.await;
        if self.all(supergraph::Entity).await.is_empty() {
            self.supergraph(1).with(|row| *row = first.clone()).await;
            let head = self.sql("UPDATE supergraph_head SET number = 1, revision = 1").await;
            head.expect("the graph is served");
        }
    }

    /// A subgraph of a party, called by its prefix, or by a name of its own where it has none.
    pub fn subgraph(&self, party: &party::Model) -> Build<'_, subgraph::Model> {
        let name = party.prefix.clone().unwrap_or_else(|| format!("part{}", self.next()));
        let row = subgraph::Model {
            id: self.clock.uuid().into(),
            party_id: party.id,
            name,
            created_at: self.clock.now(),
            retired_at: None,
            version: 1,
        };
        Build::new(self, row)
    }

    /// The first version of a subgraph, live.
    pub fn subgraph_version(
        &self,
        subgraph: &subgraph::Model,
        sdl: &str,
    ) -> Build<'_, subgraph_version::Model> {
        let row = subgraph_version::Model {
            id: self.clock.uuid().into(),
            subgraph_id: subgraph.id,
            party_id: subgraph.party_id,
            number: 1,
            url: "http://127.0.0.1:9/graphql".to_owned(),
            sdl: sdl.to_owned(),
            hash: sha256(sdl),
            allow_breaking: false,
            state: State::Live,
            needs: Needs::default(),
            changes: Changes::default(),
            created_at: self.clock.now(),
            member_id: None,
            token_id: None,
            decided_at: None,
            reason: None,
        };
        Build::new(self, row)
    }

    pub fn subgraph_approval(
        &self,
        version: &subgraph_version::Model,
        kind: subgraph_approval::Kind,
        value: &str,
    ) -> Build<'_, subgraph_approval::Model> {
        let row = subgraph_approval::Model {
            subgraph_id: version.subgraph_id,
            kind,
            value: value.to_owned(),
            version_id: version.id,
            approved_at: self.clock.now(),
        };
        Build::new(self, row)
    }

    /// That a version is sent a field of ours.
    pub fn subgraph_read(
        &self,
        version: &subgraph_version::Model,
        coordinate: &str,
    ) -> Build<'_, subgraph_read::Model> {
        let coordinate = coordinate.to_owned();
        Build::new(self, subgraph_read::Model { version_id: version.id, coordinate })
    }

    pub fn field_grant(
        &self,
        party: &party::Model,
        coordinate: &str,
    ) -> Build<'_, field_grant::Model> {
        let row = field_grant::Model {
            id: self.clock.uuid().into(),
            party_id: party.id,
            coordinate: coordinate.to_owned(),
            granted_at: self.clock.now(),
            revoked_at: None,
            version: 1,
        };
        Build::new(self, row)
    }

    /// A graph that is not served, and was not really composed.
    pub fn supergraph(&self, number: i32) -> Build<'_, supergraph::Model> {
        let row = supergraph::Model {
            id: self.clock.uuid().into(),
            number,
            supergraph: "type Query { a: Int }".to_owned(),
            api_schema: "type Query { a: Int }".to_owned(),
            hash: sha256("type Query { a: Int }"),
            own_hash: own::hash().to_owned(),
            reason: Reason::Started,
            subgraph_id: None,
            goes_back_to: None,
            changes: Changes::default(),
            created_at: self.clock.now(),
        };
        Build::new(self, row)
    }

    /// That a version is part of a graph.
    pub fn supergraph_part(
        &self,
        graph: &supergraph::Model,
        version: &subgraph_version::Model,
    ) -> Build<'_, supergraph_part::Model> {
        let row = supergraph_part::Model {
            supergraph_id: graph.id,
            subgraph_id: version.subgraph_id,
            version_id: version.id,
        };
        Build::new(self, row)
    }
}

impl Build<'_, party::Model> {
    pub fn prefix(self, prefix: &str) -> Self {
        self.with(|row| row.prefix = Some(prefix.to_owned()))
    }
}
