//! Sessions (phiên làm việc): somebody signed in at the console, for one of their parties, for at
//! most eight hours. The browser shows a secret whose hash is kept; what the session may is asked
//! anew at each request, so a member who was removed is out at once. Whoever holds the secret ends
//! the session; nobody else sees it, and it is no object of the graph. The coordinator's managers let it
//! see for a while what a party sees (`view`).

pub mod read;
pub mod rules;
pub mod view;
pub mod write;
