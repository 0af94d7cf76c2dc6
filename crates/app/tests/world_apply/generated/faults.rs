//! One thing wrong with a world.

use proptest::prelude::*;

/// A kind of fault, and which of the places that could have it.
#[derive(Clone, Debug)]
pub(super) struct Mutation {
    kind: usize,
    place: prop::sample::Index,
}

/// A line by its beginning, and what stands in its place.
const KINDS: &[(&str, &str)] = &[
    ("[[tenant]]", "[[tenant]]\ncolour = 1"),
    ("[[user]]", "[[user]]\npassw0rd = 'x'"),
    ("[[user.membership]]", "[[user.membership]]\nrole = 'guest'"),
    ("roles = ", "roles = ['nobody-has-this']"),
    ("tenant = ", "tenant = 'nowhere'"),
    ("tenant = ", "tenant = 7"),
    ("email = ", "email = 'no address'"),
    ("email = ", ""),
    ("key = ", "key = 'Not A Key'"),
    ("[[tenant]]", "[[tenant]]\nkey = 't0'\nname = 'again'\n[[tenant]]"),
    ("[[user]]", "[[user]]\nemail = 'U0@x.example'\n[[user]]\nemail = 'u0@X.example'\n[[user]]"),
    ("[[user]]", "[[user]]\nemail = 'q@x.example'\npassword = 'short'\n[[user]]"),
    ("[[user]]", "[[user]]\nemail = 'q@x.example'\ndefault_tenant = 'nowhere'\n[[user]]"),
    ("[[user]]", "[[token]]\ntenant = 't0'\n[[user]]"),
    ("[[user]]", "[[role]]\nkey = 'admin'\n[[user]]"),
    ("[[user]]", "[[role]]\nkey = 'z'\npermissions = ['no:such']\n[[user]]"),
    ("[[user]]", "[[network]]\ntenant = 't0'\nprivate = ['10.0.0.0/99']\n[[user]]"),
    ("[[tenant]]", "[[tenant]"),
];

pub(super) fn mutation() -> impl Strategy<Value = Mutation> {
    (0..KINDS.len(), any::<prop::sample::Index>()).prop_map(|(kind, place)| Mutation { kind, place })
}

impl Mutation {
    /// The text with the fault.
    pub(super) fn of(&self, text: &str) -> String {
        let (begins, faulty) = KINDS[self.kind];
        let lines: Vec<&str> = text.lines().collect();
        let places: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].starts_with(begins)).collect();
        if places.is_empty() {
            return format!("{text}\n[[tenant]]\nkey = 1\n");
        }
        let at = places[self.place.index(places.len())];
        let mut lines: Vec<&str> = lines;
        lines[at] = faulty;
        lines.join("\n")
    }
}
