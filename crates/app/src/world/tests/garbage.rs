//! No input panics the reader, whatever it is.

use proptest::prelude::*;

use super::{DEMO, LIMITS};
use crate::world::{Known, Name, read};

/// A store that holds everything, so that no name is refused early.
struct Everything;

impl Known for Everything {
    fn has(&self, _: &Name) -> bool {
        true
    }
}

fn survives(text: &str) {
    let lines = text.split('\n').count();
    for known in [&() as &dyn Known, &Everything] {
        let faults = read(text, &LIMITS, known).err().unwrap_or_default();
        assert!(faults.is_sorted_by_key(|fault| fault.line));
        assert!(
            faults.iter().all(|fault| (1..=lines).contains(&fault.line) && !fault.message.contains('\n'))
        );
    }
}

/// Lines as they might stand in a world file, right and wrong.
fn line() -> impl Strategy<Value = String> {
    let header = prop::sample::select(vec![
        "role",
        "tenant",
        "tenant.site",
        "user",
        "user.membership",
        "token",
        "endpoint",
    ]);
    let keys =
        vec!["key", "email", "tenant", "roles", "id", "number", "secret", "expires_at", "metadata", "a.b"];
    let values = vec![
        "1",
        "-1",
        "\"a\"",
        "[\"a\"]",
        "true",
        "{ x = 1 }",
        "2031-01-01",
        "nan",
        "\"\\u0000\"",
        "[[[]]]",
    ];
    prop_oneof![
        1 => header.prop_map(|name| format!("[[{name}]]")),
        3 => (prop::sample::select(keys), prop::sample::select(values)).prop_map(|(k, v)| format!("{k} = {v}")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in "\\PC*") {
        survives(&text);
    }

    #[test]
    fn any_lines(lines in prop::collection::vec(line(), 0..40)) {
        survives(&lines.join("\n"));
    }

    #[test]
    fn the_demo_with_bytes_changed(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = DEMO.as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        survives(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn the_demo_without_a_piece(from in any::<prop::sample::Index>(), length in 0_usize..200) {
        let from = from.index(DEMO.len());
        let rest = DEMO.get(from + length..).unwrap_or_default();
        survives(&format!("{}{rest}", &DEMO[..from]));
    }
}

#[test]
fn deep_nesting_is_a_fault() {
    for deep in [format!("a = {}", "[".repeat(100_000)), format!("a = {}", "{a=".repeat(100_000))] {
        assert!(read(&deep, &LIMITS, &()).is_err());
    }
    survives(&format!("[{}a]", "a.".repeat(10_000)));
    survives(&format!("[[user]]\nmetadata.{}a = 1", "a.".repeat(10_000)));
}
