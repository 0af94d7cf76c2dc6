//! The same acts on Herald, through its use cases.

use domain::permission::CATALOGUE;
use domain::{RoleId, TenantId, TokenId, UserId};
use herald_app::authorize::may;
use herald_app::links::Delivery;
use herald_app::members::{add, change, list, remove};
use herald_app::roles::{Given, change as edit, create, delete};
use herald_app::sessions::sign_in::Through;
use herald_app::tenants::{TenantName, reach};
use herald_app::tokens::{entrust, mint, revoke};
use herald_app::users::{self, UserName, lock, set_password, show, update};
use herald_app::{Caller, Failure, Kind, invitations};
use secrecy::{ExposeSecret, SecretString};
use testkit::{Engine, Installation, Setup, command, origin, seconds};

use super::act::{Act, LIVES, Outcome};
use super::world::{Actor, World};
use super::worth::{Role, Shape};
use crate::support::named;

const TENANTS: [&str; 2] = ["one", "two"];
const PASSWORD: &str = "password of the model";

/// The installation, and which of its ids are what in the model.
pub struct Stage {
    it: Installation,
    tenants: [TenantId; 2],
    people: Vec<UserId>,
    roles: Vec<RoleId>,
    keys: Vec<(TokenId, String)>,
    invitations: Vec<(domain::ids::LinkId, String)>,
}

/// What the model begins with, as a world file.
fn file(world: &World) -> String {
    let mut text: Vec<String> = Vec::new();
    for role in world.roles.values().filter(|role| !role.is_built_in()) {
        let Shape { own, assigns, collections, .. } = &role.shape;
        let assigns = assigns.clone().unwrap_or_default();
        text.push(format!(
            "[[role]]\nkey = \"{}\"\npermissions = {own:?}\nassigns = {assigns:?}\ncollections = {collections:?}\n",
            role.key
        ));
    }
    for tenant in TENANTS {
        text.push(format!("[[tenant]]\nkey = \"{tenant}\"\nname = \"{tenant}\"\n"));
    }
    for person in &world.people {
        let operator = if person.operator { "operator = true\n" } else { "" };
        text.push(format!("[[user]]\nemail = \"{}\"\npassword = \"{PASSWORD}\"\n{operator}", person.email));
        for (place, seat) in &person.seats {
            let roles: Vec<&str> = seat.roles.iter().map(|role| world.roles[role].key.as_str()).collect();
            text.push(format!("[[user.membership]]\ntenant = \"{}\"\nroles = {roles:?}\n", TENANTS[*place]));
        }
    }
    text.concat()
}

impl Stage {
    pub async fn set(engine: Engine, world: &World) -> Self {
        let it = Installation::with(Setup::on(engine).world(testkit::World::Text(file(world)))).await;
        let tenants = [it.tenant_id(TENANTS[0]).await, it.tenant_id(TENANTS[1]).await];
        let mut people = Vec::new();
        for person in &world.people {
            people.push(it.user_id(&person.email).await);
        }
        let mut stage =
            Self { it, tenants, people, roles: Vec::new(), keys: Vec::new(), invitations: Vec::new() };
        for role in world.roles.values() {
            let id = stage.role_id(role).await;
            stage.roles.push(id);
        }
        stage
    }

    async fn role_id(&self, role: &Role) -> RoleId {
        let sql = format!("SELECT id FROM roles WHERE key = '{}' AND tenant_id IS NULL", role.key);
        let rows = self.it.sql(&sql).await;
        RoleId::parse(rows[0][0].as_ref().unwrap()).unwrap()
    }

    fn at(&self, place: usize) -> TenantName {
        TenantName::Id(self.tenants[place])
    }

    /// `None`: there is no way in.
    async fn session(&self, email: &str, place: Option<usize>) -> Option<Caller> {
        let mut sign_in = command(email, PASSWORD, Through::Native);
        sign_in.tenant = place.map(|place| TENANTS[place].to_owned());
        let signed = self.it.try_command(sign_in).await.ok()?;
        // Without naming one, others than operators come to one of their own.
        let caller = self.it.caller(&signed.token).await;
        (caller.principal().tenant == place.map(|place| self.tenants[place])).then_some(caller)
    }

    async fn caller(&self, world: &World, actor: &Actor) -> Option<Caller> {
        match actor {
            Actor::Session(person, place) => self.session(&world.people[*person].email, *place).await,
            Actor::Key(number) => {
                let entry = self.it.prove(&self.keys[*number].1).await.ok()?;
                Some(Caller::new(entry, domain::decision::Door::Own, origin()))
            }
        }
    }

