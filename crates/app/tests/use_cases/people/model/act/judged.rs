//! Who may, by the rules of the design.

use std::collections::BTreeSet;

use super::super::world::{Actor, Invitation, Who, World};
use super::super::worth::{Role, Shape};
use super::{Act, Outcome};

use Outcome::{Conflict, Done, Hidden, Invalid, Nobody, Refused};

impl World {
    pub(super) fn judge(&self, actor: &Actor, act: &Act) -> Outcome {
        let in_time = match actor {
            Actor::Session(..) => true,
            Actor::Key(token) => self.lives(*token),
        };
        let asks_nobody = matches!(act, Act::Pass(_) | Act::SignIn(..) | Act::Accept(_));
        if !in_time && !asks_nobody {
            return Nobody;
        }
        let who = if in_time { self.who(actor) } else { self.who(&Actor::Session(0, None)) };
        match act {
            Act::Pass(_) => Done,
            Act::SignIn(person, place) if self.doors(*person).contains(place) => Done,
            Act::SignIn(..) => Nobody,
            Act::Show(whom) => self.show(&who, *whom),
            Act::Rename(whom) | Act::SetPassword(whom) | Act::Lock(whom, _) | Act::Active(whom, _) => {
                self.person(&who, act, *whom)
            }
            Act::List(place) => self.reach(&who, "users:read", *place),
            Act::Give(whom, place, roles) => self.member(&who, (*whom, *place), roles),
            Act::Seat(whom, place, _) | Act::Ends(whom, place, _) | Act::Remove(whom, place) => {
                self.member(&who, (*whom, *place), &BTreeSet::new())
            }
            Act::Add(whom, place, role) => self.add(&who, (*whom, *place), *role),
            Act::Mint(cap) => self.may_mint(&who, cap.as_deref()),
            Act::Entrust(place, key) => {
                match (self.reach(&who, "tokens:admin", *place), self.role_at(*place, key)) {
                    (Done, None) => Invalid,
                    (Done, Some(role)) if !self.lets_hold(&who, role, *place) => Refused,
                    (reached, _) => reached,
                }
            }
            Act::Revoke(token) => self.may_revoke(&who, *token),
            Act::RevokeAny(place, token) => {
                let there = self.tokens[*token].place == *place && !self.tokens[*token].revoked;
                self.reach(&who, "tokens:admin", *place).then(if there { Done } else { Hidden })
            }
            Act::NewRole(place, key, shape) => self.may_make(&who, *place, key, shape),
            Act::EditRole(role, shape) => self.may_edit(&who, *role, shape),
            Act::DropRole(role) => self.may_drop(&who, *role),
            Act::Invite(place, email, role) => self.may_invite(&who, *place, email, *role),
            Act::Withdraw(place, number) => {
                let one = &self.invitations[*number];
                let open = one.place == *place && !one.over && self.now < one.ends;
                self.reach(&who, "users:write", *place).then(if open { Done } else { Hidden })
            }
            Act::Accept(number) => self.may_accept(&self.invitations[*number]),
        }
    }

    fn show(&self, who: &Who, whom: usize) -> Outcome {
        let here = who.place.is_some_and(|place| self.people[whom].seats.contains_key(&place));
        match who {
            _ if who.person == Some(whom) || who.operates => Done,
            _ if !self.may(who, "users:read", who.place) => Refused,
            _ if here => Done,
            _ => Hidden,
        }
    }

    /// The person as a whole: of oneself, of an operator, of the administrator of the only tenant.
    fn person(&self, who: &Who, act: &Act, whom: usize) -> Outcome {
        let of_password = matches!(act, Act::SetPassword(_));
        let strong_enough = who.interactive || !of_password;
        if who.person == Some(whom) {
            // One's own password is changed with the old one.
            return if who.interactive && !of_password { Done } else { Refused };
        }
        if who.operates {
            return if strong_enough { Done } else { Refused };
        }
        if !self.may(who, "users:write", who.place) {
            return Refused;
        }
        let person = &self.people[whom];
        let Some(seat) = who.place.and_then(|place| person.seats.get(&place)) else { return Hidden };
        let only_here = !person.operator && person.seats.len() == 1;
        if only_here && strong_enough && self.all_takeable(who, &seat.roles) { Done } else { Refused }
    }

    fn reach(&self, who: &Who, permission: &str, place: usize) -> Outcome {
        match who {
            _ if !who.operates && who.place != Some(place) => Hidden,
            _ if self.may(who, permission, Some(place)) => Done,
            _ => Refused,
        }
    }

    fn member(&self, who: &Who, (whom, place): (usize, usize), new: &BTreeSet<usize>) -> Outcome {
        let reached = self.reach(who, "users:write", place);
        if reached != Done {
            return reached;
        }
        let Some(seat) = self.people[whom].seats.get(&place) else { return Hidden };
        if !self.all_takeable(who, &seat.roles) {
            return Refused;
        }
        if !new.iter().all(|role| self.is_at(place, *role)) {
            return Invalid;
        }
        let added = new.difference(&seat.roles).all(|role| self.may_give(who, &self.roles[role]));
        if added && self.shows_no_more(who, new) { Done } else { Refused }
    }

    fn add(&self, who: &Who, (whom, place): (usize, usize), role: usize) -> Outcome {
        let taken = || self.people[whom].seats.get(&place).is_some_and(|seat| !self.is_over(seat));
        match self.reach(who, "users:write", place) {
            Done if !who.operates => Refused,
            Done if !self.is_at(place, role) => Invalid,
            Done if taken() => Conflict,
            reached => reached,
        }
    }

