//! Random people do random things to each other; Herald and a small model of the design must agree on each.

mod rules;

use domain::{Rng, TenantId, UserId};
use herald_app::members::{add, change, list, remove};
use herald_app::sessions::sign_in::Through;
use herald_app::tenants::{TenantName, reach};
use herald_app::users::{self, UserName, lock, set_password, show, update};
use herald_app::{Caller, Failure, Kind};
use testkit::{Engine, Installation, SeededRng, Setup, command, on_both_engines};

use self::rules::{Act, Actor, Outcome, ROLES, World};
use super::roles;
use crate::support::named;

on_both_engines! { herald_agrees_with_the_model }

const STEPS: usize = 250;
const PEOPLE: usize = 8;
const TENANTS: [&str; 2] = ["one", "two"];

async fn herald_agrees_with_the_model(engine: Engine) {
    for seed in 1..=3 {
        walk(engine, seed).await;
    }
}

/// Chance with words for what a walk draws.
struct Dice(SeededRng);

impl Dice {
    fn below(&self, count: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        usize::try_from(u64::from_be_bytes(bytes) % u64::try_from(count).unwrap()).unwrap()
    }

    fn role(&self) -> &'static str {
        ROLES[self.below(ROLES.len())]
    }
}

/// The installation, and who is who in it.
struct Stage {
    it: Installation,
    tenants: [TenantId; 2],
    people: Vec<UserId>,
}

fn email(person: usize) -> String {
    format!("u{person}@model.example")
}

/// What the model begins with, as a world file: the last person runs the installation.
fn file(world: &World) -> String {
    let mut text =
        "[[role]]\nkey = \"desk\"\nname = \"Desk\"\npermissions = [\"users:*\"]\nassigns = [\"guest\"]\n\
         [[role]]\nkey = \"narrow\"\npermissions = [\"users:*\"]\nassigns = [\"guest\"]\ncollections = [7]\n"
            .to_owned();
    for tenant in TENANTS {
        text += &["[[tenant]]\nkey = \"", tenant, "\"\nname = \"", tenant, "\"\n"].concat();
    }
    for (number, person) in world.people.iter().enumerate() {
        let operator = if person.operator { "operator = true\n" } else { "" };
        let address = email(number);
        text += &["[[user]]\nemail = \"", &address, "\"\npassword = \"password of the model\"\n", operator]
            .concat();
        for (tenant, seat) in &person.seats {
            let roles: Vec<String> = seat.roles.iter().map(|role| format!("\"{role}\"")).collect();
            let (tenant, roles) = (TENANTS[*tenant], roles.join(","));
            text += &["[[user.membership]]\ntenant = \"", tenant, "\"\nroles = [", &roles, "]\n"].concat();
        }
    }
    text
}

async fn walk(engine: Engine, seed: u64) {
    let dice = Dice(SeededRng::new(seed));
    let mut world = World::first(PEOPLE);
    let it = Installation::with(Setup::on(engine).world(testkit::World::Text(file(&world)))).await;
    let tenants = [it.tenant_id(TENANTS[0]).await, it.tenant_id(TENANTS[1]).await];
    let mut people = Vec::new();
    for person in 0..PEOPLE {
        people.push(it.user_id(&email(person)).await);
    }
    let stage = Stage { it, tenants, people };
    let mut met = std::collections::BTreeMap::new();
    for step in 0..STEPS {
        let actor = draw_actor(&dice, &world);
        let (act, whom, place) = (draw_act(&dice), dice.below(PEOPLE), dice.below(2));
        let Some(caller) = stage.caller(&actor).await else {
            panic!("{seed}.{step}: {actor:?} cannot sign in")
        };
        let said = outcome(stage.attempt(&caller, &act, whom, place).await);
        let expected = world.act(&actor, &act, whom, place);
        assert_eq!(said, expected, "{seed}.{step}: {actor:?} {act:?} u{whom} in {place}; {world:?}");
        *met.entry(expected).or_insert(0) += 1;
    }
    assert!(met.len() == 4 && met.values().all(|count| *count > 2), "the walk met too little: {met:?}");
}

