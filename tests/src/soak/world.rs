//! Who takes part: four givers, two of which share commitments, two communes, and who reads.

use api::clock::{Clock, SystemClock, days_after};
use entity::{
    commitment, party,
    party::Kind::{Department, TelecomCompany},
};

use crate::TestApp;

/// More than will be delivered.
const QUANTITY: i64 = 1_000_000_000;

pub struct World {
    pub app: TestApp,
    pub activity: String,
    pub givers: Vec<Giver>,
    pub communes: Vec<Commune>,
    pub readers: Vec<Reader>,
}

pub struct Giver {
    pub token: String,
    /// Commitments on which it records, each with the number of its commune.
    pub commitments: Vec<(String, usize)>,
}

pub struct Commune {
    pub id: String,
    pub token: String,
}

pub struct Reader {
    pub name: &'static str,
    /// The same, as a subscriber.
    pub live: &'static str,
    pub token: String,
    pub party: party::Model,
    /// Whether it coordinates the programme.
    pub oversees: bool,
}

impl World {
    pub async fn build() -> Self {
        let app = TestApp::start().await;
        // Or a server composes while readers already compare their accounts.
        app.composed().await;
        let mut world = Self {
            activity: app.activity("smartphones_handed_over").await.id.to_string(),
            givers: Vec::new(),
            communes: Vec::new(),
            readers: Vec::new(),
            app,
        };
        world.settle_communes().await;
        world.settle_givers().await;
        let coordinator = world.app.party_by_code("SKHCN-19-2025").await;
        let token = world.token(&coordinator).await;
        world.readers.push(Reader {
            name: "coordinator",
            live: "coordinator, live",
            token,
            party: coordinator,
            oversees: true,
        });
        world.app.settle().await;
        world
    }

    async fn settle_communes(&mut self) {
        for code in ["02071", "02014"] {
            let place = self.app.commune(code).await;
            let authority = self.app.authority_of(&place).await.expect("it has an authority");
            let token = self.token(&authority).await;
            if self.communes.is_empty() {
                let token = token.clone();
                self.readers.push(Reader {
                    name: "commune",
                    live: "commune, live",
                    token,
                    party: authority,
                    oversees: false,
                });
            }
            self.communes.push(Commune { id: place.id.to_string(), token });
        }
    }

    /// A telecom shares its commitments with a second one; a third and a department have their own.
    async fn settle_givers(&mut self) {
        let mut parties = Vec::new();
        for kind in [TelecomCompany, TelecomCompany, TelecomCompany, Department] {
            parties.push(self.app.party(kind).await);
        }
        let shared = self.promises(&parties[0], Some(&parties[1])).await;
        for (number, party) in parties.iter().enumerate() {
            let token = self.token(party).await;
            if number == 0 {
                let (token, party) = (token.clone(), party.clone());
                self.readers.push(Reader {
                    name: "telecom",
                    live: "telecom, live",
                    token,
                    party,
                    oversees: false,
                });
            }
            let commitments = match number {
                0 | 1 => shared.clone(),
                _ => self.promises(party, None).await,
            };
            self.givers.push(Giver { token, commitments });
        }
    }

    /// A promise to each commune.
    async fn promises(
        &self,
        giver: &party::Model,
        joint: Option<&party::Model>,
    ) -> Vec<(String, usize)> {
        let mut promises = Vec::new();
        for (number, code) in ["02071", "02014"].into_iter().enumerate() {
            let place = self.app.commune(code).await;
            let promise = self.app.commitment(giver).to(&place).quantity(QUANTITY);
            let row: commitment::Model = match joint {
                Some(joint) => promise.joint(joint).await,
                None => promise.await,
            };
            promises.push((row.id.to_string(), number));
        }
        promises
    }

    /// A token that is good today, whatever day the test's clock shows.
    async fn token(&self, party: &party::Model) -> String {
        let (bearer, token) = self.app.token(party);
        token.with(|row| row.expires_at = days_after(SystemClock.now(), 30)).await;
        bearer
    }
}
