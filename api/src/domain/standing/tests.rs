//! One party in every capacity, question by question.

use uuid::Uuid;

use super::*;

fn party(number: u128) -> PartyId {
    Uuid::from_u128(number).into()
}

fn place(number: u128) -> PlaceId {
    Uuid::from_u128(number).into()
}

const HERE: u128 = 101;
const THERE: u128 = 102;

/// The acting party; its predecessor, head office, and a lender with a predecessor and a branch.
const ME: u128 = 1;
const BEFORE: u128 = 2;
const HEAD: u128 = 3;
const LENDER: u128 = 4;
const LENDER_BEFORE: u128 = 5;
const LENDER_BRANCH: u128 = 6;
const RIVAL: u128 = 7;

fn row(of: u128, role: Role, to: u128, at: Option<u128>, act: Option<Act>) -> Row {
    (party(of), role, party(to), at.map(place), act)
}

/// A party with a predecessor and a head office, by its own right.
fn company() -> Vec<Row> {
    vec![
        row(ME, Role::Own, ME, None, None),
        row(ME, Role::Own, BEFORE, None, None),
        row(ME, Role::Kin, BEFORE, None, None),
        row(ME, Role::Kin, HEAD, None, None),
    ]
}

/// What the lender owns, as it is loaded for an agent.
fn lender() -> Vec<Row> {
    vec![
        row(LENDER, Role::Own, LENDER, None, None),
        row(LENDER, Role::Own, LENDER_BEFORE, None, None),
        row(LENDER, Role::Kin, LENDER_BEFORE, None, None),
        row(LENDER, Role::Kin, LENDER_BRANCH, None, None),
    ]
}

fn standing(rows: impl IntoIterator<Item = Row>) -> Standing {
    Standing::new(party(ME), rows.into_iter().collect())
}

fn agent(lent: impl IntoIterator<Item = Row>) -> Standing {
    standing(company().into_iter().chain(lender()).chain(lent))
}

#[test]
fn an_authority_acts_for_itself_at_its_own_place() {
    for holder in [ME, BEFORE] {
        let own = standing([row(ME, Role::Authority, holder, Some(HERE), None)]);
        for act in [Act::Accept, Act::RaiseNeed] {
            assert_eq!(own.authority(place(HERE), act), Some(party(ME)));
            assert_eq!(own.authority(place(THERE), act), None);
            assert_eq!(own.holds(place(HERE), Role::Assigned, act), None);
        }
    }
}

#[test]
fn an_agent_acts_for_its_lender_and_only_what_was_lent() {
    for holder in [LENDER, LENDER_BEFORE] {
        let lent = agent([row(ME, Role::Authority, holder, Some(HERE), Some(Act::RaiseNeed))]);
        assert_eq!(lent.authority(place(HERE), Act::RaiseNeed), Some(party(LENDER)));
        assert_eq!(lent.authority(place(HERE), Act::Accept), None);
        assert_eq!(lent.authority(place(THERE), Act::RaiseNeed), None);
    }
}

#[test]
fn an_own_right_comes_before_a_lent_one() {
    let both = agent([
        row(ME, Role::Assigned, LENDER, Some(HERE), Some(Act::Verify)),
        row(ME, Role::Assigned, ME, Some(HERE), None),
    ]);
    assert_eq!(both.holds(place(HERE), Role::Assigned, Act::Verify), Some(party(ME)));
}

#[test]
fn one_gives_for_oneself_for_a_predecessor_and_for_a_lender() {
    let record = Some(Act::Record);
    let lent = agent([
        row(ME, Role::Own, LENDER, Some(HERE), record),
        row(ME, Role::Own, LENDER_BEFORE, Some(HERE), record),
    ]);
    for (participants, at, act, gives) in [
        (vec![ME], THERE, Act::Record, Some(ME)),
        (vec![RIVAL, BEFORE], THERE, Act::Record, Some(ME)),
        (vec![HEAD], HERE, Act::Record, None),
        (vec![LENDER], HERE, Act::Record, Some(LENDER)),
        (vec![LENDER_BEFORE], HERE, Act::Record, Some(LENDER)),
        (vec![LENDER, ME], HERE, Act::Record, Some(ME)),
        (vec![LENDER], HERE, Act::Verify, None),
        (vec![LENDER], THERE, Act::Record, None),
        (vec![LENDER_BRANCH], HERE, Act::Record, None),
        (vec![], HERE, Act::Record, None),
    ] {
        let participants: Vec<_> = participants.into_iter().map(party).collect();
        assert_eq!(lent.gives(&participants, place(at), act), gives.map(party));
        let takes_part = lent.takes_part(&participants, place(at), &[act]);
        assert_eq!(takes_part, gives.is_some(), "{participants:?}");
    }
    let everywhere = agent([row(ME, Role::Own, LENDER, None, record)]);
    assert_eq!(everywhere.gives(&[party(LENDER)], place(THERE), Act::Record), Some(party(LENDER)));
}

#[test]
fn to_lead_is_no_concern_and_any_other_role_is() {
    for (role, act, concerned) in [
        (Role::Authority, None, true),
        (Role::District, None, true),
        (Role::Assigned, None, true),
        (Role::Inside, None, true),
        (Role::Coordinator, None, true),
        (Role::Leadership, None, false),
        (Role::Authority, Some(Act::Verify), true),
        (Role::Authority, Some(Act::RaiseNeed), false),
    ] {
        let standing = agent([row(ME, role, LENDER, Some(HERE), act)]);
        let acts = [Act::Verify, Act::Record];
        assert_eq!(standing.concerned(place(HERE), &acts), concerned, "{role:?} {act:?}");
        assert!(!standing.concerned(place(THERE), &acts));
    }
}

#[test]
fn nobody_judges_for_itself_its_kin_or_whom_it_acts_for() {
    let alone = standing(company());
    for (of, barred) in [(ME, true), (BEFORE, true), (HEAD, true), (LENDER, false), (RIVAL, false)]
    {
        assert_eq!(alone.barred(&[party(of)]), barred, "{of}");
        assert_eq!(alone.barred(&[party(RIVAL), party(of)]), barred, "{of}");
    }
    assert!(!alone.barred(&[]));

    for (act, barred) in [
        (Act::Record, true),
        (Act::Verify, true),
        (Act::Accept, true),
        (Act::RaiseNeed, false),
        (Act::Report, false),
    ] {
        let lent = agent([row(ME, Role::Own, LENDER, None, Some(act))]);
        for of in [LENDER, LENDER_BEFORE, LENDER_BRANCH] {
            assert_eq!(lent.barred(&[party(of)]), barred, "{act:?} {of}");
        }
        assert!(!lent.barred(&[party(RIVAL)]) && lent.barred(&[party(HEAD)]));
    }
    assert!(!agent([]).barred(&[party(LENDER)]), "a mandate for other places");
}

#[test]
fn who_acts_for_no_party_has_no_standing() {
    let nobody = Standing::default();
    assert_eq!(nobody.authority(place(HERE), Act::Accept), None);
    assert_eq!(nobody.gives(&[party(ME)], place(HERE), Act::Record), None);
    assert!(!nobody.concerned(place(HERE), &[Act::Record]) && !nobody.barred(&[party(ME)]));
}
