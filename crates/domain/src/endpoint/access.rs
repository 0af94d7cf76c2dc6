//! Access types: who has been seen to reach an endpoint.

/// In the order in which one counts before the other (akto.md §3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccessType {
    Public,
    Partner,
    ThirdParty,
    Private,
}

impl AccessType {
    pub const ALL: [Self; 4] = [Self::Public, Self::Partner, Self::ThirdParty, Self::Private];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "PUBLIC",
            Self::Partner => "PARTNER",
            Self::ThirdParty => "THIRD_PARTY",
            Self::Private => "PRIVATE",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|access| access.as_str() == text)
    }

    const fn bit(self) -> i64 {
        match self {
            Self::Public => 1,
            Self::Partner => 2,
            Self::ThirdParty => 4,
            Self::Private => 8,
        }
    }
}

/// Any of the four; stored as the sum of their bits, so that one statement can add to it on any engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccessSet(i64);

impl AccessSet {
    pub const EMPTY: Self = Self(0);

    pub const fn bits(self) -> i64 {
        self.0
    }

    /// `None` for bits that mean nothing.
    pub fn from_bits(bits: i64) -> Option<Self> {
        (0..16).contains(&bits).then_some(Self(bits))
    }

    #[must_use]
    pub const fn with(self, access: AccessType) -> Self {
        Self(self.0 | access.bit())
    }

    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub const fn holds(self, access: AccessType) -> bool {
        self.0 & access.bit() != 0
    }

    /// The one that counts, where there is any.
    pub fn first(self) -> Option<AccessType> {
        AccessType::ALL.into_iter().find(|access| self.holds(*access))
    }

    /// Sorted by name.
    pub fn names(self) -> Vec<&'static str> {
        let held = AccessType::ALL.into_iter().filter(|access| self.holds(*access));
        let mut names: Vec<_> = held.map(AccessType::as_str).collect();
        names.sort_unstable();
        names
    }
}

impl FromIterator<AccessType> for AccessSet {
    fn from_iter<T: IntoIterator<Item = AccessType>>(all: T) -> Self {
        all.into_iter().fold(Self::EMPTY, Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_by_precedence_and_the_names_by_letter() {
        let all: AccessSet = AccessType::ALL.into_iter().collect();
        assert_eq!(all.names(), ["PARTNER", "PRIVATE", "PUBLIC", "THIRD_PARTY"]);
        assert_eq!(all.first(), Some(AccessType::Public));
        let two = AccessSet::EMPTY.with(AccessType::Private).with(AccessType::ThirdParty);
        assert_eq!(
            (two.first(), two.names()),
            (Some(AccessType::ThirdParty), vec!["PRIVATE", "THIRD_PARTY"])
        );
        assert_eq!((AccessSet::EMPTY.first(), AccessSet::EMPTY.names()), (None, vec![]));
        assert_eq!(two.union(AccessSet::EMPTY.with(AccessType::Private)), two);
    }

    #[test]
    fn every_set_comes_back_from_its_bits_and_nothing_else_does() {
        for bits in 0..16 {
            assert_eq!(AccessSet::from_bits(bits).unwrap().bits(), bits);
        }
        assert!([-1, 16, i64::MAX].into_iter().all(|bits| AccessSet::from_bits(bits).is_none()));
        for access in AccessType::ALL {
            assert_eq!(AccessType::parse(access.as_str()), Some(access));
        }
        assert_eq!(AccessType::parse("public"), None);
    }
}
