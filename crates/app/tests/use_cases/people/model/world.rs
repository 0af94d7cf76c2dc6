//! The world of the model: who is where, what is held, until when; and what follows from that for one credential.

use std::collections::{BTreeMap, BTreeSet};

use super::worth::{BUILT_IN_KEYS, Role, Shape, Words, give, shown};

#[derive(Clone, Debug)]
pub struct Seat {
    /// Numbers of roles.
    pub roles: BTreeSet<usize>,
    pub active: bool,
    /// The hour at which it ends.
    pub ends: Option<u64>,
}

#[derive(Clone, Debug, Default)]
pub struct Person {
    pub email: String,
    pub operator: bool,
    pub inactive: bool,
    pub locked: bool,
    pub seats: BTreeMap<usize, Seat>,
}

#[derive(Clone, Debug)]
pub struct Token {
    /// `None`: the tenant's own.
    pub owner: Option<usize>,
    pub place: usize,
    pub cap: Option<usize>,
    /// Of a tenant's own.
    pub roles: BTreeSet<usize>,
    pub revoked: bool,
}

#[derive(Clone, Debug)]
pub struct Invitation {
    pub place: usize,
    pub email: String,
    pub role: usize,
    pub by: usize,
    pub ends: u64,
    pub over: bool,
}

#[derive(Clone, Debug, Default)]
pub struct World {
    /// Hours.
    pub now: u64,
    pub people: Vec<Person>,
    /// By number; a number is never used twice.
    pub roles: BTreeMap<usize, Role>,
    pub made: usize,
    pub tokens: Vec<Token>,
    pub invitations: Vec<Invitation>,
}

/// What is presented.
#[derive(Clone, Debug)]
pub enum Actor {
    /// Somebody signed in to a place, or above all.
    Session(usize, Option<usize>),
    Key(usize),
}

/// What it proves.
pub struct Who {
    pub person: Option<usize>,
    pub place: Option<usize>,
    roles: BTreeSet<usize>,
    pub cap: Option<usize>,
    pub interactive: bool,
    /// Above all tenants.
    pub operates: bool,
}

pub const PEOPLE: usize = 8;

impl World {
    /// An administrator in each tenant, one of them a guest in the other; a member; and who runs the installation.
    pub fn first() -> Self {
        let mut world = Self::default();
        for key in BUILT_IN_KEYS {
            world.make(Role::built_in(key));
        }
        let desk = |key: &str, collections: &[i64]| Role {
            place: None,
            key: key.to_owned(),
            shape: Shape {
                own: vec!["users:*"],
                assigns: Some(vec!["guest".to_owned()]),
                collections: collections.to_vec(),
                base: None,
            },
        };
        // Makes roles, and may not do much himself.
        let steward = world.make(Role {
            place: None,
            key: "steward".to_owned(),
            shape: Shape {
                own: vec!["roles:*", "users:*"],
                assigns: Some(vec!["guest".to_owned()]),
                ..Shape::default()
            },
        });
        let (desk, narrow) = (world.make(desk("desk", &[])), world.make(desk("narrow", &[7])));
        let of = |key: &str| BUILT_IN_KEYS.iter().position(|one| *one == key).unwrap();
        world.people = (0..PEOPLE)
            .map(|number| Person { email: format!("u{number}@model.example"), ..Person::default() })
            .collect();
        let seats = [
            (0, 0, of("admin")),
            (0, 1, of("guest")),
            (1, 1, of("admin")),
            (2, 0, of("member")),
            (3, 0, desk),
            (5, 0, narrow),
            (6, 0, steward),
            (4, 1, steward),
        ];
        for (person, place, role) in seats {
            let seat = Seat { roles: BTreeSet::from([role]), active: true, ends: None };
            world.people[person].seats.insert(place, seat);
        }
        world.people[PEOPLE - 1].operator = true;
        world
    }

