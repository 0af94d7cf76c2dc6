//! What agents did on devices, and what it adds up to (akto.md §3.8).

use std::collections::{BTreeMap, BTreeSet};

use crate::Timestamp;

/// Characters of a name at most, and of a reason.
pub const MAX_WORD: usize = 128;
pub const MAX_REASON: usize = 2_048;

/// Topics, each of a domain, that are told apart of one agent on one device at most, and categories of harm. Of what
/// comes beyond, a topic counts as `other` of its domain where that is known, else as `other` of `other`, and a category
/// as `other`.
pub const MAX_TOPICS: usize = 1_000;
pub const MAX_HARMS: usize = 200;

/// One thing that an agent did for a user on a device. No text is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    pub agent: String,
    pub device: String,
    pub user: String,
    pub domain: Option<String>,
    pub topic: Option<String>,
    pub input_tokens: Option<i64>,
    pub output_tokens: Option<i64>,
    /// The category, where it was harmful.
    pub harmful: Option<String>,
    pub reason: Option<String>,
    pub at: Timestamp,
    /// Orders those of one moment: the greater was received later.
    pub received: i64,
}

/// When something was last so: by the moment it tells of, then by when it was received.
pub type Newest = (Timestamp, i64);

/// What the activities of one agent on one device add up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Of the newest.
    pub user: String,
    pub newest: Newest,
    /// Saturating, like all sums here.
    pub input_tokens: i64,
    pub output_tokens: i64,
    /// Domain → topic → count.
    pub topics: BTreeMap<String, BTreeMap<String, i64>>,
    /// By category.
    pub harms: BTreeMap<String, Harm>,
    /// How many topics and categories count as `other` because of the bounds.
    pub as_other: i64,
}

/// What is told apart already.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Domain → topics.
    pub topics: BTreeMap<String, BTreeSet<String>>,
    pub harms: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Harm {
    pub count: i64,
    pub newest: Newest,
    /// Of the newest; `""` where it gave none.
    pub reason: String,
}

/// Stands for the domain or the topic where only the other one is told.
const OTHER: &str = "other";
/// Domains that dominate at most.
const DOMINANT: usize = 5;

impl Tally {
    /// Of a single one.
    pub fn of(one: &Activity) -> Self {
        let newest = (one.at, one.received);
        let word = |text: &Option<String>| text.clone().unwrap_or_else(|| OTHER.to_owned());
        let told = one.domain.is_some() || one.topic.is_some();
        let topics = told.then(|| (word(&one.domain), BTreeMap::from([(word(&one.topic), 1)])));
        let harm = || Harm { count: 1, newest, reason: one.reason.clone().unwrap_or_default() };
        Self {
            user: one.user.clone(),
            newest,
            input_tokens: one.input_tokens.unwrap_or(0),
            output_tokens: one.output_tokens.unwrap_or(0),
            topics: topics.into_iter().collect(),
            harms: one.harmful.iter().map(|category| (category.clone(), harm())).collect(),
            as_other: 0,
        }
    }

    /// Of those of both; `later` counts as received later where all else is equal.
    #[must_use]
    pub fn and(mut self, later: Self) -> Self {
        if later.newest >= self.newest {
            self.newest = later.newest;
            self.user = later.user;
        }
        self.input_tokens = self.input_tokens.saturating_add(later.input_tokens);
        self.output_tokens = self.output_tokens.saturating_add(later.output_tokens);
        self.as_other = self.as_other.saturating_add(later.as_other);
        for (domain, topics) in later.topics {
            let known = self.topics.entry(domain).or_default();
            for (topic, count) in topics {
                let sum = known.entry(topic).or_default();
                *sum = sum.saturating_add(count);
            }
        }
        for (category, harm) in later.harms {
            self.add_harm(category, &harm);
        }
        self
    }

    /// The same within [`MAX_TOPICS`] and [`MAX_HARMS`], beside what is known.
    #[must_use]
    pub fn within(mut self, mut known: Known) -> Self {
        let mut room = MAX_TOPICS.saturating_sub(known.topics.values().map(BTreeSet::len).sum());
        for (domain, topics) in std::mem::take(&mut self.topics) {
            for (topic, count) in topics {
                let is_known = known.topics.get(&domain).is_some_and(|topics| topics.contains(&topic));
                let (domain, topic) = if is_known {
                    (domain.clone(), topic)
                } else if room > 0 {
                    room -= 1;
                    known.topics.entry(domain.clone()).or_default().insert(topic.clone());
                    (domain.clone(), topic)
                } else {
                    self.as_other = self.as_other.saturating_add(count);
                    let domain = if known.topics.contains_key(&domain) { &domain } else { OTHER };
                    (domain.to_owned(), OTHER.to_owned())
                };
                let sum = self.topics.entry(domain).or_default().entry(topic).or_default();
                *sum = sum.saturating_add(count);
            }
        }
        let mut room = MAX_HARMS.saturating_sub(known.harms.len());
        for (category, harm) in std::mem::take(&mut self.harms) {
            if known.harms.contains(&category) {
                self.add_harm(category, &harm);
            } else if room > 0 {
                room -= 1;
                self.add_harm(category, &harm);
            } else {
                self.as_other = self.as_other.saturating_add(harm.count);
                self.add_harm(OTHER.to_owned(), &harm);
            }
        }
        self
    }

    fn add_harm(&mut self, category: String, harm: &Harm) {
        let known = self.harms.remove(&category);
        let both = known.map_or_else(|| harm.clone(), |known| known.and(harm));
        self.harms.insert(category, both);
    }