/// Somebody who can sign in; the operator often enough that not all comes to a standstill.
fn draw_actor(dice: &Dice, world: &World) -> Actor {
    loop {
        let person = if dice.below(4) == 0 { PEOPLE - 1 } else { dice.below(PEOPLE) };
        let mut places: Vec<Option<usize>> = world.live_seats(person).map(Some).collect();
        if world.people[person].operator {
            places.push(None);
        }
        if places.is_empty() || !world.can_sign_in(person) {
            continue;
        }
        let place = places[dice.below(places.len())];
        let administers = place.is_some_and(|place| world.has_role(person, place, "admin"));
        let cap = (administers && dice.below(3) == 0).then(|| dice.role());
        return Actor { person, place, cap };
    }
}

fn draw_act(dice: &Dice) -> Act {
    match dice.below(14) {
        0 => Act::Show,
        1 => Act::List,
        2 => Act::Rename,
        3 => Act::SetPassword,
        4 => Act::Lock(true),
        5 | 6 => Act::Lock(false),
        7 => Act::Active(dice.below(3) > 0),
        8..=10 => Act::Give(dice.role(), (dice.below(2) == 0).then(|| dice.role())),
        11 => Act::Seat(dice.below(3) > 0),
        12 => Act::Remove,
        _ => Act::Add(dice.role()),
    }
}

impl Stage {
    async fn caller(&self, actor: &Actor) -> Option<Caller> {
        let mut sign_in = command(&email(actor.person), "password of the model", Through::Native);
        sign_in.tenant = actor.place.map(|place| TENANTS[place].to_owned());
        let session = self.it.try_command(sign_in).await.ok()?.token;
        let Some(cap) = actor.cap else { return Some(self.it.caller(&session).await) };
        let mint = herald_app::tokens::mint::Command { role: Some(cap.to_owned()), ..named("capped") };
        let key = crate::support::mint(&self.it, &session, mint).await.unwrap();
        Some(self.it.caller(&key).await)
    }

    async fn attempt(&self, caller: &Caller, act: &Act, whom: usize, place: usize) -> Result<(), Failure> {
        let (ctx, user) = (&self.it.ctx, self.people[whom]);
        match act {
            Act::Show => show::run(ctx, caller, user).await.map(drop),
            Act::Rename => {
                let name = Some(Some("renamed".to_owned()));
                let profile = users::ProfileChange { name, ..Default::default() };
                let change = update::Command { profile, ..Default::default() };
                update::run(ctx, caller, user, change).await.map(drop)
            }
            Act::Active(active) => {
                let change = update::Command { active: Some(*active), ..Default::default() };
                update::run(ctx, caller, user, change).await.map(drop)
            }
            Act::SetPassword => set_password::set(ctx, caller, user, &"password of the model".into()).await,
            Act::Lock(locked) => lock::set(ctx, caller, user, *locked).await.map(drop),
            Act::List | Act::Give(..) | Act::Seat(_) | Act::Remove | Act::Add(_) => {
                self.in_tenant(caller, act, user, place).await
            }
        }
    }

    async fn in_tenant(&self, caller: &Caller, act: &Act, user: UserId, place: usize) -> Result<(), Failure> {
        let ctx = &self.it.ctx;
        let tenant = reach(ctx, caller, &TenantName::Id(self.tenants[place])).await?;
        match act {
            Act::Give(one, other) => {
                let given: Vec<&str> = [Some(*one), *other].into_iter().flatten().collect();
                change::run(ctx, caller, roles(tenant, user, &given)).await.map(drop)
            }
            Act::Seat(active) => {
                let plain = roles(tenant, user, &[]);
                let command = change::Command { roles: None, active: Some(*active), ..plain };
                change::run(ctx, caller, command).await.map(drop)
            }
            Act::Remove => remove::run(ctx, caller, tenant, user).await,
            Act::Add(role) => {
                let command = add::Command {
                    tenant,
                    user: UserName::Id(user),
                    roles: Some(vec![(*role).to_owned()]),
                    sites: Vec::new(),
                    expires_at: None,
                    active: true,
                };
                add::run(ctx, caller, command).await.map(drop)
            }
            _ => list::run(ctx, caller, tenant, super::from("", 9)).await.map(drop),
        }
    }
}

fn outcome(done: Result<(), Failure>) -> Outcome {
    match done.map_err(|failure| (failure.kind, failure.code)) {
        Ok(()) => Outcome::Done,
        Err((Kind::Forbidden, _)) => Outcome::Refused,
        Err((Kind::Hidden | Kind::NotFound, _)) => Outcome::Hidden,
        Err((Kind::Conflict, _)) => Outcome::Conflict,
        Err(other) => panic!("{other:?}"),
    }
}
