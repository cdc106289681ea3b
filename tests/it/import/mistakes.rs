//! Files that are not right: one clear line for the operator, and nothing is changed.

use api::registry::{self, Source};
use entity::{activity_kind, event, party, place, place_succession};
use tests::TestApp;

use super::{Files, complaint};

const AFTER: &str = "code,name,kind,province_code,province_name\n";

/// A line that is good, so that something would change if the import went on.
const GOOD: &str = "01849,Xã Mẫu Một,xa,19,Tỉnh Thái Nguyên\n";

/// Imports a file beside a good one, and answers what the operator is told.
async fn told(app: &TestApp, name: &str, content: impl AsRef<[u8]>) -> String {
    let parties = "code,kind,name,name_en,place_code,place_list,parent_code,sector,is_front,\
        valid_from,valid_to,valid_from_is_floor\n\
        NH-TOT,BANK,Ngân hàng tốt,,,,,,false,2026-01-01,,false\n";
    let files = Files::new().with("parties.csv", parties).with(name, content);
    let before = counts(app).await;

    let told = complaint(registry::import(&app.api, &files.source()).await);

    assert_eq!(counts(app).await, before, "something was changed by {name}: {told}");
    assert!(!told.contains('\n'), "more than a line: {told}");
    told
}

async fn counts(app: &TestApp) -> [usize; 5] {
    [
        app.all(place::Entity).await.len(),
        app.all(place_succession::Entity).await.len(),
        app.all(party::Entity).await.len(),
        app.all(activity_kind::Entity).await.len(),
        app.all(event::Entity).await.len(),
    ]
}

#[tokio::test]
async fn an_unknown_code_is_told_with_file_and_line() {
    let app = TestApp::start().await;

    let succession = "old_code,new_code,relation\n01834,01840,merged_whole\n01837,99999,\n";
    let commune = format!("{AFTER}{GOOD}01850,Xã Mẫu Hai,xa,77,\n");
    let mark = "party,mark,province_code,place_list,valid_from,valid_to\n\
        KHONG-CO,COORDINATOR,19,after,2026-01-01,\n";

    assert_eq!(
        told(&app, "successions.csv", succession).await,
        "successions.csv, line 3: new_code 99999 is not in the new list"
    );
    assert_eq!(
        told(&app, "communes_after.csv", commune).await,
        "communes_after.csv, line 3: province_code 77 is not in the new list"
    );
    assert_eq!(
        told(&app, "party_marks.csv", mark).await,
        "party_marks.csv, line 2: party KHONG-CO is not a known party"
    );
}

#[tokio::test]
async fn a_lost_leading_zero_is_told() {
    let app = TestApp::start().await;

    let told = told(
        &app,
        "communes_after.csv",
        format!("{AFTER}{GOOD}1850,Xã Mẫu Hai,xa,19,Tỉnh Thái Nguyên\n"),
    )
    .await;

    assert!(told.starts_with("communes_after.csv, line 3: code 1850 has 4 digits and needs 5"));
    assert!(told.contains("a leading zero was lost"), "{told}");
}

#[tokio::test]
async fn an_unknown_file_name_is_told_with_those_that_are_known() {
    let app = TestApp::start().await;

    for name in ["communes.csv", "Parties.csv", "provinces.CSV"] {
        let told = told(&app, name, "code\n01\n").await;
        assert!(told.starts_with(&format!("{name}: not a file it knows")), "{told}");
        assert!(told.contains("communes_after.csv"), "{told}");
    }
}

#[tokio::test]
async fn a_directory_that_is_not_there_or_empty_is_told() {
    let app = TestApp::start().await;
    let empty = Files::new().with("README.md", "nothing");

    let nothing = complaint(registry::import(&app.api, &empty.source()).await);
    let gone = Source::Directory("no/such/directory".into());
    let missing = complaint(registry::import(&app.api, &gone).await);

    assert!(nothing.starts_with("nothing to import; it knows the files"), "{nothing}");
    assert!(missing.starts_with("cannot read no/such/directory"), "{missing}");
}

