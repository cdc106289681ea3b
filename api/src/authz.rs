//! Who is asking, and what they may do. Three questions, three places (`docs/architecture.md`):
//! `http::auth` makes the [`Viewer`], each noun's `read::visible_to` says what exists for them,
//! and [`Viewer::require`] below says what they may do. Nobody else asks about a role.

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::{
    api_token::{Scope, Scopes},
    id::{ApiTokenId, MemberId, PartyId},
    member::Role,
    party,
};

use crate::{
    error::{Error, Result},
    refusal::UserErrorCode,
    tx::Actor,
};

/// Why somebody who acts for no party may do nothing, in Vietnamese and English.
const NO_PARTY: [&str; 2] = [
    "Bạn chưa đại diện cho đơn vị nào: hãy nêu mã đơn vị trong tiêu đề Camket-Party, hoặc nhận lời mời.",
    "You act for no party: name one in the header Camket-Party, or accept an invitation.",
];

/// Why somebody who acts for a party that does not exist today may do nothing.
const ENDED: [&str; 2] = [
    "Đơn vị bạn đại diện hiện không còn hoạt động; quyền đã chuyển cho đơn vị kế thừa.",
    "The party you act for does not exist today; its rights are with its successors.",
];

/// Who is asking, with the rights of today.
#[derive(Clone, Debug)]
pub struct Viewer {
    pub identity: Identity,
    /// The party they act for; none for the public, for somebody without a membership, and for a
    /// member of several parties who has not named one.
    pub acting: Option<Acting>,
    pub today: NaiveDate,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    Public,
    /// A person, known by issuer and opaque subject.
    Person {
        issuer: String,
        subject: String,
    },
    /// A system with an API token.
    Token(ApiTokenId),
}

#[derive(Clone, Debug)]
pub struct Acting {
    pub party: PartyId,
    pub kind: party::Kind,
    pub member: Option<MemberId>,
    pub token: Option<ApiTokenId>,
    pub role: Role,
    /// What a token is limited to; a person has no such limit.
    pub scopes: Option<Scopes>,
    /// Whether it runs persisted operations and nothing else.
    pub persisted_only: bool,
    /// Who sees through this party's eyes: the coordinator. Then nothing can be done in its name,
    /// and everything here is what its `VIEWER` has.
    pub viewed_by: Option<PartyId>,
    /// Itself and its predecessors. Empty when the party has ended, which is how a party that no
    /// longer exists loses its rights.
    pub own: HashSet<PartyId>,
    pub coordinator: bool,
    pub leadership: bool,
}

/// What somebody wants to do, and to whom.
#[derive(Clone, Copy, Debug)]
pub enum Action {
    /// Define directives, tasks, assignments, enrolments, parties, successions, activity kinds.
    DefineRegistry,
    /// Enter a letter, an agreement or minutes that this party issued.
    EnterDocument {
        issuer: PartyId,
    },
    /// Answer a task for this party.
    AnswerTask {
        asked: PartyId,
    },
    /// Say what a commune needs, `by` the right of its authority.
    RaiseNeed {
        by: bool,
    },
    WithdrawNeed {
        by: bool,
    },
    /// Write a note on something that `concerns` this party.
    WriteNote {
        concerns: bool,
    },
    /// Answer a note that this party wrote or that is addressed to it.
    DoneNote {
        written_by: PartyId,
        addressee: Option<PartyId>,
    },
    /// Promise anything to anybody; for whom, is asked of each promise.
    Propose,
    /// Promise in the name of a party; amend and withdraw what it promised.
    Promise {
        giver: PartyId,
    },
    /// Accept or decline, in whatever capacity.
    Accept {
        stands: bool,
    },
    /// Close: either side what is fulfilled, who oversees it anything.
    Close {
        may: bool,
    },
    /// Close, reopen or transfer as the coordinator; as the leadership where that would be the
    /// coordinator's own matter.
    Oversee {
        is_coordinators: bool,
    },
    /// Record or reverse for the giving side.
    Record {
        gives: bool,
    },
    /// Confirm, dispute, receipt, decide on reversals, in whatever capacity.
    Verify {
        stands: bool,
    },
    /// The same as the coordinator or the leadership, when it is their turn.
    VerifyByMark,
    /// Take the other side's figure, or decide a third one.
    Settle {
        stands: bool,
    },
    MakeMandate {
        principal: PartyId,
        has_active_member: bool,
    },
    EndMandate {
        principal: PartyId,
        has_active_member: bool,
    },
    InviteMember {
        party: PartyId,
    },
    /// Approve an invitation that the coordinator made.
    ApproveInvitation {
        party: PartyId,
    },
    RevokeInvitation {
        party: PartyId,
        invited_by: PartyId,
    },
    ChangeMemberRole {
        party: PartyId,
    },
    RemoveMember {
        party: PartyId,
    },
    IssueToken {
        party: PartyId,
    },
    RotateToken {
        party: PartyId,
    },
    RevokeToken {
        party: PartyId,
    },
    /// Register an operation of the party acted for.
    RegisterOperation,
    RetireOperation {
        party: PartyId,
    },
    /// Keep an operation for the party acted for.
    SaveOperation,
    /// Change or delete one that this party keeps.
    ChangeSavedOperation {
        party: PartyId,
    },
    /// Share one with everybody, or no longer.
    ShareSavedOperation,
    /// Want one at hand, as a person.
    FavouriteOperation,
    /// See what another party sees.
    ViewAs,
    /// Check and publish a version of this party's subgraph.
    PublishSubgraph {
        party: PartyId,
    },
    /// Retire it.
    RetireSubgraph {
        party: PartyId,
    },
    /// Approve what is published, grant fields, go back to an earlier graph.
    GovernGraph,
}

