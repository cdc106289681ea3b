//! Table tests of the rules of promises.

use uuid::Uuid;

use super::*;

fn day(month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, 15).unwrap()
}

fn dues(rows: &[(u32, i64)]) -> Vec<Due> {
    rows.iter().map(|(month, quantity)| Due { due_on: day(*month), quantity: *quantity }).collect()
}

fn promise(rows: &[(u32, i64)]) -> Promise {
    Promise {
        quantity: rows.last().map(|row| row.1),
        schedule: Schedule(dues(rows)),
        place_id: Uuid::nil(),
    }
}

#[test]
fn a_schedule_rises_to_the_quantity() {
    for good in [&[(6, 40)][..], &[(3, 10), (6, 40)]] {
        assert!(schedule(Some(40), dues(good), 0).is_ok(), "{good:?}");
    }
    for bad in [&[][..], &[(6, 39)], &[(6, 10), (3, 40)], &[(3, 40), (6, 40)], &[(3, 0), (6, 40)]] {
        assert!(schedule(Some(40), dues(bad), 0).is_err(), "{bad:?}");
    }
    assert!(schedule(None, vec![], 0).is_ok());
    assert!(schedule(None, dues(&[(6, 40)]), 0).is_err());
    assert!(schedule(Some(0), dues(&[(6, 0)]), 0).is_err());
}

#[test]
fn what_takes_nothing_away_holds_at_once() {
    let before = promise(&[(3, 10), (6, 40)]);
    for more in
        [&[(3, 10), (6, 50)][..], &[(2, 10), (6, 40)], &[(3, 40)], &[(3, 10), (6, 40), (9, 60)]]
    {
        assert!(holds_at_once(&before, &promise(more)), "{more:?}");
    }
    for less in [&[(3, 10), (6, 30)][..], &[(4, 10), (6, 40)], &[(6, 40)], &[(3, 10), (7, 50)], &[]]
    {
        assert!(!holds_at_once(&before, &promise(less)), "{less:?}");
    }
    let moved = Promise { place_id: Uuid::max(), ..promise(&[(3, 10), (6, 50)]) };
    assert!(!holds_at_once(&before, &moved));
    assert!(holds_at_once(&promise(&[]), &before));
}

#[test]
fn companies_speak_among_the_parties_unless_they_choose() {
    let (public, parties) = (Disclosure::Public, Disclosure::Parties);
    assert_eq!(disclosure(Kind::Bank, false, None).unwrap(), parties);
    assert_eq!(disclosure(Kind::Bank, false, Some(public)).unwrap(), public);
    assert_eq!(disclosure(Kind::Department, false, None).unwrap(), public);
    assert_eq!(disclosure(Kind::Department, true, None).unwrap(), parties);
    assert!(disclosure(Kind::Department, true, Some(public)).is_err());
}
