//! Random people do random things to each other; Herald and a small model of the design must agree on each.
//!
//! The model (`worth`, `world`, `act`) is written from the design alone, with sets of words where the code has patterns and
//! lists, and shares nothing with it. A failure prints its seed, and the fewest steps that still show it, to be put into
//! [`FOUND`].

mod act;
mod script;
mod stage;
mod world;
mod worth;

use std::collections::BTreeMap;

use testkit::{Engine, on_both_engines};

use self::act::Outcome;
use self::script::{Step, actor, script};
use self::stage::Stage;
use self::world::World;

on_both_engines! { herald_agrees_with_the_model, what_was_found_stays_mended }

const STEPS: usize = 500;
const SEEDS: [u64; 3] = [1, 2, 3];
/// Walks that a failure is cut down by, at most.
const CUTS: usize = 60;

/// Walks that failed once.
const FOUND: &[&[Step]] = &[];

async fn herald_agrees_with_the_model(engine: Engine) {
    let mut all = Met::new();
    for seed in SEEDS {
        let steps = script(seed, STEPS);
        match walk(engine, &steps).await {
            Ok(met) => met.into_iter().for_each(|(what, count)| *all.entry(what).or_default() += count),
            Err(at) => {
                let (least, why) = cut_down(engine, &steps[..=at.step], at).await;
                panic!("seed {seed}: {why}\n{} steps show it: &{least:?}", least.len());
            }
        }
    }
    enough(&all);
}

async fn what_was_found_stays_mended(engine: Engine) {
    for steps in FOUND {
        if let Err(at) = walk(engine, steps).await {
            panic!("{}: {steps:?}", at.why);
        }
    }
    // A walk can be walked again: the same steps come to the same.
    let steps = script(SEEDS[0], 40);
    let (once, again) = (walk(engine, &steps).await, walk(engine, &steps).await);
    assert_eq!(once.map_err(|at| at.why), again.map_err(|at| at.why));
}

/// How often which act came to what.
type Met = BTreeMap<(String, Outcome), usize>;

/// Where Herald and the model did not agree.
struct Differs {
    step: usize,
    why: String,
}

async fn walk(engine: Engine, steps: &[Step]) -> Result<Met, Differs> {
    let mut world = World::first();
    let mut stage = Stage::set(engine, &world).await;
    let mut met = Met::new();
    for (number, step) in steps.iter().enumerate() {
        let Some(actor) = actor(&world, step) else { break };
        let act = script::act(&world, &actor, step);
        let before = world.clone();
        let said = stage.attempt(&before, &actor, &act).await;
        let expected = world.act(&actor, &act);
        let differs = |why: String| Differs { step: number, why: format!("step {number}: {why}") };
        if said != expected {
            let why = format!("{actor:?} {act:?}: {said:?}, and {expected:?} by the model; {before:#?}");
            return Err(differs(why));
        }
        if !world.tokens.is_empty() {
            let key = probed(&world, step[7]);
            let (does, should) = (stage.power(key).await, power(&world, key));
            if does != should {
                let why =
                    format!("after {actor:?} {act:?}: key {key} may {does:?}, and {should:?} by the model");
                return Err(differs(format!("{why}; {before:#?}")));
            }
        }
        let name = format!("{act:?}").split('(').next().unwrap_or_default().to_owned();
        *met.entry((name, expected)).or_insert(0) += 1;
    }
    Ok(met)
}

/// Mostly one that nobody has revoked, and of those one that rests: what it hangs on has come to an end.
fn probed(world: &World, by: u16) -> usize {
    let open: Vec<usize> = (0..world.tokens.len()).filter(|key| !world.tokens[*key].revoked).collect();
    let resting: Vec<usize> = open.iter().copied().filter(|key| !world.lives(*key)).collect();
    let nth = usize::from(by / 8);
    match by % 8 {
        1..=4 if !resting.is_empty() => resting[nth % resting.len()],
        1.. if !open.is_empty() => open[nth % open.len()],
        _ => nth % world.tokens.len(),
    }
}

/// What a key should be able to do.
fn power(world: &World, key: usize) -> Option<Vec<&'static str>> {
    let who = world.lives(key).then(|| world.who(&world::Actor::Key(key)))?;
    let all = domain::permission::CATALOGUE.iter().map(|(permission, _)| permission.as_str());
    Some(all.filter(|permission| world.may(&who, permission, who.place)).collect())
}

/// Leaves out whatever it fails without: half of it, then quarters, then single steps.
async fn cut_down(engine: Engine, steps: &[Step], at: Differs) -> (Vec<Step>, String) {
    let (mut least, mut why) = (steps.to_vec(), at.why);
    let (mut size, mut from, mut cuts) = (least.len() / 2, 0, 0);
    while size > 0 && cuts < CUTS {
        if from >= least.len() {
            (size, from) = (size / 2, 0);
            continue;
        }
        let end = (from + size).min(least.len());
        let without: Vec<Step> = [&least[..from], &least[end..]].concat();
        cuts += 1;
        match walk(engine, &without).await {
            Ok(_) => from = end,
            Err(at) => (least, why) = (without[..=at.step].to_vec(), at.why),
        }
    }
    (least, why)
}

/// A walk that meets nothing shows nothing.
fn enough(met: &Met) {
    let acts = [
        "Show",
        "Rename",
        "SetPassword",
        "Lock",
        "Active",
        "List",
        "Add",
        "Give",
        "Seat",
        "Ends",
        "Remove",
        "Mint",
        "Entrust",
        "Revoke",
        "RevokeAny",
        "NewRole",
        "EditRole",
        "DropRole",
        "Invite",
        "Withdraw",
        "Accept",
        "Pass",
        "SignIn",
    ];
    for act in acts {
        let done = met.get(&(act.to_owned(), Outcome::Done)).copied().unwrap_or_default();
        assert!(done > 0, "{act} never came to anything: {met:?}");
    }
    for outcome in [Outcome::Nobody, Outcome::Refused, Outcome::Hidden, Outcome::Conflict, Outcome::Invalid] {
        let count: usize = met.iter().filter(|((_, of), _)| *of == outcome).map(|(_, count)| count).sum();
        assert!(count > 2, "{outcome:?} hardly met: {met:?}");
    }
}