impl Viewer {
    /// Nobody in particular.
    pub const fn public(today: NaiveDate) -> Self {
        Self { identity: Identity::Public, acting: None, today }
    }

    pub fn party(&self) -> Option<PartyId> {
        self.acting.as_ref().map(|acting| acting.party)
    }

    /// The member who asks, a person in a party; none for a token.
    pub fn member(&self) -> Option<MemberId> {
        self.acting.as_ref().and_then(|acting| acting.member)
    }

    /// Whether one of these parties is the viewer's own: itself or a predecessor.
    pub fn owns_any(&self, parties: &[PartyId]) -> bool {
        self.acting.as_ref().is_some_and(|acting| parties.iter().any(|id| acting.own.contains(id)))
    }

    /// Whether the viewer sees through another party's eyes.
    pub fn is_viewing(&self) -> bool {
        self.acting.as_ref().is_some_and(|acting| acting.viewed_by.is_some())
    }

    /// Who goes on record for a change; a fault where nobody is signed in. Nobody does who sees
    /// through another party's eyes, so no change of any kind begins.
    pub fn actor(&self) -> Result<Actor> {
        if self.is_viewing() {
            return Err(UserErrorCode::ViewingAs.refuse().into());
        }
        if self.identity == Identity::Public {
            return Err(Error::Unauthenticated("sign in to change anything"));
        }
        Ok(self.acting.as_ref().map_or_else(Actor::default, |acting| Actor {
            party: Some(acting.party),
            member: acting.member,
            token: acting.token,
        }))
    }

    /// Whether the viewer acts for the coordinator or the leadership of the programme.
    pub fn oversees(&self) -> bool {
        self.acting.as_ref().is_some_and(|acting| acting.coordinator || acting.leadership)
    }

    /// Whether the viewer is a manager of a party that has rights today.
    pub fn is_manager(&self) -> bool {
        self.acting.as_ref().is_some_and(|acting| acting.may(Role::Manager, Scope::Read))
    }

    /// Whether the viewer manages the members and tokens of its own party.
    pub fn manages(&self) -> bool {
        self.acting.as_ref().is_some_and(|acting| acting.may(Role::Manager, Scope::Admin))
    }

    /// Whether the viewer manages for the coordinator, who reads every party's members, tokens and
    /// mandates.
    pub fn coordinates(&self) -> bool {
        self.manages() && self.acting.as_ref().is_some_and(|acting| acting.coordinator)
    }

