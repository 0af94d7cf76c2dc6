//! A walk as plain numbers: each step means something in whatever world it meets, so that steps can be left out.

use std::collections::BTreeSet;

use domain::Rng;
use testkit::SeededRng;

use super::act::Act;
use super::world::{Actor, World};
use super::worth::{BUILT_IN_KEYS, Shape};

/// Who (2), what, on whom, where, with what (3).
pub type Step = [u16; 8];

pub fn script(seed: u64, steps: usize) -> Vec<Step> {
    let chance = SeededRng::new(seed);
    let step = || {
        let mut bytes = [0; 16];
        chance.fill(&mut bytes);
        std::array::from_fn(|n| u16::from_be_bytes([bytes[2 * n], bytes[2 * n + 1]]))
    };
    std::iter::repeat_with(step).take(steps).collect()
}

fn pick<T: Clone>(of: &[T], by: u16) -> T {
    of[usize::from(by) % of.len()].clone()
}

/// Somebody who can sign in, or a key, dead or alive; the operator often enough that not all comes to a standstill.
/// `None`: nobody can do anything any more.
pub fn actor(world: &World, step: &Step) -> Option<Actor> {
    if step[0] % 5 < 2 && !world.tokens.is_empty() {
        // The last ones more often: of old ones most are dead.
        let all = world.tokens.len();
        let back = usize::from(step[1]) % if step[0].is_multiple_of(3) { all } else { all.min(6) };
        return Some(Actor::Key(all - 1 - back));
    }
    let mut able: Vec<usize> = (0..world.people.len()).filter(|p| !world.doors(*p).is_empty()).collect();
    if step[0] % 5 == 2 {
        able.retain(|person| world.people[*person].operator);
    }
    if able.is_empty() {
        return None;
    }
    let person = pick(&able, step[1]);
    Some(Actor::Session(person, pick(&world.doors(person), step[1] / 16)))
}

/// Whom, and where: mostly where the actor is, and somebody who is there.
fn aim(world: &World, actor: &Actor, (whom, place): (u16, u16)) -> (usize, usize) {
    let at = match actor {
        Actor::Session(_, at) => *at,
        Actor::Key(number) => Some(world.tokens[*number].place),
    };
    let place = at.filter(|_| !place.is_multiple_of(8)).unwrap_or(usize::from(place / 8) % 2);
    let all: Vec<usize> = (0..world.people.len()).collect();
    let here: Vec<usize> =
        all.iter().copied().filter(|person| world.people[*person].seats.contains_key(&place)).collect();
    (pick(if whom.is_multiple_of(4) || here.is_empty() { &all } else { &here }, whom / 4), place)
}

pub fn act(world: &World, actor: &Actor, step: &Step) -> Act {
    let [_, _, what, whom, place, a, b, c] = *step;
    let (whom, place) = aim(world, actor, (whom, place));
    let odd = !a.is_multiple_of(3);
    match what % 40 {
        0 => Act::Show(whom),
        1 => Act::List(place),
        2 => Act::Rename(whom),
        3 => Act::SetPassword(whom),
        4 => Act::Lock(whom, true),
        5 | 6 => Act::Lock(whom, false),
        7 => Act::Active(whom, odd),
        8..=13 => Act::Give(whom, place, roles(world, (place, a, b, c))),
        14 => Act::Seat(whom, place, odd),
        15..=17 => Act::Ends(whom, place, (!a.is_multiple_of(4)).then(|| u64::from(a % 4 - 1))),
        18 => Act::Remove(whom, place),
        19 | 20 => Act::Add(whom, place, role(world, place, a)),
        21..=24 => Act::Mint((!b.is_multiple_of(4)).then(|| key(a))),
        25 | 26 => Act::Entrust(place, key(a)),
        27 | 28 => named(world.tokens.len(), a).map_or(Act::List(place), |token| match what % 40 {
            27 => Act::Revoke(token),
            _ => Act::RevokeAny(place, token),
        }),
        30 | 31 => Act::NewRole(place, CUSTOM[usize::from(a) % CUSTOM.len()].to_owned(), shape(b, c)),
        29 | 32 | 33 => Act::EditRole(made(world, place, a), shape(b, c)),
        34 => Act::DropRole(made(world, place, a)),
        35 | 36 => Act::Invite(place, email(world, whom, a), role(world, place, b)),
        37 | 38 => match invitation(world, place, a) {
            None => Act::Pass(1),
            Some(number) if what % 40 == 37 => Act::Withdraw(place, number),
            Some(number) => Act::Accept(number),
        },
        _ if a.is_multiple_of(2) => Act::Pass(1),
        _ => Act::SignIn(whom, pick(&[None, Some(0), Some(1)], b)),
    }
}

