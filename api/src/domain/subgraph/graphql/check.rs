//! What the checks of a publication found.

use async_graphql::{Context, Description, Enum, Object, SimpleObject};
use entity::{
    subgraph_approval,
    subgraph_version::Need,
    supergraph::{Change, Changes},
};

use crate::{
    domain::subgraph::{
        pipeline::{Report, operations::Broken},
        problem::{Problem, Stage},
    },
    graphql::context::ContextExt,
};

/// What the checks of a publication found (kết quả kiểm tra).
#[derive(Description)]
pub struct SubgraphCheck(pub Report);

#[Object(use_type_description)]
impl SubgraphCheck {
    /// Whether nothing is wrong with it (đạt).
    async fn passed(&self) -> bool {
        self.0.problems.is_empty()
    }

    /// What is wrong with it, all of one stage (các vấn đề); at most 100.
    async fn problems(&self) -> Vec<SubgraphProblem> {
        self.0.problems.iter().cloned().map(SubgraphProblem).collect()
    }

    /// What clients would see change (các thay đổi), at most 500; empty where it was not composed.
    async fn changes(&self) -> Vec<SchemaChange> {
        changes(&self.0.changes)
    }

    /// What the coordinator has to approve before it is served (cần phê duyệt).
    async fn approvals_needed(&self) -> Vec<SubgraphApprovalNeed> {
        needs(&self.0.needs.0)
    }

    /// Operations in use that would no longer work (thao tác bị hỏng).
    async fn broken_operations(&self) -> BrokenOperations {
        let Broken { own, others, other_parties } = &self.0.broken;
        let number = |figure: usize| i32::try_from(figure).unwrap_or(i32::MAX);
        BrokenOperations {
            own: own.keys().cloned().collect(),
            others: number(*others),
            other_parties: number(*other_parties),
        }
    }
}

/// One thing that is wrong with a publication (vấn đề).
#[derive(Description)]
pub struct SubgraphProblem(Problem);

#[Object(use_type_description)]
impl SubgraphProblem {
    /// The stage that found it (bước kiểm tra).
    async fn stage(&self) -> Stage {
        self.0.stage
    }

    /// Stable code to program against, such as `NAME_WITHOUT_PREFIX` (mã).
    async fn code(&self) -> String {
        self.0.code.name()
    }

    /// What is wrong, in the language of the request (thông báo).
    async fn message(&self, ctx: &Context<'_>) -> String {
        self.0.message(ctx.language())
    }

    /// How to mend it, in the language of the request (cách sửa).
    async fn hint(&self, ctx: &Context<'_>) -> String {
        self.0.hint(ctx.language())
    }

    /// The line of the SDL, from 1 (dòng); null where it stands nowhere.
    async fn line(&self) -> Option<i32> {
        self.0.at.and_then(|at| i32::try_from(at.line).ok())
    }

    /// The column of the SDL, from 1 (cột); null where it stands nowhere.
    async fn column(&self) -> Option<i32> {
        self.0.at.and_then(|at| i32::try_from(at.column).ok())
    }

    /// What it is about, such as `Commune.vidutel` (đối tượng); null for the whole.
    async fn coordinate(&self) -> Option<&str> {
        Some(&*self.0.coordinate).filter(|coordinate| !coordinate.is_empty())
    }
}

/// How much a change matters to clients (mức độ).
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeCriticality {
    /// Clients stop working that use it (làm hỏng máy khách).
    Breaking,
    /// Clients may be surprised by it (cần lưu ý).
    Dangerous,
    /// Nobody notices who does not look for it (an toàn).
    Safe,
}

/// A change of what clients see (thay đổi của lược đồ).
#[derive(SimpleObject)]
pub struct SchemaChange {
    /// What kind of change, such as `FIELD_REMOVED` (loại thay đổi).
    kind: String,
    /// What changes, such as `Commune.vidutel` (đối tượng).
    path: String,
    /// In English, as the comparison tells it (mô tả).
    message: String,
    /// How much it matters (mức độ).
    criticality: ChangeCriticality,
}

/// Changes as they are shown.
pub fn changes(changes: &Changes) -> Vec<SchemaChange> {
    let shown = |Change { kind, path, message, criticality }: &Change| SchemaChange {
        kind: kind.clone(),
        path: path.clone(),
        message: message.clone(),
        criticality: match &**criticality {
            "BREAKING" => ChangeCriticality::Breaking,
            "DANGEROUS" => ChangeCriticality::Dangerous,
            _ => ChangeCriticality::Safe,
        },
    };
    changes.0.iter().map(shown).collect()
}

/// What the coordinator approves (loại phê duyệt).
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "subgraph_approval::Kind")]
pub enum SubgraphApprovalKind {
    /// That there is such a subgraph (đồ thị con mới); the value is its name.
    Subgraph,
    /// Where it is asked (địa chỉ mới).
    Url,
    /// A type of ours that it adds its field to (kiểu được mở rộng).
    ExtendedType,
    /// A field of `Mutation` or `Subscription` (trường gốc).
    RootField,
}

/// Something that the coordinator has to approve (mục cần phê duyệt).
#[derive(SimpleObject)]
pub struct SubgraphApprovalNeed {
    /// What it is (loại).
    kind: SubgraphApprovalKind,
    /// Which one, such as `Commune` (giá trị).
    value: String,
}

/// What is to be approved, as it is shown.
pub fn needs(needs: &[Need]) -> Vec<SubgraphApprovalNeed> {
    let shown =
        |need: &Need| SubgraphApprovalNeed { kind: need.kind.into(), value: need.value.clone() };
    needs.iter().map(shown).collect()
}

/// Operations that were run in the last 30 days and would no longer work (thao tác bị hỏng).
#[derive(SimpleObject)]
pub struct BrokenOperations {
    /// Names of your party's own and of shared ones (của bên mình và dùng chung).
    own: Vec<String>,
    /// How many of other parties (số thao tác của bên khác).
    others: i32,
    /// Of how many other parties (số bên khác).
    other_parties: i32,
}
