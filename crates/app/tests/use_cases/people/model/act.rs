//! What can be done, and what becomes of it in the model: judged first, then done.

mod judged;

use std::collections::BTreeSet;

use super::world::{Actor, Invitation, Person, Seat, Token, World};
use super::worth::{Role, Shape};

#[derive(Clone, Debug)]
pub enum Act {
    /// An hour or more goes by.
    Pass(u64),
    SignIn(usize, Option<usize>),
    Show(usize),
    Rename(usize),
    SetPassword(usize),
    Lock(usize, bool),
    Active(usize, bool),
    List(usize),
    Add(usize, usize, usize),
    Give(usize, usize, BTreeSet<usize>),
    Seat(usize, usize, bool),
    /// Hours from now; `None`: never.
    Ends(usize, usize, Option<u64>),
    Remove(usize, usize),
    /// For oneself, cut down by the role of this key.
    Mint(Option<String>),
    /// The tenant's own.
    Entrust(usize, String),
    Revoke(usize),
    RevokeAny(usize, usize),
    NewRole(usize, String, Shape),
    EditRole(usize, Shape),
    DropRole(usize),
    Invite(usize, String, usize),
    Withdraw(usize, usize),
    Accept(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Done,
    /// The credential is over, or there is no way in.
    Nobody,
    Refused,
    Hidden,
    Conflict,
    /// It names what is not there, or does not count any more.
    Invalid,
}

use Outcome::{Conflict, Done};

impl World {
    /// What becomes of it; done or not, the world is then as it is.
    pub fn act(&mut self, actor: &Actor, act: &Act) -> Outcome {
        let verdict = self.judge(actor, act);
        if verdict != Done {
            return verdict;
        }
        let mut after = self.clone();
        after.change(actor, act);
        // Time takes anybody away; it asks nobody.
        if !matches!(act, Act::Pass(_)) && self.loses_its_last(&after) {
            return Conflict;
        }
        *self = after;
        Done
    }

    fn change(&mut self, actor: &Actor, act: &Act) {
        match act {
            Act::Pass(hours) => self.now += hours,
            Act::SignIn(..) | Act::Show(_) | Act::Rename(_) | Act::SetPassword(_) | Act::List(_) => {}
            Act::Lock(person, locked) => self.people[*person].locked = *locked,
            Act::Active(person, active) => self.people[*person].inactive = !active,
            Act::Add(..) | Act::Give(..) | Act::Seat(..) | Act::Ends(..) | Act::Remove(..) => {
                self.reseat(act);
            }
            Act::Mint(_) | Act::Entrust(..) => self.mint(actor, act),
            Act::Revoke(token) | Act::RevokeAny(_, token) => self.tokens[*token].revoked = true,
            Act::NewRole(place, key, shape) => {
                self.make(Role { place: Some(*place), key: key.clone(), shape: shape.clone() });
            }
            Act::EditRole(role, shape) => self.roles.get_mut(role).unwrap().shape = shape.clone(),
            Act::DropRole(role) => drop(self.roles.remove(role)),
            Act::Invite(place, email, role) => self.invite(actor, (*place, email, *role)),
            Act::Withdraw(_, number) => self.invitations[*number].over = true,
            Act::Accept(number) => self.accept(*number),
        }
    }

    fn reseat(&mut self, act: &Act) {
        match act {
            Act::Add(person, place, role) => self.sit(*person, *place, BTreeSet::from([*role])),
            Act::Remove(person, place) => {
                self.people[*person].seats.remove(place);
                self.revoke_all(*person, *place);
            }
            Act::Give(person, place, roles) => self.seat(*person, *place).roles.clone_from(roles),
            Act::Seat(person, place, active) => self.seat(*person, *place).active = *active,
            Act::Ends(person, place, hours) => {
                let was_over = self.is_over(&self.people[*person].seats[place]);
                let ends = hours.map(|hours| self.now + hours);
                self.seat(*person, *place).ends = ends;
                // What was over comes back without the keys of old.
                if was_over && !self.is_over(&self.people[*person].seats[place]) {
                    self.revoke_all(*person, *place);
                }
            }
            other => unreachable!("{other:?} is of no seat"),
        }
    }

    fn seat(&mut self, person: usize, place: usize) -> &mut Seat {
        self.people[person].seats.get_mut(&place).unwrap()
    }

    /// A new seat; what hung on one that was over goes.
    fn sit(&mut self, person: usize, place: usize, roles: BTreeSet<usize>) {
        let was = self.people[person].seats.insert(place, Seat { roles, active: true, ends: None });
        if was.is_some() {
            self.revoke_all(person, place);
        }
    }

    fn revoke_all(&mut self, person: usize, place: usize) {
        let of = |token: &&mut Token| token.owner == Some(person) && token.place == place;
        self.tokens.iter_mut().filter(of).for_each(|token| token.revoked = true);
    }

    fn mint(&mut self, actor: &Actor, act: &Act) {
        let who = self.who(actor);
        let token = match act {
            Act::Entrust(place, key) => Token {
                owner: None,
                place: *place,
                cap: None,
                roles: self.role_at(*place, key).into_iter().collect(),
                revoked: false,
            },
            Act::Mint(cap) => {
                let place = who.place.unwrap();
                let asked = cap.as_ref().map(|key| self.role_at(place, key).unwrap());
                let (owner, roles) = (who.person, BTreeSet::new());
                Token { owner, place, cap: asked.or(who.cap), roles, revoked: false }
            }
            other => unreachable!("{other:?} mints nothing"),
        };
        self.tokens.push(token);
    }

    fn invite(&mut self, actor: &Actor, (place, email, role): (usize, &str, usize)) {
        let by = self.who(actor).person.unwrap();
        let same = |one: &&mut Invitation| one.place == place && one.email == email;
        self.invitations.iter_mut().filter(same).for_each(|one| one.over = true);
        let ends = self.now + LIVES;
        self.invitations.push(Invitation { place, email: email.to_owned(), role, by, ends, over: false });
    }

    fn accept(&mut self, number: usize) {
        let Invitation { email, place, role, .. } = self.invitations[number].clone();
        self.invitations[number].over = true;
        let person = self.by_email(&email).unwrap_or_else(|| {
            self.people.push(Person { email, ..Person::default() });
            self.people.len() - 1
        });
        self.sit(person, place, BTreeSet::from([role]));
    }

    /// A tenant that had somebody to administer it keeps one, and one without an end; so does the installation.
    fn loses_its_last(&self, after: &Self) -> bool {
        let administrators = |world: &Self, place: usize, lasting: bool| {
            let is = |person: &usize| {
                let seat = world.people[*person].seats.get(&place);
                let of = seat.is_some_and(|seat| {
                    seat.roles.iter().any(|role| world.roles[role].administers())
                        && (!lasting || seat.ends.is_none())
                });
                of && world.counts(*person) && world.is_seated(*person, place)
            };
            (0..world.people.len()).filter(is).count()
        };
        let operators = |world: &Self| {
            (0..world.people.len()).filter(|p| world.people[*p].operator && world.counts(*p)).count()
        };
        let lost = |before: usize, after: usize| before > 0 && after == 0;
        let sides = [(0, false), (0, true), (1, false), (1, true)];
        sides.into_iter().any(|(place, lasting)| {
            lost(administrators(self, place, lasting), administrators(after, place, lasting))
        }) || lost(operators(self), operators(after))
    }
}

/// Of an invitation, in hours.
pub const LIVES: u64 = 3;
