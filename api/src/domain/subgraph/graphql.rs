//! The registry of subgraphs on the graph.

mod check;
mod input;
mod object;
mod root;

pub use check::SubgraphCheck;
pub use input::{
    ApproveSubgraphInput, CheckSubgraphInput, FieldGrantFilter, FieldGrantOrder, GrantFieldInput,
    GrantFieldsInput, PublishSubgraphInput, RetireSubgraphInput, RevokeGrantInput,
    RollBackSupergraphInput, SubgraphBy, SubgraphDecision, SubgraphFilter, SubgraphOrder,
    SubgraphVersionFilter, SubgraphVersionOrder, SupergraphOrder,
};
pub use object::{FieldGrant, Subgraph, SubgraphVersion, Supergraph};
pub use root::{SubgraphMutation, SubgraphQuery};