    /// What a key may, of all that Herald asks for; `None`: it is dead.
    pub async fn power(&self, key: usize) -> Option<Vec<&'static str>> {
        let entry = self.it.prove(&self.keys[key].1).await.ok()?;
        let caller = Caller::new(entry, domain::decision::Door::Own, origin());
        let tenant = caller.principal().tenant;
        let all = CATALOGUE.iter().filter(|(permission, _)| may(&caller, permission, tenant));
        Some(all.map(|(permission, _)| permission.as_str()).collect())
    }

    /// `world` is as it was before.
    pub async fn attempt(&mut self, world: &World, actor: &Actor, act: &Act) -> Outcome {
        match act {
            Act::Pass(hours) => {
                self.it.advance(seconds(3600 * hours));
                return Outcome::Done;
            }
            Act::SignIn(person, place) => {
                let signed = self.session(&world.people[*person].email, *place).await;
                return if signed.is_some() { Outcome::Done } else { Outcome::Nobody };
            }
            Act::Accept(number) => return self.accept(world, *number).await,
            _ => {}
        }
        let Some(caller) = self.caller(world, actor).await else { return Outcome::Nobody };
        outcome(match act {
            Act::Show(_) | Act::Rename(_) | Act::SetPassword(_) | Act::Lock(..) | Act::Active(..) => {
                self.on_person(&caller, act).await
            }
            Act::Mint(_) | Act::Entrust(..) | Act::Revoke(_) | Act::RevokeAny(..) => {
                self.on_token(&caller, act).await
            }
            Act::NewRole(..) | Act::EditRole(..) | Act::DropRole(_) => self.on_role(&caller, act).await,
            Act::Invite(..) | Act::Withdraw(..) => self.on_invitation(&caller, act).await,
            _ => self.on_seat(&caller, act).await,
        })
    }

    async fn on_person(&self, caller: &Caller, act: &Act) -> Result<(), Failure> {
        let ctx = &self.it.ctx;
        let change = |change| update::run(ctx, caller, self.people[whom(act)], change);
        match act {
            Act::Show(person) => show::run(ctx, caller, self.people[*person]).await.map(drop),
            Act::Rename(_) => {
                let name = Some(Some("renamed".to_owned()));
                let profile = users::ProfileChange { name, ..Default::default() };
                change(update::Command { profile, ..Default::default() }).await.map(drop)
            }
            Act::Active(_, active) => {
                change(update::Command { active: Some(*active), ..Default::default() }).await.map(drop)
            }
            Act::SetPassword(person) => {
                set_password::set(ctx, caller, self.people[*person], &PASSWORD.into()).await
            }
            Act::Lock(person, locked) => {
                lock::set(ctx, caller, self.people[*person], *locked).await.map(drop)
            }
            other => unreachable!("{other:?}"),
        }
    }

    async fn on_seat(&self, caller: &Caller, act: &Act) -> Result<(), Failure> {
        let ctx = &self.it.ctx;
        let (Act::List(place)
        | Act::Give(_, place, _)
        | Act::Seat(_, place, _)
        | Act::Ends(_, place, _)
        | Act::Remove(_, place)
        | Act::Add(_, place, _)) = act
        else {
            unreachable!("{act:?}")
        };
        let tenant = reach(ctx, caller, &self.at(*place)).await?;
        let id = |role: &usize| self.roles[*role].to_string();
        let command = |person: &usize| {
            let user = self.people[*person];
            change::Command { tenant, user, roles: None, sites: None, expires_at: None, active: None }
        };
        match act {
            Act::Give(person, _, roles) => {
                let roles = Some(roles.iter().map(id).collect());
                let command = change::Command { roles, ..command(person) };
                change::run(ctx, caller, command).await.map(drop)
            }
            Act::Seat(person, _, active) => {
                let command = change::Command { active: Some(*active), ..command(person) };
                change::run(ctx, caller, command).await.map(drop)
            }
            Act::Ends(person, _, hours) => {
                let ends = hours.map(|hours| self.it.now().plus(seconds(3600 * hours)));
                let command = change::Command { expires_at: Some(ends), ..command(person) };
                change::run(ctx, caller, command).await.map(drop)
            }
            Act::Remove(person, _) => remove::run(ctx, caller, tenant, self.people[*person]).await,
            Act::Add(person, _, role) => {
                let user = UserName::Id(self.people[*person]);
                let (roles, sites) = (Some(vec![id(role)]), Vec::new());
                let command = add::Command { tenant, user, roles, sites, expires_at: None, active: true };
                add::run(ctx, caller, command).await.map(drop)
            }
            _ => list::run(ctx, caller, tenant, super::super::from("", 9)).await.map(drop),
        }
    }

    async fn on_token(&mut self, caller: &Caller, act: &Act) -> Result<(), Failure> {
        let ctx = &self.it.ctx;
        let (id, key) = match act {
            Act::Mint(cap) => {
                let command = mint::Command { role: cap.clone(), ..named("key") };
                let minted = mint::run(ctx, caller, command).await?;
                (minted.token.id, minted.key)
            }
            Act::Entrust(place, key) => {
                let command = entrust::Command {
                    name: "the tenant's".to_owned(),
                    roles: vec![key.clone()],
                    lives: None,
                    utility: None,
                    revealable: None,
                };
                let made = entrust::run(ctx, caller, &self.at(*place), command).await?;
                (made.token.id, made.key)
            }
            Act::Revoke(number) => return revoke::run(ctx, caller, self.keys[*number].0).await,
            Act::RevokeAny(place, number) => {
                return revoke::any(ctx, caller, &self.at(*place), self.keys[*number].0).await;
            }
            other => unreachable!("{other:?}"),
        };
        self.keys.push((id, key.expose_secret().to_owned()));
        Ok(())
    }

    async fn on_role(&mut self, caller: &Caller, act: &Act) -> Result<(), Failure> {
        let ctx = &self.it.ctx;
        match act {
            Act::NewRole(place, key, shape) => {
                let place = create::Place::Tenant(self.at(*place));
                let command = create::Command { place, key: key.clone(), given: given(shape) };
                let id = create::run(ctx, caller, command).await?;
                self.roles.push(id);
                Ok(())
            }
            Act::EditRole(role, shape) => edit::run(ctx, caller, self.roles[*role], given(shape)).await,
            Act::DropRole(role) => delete::run(ctx, caller, self.roles[*role]).await,
            other => unreachable!("{other:?}"),
        }
    }

    async fn on_invitation(&mut self, caller: &Caller, act: &Act) -> Result<(), Failure> {
        let ctx = &self.it.ctx;
        match act {
            Act::Invite(place, email, role) => {
                let role = self.roles[*role].to_string();
                let command = invitations::create::Command {
                    lives: Some(seconds(3600 * LIVES)),
                    ..crate::links::inviting(email, &role)
                };
                let invited = invitations::create::run(ctx, caller, &self.at(*place), command).await?;
                let Delivery::Hand(link) = &invited.delivery else { panic!("there is no mail") };
                let token = testkit::mail::token(link.expose_secret());
                self.invitations.push((invited.link.id, token));
                Ok(())
            }
            Act::Withdraw(place, number) => {
                invitations::withdraw::run(ctx, caller, &self.at(*place), self.invitations[*number].0).await
            }
            other => unreachable!("{other:?}"),
        }
    }

    /// Somebody known signs in and accepts; somebody new chooses a password.
    async fn accept(&mut self, world: &World, number: usize) -> Outcome {
        let invitation = &world.invitations[number];
        let known = world.by_email(&invitation.email);
        let caller = match known {
            Some(person) => {
                let Some(door) = world.doors(person).first().copied() else { return Outcome::Nobody };
                let Some(caller) = self.session(&invitation.email, door).await else {
                    return Outcome::Nobody;
                };
                Some(caller)
            }
            None => None,
        };
        let command = invitations::accept::Command {
            token: SecretString::from(self.invitations[number].1.as_str()),
            password: known.is_none().then(|| PASSWORD.into()),
            code: None,
            name: None,
            origin: origin(),
        };
        let accepted = invitations::accept::run(&self.it.ctx, caller.as_ref(), command).await;
        if let (Ok(accepted), None) = (&accepted, known) {
            self.people.push(accepted.user);
        }
        outcome(accepted.map(drop))
    }
}

fn whom(act: &Act) -> usize {
    match act {
        Act::Show(person)
        | Act::Rename(person)
        | Act::SetPassword(person)
        | Act::Lock(person, _)
        | Act::Active(person, _) => *person,
        other => unreachable!("{other:?}"),
    }
}

fn given(shape: &Shape) -> Given {
    Given {
        base: Some(shape.base.map(str::to_owned)),
        permissions: Some(shape.own.iter().map(|text| (*text).to_owned()).collect()),
        assigns: Some(shape.assigns.clone()),
        collections: Some(shape.collections.clone()),
        ..Given::default()
    }
}

fn outcome(done: Result<(), Failure>) -> Outcome {
    match done.map_err(|failure| (failure.kind, failure.code)) {
        Ok(()) => Outcome::Done,
        Err((Kind::Forbidden, _)) => Outcome::Refused,
        Err((Kind::Hidden | Kind::NotFound, _)) => Outcome::Hidden,
        Err((Kind::Conflict, _)) => Outcome::Conflict,
        Err((Kind::Invalid, _)) => Outcome::Invalid,
        Err((Kind::Unauthenticated, _)) => Outcome::Nobody,
        Err(other) => panic!("{other:?}"),
    }
}
