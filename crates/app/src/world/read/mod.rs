//! From the text of a world file to a [`World`], or to every fault in it.

mod activity;
mod client;
mod endpoint;
mod fields;
mod kind;
mod membership;
mod names;
mod nearest;
mod network;
mod permission;
mod reading;
mod role;
mod tenant;
mod token;
mod user;
mod webhook;

use toml::de::DeTable;

use self::fields::Fields;
use self::names::Names;
use self::reading::{Lines, Reading};
use super::faults::{Faults, Place};
use super::{Fault, Known, PasswordLimits, World};

/// Of a display name.
const NAME: usize = 256;
/// Of a word by which other systems know something: features, groups, agents.
const WORD: usize = 128;
/// Whoever copies a sealed value to another row shall not have it opened there.
const SEALED_FOR_AN_ID: &str = "is sealed for one id; name that id in the same row";
/// Of a description, a reason, a picture's address.
const TEXT: usize = 2_048;

/// Reads a whole file (world.md, "The world file"). Names that it does not declare are looked up in `known`.
///
/// # Errors
/// Every fault of the file, sorted by line. Broken TOML is reported alone, since the rest cannot be judged then.
pub fn read(text: &str, limits: &PasswordLimits, known: &dyn Known) -> Result<World, Vec<Fault>> {
    let (root, broken) = DeTable::parse_recoverable(text);
    if !broken.is_empty() {
        return Err(syntax(text, &broken));
    }
    let cx = Reading::new(text, Names::of(root.get_ref()), limits, known);
    let mut fields = Fields::new(&cx, Place { line: 1, path: String::new() }, root.get_ref());
    let world = World {
        permissions: fields.rows("permission", permission::read),
        roles: fields.rows("role", role::read),
        tenants: fields.rows("tenant", tenant::read),
        users: fields.rows("user", user::read),
        clients: fields.rows("client", client::read),
        tokens: fields.rows("token", token::read),
        webhooks: fields.rows("webhook", webhook::read),
        networks: fields.rows("network", network::read),
        endpoints: fields.rows("endpoint", endpoint::read),
        activities: fields.rows("activity", activity::read),
    };
    fields.refuse_unknown();
    drop(fields);
    let faults = cx.into_faults();
    if faults.is_empty() { Ok(world) } else { Err(faults) }
}

/// One fault a line: what follows on the same line comes of the first.
fn syntax(text: &str, broken: &[toml::de::Error]) -> Vec<Fault> {
    let (lines, faults) = (Lines::of(text), Faults::default());
    for error in broken {
        let line = lines.at(error.span().map_or(0, |span| span.start));
        let what = match error.message() {
            "duplicate key" => {
                "a key or table stands twice; name it once, and write rows as [[name]]".to_owned()
            }
            other => other.replace('\n', " "),
        };
        faults.add(Fault { line, path: String::new(), message: format!("is no TOML: {what}") });
    }
    let mut listed = faults.into_sorted();
    listed.dedup_by_key(|fault| fault.line);
    listed
}

/// Without repeats, in the order given.
fn distinct<T: Clone + Eq + std::hash::Hash>(list: Vec<T>) -> Vec<T> {
    let mut seen = std::collections::HashSet::with_capacity(list.len());
    list.into_iter().filter(|it| seen.insert(it.clone())).collect()
}
