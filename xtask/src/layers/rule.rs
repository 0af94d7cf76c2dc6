//! The check itself, over a table and a graph as values.

use super::graph::{Crate, Named};
use super::table::{Kept, Kind, Room, Table};

/// Every breach of the table, one sentence each.
///
/// Dev-dependencies are looser: a test may name a scaffold, any library, and whatever stands to the right of its
/// crate. They too must not point back.
pub fn check(table: &Table, graph: &[Crate]) -> Vec<String> {
    let vacant = table.rooms.iter().filter(|room| graph.iter().all(|found| found.package != room.package));
    let mut faults: Vec<String> = vacant
        .map(|room| format!("the table has a row for {}, but there is no such crate", room.package))
        .collect();
    for found in graph {
        match room(table, &found.package) {
            None => faults.push(format!("{} ({}) has no row in the table", found.package, found.folder)),
            Some(room) => faults.extend(check_crate(table, room, found)),
        }
    }
    faults
}

fn check_crate(table: &Table, from: &Room, found: &Crate) -> Vec<String> {
    let mut faults = Vec::new();
    if found.folder != from.folder {
        faults.push(format!("{} lives in {}, the table says {}", from.package, found.folder, from.folder));
    }
    for named in &found.names {
        let fault = match room(table, &named.package) {
            Some(to) => check_room(table, from, to, named.dev),
            None if named.ours => Some("has no row in the table".to_owned()),
            None => check_library(table, from, named),
        };
        let section = if named.dev { "dev-dependencies" } else { "dependencies" };
        faults
            .extend(fault.map(|why| format!("{} names {} in {section}: {why}", from.package, named.package)));
    }
    faults
}

/// Whether a crate may name another of the workspace; `Some` says why not.
fn check_room(table: &Table, from: &Room, to: &Room, dev: bool) -> Option<String> {
    match (to.kind, dev) {
        _ if from.package == to.package => Some("a crate does not name itself".to_owned()),
        (Kind::Scaffold, _) if dev || from.kind == Kind::Scaffold => None,
        (Kind::Scaffold, _) => {
            Some("tests, chores and benches are named by dev-dependencies alone".to_owned())
        }
        (Kind::House, false) if from.may_name.contains(&to.package) => None,
        (Kind::House, true) if reaches(table, from, to) => None,
        (Kind::House, _) => Some(format!("it may name {}", listed(from.may_name))),
    }
}

/// Whether a chain of permitted steps leads from one room to the other: it stands somewhere to the right.
fn reaches(table: &Table, from: &Room, to: &Room) -> bool {
    let next = from.may_name.iter().filter_map(|name| room(table, name));
    next.into_iter().any(|step| step.package == to.package || reaches(table, step, to))
}

fn check_library(table: &Table, from: &Room, named: &Named) -> Option<String> {
    if named.dev || from.kind == Kind::Scaffold {
        return None;
    }
    let kept = |kept: &&Kept| kept.libraries.contains(&named.package.as_str());
    let kept = table.kept.iter().find(kept)?;
    if kept.homes.contains(&from.package) { None } else { Some(kept.reason.to_owned()) }
}

fn room<'a>(table: &'a Table, package: &str) -> Option<&'a Room> {
    table.rooms.iter().find(|room| room.package == package)
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() { "none of ours".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests;