    fn may_mint(&self, who: &Who, cap: Option<&str>) -> Outcome {
        let Some(place) = who.place.filter(|_| who.person.is_some()) else { return Refused };
        if !self.may(who, "tokens:write", Some(place)) {
            return Refused;
        }
        match cap.map(|key| self.role_at(place, key)) {
            None => Done,
            Some(None) => Invalid,
            Some(Some(role)) if self.lets_cap(who, role, place) => Done,
            Some(Some(_)) => Refused,
        }
    }

    fn may_revoke(&self, who: &Who, token: usize) -> Outcome {
        let token = &self.tokens[token];
        let mine = token.owner.is_some() && token.owner == who.person && who.place == Some(token.place);
        match who {
            _ if who.person.is_none() || !self.may(who, "tokens:write", who.place) => Refused,
            _ if mine && !token.revoked => Done,
            _ => Hidden,
        }
    }

    fn may_make(&self, who: &Who, place: usize, key: &str, shape: &Shape) -> Outcome {
        let role = Role { place: Some(place), key: key.to_owned(), shape: shape.clone() };
        let taken = self.role_at(place, key).map(|number| &self.roles[&number]);
        match self.reach(who, "roles:write", place) {
            Done if taken.is_some_and(|taken| taken.place.is_none()) => Conflict,
            Done if !self.names_what_is(&role) => Invalid,
            Done if !self.lets_make(who, &role) => Refused,
            Done if taken.is_some() => Conflict,
            reached => reached,
        }
    }

    fn names_what_is(&self, role: &Role) -> bool {
        let there = |key: &String| {
            let named = self.roles.values().find(|other| other.key == *key && other.place.is_none());
            let here = role.place.and_then(|place| self.role_at(place, key));
            *key == role.key || named.is_some() || here.is_some()
        };
        role.shape.assigns.iter().flatten().all(there)
    }

    /// Of the installation's roles nobody but an operator writes, and of the built-in ones nobody.
    fn writes(&self, who: &Who, role: &Role) -> Outcome {
        match role.place {
            Some(place) => self.reach(who, "roles:write", place),
            None if !who.operates => Refused,
            None if role.is_built_in() => Conflict,
            None => Done,
        }
    }

    fn may_edit(&self, who: &Who, number: usize, shape: &Shape) -> Outcome {
        let Some(before) = self.roles.get(&number) else { return Hidden };
        let after = Role { shape: shape.clone(), ..before.clone() };
        match self.writes(who, before) {
            Done if *before == after => Done,
            Done if !self.lets_make(who, before) => Refused,
            Done if !self.names_what_is(&after) => Invalid,
            Done if !self.lets_make(who, &after) => Refused,
            reached => reached,
        }
    }

    fn may_drop(&self, who: &Who, number: usize) -> Outcome {
        let Some(role) = self.roles.get(&number) else { return Hidden };
        let seated = self
            .people
            .iter()
            .flat_map(|person| person.seats.values())
            .any(|seat| seat.roles.contains(&number));
        let live = self.tokens.iter().filter(|token| !token.revoked);
        let kept = live.clone().any(|token| token.cap == Some(number) || token.roles.contains(&number));
        let names = |other: &Role| other.shape.assigns.iter().flatten().any(|key| *key == role.key);
        let near = |other: &Role| role.place.is_none() || other.place == role.place;
        let given = self.roles.iter().any(|(n, other)| *n != number && near(other) && names(other));
        match self.writes(who, role) {
            Done if !self.lets_make(who, role) => Refused,
            Done if seated || kept || given => Conflict,
            reached => reached,
        }
    }

    fn may_invite(&self, who: &Who, place: usize, email: &str, role: usize) -> Outcome {
        let reached = self.reach(who, "users:write", place);
        if reached != Done || who.person.is_none() {
            return reached.then(Refused);
        }
        if !self.is_at(place, role) {
            return Invalid;
        }
        let seat = self.by_email(email).and_then(|person| self.people[person].seats.get(&place));
        match seat {
            _ if !self.all_givable(who, &BTreeSet::from([role])) => Refused,
            Some(seat) if !self.is_over(seat) => Conflict,
            _ => Done,
        }
    }

    /// Whoever invited must still be one who may, by himself.
    fn may_accept(&self, one: &Invitation) -> Outcome {
        let doors = |person| self.doors(person).is_empty();
        if self.by_email(&one.email).is_some_and(doors) {
            return Nobody;
        }
        let by = self.who(&Actor::Session(one.by, Some(one.place)));
        let here = by.operates || self.is_seated(one.by, one.place);
        let still = self.counts(one.by)
            && here
            && self.roles.contains_key(&one.role)
            && self.may(&by, "users:write", Some(one.place))
            && self.all_givable(&by, &BTreeSet::from([one.role]));
        let seat = self.by_email(&one.email).and_then(|person| self.people[person].seats.get(&one.place));
        match seat {
            _ if one.over || self.now >= one.ends || !still => Invalid,
            Some(seat) if !self.is_over(seat) => Conflict,
            _ => Done,
        }
    }
}

impl Outcome {
    /// The next rule, where this one let it through.
    fn then(self, next: Self) -> Self {
        if self == Done { next } else { self }
    }
}