    /// The number of the new role.
    pub fn make(&mut self, role: Role) -> usize {
        self.made += 1;
        self.roles.insert(self.made - 1, role);
        self.made - 1
    }

    pub fn by_email(&self, email: &str) -> Option<usize> {
        self.people.iter().position(|person| person.email == email)
    }

    /// The role that a key means in a place.
    pub fn role_at(&self, place: usize, key: &str) -> Option<usize> {
        let here = |role: &Role| role.key == key && role.place.is_none_or(|of| of == place);
        self.roles.iter().find(|(_, role)| here(role)).map(|(number, _)| *number)
    }

    /// Whether it may be held there.
    pub fn is_at(&self, place: usize, role: usize) -> bool {
        self.roles.get(&role).is_some_and(|role| role.place.is_none_or(|of| of == place))
    }

    pub fn counts(&self, person: usize) -> bool {
        !self.people[person].inactive && !self.people[person].locked
    }

    pub fn is_over(&self, seat: &Seat) -> bool {
        seat.ends.is_some_and(|end| end <= self.now)
    }

    pub fn is_seated(&self, person: usize, place: usize) -> bool {
        let seat = self.people[person].seats.get(&place);
        seat.is_some_and(|seat| seat.active && !self.is_over(seat))
    }

    /// Where somebody may sign in to.
    pub fn doors(&self, person: usize) -> Vec<Option<usize>> {
        if !self.counts(person) {
            return Vec::new();
        }
        let above = self.people[person].operator.then_some(None);
        (0..2).filter(|place| self.is_seated(person, *place)).map(Some).chain(above).collect()
    }

    pub fn lives(&self, token: usize) -> bool {
        let token = &self.tokens[token];
        let owned = token.owner.is_none_or(|p| self.counts(p) && self.is_seated(p, token.place));
        owned && !token.revoked
    }

    pub fn who(&self, actor: &Actor) -> Who {
        let seat = |person: usize, place: usize| {
            self.people[person].seats.get(&place).map(|seat| seat.roles.clone()).unwrap_or_default()
        };
        match actor {
            Actor::Session(person, place) => Who {
                person: Some(*person),
                place: *place,
                roles: place.map(|place| seat(*person, place)).unwrap_or_default(),
                cap: None,
                interactive: true,
                operates: self.people[*person].operator,
            },
            Actor::Key(number) => {
                let token = &self.tokens[*number];
                let roles = token.owner.map_or(token.roles.clone(), |owner| seat(owner, token.place));
                Who {
                    person: token.owner,
                    place: Some(token.place),
                    roles,
                    cap: token.cap,
                    interactive: false,
                    operates: token.cap.is_none() && token.owner.is_some_and(|p| self.people[p].operator),
                }
            }
        }
    }

    fn held(&self, roles: &BTreeSet<usize>) -> Vec<&Role> {
        roles.iter().map(|number| &self.roles[number]).collect()
    }

    /// All that a credential may do and give: what its roles are worth together, as far as its cap is worth it too.
    pub fn power(&self, who: &Who) -> Words {
        let worth: Words = self.held(&who.roles).iter().flat_map(|role| role.worth()).collect();
        match who.cap {
            None => worth,
            Some(cap) => &worth & &self.roles[&cap].worth(),
        }
    }

    pub fn may(&self, who: &Who, permission: &str, place: Option<usize>) -> bool {
        let here = who.place.is_some() && who.place == place;
        who.operates || here && self.power(who).contains(permission)
    }

    /// By its key or its base; what stands on nothing by what it is worth, but the giving of itself.
    pub fn may_give(&self, who: &Who, role: &Role) -> bool {
        let power = self.power(who);
        let by_name = [Some(role.key.as_str()), role.shape.base];
        let named = by_name.into_iter().flatten().any(|key| power.contains(&give(key)));
        let mut worth = role.worth();
        worth.remove(&give(&role.key));
        who.operates || named || role.shape.base.is_none() && worth.is_subset(&power)
    }

