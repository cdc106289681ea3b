//! One call into the bundle, in a QuickJS of its own that has nothing but the language: no files, no
//! network, no clock. What it may take is bounded, and so is what is left behind: nothing.

use std::cell::Cell;
use std::rc::Rc;
use std::thread;

use cpu_time::ThreadTime;
use rquickjs::context::intrinsic::{
    Eval, Json, MapSet, Promise as Promises, RegExp, RegExpCompiler,
};
use rquickjs::{CatchResultExt, CaughtError, Context, Ctx, Function, Object, Promise, Runtime};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{Failure, Limits, Position, Problem};

const BUNDLE: &str = include_str!(concat!(env!("OUT_DIR"), "/js/composer.js"));

/// What JavaScript may take of the stack of a call's thread, which is twice that: C between two of its
/// checks takes some more. A document that is nested too deeply ends in an error, not in a crash.
const STACK: usize = 8 << 20;

/// What a call may use of JavaScript. Time and weak references would make answers differ.
pub type Language = (Eval, RegExpCompiler, RegExp, Json, MapSet, Promises);

/// What the bundle answers.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Reply<T> {
    Answer(T),
    Syntax { message: String, at: Position },
    Problems(Vec<Problem>),
}

/// Calls a function of the bundle, on a thread of its own for the sake of its stack.
pub fn call<T: DeserializeOwned>(limits: Limits, name: &str, texts: &[&str]) -> Result<T, Failure> {
    let answer = thread::scope(|scope| {
        thread::Builder::new()
            .name("composer".to_owned())
            .stack_size(2 * STACK)
            .spawn_scoped(scope, || run(limits, name, texts))
            .map_err(|error| Failure::Engine(error.to_string()))?
            .join()
            .unwrap_or_else(|_| Err(Failure::Engine("its thread panicked".to_owned())))
    })?;
    match serde_json::from_str(&answer) {
        Ok(Reply::Answer(answer)) => Ok(answer),
        Ok(Reply::Syntax { message, at }) => Err(Failure::Syntax { message, at }),
        Ok(Reply::Problems(problems)) => Err(Failure::Problems(problems)),
        Err(error) => Err(Failure::Engine(error.to_string())),
    }
}

/// Runs the call and gives back its JSON.
fn run(limits: Limits, name: &str, texts: &[&str]) -> Result<String, Failure> {
    let start = ThreadTime::now();
    let late = Rc::new(Cell::new(false));
    let noticed = Rc::clone(&late);
    let runtime = Runtime::new().map_err(|_| Failure::Memory)?;
    // Nothing would be no limit.
    runtime.set_memory_limit(limits.memory.max(1));
    runtime.set_max_stack_size(STACK);
    runtime.set_interrupt_handler(Some(Box::new(move || {
        noticed.set(noticed.get() || start.elapsed() >= limits.deadline);
        noticed.get()
    })));
    let context = Context::custom::<Language>(&runtime).map_err(|_| Failure::Memory)?;
    let answer =
        context.with(|ctx| ask(&ctx, name, texts).catch(&ctx).map_err(|error| failure(&error)));
    if late.get() { Err(Failure::Deadline) } else { answer }
}

fn ask<'js>(ctx: &Ctx<'js>, name: &str, texts: &[&str]) -> rquickjs::Result<String> {
    ctx.eval::<(), _>(BUNDLE)?;
    let bundle: Object<'js> = ctx.globals().get("composer")?;
    let call: Function<'js> = bundle.get("call")?;
    let promise: Promise<'js> = call.call((name, texts.to_vec()))?;
    promise.finish()
}

/// Whose fault it is. Only the engine throws these two: when the memory or the stack is at its end.
fn failure(error: &CaughtError<'_>) -> Failure {
    let CaughtError::Exception(exception) = error else {
        return match error {
            CaughtError::Error(error) => Failure::Engine(error.to_string()),
            // There was not even enough memory to say so.
            _ => Failure::Memory,
        };
    };
    match exception.as_object().get::<_, String>("name") {
        Ok(name) if name == "InternalError" || name == "RangeError" => Failure::Memory,
        Ok(_) => Failure::Engine(exception.message().unwrap_or_default()),
        Err(_) => Failure::Memory,
    }
}
