//! What must hold whatever happens, held against acts and rows that are made up from seeds: sums
//! equal the ledger, every answer is what DESIGN §5 says in words, and nobody learns anything from
//! what is hidden from them. A failure prints its seed and all that was done.

mod acts;
mod answers;
mod boards;
mod dice;
mod draw;
mod filters;
mod hidden;
mod names;
mod nested;
mod oracle;
mod pages;
mod reads;
mod rollups;
mod rows;
mod scatter;
mod twins;
mod world;
