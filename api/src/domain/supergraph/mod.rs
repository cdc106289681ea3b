//! The composed graph (đồ thị chung) as it is served: to routers whole, to everybody its public face.
//! How one comes to be is the business of `domain::subgraph`.

pub mod read;