    /// Who may give it may take it, and so may who is worth as much.
    pub fn may_take(&self, who: &Who, role: &Role) -> bool {
        self.may_give(who, role) || role.worth().is_subset(&self.power(who))
    }

    /// The collections that a credential sees; `None`: all.
    fn sight(&self, who: &Who) -> Option<BTreeSet<i64>> {
        let own = shown(&self.held(&who.roles));
        let cap = who.cap.and_then(|cap| shown(&[&self.roles[&cap]]));
        match (own, cap) {
            (Some(own), Some(cap)) => Some(&own & &cap),
            (own, cap) => own.or(cap),
        }
    }

    /// Whether somebody who holds these together sees no more. Roles that permit nothing show nothing.
    pub fn shows_no_more(&self, who: &Who, roles: &BTreeSet<usize>) -> bool {
        let roles = self.held(roles);
        let empty = roles.iter().all(|role| role.permits().is_empty());
        who.operates || empty || within(shown(&roles), self.sight(who))
    }

    pub fn all_givable(&self, who: &Who, roles: &BTreeSet<usize>) -> bool {
        self.held(roles).into_iter().all(|role| self.may_give(who, role)) && self.shows_no_more(who, roles)
    }

    pub fn all_takeable(&self, who: &Who, roles: &BTreeSet<usize>) -> bool {
        self.held(roles).into_iter().all(|role| self.may_take(who, role)) && self.shows_no_more(who, roles)
    }

    /// Whether a token with this role does and gives no more than what was presented.
    fn is_worth(&self, who: &Who, role: &Role, place: usize) -> bool {
        let power = self.power(who);
        let gives = |key: &String| {
            power.contains(&give(key))
                || self.role_at(place, key).is_some_and(|role| self.may_give(who, &self.roles[&role]))
        };
        role.permits().is_subset(&power) && role.lets_give().iter().all(gives)
    }

    /// Of the owner's roles nothing is asked: they bind the token anyway.
    pub fn lets_cap(&self, who: &Who, cap: usize, place: usize) -> bool {
        let bound = who.cap.and_then(|cap| shown(&[&self.roles[&cap]]));
        let role = &self.roles[&cap];
        who.cap == Some(cap) || self.is_worth(who, role, place) && within(shown(&[role]), bound)
    }

    pub fn lets_hold(&self, who: &Who, role: usize, place: usize) -> bool {
        let role = &self.roles[&role];
        let seen = || within(shown(&[role]), self.sight(who));
        who.operates || self.may_give(who, role) && self.is_worth(who, role, place) && seen()
    }

    /// Whether a role may say this: it permits, lets give and shows no more than who makes it, and is no stronger.
    pub fn lets_make(&self, who: &Who, role: &Role) -> bool {
        if who.operates {
            return true;
        }
        let power = self.power(who);
        let base = role.shape.base.is_none_or(|base| power.contains(&give(base)));
        let own = Role { shape: Shape { base: None, ..role.shape.clone() }, ..role.clone() };
        let gives = |key: &String| {
            let named = role.place.and_then(|place| self.role_at(place, key));
            *key == role.key || named.is_some_and(|named| self.may_give(who, &self.roles[&named]))
        };
        let strongest = self.held(&who.roles).iter().map(|role| role.level()).min();
        let strongest = strongest.max(who.cap.map(|cap| self.roles[&cap].level()));
        base && own.permits().is_subset(&power)
            && role.shape.assigns.iter().flatten().all(gives)
            && strongest.is_some_and(|strongest| role.level() >= strongest)
            && within(shown(&[role]), self.sight(who))
    }
}

/// `None` is all.
fn within(shown: Option<BTreeSet<i64>>, seen: Option<BTreeSet<i64>>) -> bool {
    match (shown, seen) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(shown), Some(seen)) => shown.is_subset(&seen),
    }
}