    /// Refuses with `FORBIDDEN` what the viewer may not do, and with `VIEWING_AS` everything while
    /// they see through another party's eyes. Ask right after loading, before
    /// anything about the request itself is told.
    pub fn require(&self, action: Action) -> Result<()> {
        let forbidden = UserErrorCode::Forbidden.refuse();
        Err(match &self.acting {
            Some(_) if self.is_viewing() => UserErrorCode::ViewingAs.refuse(),
            Some(acting) if acting.allows(action) => return Ok(()),
            Some(acting) if acting.own.is_empty() => forbidden.because(ENDED),
            Some(_) => forbidden,
            None => forbidden.because(NO_PARTY),
        }
        .into())
    }
}

impl Acting {
    /// The policy (DESIGN §5) for everything that changes something.
    fn allows(&self, action: Action) -> bool {
        use Action as A;
        let own = |party: PartyId| self.own.contains(&party);
        match action {
            A::PublishSubgraph { party } => own(party) && self.may(Role::Manager, Scope::Publish),
            A::RetireSubgraph { party } => {
                own(party) && self.may(Role::Manager, Scope::Publish)
                    || self.coordinator && self.may(Role::Manager, Scope::Registry)
            }
            A::GovernGraph | A::DefineRegistry | A::ShareSavedOperation | A::ViewAs => {
                self.coordinator && self.may(Role::Manager, Scope::Registry)
            }
            A::EnterDocument { issuer: party } | A::AnswerTask { asked: party } => {
                own(party) && self.may(Role::Manager, Scope::Commit)
            }
            A::RaiseNeed { by: may }
            | A::WithdrawNeed { by: may }
            | A::WriteNote { concerns: may }
            | A::Record { gives: may } => may && self.may(Role::Reporter, Scope::Record),
            A::DoneNote { written_by, addressee } => {
                (own(written_by) || addressee.is_some_and(own))
                    && self.may(Role::Reporter, Scope::Record)
            }
            A::Propose => self.may(Role::Manager, Scope::Commit),
            A::Promise { giver } => own(giver) && self.may(Role::Manager, Scope::Commit),
            A::Accept { stands: may } | A::Settle { stands: may } | A::Close { may } => {
                may && self.may(Role::Manager, Scope::Commit)
            }
            A::Oversee { is_coordinators } => {
                (self.coordinator || self.leadership && is_coordinators)
                    && self.may(Role::Manager, Scope::Commit)
            }
            A::Verify { stands } => stands && self.may(Role::Reporter, Scope::Verify),
            A::VerifyByMark => self.may(Role::Manager, Scope::Verify),
            A::EndMandate { principal, has_active_member } => {
                (own(principal) || self.coordinator && !has_active_member)
                    && self.may(Role::Manager, Scope::Admin)
            }
            // A new member, like an agent, is not held by the scopes of the token that let it in.
            A::MakeMandate { principal, has_active_member } => {
                (own(principal) || self.coordinator && !has_active_member) && self.may_all()
            }
            A::InviteMember { party } => (own(party) || self.coordinator) && self.may_all(),
            A::RevokeInvitation { party, invited_by } => {
                (own(party) || self.coordinator && own(invited_by)) && self.may_all()
            }
            A::ApproveInvitation { party } | A::ChangeMemberRole { party } => {
                own(party) && self.may_all()
            }
            // What runs persisted operations alone does not make itself new ones.
            A::RegisterOperation => !self.persisted_only && self.may(Role::Manager, Scope::Admin),
            A::SaveOperation => self.may(Role::Reporter, Scope::Record),
            A::ChangeSavedOperation { party } => {
                own(party) && self.may(Role::Reporter, Scope::Record)
            }
            A::FavouriteOperation => self.member.is_some() && self.may(Role::Viewer, Scope::Read),
            A::RemoveMember { party }
            | A::RetireOperation { party }
            | A::IssueToken { party }
            | A::RotateToken { party }
            | A::RevokeToken { party } => own(party) && self.may(Role::Manager, Scope::Admin),
        }
    }

    fn may(&self, role: Role, scope: Scope) -> bool {
        !self.own.is_empty()
            && self.role >= role
            && self.scopes.as_ref().is_none_or(|scopes| scopes.contains(scope))
    }

    fn may_all(&self) -> bool {
        use sea_orm::Iterable;
        Scope::iter().all(|scope| self.may(Role::Manager, scope))
    }
}
