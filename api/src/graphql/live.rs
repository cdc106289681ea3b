//! Subscriptions run in turns. When the log has grown, the operation is executed once more, with
//! who is asking asked again and with a reader of its own, and goes on where the turn before ended.
//! So every event is shown with the rights and the rows of that moment, nothing is buffered for a
//! client that reads slowly, and one that comes back with a cursor goes on as if it had never left.

use std::{sync::Arc, time::Duration};

use async_graphql::{
    Request, Response, ServerError, Variables,
    parser::types::{ExecutableDocument, OperationType},
};
use futures_util::StreamExt;
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};

use super::{batch, context::Parts, errors, guard::Admitted, root, spend::Spent};
use crate::{
    app::App,
    authz::{Acting, Viewer},
    domain::event::subscription::Turn,
    error::{Error, Result},
    http::{Caller, ClientAddress},
};

/// How often rights are asked again although nothing happens: a token can expire in silence.
const ASK_AGAIN: Duration = Duration::from_secs(3);

/// How many events a client may be behind the log before it is sent to the change feed instead.
const MAX_BEHIND: i64 = 100_000;

/// What a subscription tells.
#[derive(Debug)]
pub enum Told {
    /// One event, as the operation asked for it.
    Next(Response),
    /// Why it ends, or why it never began. Nothing follows.
    Ended(Vec<ServerError>),
}

/// Somebody who follows the log.
pub struct Live<A> {
    pub app: Arc<App>,
    /// Asks who is asking, as of now.
    pub ask: A,
    /// How long one event may take to be read.
    pub patience: Duration,
}

impl<A, F> Live<A>
where
    A: Fn() -> F + Send + Sync,
    F: Future<Output = Result<Caller>> + Send,
{
    /// Tells whoever began it what happens, until the rights end, the client is gone (`tell`
    /// answers false), or the operation turns out to make no sense.
    pub async fn run<T, G>(&self, began: Caller, admitted: Admitted, mut tell: T)
    where
        T: FnMut(Told) -> G + Send,
        G: Future<Output = bool> + Send,
    {
        let ended = match Asked::new(admitted) {
            Ok(asked) => self.turns(began, &asked, &mut tell).await,
            Err(error) => Err(vec![errors::fault(error)]),
        };
        if let Err(errors) = ended {
            tell(Told::Ended(errors)).await;
        }
    }

    async fn turns<T, G>(
        &self,
        began: Caller,
        asked: &Asked,
        tell: &mut T,
    ) -> Result<(), Vec<ServerError>>
    where
        T: FnMut(Told) -> G + Send,
        G: Future<Output = bool> + Send,
    {
        let mut news = self.app.hub.follow();
        let turn = Arc::new(Turn::default());
        let Caller { viewer: began, address, .. } = began;
        let _place = self.app.open_stream(&began, address).map_err(told)?;
        loop {
            let known = *news.borrow_and_update();
            let caller = self.caller(&began).await?;
            let come = turn.come();
            if come.has_more || come.to.is_none_or(|to| to < known) {
                if come.to.is_some_and(|to| known - to > MAX_BEHIND) {
                    let what = "too far behind: read on with the query `events`".to_owned();
                    return Err(told(Error::BadInput(what)));
                }
                if !self.turn(asked, caller, &turn, tell).await? {
                    return Ok(());
                }
            }
            if !turn.come().has_more {
                wait(&mut news).await;
            }
        }
    }

    /// One execution; answers whether the client is still there.
    async fn turn<T, G>(
        &self,
        asked: &Asked,
        caller: Caller,
        turn: &Arc<Turn>,
        tell: &mut T,
    ) -> Result<bool, Vec<ServerError>>
    where
        T: FnMut(Told) -> G + Send,
        G: Future<Output = bool> + Send,
    {
        let Caller { viewer, language, address, .. } = caller;
        let (began, mut asked_at) = (viewer.clone(), Instant::now());
        let parts = Parts::new(self.app.clone(), viewer, language);
        let queue = parts.queue();
        turn.begin();
        let request = asked.request().data(parts).data(turn.clone());
        let mut answers = self.app.guard.schema().execute_stream(request);
        loop {
            let answer = timeout(self.patience, batch::run(answers.next(), &queue));
            let answer = answer.await.map_err(|_| told(Error::TimedOut("an event")))?;
            let Some(mut answer) = answer else { break };
            if !turn.come().has_run {
                return Err(answer.errors);
            }
            let spent = self.spend(&began, address, asked.cost).await?;
            // A client that reads slowly makes a turn long.
            if asked_at.elapsed() >= ASK_AGAIN {
                self.caller(&began).await?;
                asked_at = Instant::now();
            }
            self.app.settle(spent, OperationType::Subscription, &mut answer).await;
            if !tell(Told::Next(answer)).await {
                return Ok(false);
            }
        }
        // Nothing was asked for: the one field is skipped.
        if turn.come().has_run { Ok(true) } else { Err(Vec::new()) }
    }

    /// Takes the points of one answer, and waits for them where they are spent: who asks for much
    /// is told later, not never.
    async fn spend(
        &self,
        began: &Viewer,
        address: Option<ClientAddress>,
        cost: u64,
    ) -> Result<Spent, Vec<ServerError>> {
        loop {
            match self.app.spend(began, address, cost).await {
                Err(Error::OutOfPoints { retry_after, .. }) => {
                    sleep(retry_after.min(ASK_AGAIN)).await;
                    self.caller(began).await?;
                }
                spent => return spent.map_err(told),
            }
        }
    }

    /// Who asks as of now, if they may what they could.
    async fn caller(&self, began: &Viewer) -> Result<Caller, Vec<ServerError>> {
        let caller = (self.ask)().await.map_err(told)?;
        if same_rights(began, &caller.viewer) {
            return Ok(caller);
        }
        Err(told(Error::Unauthenticated("your rights have changed: subscribe again")))
    }
}

/// A subscription with its one root field.
struct Asked {
    document: ExecutableDocument,
    operation_name: Option<String>,
    variables: Variables,
    /// Of one answer, in points.
    cost: u64,
}

impl Asked {
    fn new(Admitted { mut request, cost, .. }: Admitted) -> Result<Self> {
        let document = request.parsed_query().map_err(|_| Error::internal("it was parsed"))?;
        let mut document = document.clone();
        root::one_field(&mut document, request.operation_name.as_deref())
            .map_err(|why| Error::InvalidDocument(why.to_owned()))?;
        let Request { operation_name, variables, .. } = request;
        Ok(Self { document, operation_name, variables, cost })
    }

    fn request(&self) -> Request {
        let mut request = Request::new(String::new()).variables(self.variables.clone());
        request.operation_name.clone_from(&self.operation_name);
        request.set_parsed_query(self.document.clone());
        request
    }
}

fn told(error: Error) -> Vec<ServerError> {
    vec![errors::fault(error)]
}

/// Until the log has grown, or it is time to ask for the rights again.
async fn wait(news: &mut watch::Receiver<i64>) {
    tokio::select! {
        changed = news.changed() => {
            // The hub lives as long as the server.
            if changed.is_err() {
                sleep(ASK_AGAIN).await;
            }
        }
        () = sleep(ASK_AGAIN) => {}
    }
}

/// Whether somebody is who they were, in the same role and with the same scopes.
fn same_rights(began: &Viewer, now: &Viewer) -> bool {
    let seat = |acting: &Acting| {
        (acting.party, acting.member, acting.token, acting.role, acting.scopes.clone())
    };
    began.identity == now.identity
        && began.acting.as_ref().map(seat) == now.acting.as_ref().map(seat)
}