#[tokio::test]
async fn a_ragged_row_is_told_with_its_line() {
    let app = TestApp::start().await;

    let told =
        told(&app, "communes_after.csv", format!("{AFTER}{GOOD}01850,Xã Mẫu Hai,xa,19\n")).await;

    assert!(told.starts_with("communes_after.csv: "), "{told}");
    assert!(told.contains("line: 3") && told.contains("4 fields"), "{told}");
}

#[tokio::test]
async fn text_in_another_encoding_is_told() {
    let app = TestApp::start().await;
    let mut latin = format!("{AFTER}{GOOD}").into_bytes();
    latin.extend(b"01850,X\xe3 M\xe0u,xa,19,\n");

    let told = told(&app, "communes_after.csv", latin).await;

    assert!(told.starts_with("communes_after.csv: not UTF-8 from byte"), "{told}");
    assert!(told.contains("save it as UTF-8"), "{told}");
}

#[tokio::test]
async fn a_place_of_the_wrong_form_is_told_with_its_column() {
    let app = TestApp::start().await;

    for (content, expected) in [
        (format!("{AFTER}01849,Xã Mẫu,huyen,19,\n"), "line 2: kind is not one of a commune"),
        (format!("{AFTER}01849,Xã Mẫu,lang,19,\n"), "line 2: kind lang is none of TINH"),
        (
            format!("{AFTER}01849,Gọi 0912 345 678,xa,19,\n"),
            "line 2: name: Enter no phone or identity number",
        ),
        (format!("{AFTER}{GOOD}{GOOD}"), "line 3: 01849 stands there twice"),
        ("code,code\n1,2\n".to_owned(), "two columns have the same name"),
        ("code,name\n01849,Xã Mẫu\n".to_owned(), "line 2: there is no column"),
    ] {
        let told = told(&app, "communes_after.csv", content).await;
        assert!(told.starts_with("communes_after.csv") && told.contains(expected), "{told}");
    }
}

#[tokio::test]
async fn a_party_of_the_wrong_form_is_told_with_its_column() {
    let app = TestApp::start().await;
    let columns = "code,kind,name,name_en,sector,is_front,valid_from,valid_to\n";

    for (cells, expected) in [
        (",TELECOM,false,2026-01-01,", "sector: This field does not apply to a bank"),
        (",,maybe,2026-01-01,", "is_front maybe is neither true nor false"),
        (",,false,01/02/2026,", "valid_from 01/02/2026 is not a date such as"),
        (",,false,2026-02-01,2026-02-01", "valid_to is not after valid_from"),
    ] {
        let content = format!("{columns}NH-SAI,BANK,Ngân hàng,{cells}\n");
        let told = told(&app, "parties.csv", content).await;
        assert!(told.starts_with(&format!("parties.csv, line 2: {expected}")), "{told}");
    }
}

#[tokio::test]
async fn an_activity_kind_of_the_wrong_form_is_told_with_its_column() {
    let app = TestApp::start().await;
    let columns =
        "code,name,name_en,unit,unit_en,precision,measure,pillar,promisers,forces_parties\n";

    for (cells, expected) in [
        ("9,FLOW,DIGITAL_ECONOMY,BANK,false", "precision: The value must be 0 to"),
        ("x,FLOW,DIGITAL_ECONOMY,BANK,false", "precision x is not a whole number"),
        ("0,FLOW,ECONOMY,BANK,false", "pillar ECONOMY is none of DIGITAL_GOVERNMENT"),
        ("0,FLOW,DIGITAL_ECONOMY,BANK|SHOP,false", "promisers SHOP is none of"),
    ] {
        let content = format!("{columns}wifi,Wifi,Wifi,điểm,point,{cells}\n");
        let told = told(&app, "activity_kinds.csv", content).await;
        assert!(told.starts_with(&format!("activity_kinds.csv, line 2: {expected}")), "{told}");
    }
}

#[tokio::test]
async fn a_mistake_in_the_last_file_undoes_what_the_first_ones_did() {
    let app = TestApp::start().await;

    let told = told(
        &app,
        "enrolments.csv",
        "commune_code,place_list,stage,issuer,number,symbol,issued_on,valid_from,valid_to\n\
         02014,after,REPLICATED,UBND-06-2023,1,X,2020-01-01,2026-01-01,\n",
    )
    .await;

    assert!(told.starts_with("enrolments.csv, line 2: "), "{told}");
}
