//! Settings from environment variables: `HERALD_` + the key in upper case, `__` for a dot.

use std::ffi::OsString;

use super::fault::{Fault, Place};
use super::given::{Entry, Given};
use super::nearest::nearest;

/// What every variable of Herald begins with.
const PREFIX: &str = "HERALD_";

/// The variable of a key.
pub fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

/// All variables of this process. The one place that looks at the environment.
#[expect(clippy::disallowed_methods, reason = "the environment is a source of settings, read once at start")]
pub fn variables() -> Vec<(OsString, OsString)> {
    std::env::vars_os().collect()
}

/// Takes Herald's own out of `variables`. One that begins so and is no setting is a fault.
pub fn collect(given: &mut Given, variables: Vec<(OsString, OsString)>, keys: &[String]) {
    let mut own: Vec<_> = variables
        .into_iter()
        .filter_map(|(name, value)| {
            Some((name.into_string().ok().filter(|name| name.starts_with(PREFIX))?, value))
        })
        .collect();
    own.sort();
    for (name, value) in own {
        let place = Place::Variable(name.clone());
        let Some(key) = keys.iter().find(|key| variable(key) == name) else {
            given.faults.push(unknown(place, &name, keys));
            continue;
        };
        match value.into_string() {
            Ok(value) => given.entries.push(Entry::word(key, place, &value)),
            Err(_) => {
                given.faults.push(Fault { place, text: format!("`{key}` is not UTF-8; write it anew") });
            }
        }
    }
}

/// The fault of a variable that is no setting.
fn unknown(place: Place, name: &str, keys: &[String]) -> Fault {
    let typed = name.trim_start_matches(PREFIX).replace("__", ".");
    let near = nearest(&typed, keys).map(variable).unwrap_or_default();
    Fault { place, text: format!("this variable is not a setting; unset it, or use the nearest, {near}") }
}
