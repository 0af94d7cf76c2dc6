//! The model: the tables of the design once more, as plainly as they can be said.

use std::collections::{BTreeMap, BTreeSet};

pub const ROLES: [&str; 7] = ["admin", "member", "developer", "guest", "no_access", "desk", "narrow"];

#[derive(Clone, Debug, Default)]
pub struct Seat {
    pub roles: BTreeSet<&'static str>,
    pub active: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Person {
    pub operator: bool,
    pub inactive: bool,
    pub locked: bool,
    pub seats: BTreeMap<usize, Seat>,
}

#[derive(Clone, Debug)]
pub struct World {
    pub people: Vec<Person>,
}

/// Who acts: signed in to a place or above all, cut down by a role or not.
#[derive(Clone, Debug)]
pub struct Actor {
    pub person: usize,
    pub place: Option<usize>,
    pub cap: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub enum Act {
    Show,
    List,
    Rename,
    SetPassword,
    Lock(bool),
    Active(bool),
    Give(&'static str, Option<&'static str>),
    Seat(bool),
    Remove,
    Add(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Done,
    Refused,
    Hidden,
    Conflict,
}

use Outcome::{Conflict, Done, Hidden, Refused};

/// What a role permits, as far as users go; `x` stands for all that guests may, `y` for what developers may besides.
fn permits(role: &str) -> &'static [&'static str] {
    match role {
        "admin" => &["x", "y", "z", "users:read", "users:write", "all"],
        "member" => &["x", "y", "z", "users:read"],
        "developer" => &["x", "y", "users:read"],
        "guest" => &["x"],
        "desk" | "narrow" => &["users:read", "users:write"],
        _ => &[],
    }
}

fn assigns(role: &str) -> &'static [&'static str] {
    match role {
        "admin" => &["admin", "member", "developer", "guest"],
        "member" => &["member", "developer", "guest"],
        "developer" => &["developer", "guest"],
        "guest" | "desk" | "narrow" => &["guest"],
        _ => &[],
    }
}

impl World {
    /// An administrator in each tenant, one of them a guest in the other; a member; and who runs the installation.
    pub fn first(count: usize) -> Self {
        let mut world = Self { people: vec![Person::default(); count] };
        let seats = [
            (0, 0, "admin"),
            (0, 1, "guest"),
            (1, 1, "admin"),
            (2, 0, "member"),
            (3, 0, "desk"),
            (5, 0, "narrow"),
            (6, 0, "guest"),
            (4, 1, "guest"),
        ];
        for (person, place, role) in seats {
            let seat = Seat { roles: BTreeSet::from([role]), active: true };
            world.people[person].seats.insert(place, seat);
        }
        world.people[count - 1].operator = true;
        world
    }

    pub fn can_sign_in(&self, person: usize) -> bool {
        !self.people[person].inactive && !self.people[person].locked
    }

    pub fn live_seats(&self, person: usize) -> impl Iterator<Item = usize> {
        self.people[person].seats.iter().filter(|(_, seat)| seat.active).map(|(place, _)| *place)
    }

    pub fn has_role(&self, person: usize, place: usize, role: &str) -> bool {
        self.people[person].seats.get(&place).is_some_and(|seat| seat.roles.contains(role))
    }

    fn operates(&self, actor: &Actor) -> bool {
        self.people[actor.person].operator && actor.cap.is_none()
    }

