//! Made-up graphs: the house as it should stand, then one breach at a time.

use super::*;
use crate::layers::table::TABLE;

fn named(package: &str, dev: bool) -> Named {
    Named { package: package.to_owned(), dev, ours: package.starts_with("herald") }
}

fn found(package: &str, folder: &str, names: &[&str]) -> Crate {
    let names = names.iter().map(|name| named(name, false)).collect();
    Crate { package: package.to_owned(), folder: folder.to_owned(), names }
}

/// Every crate, naming all it may.
fn sound() -> Vec<Crate> {
    let all =
        ["herald", "herald-web", "herald-app", "herald-store", "herald-domain", "rusqlite", "axum", "rand"];
    vec![
        found("herald-domain", "crates/domain", &["uuid"]),
        found("herald-store", "crates/store", &["herald-domain", "rusqlite", "tokio-postgres", "aws-lc-rs"]),
        found("herald-app", "crates/app", &["herald-store", "herald-domain", "rand", "rustix", "aws-lc-rs"]),
        found("herald-web", "crates/web", &["herald-app", "herald-domain", "axum"]),
        found("herald", "crates/herald", &["herald-web", "herald-store", "axum", "axum-server"]),
        found("herald-testkit", "crates/testkit", &all),
        found("herald-postgres-on-demand", "crates/postgres-on-demand", &["tempfile"]),
        found("xtask", "xtask", &[]),
        found("bench", "bench", &all),
    ]
}

fn faults_with(package: &str, name: &str, dev: bool) -> Vec<String> {
    let mut graph = sound();
    let from = graph.iter_mut().find(|one| one.package == package).unwrap();
    from.names.push(named(name, dev));
    check(&TABLE, &graph)
}

fn assert_breach(package: &str, name: &str, dev: bool, reason: &str) {
    let faults = faults_with(package, name, dev);
    assert_eq!(faults.len(), 1, "{package} → {name}: {faults:?}");
    assert!(faults[0].starts_with(&format!("{package} names {name} in ")), "{faults:?}");
    assert!(faults[0].contains(reason), "{faults:?}");
}

#[test]
fn the_house_as_designed_passes() {
    assert_eq!(check(&TABLE, &sound()), Vec::<String>::new());
}

#[test]
fn no_arrow_points_back() {
    let order = ["herald", "herald-web", "herald-app", "herald-store", "herald-domain"];
    for (place, to) in order.iter().enumerate() {
        for from in &order[place + 1..] {
            assert_breach(from, to, false, "it may name");
            assert_breach(from, to, true, "it may name");
        }
    }
}

#[test]
fn web_names_store_in_tests_alone() {
    assert_breach("herald-web", "herald-store", false, "it may name herald-app, herald-domain");
    assert!(faults_with("herald-web", "herald-store", true).is_empty());
}

#[test]
fn scaffolds_are_named_by_dev_dependencies_alone() {
    for from in ["herald-domain", "herald-web", "herald"] {
        assert_breach(from, "herald-testkit", false, "dev-dependencies alone");
        assert!(faults_with(from, "herald-testkit", true).is_empty());
    }
    assert_breach("herald", "bench", false, "dev-dependencies alone");
    assert!(faults_with("herald-testkit", "herald-postgres-on-demand", false).is_empty());
}

#[test]
fn kept_libraries_stay_at_home() {
    for driver in ["rusqlite", "tokio-postgres", "deadpool-postgres"] {
        for from in ["herald-domain", "herald-app", "herald-web", "herald"] {
            assert_breach(from, driver, false, "database driver");
        }
    }
    for from in ["herald-domain", "herald-store", "herald-app"] {
        assert_breach(from, "axum", false, "axum");
        assert_breach(from, "axum-server", false, "sockets");
    }
    assert_breach("herald-web", "axum-server", false, "sockets");
    for rng in ["rand", "getrandom"] {
        for from in ["herald-domain", "herald-store", "herald-web", "herald"] {
            assert_breach(from, rng, false, "RNG");
        }
    }
    for from in ["herald-domain", "herald-web", "herald"] {
        assert_breach(from, "aws-lc-rs", false, "cryptography");
    }
    for from in ["herald-domain", "herald-store", "herald-web"] {
        assert_breach(from, "rustix", false, "the system for time");
    }
}

#[test]
fn tests_may_name_any_library() {
    assert!(faults_with("herald", "rusqlite", true).is_empty());
}

#[test]
fn every_crate_has_a_row_and_every_row_a_crate() {
    let mut graph = sound();
    graph.push(found("herald-scim", "crates/scim", &[]));
    assert_eq!(check(&TABLE, &graph), ["herald-scim (crates/scim) has no row in the table"]);

    let mut graph = sound();
    graph.retain(|one| one.package != "bench");
    assert_eq!(check(&TABLE, &graph), ["the table has a row for bench, but there is no such crate"]);
}

#[test]
fn our_code_outside_the_workspace_has_no_row() {
    assert_breach("herald-app", "herald-vendored", false, "no row");
}

#[test]
fn a_crate_in_another_folder_or_naming_itself_is_a_fault() {
    let mut graph = sound();
    graph[0].folder = "domain".to_owned();
    assert_eq!(check(&TABLE, &graph), ["herald-domain lives in domain, the table says crates/domain"]);
    assert_breach("herald-app", "herald-app", true, "itself");
}
