//! Roles: seven built in (design.md §6), any number of custom ones.

use std::cmp::Ordering;

use crate::ids::{RoleId, TenantId, well_known};
use crate::permission::{Pattern, Permission};
use crate::time::Timestamp;

/// A built-in role; a lower level is stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Builtin {
    Admin,
    ThreatEngineer,
    ThreatViewer,
    Member,
    Developer,
    Guest,
    NoAccess,
}

impl Builtin {
    pub const ALL: [Self; 7] = [
        Self::Admin,
        Self::ThreatEngineer,
        Self::ThreatViewer,
        Self::Member,
        Self::Developer,
        Self::Guest,
        Self::NoAccess,
    ];

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }

    /// What a dialect calls it instead of by its key (aegis.md §1).
    pub const fn alias(self) -> Option<&'static str> {
        match self {
            Self::Guest => Some("view"),
            Self::Admin
            | Self::ThreatEngineer
            | Self::ThreatViewer
            | Self::Member
            | Self::Developer
            | Self::NoAccess => None,
        }
    }

    /// The one that has this as its key or its alias, so that no custom role can: what is written means one role, in
    /// every dialect.
    pub fn taking(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key || role.alias() == Some(key))
    }

    pub const fn key(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::ThreatEngineer => "threat_engineer",
            Self::ThreatViewer => "threat_viewer",
            Self::Member => "member",
            Self::Developer => "developer",
            Self::Guest => "guest",
            Self::NoAccess => "no_access",
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "Admin",
            Self::ThreatEngineer => "Threat Engineer",
            Self::ThreatViewer => "Threat Viewer",
            Self::Member => "Member",
            Self::Developer => "Developer",
            Self::Guest => "Guest",
            Self::NoAccess => "No Access",
        }
    }

    pub const fn level(self) -> i64 {
        match self {
            Self::Admin => 0,
            Self::ThreatEngineer => 1,
            Self::ThreatViewer => 2,
            Self::Member => 3,
            Self::Developer => 4,
            Self::Guest => 5,
            Self::NoAccess => 6,
        }
    }

    pub fn id(self) -> RoleId {
        RoleId::from_uuid(well_known("role", self.key()))
    }

    /// The roles that its holder may give to others.
    pub const fn assigns(self) -> &'static [Self] {
        use Builtin::{Admin, Developer, Guest, Member, ThreatEngineer, ThreatViewer};
        match self {
            Self::Admin => &[Admin, Member, Developer, Guest, ThreatEngineer, ThreatViewer],
            Self::ThreatEngineer => &[ThreatEngineer, ThreatViewer, Developer, Member, Guest],
            Self::ThreatViewer => &[ThreatViewer, Developer, Member, Guest],
            Self::Member => &[Member, Developer, Guest],
            Self::Developer => &[Developer, Guest],
            Self::Guest => &[Guest],
            Self::NoAccess => &[],
        }
    }

    /// What it permits, as patterns.
    pub fn patterns(self) -> Vec<Pattern> {
        let steps: &[&[Permission]] = match self {
            Self::Admin => return vec![Pattern::EVERYTHING],
            Self::ThreatEngineer => &[SEE, TAKE_PART, WORK, WATCH, DEFEND],
            Self::ThreatViewer => &[SEE, TAKE_PART, WORK, WATCH],
            Self::Member => &[SEE, TAKE_PART, WORK],
            Self::Developer => &[SEE, TAKE_PART],
            Self::Guest => &[SEE],
            Self::NoAccess => &[],
        };
        let mut patterns: Vec<Pattern> = steps.concat().into_iter().map(Pattern::from).collect();
        patterns.sort();
        patterns
    }
}

const SEE: &[Permission] = &[
    Permission::ROLES_READ,
    Permission::TOKENS_READ,
    Permission::ENDPOINTS_READ,
    Permission::AGENTS_READ,
    Permission::BILLING_READ,
];
const TAKE_PART: &[Permission] = &[Permission::USERS_READ, Permission::TOKENS_WRITE];
const WORK: &[Permission] = &[Permission::ENDPOINTS_WRITE, Permission::AGENTS_WRITE];
const WATCH: &[Permission] = &[Permission::THREATS_READ];
const DEFEND: &[Permission] = &[Permission::THREATS_WRITE];