    /// What the actor's roles list, less what the cap does not.
    fn held(&self, actor: &Actor, of: fn(&str) -> &'static [&'static str]) -> BTreeSet<&'static str> {
        let seat = actor.place.and_then(|place| self.people[actor.person].seats.get(&place));
        let all = seat.into_iter().flat_map(|seat| seat.roles.iter().flat_map(|role| of(role)));
        all.copied().filter(|item| actor.cap.is_none_or(|cap| of(cap).contains(item))).collect()
    }

    fn may(&self, actor: &Actor, permission: &str, place: Option<usize>) -> bool {
        let here = actor.place.is_some() && actor.place == place;
        self.operates(actor) || here && self.held(actor, permits).contains(permission)
    }

    fn may_give(&self, actor: &Actor, role: &str) -> bool {
        let custom = ["desk", "narrow"].contains(&role);
        let by_what_it_permits = custom && self.covers(actor, role) && self.gives(actor, role);
        self.operates(actor) || self.held(actor, assigns).contains(role) || by_what_it_permits
    }

    /// Whether the actor may give all that the role gives, but itself.
    fn gives(&self, actor: &Actor, role: &str) -> bool {
        let assigned = self.held(actor, assigns);
        assigns(role).iter().all(|given| *given == role || assigned.contains(given))
    }

    /// Whether roles held together show no collection that the actor does not see. `narrow` alone names any, and so it is
    /// what its holder sees, unless he administers; who may nothing sees nothing.
    fn sees(&self, actor: &Actor, roles: &BTreeSet<&'static str>) -> bool {
        let all = |roles: &BTreeSet<&str>| roles.contains("admin") || !roles.contains("narrow");
        let seat = actor.place.and_then(|place| self.people[actor.person].seats.get(&place));
        let sees_all = seat.is_none_or(|seat| all(&seat.roles))
            && actor.cap.is_none_or(|cap| all(&BTreeSet::from([cap])));
        self.operates(actor) || sees_all || !all(roles) || roles.iter().all(|role| permits(role).is_empty())
    }

    fn covers(&self, actor: &Actor, role: &str) -> bool {
        let held = self.held(actor, permits);
        permits(role).iter().all(|permission| held.contains(permission))
    }

    fn may_take(&self, actor: &Actor, role: &str) -> bool {
        let assigned = self.held(actor, assigns);
        let stronger = self.covers(actor, role) && assigns(role).iter().all(|given| assigned.contains(given));
        self.may_give(actor, role) || stronger
    }

    /// What becomes of it; done or not, the world is then as it is.
    pub fn act(&mut self, actor: &Actor, act: &Act, whom: usize, place: usize) -> Outcome {
        let verdict = match act {
            Act::Show => self.show(actor, whom),
            Act::Rename | Act::SetPassword | Act::Lock(_) | Act::Active(_) => self.person(actor, act, whom),
            Act::List => self.reach(actor, "users:read", place),
            Act::Give(..) | Act::Seat(_) | Act::Remove => self.member(actor, act, whom, place),
            Act::Add(role) => self.add(actor, role, whom, place),
        };
        if verdict != Done {
            return verdict;
        }
        let mut after = self.clone();
        after.change(act, whom, place);
        if self.loses_its_last(&after) {
            return Conflict;
        }
        *self = after;
        Done
    }

    fn show(&self, actor: &Actor, whom: usize) -> Outcome {
        let here = actor.place.is_some_and(|place| self.people[whom].seats.contains_key(&place));
        if actor.person == whom || self.operates(actor) {
            Done
        } else if !self.may(actor, "users:read", actor.place) {
            Refused
        } else if here {
            Done
        } else {
            Hidden
        }
    }

    /// The person as a whole.
    fn person(&self, actor: &Actor, act: &Act, whom: usize) -> Outcome {
        let interactive = actor.cap.is_none();
        if actor.person == whom {
            // One's own password is changed with the old one.
            let open = interactive && !matches!(act, Act::SetPassword);
            return if open { Done } else { Refused };
        }
        if self.operates(actor) {
            return Done;
        }
        if !self.may(actor, "users:write", actor.place) {
            return Refused;
        }
        let person = &self.people[whom];
        let Some(seat) = actor.place.and_then(|place| person.seats.get(&place)) else { return Hidden };
        let only_here = !person.operator && person.seats.len() == 1;
        let weaker =
            seat.roles.iter().all(|role| self.may_take(actor, role)) && self.sees(actor, &seat.roles);
        let needs_person = matches!(act, Act::SetPassword);
        if only_here && weaker && (interactive || !needs_person) { Done } else { Refused }
    }

    fn reach(&self, actor: &Actor, permission: &str, place: usize) -> Outcome {
        if !self.operates(actor) && actor.place != Some(place) {
            Hidden
        } else if self.may(actor, permission, Some(place)) {
            Done
        } else {
            Refused
        }
    }

    fn member(&self, actor: &Actor, act: &Act, whom: usize, place: usize) -> Outcome {
        let reached = self.reach(actor, "users:write", place);
        if reached != Done {
            return reached;
        }
        let Some(seat) = self.people[whom].seats.get(&place) else { return Hidden };
        let takes = seat.roles.iter().all(|role| self.may_take(actor, role));
        let new = given(act);
        let gives =
            new.iter().filter(|role| !seat.roles.contains(*role)).all(|role| self.may_give(actor, role));
        let shown = self.sees(actor, &seat.roles) && self.sees(actor, &new);
        if takes && gives && shown { Done } else { Refused }
    }

    fn add(&self, actor: &Actor, _: &str, whom: usize, place: usize) -> Outcome {
        match self.reach(actor, "users:write", place) {
            Done if !self.operates(actor) => Refused,
            Done if self.people[whom].seats.contains_key(&place) => Conflict,
            reached => reached,
        }
    }

    fn change(&mut self, act: &Act, whom: usize, place: usize) {
        let person = &mut self.people[whom];
        match act {
            Act::Show | Act::List | Act::Rename | Act::SetPassword => {}
            Act::Lock(locked) => person.locked = *locked,
            Act::Active(active) => person.inactive = !active,
            Act::Remove => drop(person.seats.remove(&place)),
            Act::Add(_) => drop(person.seats.insert(place, Seat { roles: given(act), active: true })),
            Act::Give(..) | Act::Seat(_) => {
                let Some(seat) = person.seats.get_mut(&place) else { return };
                match act {
                    Act::Seat(active) => seat.active = *active,
                    _ => seat.roles = given(act),
                }
            }
        }
    }

    fn loses_its_last(&self, after: &Self) -> bool {
        let administrators = |world: &Self, place| {
            let is = |person: &usize| {
                world.can_sign_in(*person)
                    && world.has_role(*person, place, "admin")
                    && world.live_seats(*person).any(|live| live == place)
            };
            (0..world.people.len()).filter(is).count()
        };
        let operators = |world: &Self| {
            (0..world.people.len()).filter(|p| world.people[*p].operator && world.can_sign_in(*p)).count()
        };
        let lost = |before: usize, after: usize| before > 0 && after == 0;
        (0..2).any(|place| lost(administrators(self, place), administrators(after, place)))
            || lost(operators(self), operators(after))
    }
}

fn given(act: &Act) -> BTreeSet<&'static str> {
    match act {
        Act::Give(one, other) => [Some(*one), *other].into_iter().flatten().collect(),
        Act::Add(role) => BTreeSet::from([*role]),
        _ => BTreeSet::new(),
    }
}