const CUSTOM: [&str; 5] = ["r0", "r1", "r2", "desk", "night"];

/// Mostly one of the place that is open.
fn invitation(world: &World, place: usize, by: u16) -> Option<usize> {
    let is_open = |number: &usize| {
        let one = &world.invitations[*number];
        one.place == place && !one.over && world.now < one.ends
    };
    let open: Vec<usize> = (0..world.invitations.len()).filter(is_open).collect();
    let any = by.is_multiple_of(4) || open.is_empty();
    if any { named(world.invitations.len(), by / 4) } else { Some(pick(&open, by / 4)) }
}

/// The last of many, rather than any.
fn named(count: usize, by: u16) -> Option<usize> {
    let back = usize::from(by) % if by.is_multiple_of(2) { count.min(3) } else { count }.max(1);
    count.checked_sub(back + 1)
}

fn key(by: u16) -> String {
    let keys: Vec<&str> = BUILT_IN_KEYS.into_iter().chain(CUSTOM).chain(["narrow"]).collect();
    pick(&keys, by).to_owned()
}

/// Mostly one that may be held there.
fn role(world: &World, place: usize, by: u16) -> usize {
    let all: Vec<usize> = world.roles.keys().copied().collect();
    let mut here: Vec<usize> = all.iter().copied().filter(|role| world.is_at(place, *role)).collect();
    // Custom ones are what is interesting.
    let custom: Vec<usize> = here.iter().copied().filter(|role| !world.roles[role].is_built_in()).collect();
    here.extend(custom);
    pick(if by.is_multiple_of(11) { &all } else { &here }, by / 11)
}

/// Mostly one that a tenant has made.
fn made(world: &World, place: usize, by: u16) -> usize {
    let own = |role: &&usize| world.roles[role].place.is_some();
    let made: Vec<usize> = world.roles.keys().filter(own).copied().collect();
    if by.is_multiple_of(5) || made.is_empty() { role(world, place, by / 5) } else { pick(&made, by / 5) }
}

fn roles(world: &World, (place, a, b, c): (usize, u16, u16, u16)) -> BTreeSet<usize> {
    let also = (c.is_multiple_of(2)).then(|| role(world, place, b));
    [Some(role(world, place, a)), also].into_iter().flatten().collect()
}

fn email(world: &World, whom: usize, by: u16) -> String {
    if by.is_multiple_of(2) { world.people[whom].email.clone() } else { format!("n{}@model.example", by % 8) }
}

fn shape(a: u16, b: u16) -> Shape {
    let bases = [None, None, None, Some("guest"), Some("member"), Some("admin"), Some("no_access")];
    let own: [&[&str]; 9] = [
        &[],
        &["users:read"],
        &["users:*"],
        &["tokens:*"],
        &["roles:read", "roles:write"],
        &["*"],
        &["threats:write"],
        &["users:*", "tokens:*", "roles:*"],
        &["tokens:read", "tokens:write", "users:read"],
    ];
    let gives: [Option<&[&str]>; 7] = [
        None,
        None,
        Some(&[]),
        Some(&["guest"]),
        Some(&["member", "guest"]),
        Some(&["admin"]),
        Some(&["r1"]),
    ];
    let sees: [&[i64]; 6] = [&[], &[], &[], &[7], &[8], &[7, 8]];
    Shape {
        base: pick(&bases, a),
        own: pick(&own, a / 16).to_vec(),
        assigns: pick(&gives, b).map(|keys| keys.iter().map(|key| (*key).to_owned()).collect()),
        collections: pick(&sees, b / 16).to_vec(),
    }
}