/// A role as it counts: what its base gives is already in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each a column and a wire field")]
pub struct Role {
    pub id: RoleId,
    /// `None`: of the whole installation.
    pub tenant: Option<TenantId>,
    pub key: String,
    pub name: String,
    pub description: String,
    /// The built-in role that this one is, or is based on.
    pub base: Option<Builtin>,
    pub builtin: bool,
    pub level: i64,
    /// Sorted, without repeats.
    pub patterns: Vec<Pattern>,
    /// Keys of the roles its holder may give.
    pub assigns: Vec<String>,
    pub is_default: bool,
    pub first_user: bool,
    pub default_invite: bool,
    pub collections: Vec<i64>,
    pub features: Vec<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What a custom role adds to, or sets over, its base.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Custom {
    pub base: Option<Builtin>,
    pub level: Option<i64>,
    pub patterns: Vec<Pattern>,
    pub assigns: Option<Vec<String>>,
}

impl Role {
    /// A built-in role; `made_at` is when the installation was.
    pub fn built_in(builtin: Builtin, made_at: Timestamp) -> Self {
        Self {
            id: builtin.id(),
            tenant: None,
            key: builtin.key().to_owned(),
            name: builtin.name().to_owned(),
            description: String::new(),
            base: Some(builtin),
            builtin: true,
            level: builtin.level(),
            patterns: builtin.patterns(),
            assigns: builtin.assigns().iter().map(|r| r.key().to_owned()).collect(),
            is_default: false,
            first_user: false,
            default_invite: false,
            collections: Vec::new(),
            features: Vec::new(),
            created_at: made_at,
            updated_at: made_at,
        }
    }

    pub fn permits(&self, permission: &Permission) -> Option<&Pattern> {
        self.patterns.iter().find(|pattern| pattern.matches(permission))
    }

    /// Whether holding it makes an administrator of the tenant: `admin`, or custom on base `admin`.
    pub fn administers(&self) -> bool {
        self.base == Some(Builtin::Admin)
    }

    /// The order of strength: level, built-in before custom, key.
    pub fn by_strength(&self, other: &Self) -> Ordering {
        (self.level, !self.builtin, &self.key).cmp(&(other.level, !other.builtin, &other.key))
    }

    /// The strongest of several.
    pub fn highest<'r>(roles: impl IntoIterator<Item = &'r Self>) -> Option<&'r Self> {
        roles.into_iter().min_by(|a, b| a.by_strength(b))
    }
}

impl Custom {
    /// Level: its own, else its base's, else 5.
    pub fn effective_level(&self) -> i64 {
        self.level.or(self.base.map(Builtin::level)).unwrap_or(Builtin::Guest.level())
    }

    /// Its own and its base's patterns, sorted, without repeats.
    pub fn effective_patterns(&self) -> Vec<Pattern> {
        let mut all = self.base.map(Builtin::patterns).unwrap_or_default();
        all.extend(self.patterns.iter().cloned());
        all.sort();
        all.dedup();
        all
    }

    /// Its own list where it has one, else its base's.
    pub fn effective_assigns(&self) -> Vec<String> {
        let of_base =
            || self.base.map_or(&[][..], Builtin::assigns).iter().map(|r| r.key().to_owned()).collect();
        self.assigns.clone().unwrap_or_else(of_base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(role: Builtin, permission: &Permission) -> bool {
        role.patterns().iter().any(|p| p.matches(permission))
    }

    #[test]
    fn what_is_written_means_one_role() {
        for role in Builtin::ALL {
            for name in [Some(role.key()), role.alias()].into_iter().flatten() {
                let taken =
                    Builtin::ALL.into_iter().filter(|it| it.key() == name || it.alias() == Some(name));
                assert_eq!(taken.collect::<Vec<_>>(), [role], "{name}");
                assert_eq!(Builtin::taking(name), Some(role));
            }
        }
        assert_eq!(
            (Builtin::taking("View"), Builtin::taking("desk"), Builtin::taking("")),
            (None, None, None)
        );
    }

    #[test]
    fn the_table_of_the_design() {
        assert!(may(Builtin::Admin, &Permission::AUDIT_READ));
        assert!(may(Builtin::Guest, &Permission::TOKENS_READ));
        assert!(!may(Builtin::Guest, &Permission::USERS_READ));
        assert!(may(Builtin::Developer, &Permission::TOKENS_WRITE));
        assert!(!may(Builtin::Developer, &Permission::ENDPOINTS_WRITE));
        assert!(may(Builtin::ThreatViewer, &Permission::THREATS_READ));
        assert!(!may(Builtin::ThreatViewer, &Permission::THREATS_WRITE));
        assert!(Builtin::NoAccess.patterns().is_empty());
        for role in Builtin::ALL.into_iter().skip(1) {
            assert!(!may(role, &Permission::USERS_WRITE), "{role:?}");
        }
    }

    #[test]
    fn a_custom_role_takes_from_its_base_what_it_does_not_say() {
        let on_base = Custom { base: Some(Builtin::Developer), ..Custom::default() };
        assert_eq!(on_base.effective_level(), 4);
        assert_eq!(on_base.effective_assigns(), ["developer", "guest"]);
        let alone = Custom { patterns: vec![Pattern::parse("devices:*").unwrap()], ..Custom::default() };
        assert_eq!((alone.effective_level(), alone.effective_patterns().len()), (5, 1));
        assert!(alone.effective_assigns().is_empty());
    }
}
