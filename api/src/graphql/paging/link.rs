//! How an object leads to the rows of a list that hangs on it: through a column that holds its id, or
//! through what it has, itself or from a predecessor.

use sea_orm::{
    EntityTrait, IntoSimpleExpr,
    prelude::Expr,
    sea_query::{ExprTrait, JoinType, SelectStatement},
};
use uuid::Uuid;

use crate::authz::Viewer;

/// How the objects that a list hangs on lead to its rows.
pub struct Link<E: EntityTrait> {
    /// Tells the lists of an entity apart.
    pub name: &'static str,
    /// The column of the rows that leads back.
    pub on: E::Column,
    /// What the column holds for each object; none where it holds the object's own id.
    pub keys: Option<Keys>,
}

/// A select of distinct pairs of objects and what leads to their rows, with three columns: `parent`,
/// `key`, and `inherited`, 1 where the object has the key from a predecessor and 0 where it is its
/// own.
pub type Keys = fn(&Viewer, &[Uuid]) -> SelectStatement;

impl<E: EntityTrait> Link<E> {
    /// Restricts a select of rows to those of some objects; answers of which, and by what right.
    pub(super) fn add_to(
        &self,
        select: &mut SelectStatement,
        viewer: &Viewer,
        parents: &[Uuid],
    ) -> (Expr, Expr) {
        let on = self.on.into_simple_expr();
        let Some(keys) = self.keys else {
            select.and_where(on.clone().is_in(parents.iter().copied()));
            return (on, Expr::cust("0"));
        };
        let same = on.eq(Expr::col(("link", "key")));
        select.join_subquery(JoinType::InnerJoin, keys(viewer, parents), "link", same);
        (Expr::col(("link", "parent")), Expr::col(("link", "inherited")))
    }
}