    /// Domains by count, then by name: five at most.
    pub fn dominant(&self) -> Vec<&str> {
        let count =
            |topics: &BTreeMap<String, i64>| topics.values().fold(0_i64, |sum, n| sum.saturating_add(*n));
        let mut domains: Vec<(&str, i64)> =
            self.topics.iter().map(|(domain, topics)| (domain.as_str(), count(topics))).collect();
        // The map is sorted by name, and the sort keeps that among equals.
        domains.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        domains.into_iter().take(DOMINANT).map(|(domain, _)| domain).collect()
    }
}

impl Harm {
    fn and(self, later: &Self) -> Self {
        let count = self.count.saturating_add(later.count);
        if later.newest >= self.newest { Self { count, ..later.clone() } } else { Self { count, ..self } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(at: i64, received: i64) -> Activity {
        Activity {
            agent: "a".into(),
            device: "d".into(),
            user: format!("user at {at}, {received}"),
            domain: None,
            topic: None,
            input_tokens: None,
            output_tokens: None,
            harmful: None,
            reason: None,
            at: Timestamp::from_secs(at),
            received,
        }
    }

    fn sum(all: &[Activity]) -> Tally {
        all.iter().map(Tally::of).reduce(Tally::and).unwrap()
    }

    #[test]
    fn the_newest_names_the_user_and_the_last_received_of_equals() {
        assert_eq!(sum(&[one(2, 1), one(1, 9)]).user, "user at 2, 1");
        assert_eq!(sum(&[one(1, 9), one(2, 1)]).user, "user at 2, 1");
        assert_eq!(sum(&[one(2, 2), one(2, 1)]).user, "user at 2, 2");
        let last = Activity { user: "last".into(), ..one(2, 1) };
        assert_eq!(sum(&[one(2, 1), last]).user, "last");
    }

    #[test]
    fn sums_saturate() {
        let most = Activity { input_tokens: Some(i64::MAX), output_tokens: Some(i64::MAX - 1), ..one(1, 1) };
        let few = Activity { input_tokens: Some(5), output_tokens: Some(1), ..one(1, 1) };
        let all = sum(&[most.clone(), few, one(1, 1), most]);
        assert_eq!((all.input_tokens, all.output_tokens), (i64::MAX, i64::MAX));
    }

    #[test]
    fn what_is_told_by_half_is_other_and_what_is_not_told_does_not_count() {
        let told = |domain: Option<&str>, topic: Option<&str>| Activity {
            domain: domain.map(str::to_owned),
            topic: topic.map(str::to_owned),
            ..one(1, 1)
        };
        let all = sum(&[
            told(Some("b"), None),
            told(None, Some("t")),
            told(None, None),
            told(Some("b"), Some("x")),
            told(Some("a"), Some("x")),
        ]);
        assert_eq!(all.topics["b"], BTreeMap::from([("other".into(), 1), ("x".into(), 1)]));
        assert_eq!(all.topics["other"], BTreeMap::from([("t".into(), 1)]));
        assert_eq!(all.topics.len(), 3);
        assert_eq!(all.dominant(), ["b", "a", "other"]);
        let many: Vec<Activity> = ["f", "e", "d", "c", "b", "a"].map(|d| told(Some(d), None)).into();
        assert_eq!(sum(&many).dominant(), ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn beyond_the_bounds_all_is_other_and_counted() {
        let told = |domain: &str, topic: &str| {
            Tally::of(&Activity { domain: Some(domain.into()), topic: Some(topic.into()), ..one(1, 1) })
        };
        let harm = |n: usize| Activity { harmful: Some(format!("h{n}")), ..one(1, 1) };
        let count = |tally: &Tally| tally.topics.values().map(BTreeMap::len).sum::<usize>();
        let full = (0..MAX_TOPICS).map(|n| told(&format!("d{}", n % 7), &n.to_string()));
        let full = full.reduce(Tally::and).unwrap().within(Known::default());
        assert_eq!((count(&full), full.as_other), (MAX_TOPICS, 0));
        let mut known = Known::default();
        for (domain, topics) in &full.topics {
            known.topics.insert(domain.clone(), topics.keys().cloned().collect());
        }
        known.harms = (0..MAX_HARMS - 1).map(|n| format!("h{n}")).collect();
        let more =
            [told("d1", "new"), told("d1", "newer"), told("d9", "new"), told("d0", "0"), told("d9", "x")];
        let harms = [harm(0), harm(MAX_HARMS), harm(MAX_HARMS + 1), harm(MAX_HARMS + 2)];
        let more =
            more.into_iter().chain(harms.iter().map(Tally::of)).reduce(Tally::and).unwrap().within(known);
        assert_eq!(more.topics["d0"], BTreeMap::from([("0".into(), 1)]));
        assert_eq!(more.topics["d1"], BTreeMap::from([("other".into(), 2)]));
        assert_eq!(more.topics["other"], BTreeMap::from([("other".into(), 2)]));
        let harms: Vec<_> = more.harms.iter().map(|(name, harm)| (name.as_str(), harm.count)).collect();
        assert_eq!(harms, [("h0", 1), ("h200", 1), ("other", 2)]);
        assert_eq!(more.as_other, 6);
    }

    #[test]
    fn a_harm_is_told_by_its_newest() {
        let harm = |at, reason: Option<&str>| Activity {
            harmful: Some("x".into()),
            reason: reason.map(str::to_owned),
            ..one(at, 1)
        };
        let all = sum(&[harm(5, Some("old")), harm(7, None), harm(6, Some("mid"))]);
        let newest = (Timestamp::from_secs(7), 1);
        assert_eq!(all.harms["x"], Harm { count: 3, newest, reason: String::new() });
    }
}
